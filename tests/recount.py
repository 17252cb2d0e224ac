"""Every figure of a report counted again from its spreadsheet alone.

Nothing of the project is used here but the file: whoever gets the spreadsheet can do the same.
"""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import openpyxl

Row = dict[str, Any]


class Recount:
    """The sheets of one report, and the figures that they give."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)

    def rows(self, sheet: str) -> list[Row]:
        if sheet not in self.book.sheetnames:
            return []
        head, *rows = self.book[sheet].iter_rows(values_only=True)
        return [dict(zip(map(str, head), row, strict=True)) for row in rows]

    def told(self) -> dict[str, Any]:
        """The figures as the overview tells them, by name."""
        found = {}
        for row in self.rows("概览"):
            if row["指标"] is None:
                break
            found[row["指标"]] = row["本期"]
        return found

    def counted(self) -> dict[str, Any]:
        """The same figures, counted from the rows behind them."""
        new, standing = self.rows("新增线索"), self.rows("期末未了结线索")
        steps, alerts = self.rows("办理步骤"), self.rows("提醒")
        raised = [each for each in alerts if each["期内发起"] == "是"]
        reviewed = self.rows("复核标注")
        waiting = [each for each in raised if each["确认"] is None and each["已撤回"] == "否"]
        return {
            "新增线索": len(new),
            "新增线索写明人数": total(new, "欠薪人数"),
            "新增线索写明金额": round(total(new, "欠薪金额（元）"), 2),
            "期末未了结": len(standing),
            "逾期未处置": sum(each["逾期"] == "是" for each in standing),
            **{
                name: len({each["线索编号"] for each in steps if each["步骤"] == name})
                for name in ("受理", "转办", "判定不属欠薪", "责令支付", "登记已支付", "销号")
            },
            "发现到支付（中位数）": self.median_paid(steps),
            "实际补发人数": total(self.rows("支付"), "补发人数"),
            "实际补发金额": round(total(self.rows("支付"), "补发金额（元）"), 2),
            "读到文书": total(self.rows("文书"), "份数"),
            "发布到提醒送出（中位数）": self.median_told(),
            "提醒送出到确认（中位数）": self.median_answered(alerts),
            "发起提醒": len(raised),
            "期末无人确认的提醒": len(waiting),
            "超时升级的提醒": sum(each["超时升级"] == "是" for each in raised),
            "期内到期的时限": len(self.due()),
            "没有按时办结的时限": sum(not is_kept(each) for each in self.due()),
            "期末超期的时限": sum(
                each["办结"] is None and each["截止"] < self.bounds()[1]
                for each in self.rows("时限明细")
            ),
            "判读准确率（经人处置的线索）": self.precision(steps),
            "复核标注": len(reviewed),
            "改正的判读": sum(
                each["判为欠薪"] is not None and each["判为欠薪"] != each["复核为欠薪"]
                for each in reviewed
            ),
            "新出现的值守问题": sum(
                each["开始"] >= self.bounds()[0] for each in self.rows("值守问题")
            ),
            "整体值守缺口": self.hours("整体值守缺口"),
            "值班表空档（各职责合计）": self.hours("值班表空档"),
        }

    def due(self) -> list[Row]:
        """The deadlines whose last day lay in the period."""
        since, until = self.bounds()
        return [each for each in self.rows("时限明细") if since <= each["截止"] < until]

    @staticmethod
    def precision(steps: list[Row]) -> float | None:
        """Of the cases that somebody decided on, the share that was one by the last decision."""
        last = {
            each["线索编号"]: each["步骤"] != "判定不属欠薪"
            for each in steps
            if each["步骤"] in {"受理", "转办", "判定不属欠薪"}
        }
        return round(100 * sum(last.values()) / len(last), 1) if last else None

    def hours(self, sheet: str) -> float:
        spans: list[timedelta] = [each["到"] - each["从"] for each in self.rows(sheet)]
        return round(sum(span / timedelta(hours=1) for span in spans), 1)

    @staticmethod
    def median_paid(steps: list[Row]) -> float | None:
        first: dict[str, timedelta] = {}
        for each in steps:
            if each["步骤"] == "登记已支付":
                first.setdefault(each["线索编号"], each["时间"] - each["立案时间"])
        return middle([*first.values()], timedelta(days=1))

    def median_told(self) -> float | None:
        return middle(
            [
                max(each["提醒送出"] - each["发布时间"], timedelta(0))
                for each in self.rows("首次提醒")
                if each["计入"] == "是"
            ],
            timedelta(minutes=1),
        )

    def median_answered(self, alerts: list[Row]) -> float | None:
        since, until = self.bounds()
        return middle(
            [
                each["确认"] - each["送出"]
                for each in alerts
                if each["确认"] is not None
                and each["送出"] is not None
                and since <= each["确认"] < until
                and each["送出"] <= each["确认"]
            ],
            timedelta(minutes=1),
        )

    def bounds(self) -> tuple[datetime, datetime]:
        """The first moment of the period and the first after it, from the overview's own line."""
        lines = [str(row[0]) for row in self.book["概览"].iter_rows(values_only=True) if row[0]]
        dates = next(line for line in lines if " 至 " in line and len(line) == 23)
        first, last = (datetime.fromisoformat(each) for each in dates.split(" 至 "))
        return first, last + timedelta(days=1)

    def groups(self, sheet: str, of: Callable[[Row], bool], column: str) -> list[str]:
        """What is wrong in a table of new cases by a name; nothing when it agrees with the rows."""
        new = [each for each in self.rows("新增线索") if of(each)]
        wrong, named = [], set()
        for row in self.rows(sheet):
            name = next(iter(row.values()))
            if str(name).startswith("其余 "):
                mine = [
                    each for each in new if each[column] not in named and "没有" not in each[column]
                ]
            else:
                mine = [each for each in new if each[column] == name]
                named.add(name)
            seen = (row["件数"], row["写明人数"] or 0, row["写明金额（元）"] or 0)
            if seen != (
                len(mine),
                total(mine, "欠薪人数"),
                round(total(mine, "欠薪金额（元）"), 2),
            ):
                wrong.append(f"{sheet} {name}: {seen}")
        return wrong


def is_kept(row: Row) -> bool:
    return row["办结"] is not None and row["办结"] <= row["截止"]


def total(rows: list[Row], column: str) -> Any:
    return sum(each[column] or 0 for each in rows)


def middle(spans: list[timedelta], unit: timedelta) -> float | None:
    return round(median(each / unit for each in spans), 1) if spans else None

"""The rows behind the figures, for the spreadsheet: one row a case, step, alert, wait. Pure."""

from collections.abc import Sequence

from monitor.reports.counts import CountedCase, Counts
from monitor.reports.deadlines import deadline_sheet
from monitor.reports.groups import ownership_of, place_of, sector_of
from monitor.reports.material import Material
from monitor.reports.nouns import ColumnKind, Table
from monitor.reports.owed import course_table
from monitor.reports.reading import review_sheet
from monitor.reports.words import (
    BODY_NAMES,
    KIND_NAMES,
    LEVEL_NAMES,
    NOT_SAID,
    STATE_NAMES,
    STEP_NAMES,
    clean,
)

_TEXT, _MOMENT, _COUNT = ColumnKind.TEXT, ColumnKind.MOMENT, ColumnKind.COUNT
_CASE_COLUMNS = (
    ("线索编号", _TEXT),
    ("立案时间", _MOMENT),
    ("紧急程度", _TEXT),
    ("期末状态", _TEXT),
    ("用人单位", _TEXT),
    ("项目", _TEXT),
    ("地点", _TEXT),
    ("乡镇", _TEXT),
    ("行业", _TEXT),
    ("项目资金", _TEXT),
    ("欠薪人数", _COUNT),
    ("欠薪金额（元）", ColumnKind.YUAN),
    ("逾期", _TEXT),
    ("转给", _TEXT),
)


def case_table(
    key: str, title: str, cases: Sequence[CountedCase], overdue: frozenset[int]
) -> Table:
    """Cases as they stood at the end of the period, one a row."""
    return Table(
        key,
        title,
        _CASE_COLUMNS,
        [
            (
                each.case.number,
                each.case.opened_at,
                LEVEL_NAMES[each.case.level],
                STATE_NAMES[each.case.state],
                clean(each.case.employer) or NOT_SAID,
                clean(each.case.project) or NOT_SAID,
                clean(each.case.place) or NOT_SAID,
                place_of(each),
                sector_of(each),
                ownership_of(each),
                each.case.workers,
                each.case.amount_yuan,
                "是" if each.case.case_id in overdue else "否",
                BODY_NAMES[each.case.referred_to] if each.case.referred_to else None,
            )
            for each in cases
        ],
        case_ids=[each.case.case_id for each in cases],
    )


def behind(material: Material) -> list[Table]:
    """Every sheet that figures are counted from, beside the tables of the sections."""
    counts = material.counts
    return [
        case_table("standing", "期末未了结线索", counts.standing, counts.overdue),
        _step_sheet(counts),
        _told_sheet(counts),
        _alert_sheet(counts),
        _document_sheet(counts),
        *_payment_sheet(counts),
        deadline_sheet(counts),
        review_sheet(counts),
        course_table(material),
        _comparison_sheet(material),
    ]


def _step_sheet(counts: Counts) -> Table:
    return Table(
        "steps",
        "办理步骤",
        (
            ("线索编号", _TEXT),
            ("立案时间", _MOMENT),
            ("步骤", _TEXT),
            ("时间", _MOMENT),
            ("转给", _TEXT),
        ),
        [
            (
                each.number,
                each.opened_at,
                STEP_NAMES[each.step],
                each.at,
                BODY_NAMES[each.body] if each.body else None,
            )
            for each in counts.steps
        ],
    )


def _told_sheet(counts: Counts) -> Table:
    return Table(
        "told",
        "首次提醒",
        (
            ("线索编号", _TEXT),
            ("发布时间", _MOMENT),
            ("发布时间的精度", _TEXT),
            ("提醒送出", _MOMENT),
            ("计入", _TEXT),
        ),
        [
            (
                each.number,
                each.published_at,
                each.precision.value,
                each.sent_at,
                "否" if each.wait is None else "是",
            )
            for each in counts.told
        ],
    )


def _alert_sheet(counts: Counts) -> Table:
    return Table(
        "alerts",
        "提醒",
        (
            ("线索编号", _TEXT),
            ("发起", _MOMENT),
            ("送出", _MOMENT),
            ("确认", _MOMENT),
            ("已撤回", _TEXT),
            ("超时升级", _TEXT),
            ("期内发起", _TEXT),
        ),
        [
            (
                each.number,
                each.started_at,
                each.sent_at,
                each.acknowledged_at,
                "是" if each.is_called_off else "否",
                "是" if each.climbed else "否",
                "是" if counts.since <= each.started_at < counts.until else "否",
            )
            for each in counts.alerts
        ],
    )


def _document_sheet(counts: Counts) -> Table:
    return Table(
        "documents",
        "文书",
        (("来源", _TEXT), ("类别", _TEXT), ("份数", _COUNT)),
        [
            (
                clean(each.source),
                KIND_NAMES[each.kind] if each.kind else "还没有判读",
                each.documents,
            )
            for each in counts.documents
        ],
    )


def _payment_sheet(counts: Counts) -> list[Table]:
    if counts.payments is None:
        return []
    return [
        Table(
            "payments",
            "支付",
            (
                ("线索编号", _TEXT),
                ("支付日", ColumnKind.DAY),
                ("补发人数", _COUNT),
                ("补发金额（元）", ColumnKind.YUAN),
            ),
            [
                (each.number, each.paid_on, each.workers, each.amount_yuan)
                for each in counts.payments.lines
            ],
            case_ids=[each.case_id for each in counts.payments.lines],
        )
    ]


def _comparison_sheet(material: Material) -> Table:
    """What the counts were compared over: hours, gaps, scatter."""
    parts = [(material.period.this_word, material.counts)]
    if material.before is not None:
        parts.append((material.period.last_word, material.before))
    if material.last_year is not None:
        parts.append(("去年同期", material.last_year))
    return Table(
        "compared",
        "比较的依据",
        (
            ("期", _TEXT),
            ("新增线索", _COUNT),
            ("值守时间（小时）", ColumnKind.HOURS),
            ("受影响的缺口（小时）", ColumnKind.HOURS),
            ("离散程度", ColumnKind.HOURS),
        ),
        [
            (
                name,
                len(each.opened),
                each.watched.hours,
                each.watched.touching_hours,
                round(material.dispersion, 4),
            )
            for name, each in parts
        ],
    )

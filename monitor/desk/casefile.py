"""One case as a Word document for the paper file, written from the case, not from a message."""

from datetime import datetime
from io import BytesIO
from typing import Any

import docx

from monitor.casework import CaseRecord
from monitor.desk.words import WORDS
from monitor.domain import SHANGHAI, Case, CaseEvent

_CLOCKS = {
    "accept": "受理期限（内部时钟）",
    "investigate": "调查期限",
    "campaign": "冬季行动清零期限",
    "pay_order": "责令支付期限",
    "listed": "挂牌督办期限",
}


def write_case(
    case: Case,
    record: CaseRecord,
    events: list[tuple[CaseEvent, str]],
    names: dict[str, str],
    now: datetime,
) -> bytes:
    """Write a case as docx.

    Args:
        case: The case.
        record: Its life.
        events: Its history, each with the words for what was done.
        names: Display names by user name.
        now: Stands in the foot.
    """
    paper = docx.Document()
    paper.add_heading(f"欠薪线索登记表  {case.number}", level=1)
    _write_facts(paper, case, names)
    _write_life(paper, record)
    paper.add_heading("办理记录", level=2)
    table = _begin_table(paper, ("时间", "办理人", "事项", "说明"))
    for event, words in events:
        who = names.get(event.actor, event.actor)
        _add_row(table, (_moment(event.at), who, words, event.note))
    paper.add_paragraph(f"导出时间：{_moment(now)}。本表由线索登记内容生成，不含群众发言原文。")
    written = BytesIO()
    paper.save(written)
    return written.getvalue()


def _write_facts(paper: Any, case: Case, names: dict[str, str]) -> None:
    table = _begin_table(paper, ("项目", "内容"))
    amount = "未说明" if case.amount_yuan is None else f"{case.amount_yuan:,.2f} 元"
    for row in (
        ("状态", WORDS[case.state.value]),
        ("紧急程度", WORDS[str(int(case.level))]),
        ("用人单位", case.employer or "未说明"),
        ("工程项目", case.project or "未说明"),
        ("地点", case.place or "未说明"),
        ("欠薪人数", "未说明" if case.workers is None else f"{case.workers} 人"),
        ("欠薪金额", amount),
        ("登记时间", _moment(case.opened_at)),
        ("承办人", names.get(case.owner, case.owner) if case.owner else "值班室"),
    ):
        _add_row(table, row)


def _write_life(paper: Any, record: CaseRecord) -> None:
    paper.add_heading("期限", level=2)
    table = _begin_table(paper, ("期限", "起算日", "届满日", "说明"))
    for each in record.clocks:
        days = f"{each.working_days} 个工作日" if each.working_days else ""
        words = "；".join(filter(None, (days, "暂定" if each.provisional else "")))
        _add_row(table, (_CLOCKS[each.kind.value], f"{each.starts_on}", f"{each.due_on}", words))
    if record.orders:
        paper.add_heading("责令支付", level=2)
        table = _begin_table(paper, ("文书号", "对象", "日期", "限期", "送达"))
        for order in record.orders:
            proof = f"{order.delivered_on} {order.proof}" if order.delivered_on else "未送达"
            _add_row(
                table,
                (order.number, order.addressee, f"{order.ordered_on}", f"{order.pay_by}", proof),
            )
    if record.payments:
        paper.add_heading("支付", level=2)
        table = _begin_table(paper, ("日期", "人数", "金额（元）", "资金来源", "凭证"))
        for payment in record.payments:
            new = payment.new
            proof = f"{new.proof}（已作废）" if payment.voided_by else new.proof
            whose = WORDS[f"by_{new.whose.value}"]
            sums = (f"{new.paid_on}", f"{new.workers}", f"{new.amount_yuan:,.2f}", whose, proof)
            _add_row(table, sums)
    if record.referrals:
        paper.add_heading("转办", level=2)
        table = _begin_table(paper, ("承接单位", "理由", "转办函号", "回执", "结果"))
        for sent in record.referrals:
            _add_row(
                table,
                (WORDS[sent.body.value], sent.reason, sent.letter, sent.receipt, sent.result_note),
            )


def _begin_table(paper: Any, head: tuple[str, ...]) -> Any:
    table = paper.add_table(rows=1, cols=len(head))
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    return table


def _add_row(table: Any, texts: tuple[str, ...]) -> None:
    for cell, text in zip(table.add_row().cells, texts, strict=True):
        cell.text = "".join(each for each in text if each.isprintable())


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"

"""The papers of a referral: the letter with its reply slip, and the notice to those who asked.

Written from the case and never from a message; nobody's name is in them. What the bureau has to
decide (the number of the letter, by when an answer is asked for, who signs) is left as a line.
"""

from datetime import date
from io import BytesIO
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from monitor.casework import Referral
from monitor.desk.words import WORDS
from monitor.domain import SHANGHAI, Case

_BODY_FONT, _HEAD_FONT = "仿宋", "黑体"
_LINE = "＿＿＿＿＿＿"
_DAY = "＿＿＿＿年＿＿月＿＿日"


def write_letter(case: Case, referral: Referral, *, bureau: str, hotline: str) -> bytes:
    """Write the letter that goes to the body, and below it the slip that comes back (docx)."""
    body = WORDS[referral.body.value]
    paper = _begin()
    _head(paper, "欠薪线索转办函")
    _say(paper, referral.letter or f"〔{referral.at.year}〕{_LINE}号", centred=True)
    _say(paper, f"{body}：")
    _say(
        paper,
        f"我单位登记的欠薪线索（编号 {case.number}）按职责应由贵单位办理，现予转办，情况如下。",
        indented=True,
    )
    _facts(paper, case)
    _say(paper, f"转办理由：{_clean(referral.reason)}", indented=True)
    _say(
        paper,
        f"请依法核实办理，并于{_DAY}前将办理结果函告我单位。涉及的人员信息请依法保密；"
        "办理只针对欠薪事项本身，不得影响反映人。",
        indented=True,
    )
    _say(paper, f"联系人：{_LINE}　联系电话：{_LINE}（群众咨询电话 {hotline}）", indented=True)
    _sign(paper, bureau, referral.body_told_on)
    paper.add_page_break()
    _head(paper, "回　执")
    _say(paper, f"{bureau}：")
    _say(paper, f"转来的欠薪线索（编号 {case.number}）已收到。", indented=True)
    for line in (
        f"收到日期：{_DAY}",
        f"承办部门和联系电话：{_LINE}{_LINE}",
        "办理情况：□ 正在办理　□ 已支付　□ 退回（理由：" + _LINE + "）",
        f"已支付人数和金额：{_LINE}",
    ):
        _say(paper, line, indented=True)
    _sign(paper, body, None)
    return _end(paper)


def write_notice(case: Case, referral: Referral, *, bureau: str, hotline: str) -> bytes:
    """Write the notice for the place where help was asked for: where it went, and whom to ask."""
    body = WORDS[referral.body.value]
    about = case.project or case.employer
    paper = _begin()
    _head(paper, "欠薪线索转办告知书")
    _say(paper, "反映人：")
    _say(
        paper,
        f"关于{about or ''}工资的问题（线索编号 {case.number}），我们已经登记。按照职责分工，"
        f"此事已于 {referral.at.astimezone(SHANGHAI):%Y-%m-%d} 转由{body}办理。",
        indented=True,
    )
    for line in (
        "办理结果由该单位答复；我们会继续跟踪，拿到工资之前不销号。",
        (
            f"如果没有答复或者仍没有拿到工资，请拨打 {hotline}，或到{bureau}窗口当面反映，不收费，"
            f"报线索编号 {case.number} 即可。"
        ),
        "反映人的信息依法保密。",
    ):
        _say(paper, line, indented=True)
    _sign(paper, bureau, referral.asker_told_on)
    return _end(paper)


def _begin() -> Any:
    paper = docx.Document()
    style = paper.styles["Normal"]
    style.font.name = _BODY_FONT
    style.font.size = Pt(16)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _BODY_FONT)
    style.paragraph_format.line_spacing = 1.5
    return paper


def _head(paper: Any, words: str) -> None:
    line = paper.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = line.add_run(words)
    run.bold = True
    run.font.size = Pt(22)
    run.font.name = _HEAD_FONT
    run._element.rPr.rFonts.set(qn("w:eastAsia"), _HEAD_FONT)  # noqa: SLF001 - the library has no other way


def _say(paper: Any, words: str, *, indented: bool = False, centred: bool = False) -> None:
    line = paper.add_paragraph(words)
    if indented:
        line.paragraph_format.first_line_indent = Pt(32)
    if centred:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _sign(paper: Any, who: str, on: date | None) -> None:
    day = f"{on.year} 年 {on.month} 月 {on.day} 日" if on else _DAY
    for words in (f"{who}（盖章）", day):
        paper.add_paragraph(words).alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _facts(paper: Any, case: Case) -> None:
    rows = (
        ("用人单位", case.employer or "未说明"),
        ("工程项目", case.project or "未说明"),
        ("地点", case.place or "未说明"),
        ("欠薪人数", "未说明" if case.workers is None else f"{case.workers} 人"),
        (
            "欠薪金额",
            "未说明" if case.amount_yuan is None else f"{case.amount_yuan:,.2f} 元",
        ),
    )
    table = paper.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for name, value in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = name, _clean(value)


def _clean(text: str) -> str:
    return "".join(each for each in text if each.isprintable())


def _end(paper: Any) -> bytes:
    written = BytesIO()
    paper.save(written)
    return written.getvalue()

"""The weekly report as a docx, as offices pass papers on."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from monitor.reporting.cells import is_number, show_cell
from monitor.reporting.tables import list_cases
from monitor.reports.nouns import Table, WeeklyReport
from monitor.reports.words import format_difference, format_figure, format_moment

_LATIN, _SONG, _HEI = "Times New Roman", "宋体", "黑体"
_MOST_CASES = 40
"""Word's tables are slow and long; all of the cases are in the xlsx."""
_SHOWN_CASE_COLUMNS = (0, 2, 4, 5, 6, 8, 9)


def write_paper(report: WeeklyReport) -> bytes:
    """Write the paper on A4; its fonts are those that every Chinese Word has."""
    paper = Document()
    _set_up(paper, report)
    title = paper.add_heading(report.title, 0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    dates = paper.add_paragraph(
        f"{report.week.starts_on} 至 {report.week.ends_on}　制表 {format_moment(report.made_at)}"
    )
    dates.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for note in report.notes:
        paper.add_paragraph(note)
    _add_figures(paper, report)
    for section in report.sections:
        paper.add_heading(section.title, 1)
        for sentence in section.sentences:
            paper.add_paragraph(sentence)
        for table in section.tables:
            paper.add_heading(table.title, 2)
            _add_table(paper, table, [[*row] for row in table.rows])
    _add_cases(paper, report)
    file = BytesIO()
    paper.save(file)
    return file.getvalue()


def _set_up(paper: Any, report: WeeklyReport) -> None:
    page = paper.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(30), Mm(25)
    page.left_margin, page.right_margin = Mm(25), Mm(22)
    for style, font, size in (
        ("Normal", _SONG, 11),
        ("Title", _HEI, 20),
        ("Heading 1", _HEI, 15),
        ("Heading 2", _HEI, 12),
    ):
        chosen = paper.styles[style]
        chosen.font.size = Pt(size)
        chosen.font.name = _LATIN
        fonts = chosen.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme's font would win over the name
        fonts.set(qn("w:eastAsia"), font)
        fonts.set(qn("w:hAnsi"), _LATIN)
    properties = paper.core_properties
    properties.author, properties.title, properties.comments = "清薪", report.title, ""
    # Word keeps times without a zone and means UTC.
    properties.created = properties.modified = report.made_at.replace(tzinfo=None, microsecond=0)


def _add_figures(paper: Any, report: WeeklyReport) -> None:
    rows = [
        [each.title, format_figure(each.value, each.unit), format_difference(each)]
        for each in report.figures
    ]
    _add_rows(paper, ("指标", "本周", "比较"), rows, right={1})


def _add_table(paper: Any, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    if not rows:
        paper.add_paragraph("无。")
        return
    kinds = [kind for _, kind in table.columns]
    _add_rows(
        paper,
        [title for title, _ in table.columns],
        [[show_cell(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in rows],
        right={number for number, kind in enumerate(kinds) if is_number(kind)},
    )


def _add_rows(
    paper: Any, head: Sequence[str], rows: Sequence[Sequence[str]], *, right: set[int]
) -> None:
    grid = paper.add_table(rows=1 + len(rows), cols=len(head), style="Table Grid")
    grid.rows[0]._tr.get_or_add_trPr().append(_repeat_head(grid))  # noqa: SLF001 - python-docx has no name for it
    for number, (row, texts) in enumerate(zip(grid.rows, [head, *rows], strict=True)):
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(text)
            run.bold = number == 0
            run.font.size = Pt(9.5)
            if column in right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _repeat_head(grid: Any) -> Any:
    """Repeat the first row on every page."""
    mark = grid._tbl.makeelement(qn("w:tblHeader"), {})  # noqa: SLF001 - as above
    mark.set(qn("w:val"), "true")
    return mark


def _add_cases(paper: Any, report: WeeklyReport) -> None:
    paper.add_heading("四、新增线索", 1)
    every = list_cases(report.cases)
    shown = Table(
        every.key, every.title, [every.columns[number] for number in _SHOWN_CASE_COLUMNS], []
    )
    rows = [[row[number] for number in _SHOWN_CASE_COLUMNS] for row in every.rows[:_MOST_CASES]]
    if len(every.rows) > _MOST_CASES:
        paper.add_paragraph(
            f"按紧急程度列前 {_MOST_CASES} 件，全部 {len(every.rows)} 件见同名的 xlsx。"
        )
    _add_table(paper, shown, rows)

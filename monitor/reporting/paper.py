"""A report as a docx, as offices pass papers on, from a template that they may change in Word.

The template holds the heading, the styles and the order; `docs/reports.md` names its fields. Tables
and pictures come as a whole where `{{ body }}` stands alone in a paragraph, in the template's own
styles.
"""

from collections.abc import Callable, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError

from monitor.errors import InputError
from monitor.reporting.cells import is_number, show_cell
from monitor.reporting.charts import Pictures, draw_pictures
from monitor.reports.nouns import Chart, Report, Table
from monitor.reports.words import format_difference, format_moment, show_figure

TEMPLATE = Path(__file__).parent / "templates" / "report.docx"
MOST_ROWS = 40
"""Word's tables are slow and long; all of the rows are in the xlsx."""

TABLE_TEXT = "表格文字"
"""The template's style for what stands in cells."""

_CASE_COLUMNS = (0, 2, 4, 5, 7, 8, 10, 11)
_NEEDED = frozenset({"body"})
_MARK = "〔{}〕"
"""What stands for tables and pictures until they are put in."""

_FIELDS = frozenset(
    {"office", "heading", "period", "dates", "made", "edition", "changes", "leader"}
    | {"figures", "course", "body", "notes"}
)


def write_paper(
    report: Report, template: Path | None = None, pictures: Pictures | None = None
) -> bytes:
    """Write the paper.

    Args:
        report: The report.
        template: The office's own template; None for the one that is shipped.
        pictures: Those of this report, where somebody has drawn them already.

    Raises:
        InputError: The template cannot be used; says what is wrong with it and what to do.
    """
    chosen = template or TEMPLATE
    paper = open_template(chosen)
    try:
        paper.render(_content(report), _environment())
    except TemplateError as error:
        raise _broken(chosen, f"里的标记有误：{error}") from error
    except (XMLSyntaxError, ValueError, KeyError, AttributeError) as error:
        raise _broken(chosen, f"填写之后不是完整的文档（{type(error).__name__}）") from error
    drawn = draw_pictures(report) if pictures is None else pictures
    for name, add in (
        ("course", partial(_add_course, pictures=drawn)),
        ("figures", _add_figures),
        ("body", partial(_add_body, pictures=drawn)),
    ):
        _put(paper.docx, name, add, report, chosen)
    properties = paper.docx.core_properties
    properties.author, properties.title = report.office or "清薪", report.title
    properties.comments = ""
    # Word keeps times without a zone and means UTC.
    properties.created = properties.modified = report.made_at.replace(tzinfo=None, microsecond=0)
    file = BytesIO()
    paper.save(file)
    return file.getvalue()


def open_template(template: Path) -> Any:
    """Open a template and see that it can be filled in.

    Raises:
        InputError: It cannot; says what is wrong with it and what to do.
    """
    try:
        paper = DocxTemplate(template)
        named = paper.get_undeclared_template_variables(_environment())
    except TemplateError as error:
        raise _broken(template, f"里的标记有误：{error}") from error
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, XMLSyntaxError) as error:
        raise _broken(template, "不是 Word 的 docx 文档，或已损坏") from error
    except OSError as error:
        raise _broken(template, f"读不了：{error.strerror}") from error
    if missing := _NEEDED - named:
        raise _broken(template, f"里没有 {'、'.join(sorted(missing))}，报告的表格没有地方放")
    if unknown := named - _FIELDS:
        raise _broken(
            template,
            f"里有不认识的字段 {'、'.join(sorted(unknown))}；有的是 {'、'.join(sorted(_FIELDS))}",
        )
    return paper


def _broken(template: Path, what: str) -> InputError:
    return InputError(
        f"报告模板 {template} {what}；改好它，或用 qingxin report template 取一份原样的"
    )


def _environment() -> Any:
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def _content(report: Report) -> dict[str, Any]:
    period = report.period
    return {
        "office": report.office,
        "heading": report.heading,
        "period": period.title,
        "dates": f"{period.starts_on} 至 {period.ends_on}",
        "made": format_moment(report.made_at),
        "edition": f"第 {report.edition} 版" if report.edition else "",
        "changes": [*report.changes],
        "leader": [*report.leader],
        **{name: _MARK.format(name) for name in ("course", "figures", "body")},
        "notes": [*report.notes],
    }


def _put(
    paper: Any, name: str, add: Callable[[Any, Report], None], report: Report, template: Path
) -> None:
    """Put what `add` writes at the end of the document where its mark stands."""
    mark = _MARK.format(name)
    places = [each for each in paper.paragraphs if mark in each.text]
    if not places:
        if name in _NEEDED:
            raise _broken(template, f"里的 {name} 不在正文里（在表格、页眉或文本框里放不下）")
        return
    place = places[0]
    if place.text.strip() != mark:
        raise _broken(template, f"里的 {name} 要独占一段，前后不能有别的字")
    body = paper.element.body
    before = len(body)
    add(paper, report)
    # What was added stands before the last element, the section's own settings.
    for element in body[before - 1 : -1]:
        place._p.addprevious(element)  # noqa: SLF001 - python-docx has no name for it
    body.remove(place._p)  # noqa: SLF001 - as above


def _add_figures(part: Any, report: Report) -> None:
    rows = [
        [each.title, show_figure(each), format_difference(each, report.period.last_word)]
        for each in report.figures
    ]
    _add_rows(part, ("指标", "本期", "比较"), rows, right={1})


def _add_course(part: Any, report: Report, *, pictures: Pictures) -> None:
    for chart in report.leader_charts:
        _add_chart(part, chart, pictures)


def _add_body(part: Any, report: Report, *, pictures: Pictures) -> None:
    for section in report.sections:
        part.add_heading(section.title, 1)
        for sentence in section.sentences:
            part.add_paragraph(sentence)
        for chart in section.charts:
            _add_chart(part, chart, pictures)
        for table in section.tables:
            part.add_heading(table.title, 2)
            _add_table(part, table)
    if report.cases.columns:
        part.add_heading("五、新增线索", 1)
        _add_table(part, _short_cases(report.cases))


def _short_cases(cases: Table) -> Table:
    return Table(
        cases.key,
        cases.title,
        [cases.columns[number] for number in _CASE_COLUMNS],
        [[row[number] for number in _CASE_COLUMNS] for row in cases.rows],
        note="按紧急程度排列。",
    )


def _add_chart(part: Any, chart: Chart, pictures: Pictures) -> None:
    part.add_picture(BytesIO(pictures[chart.key].png), width=Mm(160))
    drawing = part.element.body.xpath(".//wp:docPr")[-1]
    drawing.set("descr", f"{chart.title}：{chart.said}")


def _add_table(part: Any, table: Table) -> None:
    notes = [table.note] if table.note else []
    if len(table.rows) > MOST_ROWS:
        notes.append(f"列前 {MOST_ROWS} 行，全部 {len(table.rows)} 行见同名的 xlsx。")
    if not table.rows:
        notes.append("无。")
    for note in notes:
        part.add_paragraph(note)
    if not table.rows:
        return
    kinds = [kind for _, kind in table.columns]
    _add_rows(
        part,
        [title for title, _ in table.columns],
        [
            [show_cell(cell, kind) for cell, kind in zip(row, kinds, strict=True)]
            for row in table.rows[:MOST_ROWS]
        ],
        right={number for number, kind in enumerate(kinds) if is_number(kind)},
    )


def _add_rows(
    part: Any, head: Sequence[str], rows: Sequence[Sequence[str]], *, right: set[int]
) -> None:
    grid = part.add_table(rows=0, cols=len(head))
    styles = {style.name for style in part.styles}
    if "Table Grid" in styles:
        grid.style = "Table Grid"
    style = part.styles[TABLE_TEXT if TABLE_TEXT in styles else "Normal"].style_id
    for number, texts in enumerate([head, *rows]):
        grid._tbl.append(_write_row(texts, style, right, is_head=number == 0))  # noqa: SLF001 - python-docx has no faster name for it
    part.add_paragraph()


def _write_row(texts: Sequence[str], style: str, right: set[int], *, is_head: bool) -> Any:
    """One row as Word keeps it; cell by cell through python-docx took a sixth of a report."""
    bold = "<w:rPr><w:b/></w:rPr>" if is_head else ""
    places = ['<w:jc w:val="right"/>' if each in right else "" for each in range(len(texts))]
    cells = "".join(
        f'<w:tc><w:p><w:pPr><w:pStyle w:val="{style}"/>{place}</w:pPr><w:r>{bold}'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
        for text, place in zip(texts, places, strict=True)
    )
    # No row is torn by the end of a page, and the head is repeated on the next.
    own = f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if is_head else ''}</w:trPr>"
    return parse_xml(f"<w:tr {nsdecls('w')}>{own}{cells}</w:tr>")

"""Make monitor/reporting/templates/report.docx anew: `python -m docs.report_template`.

An office changes its own copy in Word (`qingxin report template FILE`); this writes the one that is
shipped, with the fonts that every Chinese Word has.
"""

from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from monitor.reporting.paper import TABLE_TEXT, TEMPLATE

_LATIN, _SONG, _HEI = "Times New Roman", "宋体", "黑体"


def main() -> None:
    """Write the template."""
    paper = Document()
    _set_page(paper)
    _set_styles(paper)
    _add_table_style(paper)
    _speak_chinese(paper)
    _add(paper, "{{ office }}", "Subtitle", center=True)
    _add(paper, "{{ heading }}", "Title", center=True)
    _add(paper, "{{ period }}　{{ dates }}　制表 {{ made }}　{{ edition }}", center=True)
    _loop(paper, "changes", "{{ line }}", "Intense Quote")
    _loop(paper, "leader", "{{ line }}", "List Bullet")
    _add(paper, "{{ course }}")
    # The first page is the leader's own; the figures begin on the next.
    paper.add_heading("主要指标", 1).paragraph_format.page_break_before = True
    _add(paper, "{{ figures }}")
    _add(paper, "{{ body }}")
    paper.add_heading("说明", 1)
    _loop(paper, "notes", "{{ line }}")
    _number_pages(paper.sections[0].footer.paragraphs[0])
    properties = paper.core_properties
    properties.author, properties.title, properties.comments = "清薪", "报告模板", ""
    properties.created = properties.modified = datetime(2026, 11, 25)  # noqa: DTZ001 - as Word keeps it
    paper.save(str(TEMPLATE))


def _set_page(paper: Any) -> None:
    page = paper.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(25), Mm(22)
    page.left_margin, page.right_margin = Mm(25), Mm(22)


def _set_styles(paper: Any) -> None:
    for style, font, size in (
        ("Normal", _SONG, 11),
        ("Title", _HEI, 20),
        ("Subtitle", _HEI, 13),
        ("Heading 1", _HEI, 15),
        ("Heading 2", _HEI, 12),
        ("List Bullet", _SONG, 11),
        ("Intense Quote", _SONG, 10),
    ):
        chosen = paper.styles[style]
        chosen.font.size = Pt(size)
        chosen.font.name = _LATIN
        chosen.font.italic = False
        chosen.font.color.rgb = RGBColor(0x1C, 0x27, 0x33)
        chosen.paragraph_format.space_after = Pt(3)
        if style in {"List Bullet", "Intense Quote"}:  # the leader's page is one page
            chosen.paragraph_format.space_before = chosen.paragraph_format.space_after = Pt(1)
            chosen.paragraph_format.line_spacing = 1.15
        fonts = chosen.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme's font would win over the name
        fonts.set(qn("w:eastAsia"), font)
        fonts.set(qn("w:hAnsi"), _LATIN)


def _add_table_style(paper: Any) -> None:
    """What stands in the cells of tables."""
    style = paper.styles.add_style(TABLE_TEXT, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = paper.styles["Normal"]
    style.font.size = Pt(9)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(2)


def _speak_chinese(paper: Any) -> None:
    """Without it punctuation is drawn as in Taiwan, and words break at other places."""
    for language in paper.styles.element.xpath("//w:docDefaults//w:lang"):
        language.set(qn("w:eastAsia"), "zh-CN")


def _add(paper: Any, text: str, style: str = "Normal", *, center: bool = False) -> None:
    paragraph = paper.add_paragraph(text, style=style)
    if center:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _loop(paper: Any, name: str, text: str, style: str = "Normal") -> None:
    _add(paper, f"{{%p for line in {name} %}}")
    _add(paper, text, style)
    _add(paper, "{%p endfor %}")


def _number_pages(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if words:
            code = OxmlElement("w:instrText")
            code.text = words
            run._r.append(code)  # noqa: SLF001 - python-docx has no name for fields
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)  # noqa: SLF001 - as above


if __name__ == "__main__":
    main()

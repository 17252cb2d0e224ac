"""The labels of a government's mailbox page, and the values beside, under or glued to them."""

import re
from collections.abc import Mapping
from functools import cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.domain import Source
from spiders.markup import first_of, one_line, readable_text

Fields = Mapping[str, LexborNode | str]
"""What was found, by label: the node that is its value, or the value itself."""

# Labels as offices write them; the first of a field that is present counts.
LABELS: dict[str, tuple[str, ...]] = {
    "title": (
        "信件标题", "来信标题", "留言标题", "信件主题", "来信主题", "咨询标题", "诉求标题",
        "问题标题", "标题", "主题",
    ),
    "letter": (
        "来信内容", "信件内容", "留言内容", "咨询内容", "诉求内容", "投诉内容", "问题内容",
        "反映内容", "写信内容", "来信正文", "问题描述", "诉求描述", "内容", "正文",
    ),
    "written": (
        "来信时间", "写信时间", "提交时间", "留言时间", "来信日期", "写信日期", "提交日期",
        "留言日期", "咨询时间", "咨询日期", "诉求时间", "信件时间", "投诉时间", "反映时间",
        "提问时间", "登记时间", "受理时间", "受理日期",
    ),
    "answer": (
        "回复内容", "答复内容", "答复意见", "回复意见", "办理结果", "处理结果", "办理意见",
        "处理意见", "回复结果", "办理情况", "处理情况", "官方回复", "单位回复", "部门回复",
        "回复", "答复",
    ),
    "answered": (
        "回复时间", "答复时间", "办结时间", "回复日期", "答复日期", "办理时间", "办结日期",
        "处理时间", "反馈时间",
    ),
    "office": (
        "回复单位", "答复单位", "承办单位", "办理单位", "受理单位", "回复部门", "办理部门",
        "受理部门", "答复部门", "处理单位",
    ),
    "state": ("办理状态", "信件状态", "状态", "处理状态", "当前状态"),
    "number": ("信件编号", "受理编号", "编号", "查询编号", "来信编号", "工单编号", "信件查询码"),
    "kind": ("信件类型", "来信类型", "类型", "类别", "信件类别", "诉求类型", "信件分类"),
    "other": (
        "满意度", "评价", "点击数", "浏览次数", "浏览量", "是否公开", "所属区域", "评价结果",
    ),
}  # fmt: skip
# Fields with the writer's name: kept out of the document, and taken out of its texts.
WRITER = (
    "来信人", "写信人", "姓名", "申请人", "提问者", "发表人", "留言人", "反映人", "投诉人",
    "咨询人", "联系人", "网友", "昵称", "来信者", "署名", "诉求人", "提交人", "发布人",
)  # fmt: skip
PRIVATE = (*WRITER, "联系电话", "手机", "电话", "邮箱", "地址", "联系方式", "联系地址", "IP")

_END_OF_LABEL = ":： \u00a0\u3000"
_LABEL_CELLS = "th, td, dt, dd, li, p, div, span, label, b, strong, h3, h4, h5, em, i"
_LONGEST_LABEL = 10
_GLUED_IN = frozenset({"li", "p", "span", "td", "div", "dd", "em", "h3", "h4"})
_LONGEST_GLUED = 5000
_LONGEST_LINE_OF_LABELS = 300


@cache
def _known(own: frozenset[str]) -> tuple[frozenset[str], re.Pattern[str]]:
    """Return every label that may be met, and a pattern that finds one with its colon."""
    known = frozenset({label for each in LABELS.values() for label in each}) | own | set(PRIVATE)
    longest_first = sorted(map(re.escape, known), key=len, reverse=True)
    return known, re.compile(f"(?<![\\u4e00-\\u9fa5])({'|'.join(longest_first)})\\s*[:：]")


def labels_of(source: Source, name: str) -> tuple[str, ...]:
    """Return the labels of a field: the source's own alone, else the usual ones."""
    own = source.rules.get(f"label_{name}")
    return tuple(own.split("|")) if own else LABELS[name]


def read_fields(tree: LexborHTMLParser, source: Source) -> dict[str, LexborNode | str]:
    """Map each known label to the node or the text that is its value; the first one counts."""
    own = [
        label
        for key in source.rules
        if key.startswith("label_")
        for label in source.rules[key].split("|")
    ]
    known, pattern = _known(frozenset(own))
    fields: dict[str, LexborNode | str] = {}
    crowded: list[LexborNode] = []
    for cell in tree.css(_LABEL_CELLS):
        shown = (cell.text(deep=True) or "").strip()
        if not shown or len(shown) >= _LONGEST_GLUED:
            continue
        label = _bare(shown) if len(shown) < 4 * _LONGEST_LABEL else ""
        if label in known:
            value = _value_of(cell, known)
            if value is not None:
                fields.setdefault(label, value)
        elif cell.tag in _GLUED_IN:
            _read_glued(cell, pattern, fields, crowded)
    for cell in crowded:
        _read_line_of_labels(one_line(cell), pattern, fields)
    return fields


def _bare(shown: str) -> str:
    return "".join(shown.split()).strip("【】[]").rstrip(_END_OF_LABEL).strip("【】[]")


def _read_glued(
    cell: LexborNode,
    pattern: re.Pattern[str],
    fields: dict[str, LexborNode | str],
    crowded: list[LexborNode],
) -> None:
    """Read `label：value` in one element; several in one short element wait for their turn."""
    text = readable_text(cell)
    found = pattern.findall(text)
    at = pattern.match(text)
    # A box that holds several labelled lines is not the value of the first of them.
    if at is not None and len(set(found)) == 1 and text[at.end() :].strip():
        fields.setdefault(at[1], text[at.end() :].strip())
    elif len(found) > 1 and len(text) < _LONGEST_LINE_OF_LABELS:
        crowded.append(cell)


def _read_line_of_labels(
    line: str, pattern: re.Pattern[str], fields: dict[str, LexborNode | str]
) -> None:
    """Read `label：value label：value` in one line, as headings under a title have it."""
    found = list(pattern.finditer(line))
    ends = [match.start() for match in found[1:]] + [len(line)]
    for match, end in zip(found, ends, strict=True):
        value = line[match.end() : end].strip(" |｜\u3000")
        if value:
            fields.setdefault(match[1], value)


def _value_of(cell: LexborNode, known: frozenset[str]) -> LexborNode | None:
    """Return the element after a label, or under it where labels stand in a row of their own."""
    following = _next_element(cell)
    if cell.tag in {"th", "td"} and (
        following is None or _bare(following.text(deep=True) or "") in known
    ):
        return _cell_below(cell) or following
    if following is None and cell.parent is not None and cell.parent.tag != "body":
        # A label alone in a box: its value is the box after it.
        alone = _bare(cell.parent.text(deep=True) or "") == _bare(cell.text(deep=True) or "")
        return _next_element(cell.parent) if alone else None
    return following


def _cell_below(cell: LexborNode) -> LexborNode | None:
    place, before = 0, cell.prev
    while before is not None:
        place += before.is_element_node
        before = before.prev
    row = _next_element(cell.parent) if cell.parent is not None else None
    if row is None and cell.parent is not None and cell.parent.parent is not None:
        body = _next_element(cell.parent.parent)
        row = body.css_first("tr") if body is not None else None
    if row is None or row.tag != "tr":
        return None
    cells = [each for each in row.iter() if each.tag in {"th", "td"}]
    return cells[place] if place < len(cells) else None


def _next_element(node: LexborNode) -> LexborNode | None:
    following = node.next
    while following is not None and not following.is_element_node:
        following = following.next
    return following


def field_text(tree: LexborHTMLParser, fields: Fields, source: Source, name: str) -> str:
    """Return the text of a field: by the source's own CSS rule, else by label."""
    if (selector := source.rules.get(name)) is not None:
        return readable_text(first_of(tree, selector))
    for label in labels_of(source, name):
        value = fields.get(label)
        if value is None:
            continue
        text = value if isinstance(value, str) else readable_text(value)
        if text:
            return text
    return ""


def writers_names(fields: Fields) -> list[str]:
    """Return the writer's name, so that it can be taken out of the texts too."""
    values = [fields[label] for label in WRITER if label in fields]
    return [value if isinstance(value, str) else one_line(value) for value in values]

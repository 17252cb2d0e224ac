"""A page → the same page without anybody's words: its skeleton, which may be kept.

What a page says is replaced sign by sign (文 for Chinese, x for Latin, 0 for digits); what a reader
needs stays: tags, ids, classes, addresses, dates, labels such as 来信内容, 下一页 or 楼主. So a
saved page shows whether the rules still fit, and tells nothing of anyone. Pure.
"""

import json
import re
from typing import Any

from spiders.families.json_rows import looks_like_json, read_json
from spiders.families.mailbox_fields import LABELS, PRIVATE

_TOKEN = re.compile(
    r"(<!\[CDATA\[|\]\]>|<!--.*?-->|<script\b.*?</script\s*>|<style\b.*?</style\s*>|<[^>]*>)",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(r"<\s*(/?)\s*([A-Za-z!?][\w:-]*)(.*?)(/?)>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([\w:@-]{1,60})\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
_KEPT_ATTRIBUTES = frozenset(
    {
        "id", "class", "rel", "type", "name", "property", "datetime", "charset", "encoding",
        "version", "xmlns", "http-equiv", "colspan", "rowspan", "align", "method", "href",
        "onclick",
    }
)  # fmt: skip
_ADDRESSES = frozenset({"href", "onclick"})
_PERSONAL_ADDRESS = re.compile(
    r"(?:username|uid|u|author(?:id)?|user|name)=[^&\"'#\s]*", re.IGNORECASE
)
_MEMBER = re.compile(r"mod=space|space-uid|memberlist|/author/|[?&]author=|mailto:|tel:|avatar")
_SPEAKING_SCRIPT = re.compile(r"createPageHTML|<record>|dataproxy", re.IGNORECASE)
_HIDES = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)

_WORDS = (
    "下一页", "下页", "上一页", "楼主", "沙发", "板凳", "地板", "发表于", "篇回复", "移动", "标题",
    "作者", "时间", "回复", "Powered by", "Discuz!", "WordPress", "已办结", "已回复", "已答复",
    "办理中", "待受理", "已受理", "待回复", "处理中", "办结", "转办", "未回复", "提示信息", "登录",
    "不存在", "已被删除", "没有权限", "发布日期", "来源",
)  # fmt: skip
_LABEL = "|".join(
    re.escape(word)
    for word in sorted({w for each in LABELS.values() for w in each} | set(PRIVATE), key=len)[::-1]
)
_KEPT = re.compile(
    r"\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?:\s?日)?(?:[T\s]*\d{1,2}:\d{2}(?::\d{2})?)?(?:Z|[+-]\d{2}:?\d{2})?"
    r"|(?<!\d)\d{1,2}[-/月]\d{1,2}日?\s+\d{1,2}:\d{2}|(?<!\d)\d{1,2}:\d{2}(?::\d{2})?"
    r"|(?:[A-Z][a-z]{2},\s)?\d{1,2}\s[A-Z][a-z]{2}\s\d{4}\s\d{2}:\d{2}:\d{2}(?:\s(?:GMT|[+-]\d{4}))?"
    r"|\d{1,3}(?:\s|&nbsp;)*(?:秒|分钟|小时|天|周)前|半小时前|刚刚|[昨前今]天|二[〇零○][〇零○一二三四五六七八九]{2}年"
    r"|[〇零○一二三四五六七八九十]{1,3}[月日]"
    rf"|{'|'.join(map(re.escape, _WORDS))}|(?:{_LABEL})(?=\s*[:：】]|\s*$)"
    r"|&(?:nbsp|amp|lt|gt|quot|raquo|rsaquo);|https?://[\w./?&=%:;#~+-]+"
)
_CHINESE = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]|&#x?[0-9a-fA-F]+;")
_LATIN = re.compile("[A-Za-zÀ-ÿ]")
_DIGIT = re.compile(r"\d")
_SMALL_NUMBER = re.compile(r"\s*[(（\[]?\d{1,5}[)）\]#]?\s*")
_KEPT_KEYS = re.compile(
    r"id|date|time|url|link|state|status|code|dateline|zhuangtai|guid", re.IGNORECASE
)


def scramble(text: str) -> str:
    """Return a page without its words; what is JSON stays JSON."""
    if looks_like_json(text):
        try:
            return json.dumps(_scramble_value("", read_json(text)), ensure_ascii=False, indent=1)
        except ValueError:
            return scramble_words(text)
    return "".join(_scramble_piece(each) for each in _TOKEN.split(text))


def scramble_words(text: str) -> str:
    """Replace what a text says, sign by sign, but for dates, labels and small numbers."""
    if not text.strip() or _SMALL_NUMBER.fullmatch(text):
        return text
    done, pieces = 0, []
    for kept in _KEPT.finditer(text):
        pieces += [_replaced(text[done : kept.start()]), kept[0]]
        done = kept.end()
    return "".join([*pieces, _replaced(text[done:])])


def _replaced(text: str) -> str:
    return _DIGIT.sub("0", _LATIN.sub("x", _CHINESE.sub("文", text)))


def _scramble_piece(piece: str) -> str:
    lowered = piece[:12].lower()
    if piece == "]]>" or lowered.startswith("<![cdata["):
        return piece
    if lowered.startswith("<!--"):
        return ""
    if lowered.startswith("<script"):
        return _scramble_script(piece)
    if lowered.startswith("<style"):
        return ""
    match = _TAG.fullmatch(piece) if piece.startswith("<") else None
    if match is None:
        return scramble_words(piece)
    attributes = "".join(_scramble_attribute(m[1], m[2]) for m in _ATTRIBUTE.finditer(match[3]))
    closed = "?" if match[2].startswith("?") else match[4]
    return f"<{match[1]}{match[2]}{attributes}{closed}>"


def _scramble_script(token: str) -> str:
    """Keep what pages a list or holds its records; any other script goes."""
    opening, _, rest = token.partition(">")
    if not _SPEAKING_SCRIPT.search(token):
        return f"{opening}></script>"
    body = rest.rpartition("<")[0]
    if "<record" in body:
        body = "".join(_scramble_piece(each) for each in _TOKEN.split(body))
    return f"{opening}>{body}</script>"


def _scramble_attribute(name: str, quoted: str) -> str:
    value = quoted.strip("\"'")
    lowered = name.lower()
    if lowered in _ADDRESSES:
        value = "#" if _MEMBER.search(value) else _PERSONAL_ADDRESS.sub("", value)
        return f" {name}={_in_quotes(value)}"
    if lowered == "style":
        return f' style="{_HIDES.search(value)[0]}"' if _HIDES.search(value) else ""  # type: ignore[index]
    if lowered in _KEPT_ATTRIBUTES or lowered.startswith("xmlns"):
        return f" {name}={_in_quotes(value)}"
    if lowered in {"content", "title"}:
        return f" {name}={_in_quotes(scramble_words(value))}"
    return ""


def _in_quotes(value: str) -> str:
    return f"'{value}'" if '"' in value else f'"{value}"'


def _scramble_value(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _scramble_value(str(key), each) for key, each in value.items()}
    if isinstance(value, list):
        return [_scramble_value(name, each) for each in value]
    if isinstance(value, str) and not (_KEPT_KEYS.search(name) and value.isascii()):
        return scramble(value) if "<" in value else scramble_words(value)
    if isinstance(value, str):
        return value
    return value if _KEPT_KEYS.search(name) or isinstance(value, bool | None) else 0

"""What every view of a Discuz! board has in common: its ids, and the words it writes into posts."""

import re

_TID = re.compile(r"[?&]tid=(\d{1,12})|thread-(\d{1,12})-\d+-\d+\.html|tid-(\d{1,12})\.html")
_PAGE = re.compile(r"[?&]page=(\d{1,6})|thread-\d+-(\d{1,6})-\d+\.html")
_OLD_STYLE_EDIT = re.compile(r"本帖最后由 .{1,40}? 于 [\d\- :]{8,20} 编辑")
_QUOTE_HEADER = re.compile(
    r"^.{1,40}? 发表于 (?:\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{2}|.{1,8}前|[昨前]天.{0,8})$",
    re.MULTILINE,
)
_OLD_STYLE_REPLY = re.compile(r"^回复 \d{1,5}# \S{1,40}", re.MULTILINE)
_MENTION = re.compile(
    r"@[^\s@〔〕,，。！？!?：:；;.]{2,20}(?=$|[\s，。！？：；,!?:;])", re.MULTILINE
)


def thread_key(address: str) -> str | None:
    """Return `t123` for any address of thread 123; None for other addresses."""
    match = _TID.search(address)
    return f"t{next(filter(None, match.groups()))}" if match else None


def page_number(url: str) -> int:
    """Return the number of a list's or thread's page, counted from 1."""
    match = _PAGE.search(url)
    return int(next(filter(None, match.groups()))) if match else 1


def without_handles(text: str) -> str:
    """Take out what the software writes into a post that names another member."""
    if "发表于" in text or "本帖最后" in text or "回复 " in text:
        for pattern in (_OLD_STYLE_EDIT, _QUOTE_HEADER, _OLD_STYLE_REPLY):
            text = pattern.sub("", text).strip()
    return _MENTION.sub("@〔网友〕", text) if "@" in text else text

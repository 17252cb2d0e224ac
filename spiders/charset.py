"""Bytes of a page → its characters, without guessing where something can be known.

Old Chinese sites declare one character set and send another. What is declared is therefore tried
*strictly*, then UTF-8 strictly, and only then is the character set guessed; if nothing fits without
loss, the page is refused rather than stored as rubbish.
"""

import codecs
import html
import re

from charset_normalizer import from_bytes

from monitor.domain import Page, Source
from monitor.errors import CharsetError

# The wider set holds every character of the narrower one, and sites declare the narrower.
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "utf8": "utf-8",
}

# Web servers add these to everything; they decode every byte and so prove nothing.
_MEANINGLESS = frozenset({"iso-8859-1", "latin-1", "latin1", "windows-1252", "us-ascii", "ascii"})

_HEADER = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_IN_PAGE = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})"""
    rb"""|<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})""",
    re.IGNORECASE,
)
_DECLARED_WITHIN_BYTES = 4096
_GUESS_WITHIN_BYTES = 64 * 1024
_GUESSES = ["gb18030", "big5hkscs", "utf_8", "utf_16_le", "utf_16_be"]

# That many Chinese characters in a page of valid UTF-8 do not come about by chance in GBK.
_CERTAINLY_UTF8 = 6
_CHINESE = re.compile("[\u3000-\u9fff]")

_LOST_SHARE = 0.001
_NUMERIC_REFERENCE = re.compile(r"&(?:amp;)?#(?:[0-9]{2,7}|[xX][0-9a-fA-F]{2,6});")


def decode_page(page: Page, source: Source) -> str:
    """Return the characters of a page.

    Raises:
        CharsetError: The bytes are in no character set that can be read without loss.
    """
    body = page.body
    marked = _decode_byte_order_mark(body)
    if marked is not None:
        return marked
    text = _decode_strictly(body, "utf-8") if source.charset is None else None
    if text is not None and _is_certainly_utf8(text):
        return text
    for charset in _charsets_to_try(page, source):
        text = _decode_strictly(body, charset)
        if text is not None:
            return text
    text = _guess(body) or _decode_with_little_loss(body, _charsets_to_try(page, source))
    if text is None:
        declared = ", ".join(declared_charsets(page)) or "nothing"
        raise CharsetError(source.name, f"{page.url}: declared {declared}, readable as none")
    return text


def declared_charsets(page: Page) -> list[str]:
    """Return what header and page say the character set is, the header first; may be empty."""
    found: list[str] = []
    header = next((v for k, v in page.headers.items() if k.lower() == "content-type"), "")
    if match := _HEADER.search(header):
        found.append(match[1])
    if inside := _IN_PAGE.search(page.body[:_DECLARED_WITHIN_BYTES]):
        found.append((inside[1] or inside[2]).decode("ascii"))
    return [name.lower() for name in found]


def unescape_twice(text: str) -> str:
    """Turn numeric references that were escaped twice into their characters.

    A GBK site writes characters outside GBK as `&#13901;`, and its editor escapes the ampersand
    again, so that a parser leaves the reference in the text.
    """
    if "&" not in text:
        return text
    return _NUMERIC_REFERENCE.sub(lambda m: html.unescape(m[0].replace("&amp;", "&")), text)


def _charsets_to_try(page: Page, source: Source) -> list[str]:
    """Order the candidates: what we know of the site, what is declared, then UTF-8."""
    names = [source.charset.lower()] if source.charset else []
    names += [name for name in declared_charsets(page) if name not in _MEANINGLESS]
    names = [_WIDER.get(name, name) for name in names]
    return list(dict.fromkeys([*names, "utf-8"]))


def _is_certainly_utf8(text: str) -> bool:
    """Tell real UTF-8 from a legacy page that happens to decode; declarations do not count then."""
    found = _CHINESE.finditer(text)
    return sum(1 for _ in zip(found, range(_CERTAINLY_UTF8), strict=False)) == _CERTAINLY_UTF8


def _decode_byte_order_mark(body: bytes) -> str | None:
    for mark, charset in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if body.startswith(mark):
            return _decode_strictly(body, charset)
    return None


def _decode_strictly(body: bytes, charset: str) -> str | None:
    try:
        return body.decode(charset, errors="strict")
    except (UnicodeDecodeError, LookupError):
        return None


def _guess(body: bytes) -> str | None:
    """Let charset-normalizer choose among the sets that Chinese sites use."""
    best = from_bytes(body[:_GUESS_WITHIN_BYTES], cp_isolation=_GUESSES).best()
    if best is None:
        return None
    return _decode_strictly(body, _WIDER.get(best.encoding, best.encoding))


def _decode_with_little_loss(body: bytes, charsets: list[str]) -> str | None:
    """Accept a page with a few characters cut in half, as old software leaves in its summaries."""
    for charset in [*charsets, "gb18030"]:
        try:
            text = body.decode(charset, errors="replace")
        except LookupError:
            continue
        if text.count("\ufffd") <= max(2, len(text) * _LOST_SHARE):
            return text
    return None

"""HTML → the lines that a reader sees, and the small questions that adapters ask of a page."""

import re
from collections.abc import Container, Iterator
from contextlib import suppress
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from spiders.charset import unescape_twice

_NEW_LINE = frozenset(
    {
        "br", "p", "div", "li", "ul", "ol", "tr", "table", "tbody", "blockquote", "h1", "h2",
        "h3", "h4", "h5", "h6", "dl", "dt", "dd", "hr", "section", "article", "pre", "center",
    }
)  # fmt: skip
_UNSEEN = frozenset(
    {
        "script", "style", "noscript", "template", "textarea", "select", "button", "svg",
        "iframe",
    }
)  # fmt: skip
# Elements that are never closed, or that the next of their kind closes, do not nest by themselves.
_TAG = re.compile(
    r"<(/?)(?!(?:br|img|input|hr|meta|link|area|base|col|embed|param|source|wbr|p|li|td|tr|th|tbody|"
    r"thead|option|dt|dd|html|head|body)\b)[a-zA-Z]",
    re.IGNORECASE,
)
_TAGS_NOT_COUNTED = 8000
_DEEPEST = 1500
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u3000]+")
_ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\u2060\ufeff\xad]")
_BASE = re.compile("<base\\b", re.IGNORECASE)
_NO_PLACES = ("javascript:", "mailto:", "tel:", "#")


def parse_html(text: str) -> LexborHTMLParser:
    """Build the tree of a page; of one that is nested beyond reason, only the beginning.

    The parser takes time with the square of the depth, and nothing else can run meanwhile. Where
    a page says that its links count from another place (`base`), they are written out from there.
    """
    if text.count("<") > _TAGS_NOT_COUNTED:
        text = text[: _reasonable_length(text)]
    tree = LexborHTMLParser(text)
    if _BASE.search(text):
        _write_out_links(tree)
    return tree


def _write_out_links(tree: LexborHTMLParser) -> None:
    """Join the links of a page to its first `base` that has an address, as browsers do."""
    base = attribute(tree.css_first("base[href]"), "href")
    if not base or urlsplit(base).scheme not in {"", "http", "https"}:
        return
    for link in tree.css("a[href]"):
        href = attribute(link, "href")
        if href and not href.lower().startswith(_NO_PLACES):
            with suppress(ValueError):
                link.attrs["href"] = urljoin(base, href)


def _reasonable_length(text: str) -> int:
    """Return where the nesting passes the limit, else the length."""
    depth = 0
    for tag in _TAG.finditer(text):
        depth += -1 if tag[1] else 1
        if depth > _DEEPEST:
            return tag.start()
        depth = max(depth, 0)
    return len(text)


def readable_text(node: LexborNode | None, without: Container[int] = frozenset()) -> str:
    """Return the text of a node as lines, without indentation, empty lines or hidden parts.

    `without` holds the places (`places_of`) of parts that are left out. Parts are left out rather
    than removed, because removing one that lies in another that was removed frees memory twice.
    """
    if node is None:
        return ""
    return tidy_lines("".join(_pieces(node, without)))


def text_after(
    start: LexborNode, stops: Container[int], without: Container[int] = frozenset()
) -> str:
    """Return the lines between a node and the next of its siblings whose place is in `stops`."""
    pieces: list[str] = []
    node = start.next
    while node is not None and node.mem_id not in stops:
        pieces += _pieces(node, without)
        node = node.next
    return tidy_lines("".join(pieces))


def places_of(tree: LexborHTMLParser | LexborNode, selectors: str) -> frozenset[int]:
    """Return the places of all parts that match a CSS list, for `readable_text`."""
    return frozenset(node.mem_id for node in tree.css(selectors))


def tidy_lines(text: str) -> str:
    """Collapse spaces within lines and drop empty lines."""
    shown = _ZERO_WIDTH.sub("", unescape_twice(text))
    lines = (_SPACES.sub(" ", line).strip() for line in shown.split("\n"))
    return "\n".join(line for line in lines if line)


def one_line(node: LexborNode | None, without: Container[int] = frozenset()) -> str:
    """Return the text of a node in one line."""
    return readable_text(node, without).replace("\n", " ")


def first_of(tree: LexborHTMLParser | LexborNode, selectors: str) -> LexborNode | None:
    """Return the node of the first selector that matches; selectors are parted by `;;`.

    Unlike a CSS list, which takes whichever comes first in the page, this keeps our order.
    """
    for selector in selectors.split(";;"):
        node = tree.css_first(selector.strip())
        if node is not None:
            return node
    return None


def all_of(tree: LexborHTMLParser | LexborNode, selectors: str) -> list[LexborNode]:
    """Return the nodes of the first selector that matches anything; may be empty."""
    for selector in selectors.split(";;"):
        nodes = tree.css(selector.strip())
        if nodes:
            return nodes
    return []


def is_selector(written: str) -> bool:
    """Tell whether the parser understands a CSS selector."""
    try:
        LexborHTMLParser("<p></p>").css(written.strip())
    except SelectolaxError:
        return False
    return True


def attribute(node: LexborNode | None, name: str) -> str:
    """Return an attribute's value; empty when the node or the attribute is missing."""
    return (node.attributes.get(name) or "").strip() if node is not None else ""


def link_of(node: LexborNode | None, page_url: str) -> str | None:
    """Return the http(s) address that a link leads to, without its fragment."""
    href = attribute(node, "href")
    if not href or href.lower().startswith(_NO_PLACES):
        return None
    try:
        address = urljoin(page_url, href).split("#", 1)[0]
        return address if urlsplit(address).scheme in {"http", "https"} else None
    except ValueError:
        return None


def meta_of(tree: LexborHTMLParser, *names: str) -> str:
    """Return the content of the first of these meta names (any case) that says something."""
    found = {
        (tag.attributes.get("name") or tag.attributes.get("property") or "").lower(): tag
        for tag in tree.css("meta[content]")
    }
    for name in names:
        content = attribute(found.get(name.lower()), "content")
        if content:
            return content
    return ""


def _pieces(node: LexborNode, without: Container[int]) -> Iterator[str]:
    """Walk a subtree without recursion, so that a page nested 100,000 deep does no harm."""
    stack: list[LexborNode | str] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, str):
            yield current
            continue
        if current.is_text_node:
            yield (current.text_content or "").replace("\n", " ").replace("\r", " ")
            continue
        if not current.is_element_node or current.mem_id in without or _is_hidden(current):
            continue
        breaks = current.tag in _NEW_LINE
        if breaks:
            yield "\n"
            if current.tag != "br":
                stack.append("\n")
        elif current.tag in {"td", "th"}:
            stack.append(" ")
        children: list[LexborNode] = []
        child = current.first_child
        while child is not None:
            children.append(child)
            child = child.next
        stack.extend(reversed(children))


def _is_hidden(node: LexborNode) -> bool:
    if node.tag in _UNSEEN:
        return True
    style = node.attributes.get("style")
    return style is not None and _INVISIBLE.search(style) is not None

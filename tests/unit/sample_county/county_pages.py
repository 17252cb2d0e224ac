"""Reading pages of the county in tests."""

from selectolax.lexbor import LexborHTMLParser, LexborNode


def one(page: str | LexborHTMLParser | LexborNode, css: str) -> LexborNode:
    """The first element that fits; there must be one."""
    tree = LexborHTMLParser(page) if isinstance(page, str) else page
    found = tree.css_first(css)
    assert found is not None, f"nothing fits {css}"
    return found


def attribute(node: LexborNode, name: str) -> str:
    """An attribute that must be there."""
    value = node.attributes[name]
    assert value is not None
    return value

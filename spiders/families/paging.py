"""Where the next page of a list is, when no link says so: counted, posted back, or in a script.

A source's rule `paging` has one of two forms:

- `page+1` or `startrecord+45,endrecord+45`: parameters of the address or of the form that grow by a
  number. A parameter that is not there yet counts as 1 if it grows by one, and as 0 otherwise (an
  offset counts records, not pages).
- `index_{n}.html` or `index_{n}.html from 2`: a file beside the first page; page two is `from`.
"""

import re
from urllib.parse import urlencode, urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.asking import form_of
from spiders.markup import attribute, first_of, link_of, one_line

_GROWING = re.compile(r"\s*([\w.\-]{1,60})\s*\+\s*(\d{1,5})\s*")
_FILE = re.compile(r"([\w.\-]{0,60})\{n\}([\w.\-]{0,20})(?:\s+from\s+(\d{1,3}))?")
_TRS_SCRIPT = re.compile(
    r"createPageHTML\w{0,8}\(\s*[\"']?(\d{1,6})[\"']?\s*,\s*[\"']?(\d{1,6})[\"']?\s*,"
    r"\s*[\"']([\w\-]{1,60})[\"']\s*,\s*[\"'](\w{1,8})[\"']"
)
_POST_BACK = re.compile(r"__doPostBack\(\s*'([^']{1,200})'\s*,\s*'([^']{0,200})'\s*\)")
_NEXT_WORDS = frozenset({"下一页", "下页", "下一页>", "下一页»", "下一页 >", "后一页", ">", "»"})
_NEXT = "a.next;;a.nxt;;a.nextpage;;a.wp-block-query-pagination-next;;a[rel=next]"


def is_paging_rule(rule: str) -> bool:
    """Tell whether a rule of a source file can be understood."""
    return bool(_FILE.fullmatch(rule.strip())) or all(
        _GROWING.fullmatch(part) for part in rule.split(",")
    )


def next_by_rule(address: str, rule: str) -> str | None:
    """Return the address of the page after this one, as the rule counts."""
    if match := _FILE.fullmatch(rule.strip()):
        return _next_file(address, match)
    for part in rule.split(","):
        grown = _GROWING.fullmatch(part)
        if grown is None:
            return None
        address = _grow(address, grown[1], int(grown[2]))
    return address


def next_by_link(
    tree: LexborHTMLParser, text: str, page_url: str, selector: str | None = None
) -> str | None:
    """Return the address of the next page, from its link, its script, or its form.

    Args:
        tree: The list page.
        text: The same as text.
        page_url: Its address.
        selector: CSS of the link, when the source's file names it.
    """
    link = first_of(tree, selector or _NEXT)
    if link is None and selector is None:
        link = next((a for a in tree.css("a") if one_line(a) in _NEXT_WORDS), None)
    if (url := link_of(link, page_url)) is not None:
        return url
    if link is not None and (back := _post_back(tree, link, page_url)) is not None:
        return back
    return _next_of_script(text, page_url)


def _next_of_script(text: str, page_url: str) -> str | None:
    """Read `createPageHTML(pages, current, "index", "html")`; current counts from 0."""
    match = _TRS_SCRIPT.search(text)
    if match is None or int(match[2]) + 1 >= int(match[1]):
        return None
    return urljoin(page_url, f"{match[3]}_{int(match[2]) + 1}.{match[4]}")


def _post_back(tree: LexborHTMLParser, link: LexborNode, page_url: str) -> str | None:
    """Make what an ASP.NET pager posts: every hidden field, and who asked."""
    called = _POST_BACK.search(attribute(link, "href") or attribute(link, "onclick"))
    if called is None:
        return None
    fields = {
        name: attribute(node, "value")
        for node in tree.css("form input[type=hidden]")
        if (name := attribute(node, "name"))
    }
    fields |= {"__EVENTTARGET": called[1], "__EVENTARGUMENT": called[2]}
    return f"{form_of(page_url)[0]}#post:{urlencode(fields)}"


def _next_file(address: str, rule: re.Match[str]) -> str:
    first = int(rule[3] or 1)
    name = re.escape(rule[1]) + r"(\d{1,6})" + re.escape(rule[2])
    at = re.search(rf"(?:^|/){name}$", address.split("?", 1)[0])
    number = int(at[1]) + 1 if at else first
    return urljoin(address, f"{rule[1]}{number}{rule[2]}")


def _grow(address: str, name: str, step: int) -> str:
    """Raise one parameter of the address or the form; everything else stays as it was written."""
    found = re.compile(rf"([?&:]|[{{,]\s*\")({re.escape(name)}\"?\s*[=:]\s*\"?)(\d{{1,9}})")
    if match := found.search(address):
        grown = f"{match[1]}{match[2]}{int(match[3]) + step}"
        return address[: match.start()] + grown + address[match.end() :]
    start = (1 if step == 1 else 0) + step
    url, form = form_of(address)
    if form:
        return f"{address}&{name}={start}"
    return f"{url}{'&' if '?' in url else '?'}{name}={start}"

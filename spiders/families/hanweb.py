"""大汉 (Hanweb) government sites: columns whose rows come as XML-like records, and articles.

A column's page draws its list with a script, from `dataproxy.jsp` or from records that stand in the
page itself. Either is a run of `<record><![CDATA[…]]></record>`, several pages of the list at once.
"""

import html
import re
from dataclasses import replace

from monitor.domain import Page, Source
from monitor.errors import LayoutChangedError
from spiders.charset import decode_page
from spiders.families.gates import refuse_gates
from spiders.families.news import read_rows
from spiders.families.paging import next_by_link, next_by_rule
from spiders.markup import link_of, parse_html
from spiders.reading import ListPage

_RECORD = re.compile(r"<record>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</record>", re.DOTALL)
_NEXT_GROUP = re.compile(r"<nextgroup>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</nextgroup>", re.DOTALL)
_PROXY = re.compile(r"[\w./-]{0,80}/dataproxy\.jsp", re.IGNORECASE)
_DEFAULTS = {"col": "1", "appid": "1", "path": "%2F", "sourceContentType": "1"}
_ASKED = {
    name: re.compile(rf"[\"'?&,{{\s]{name}[\"']?\s*[=:]\s*[\"']?([\w.%/-]{{1,80}})", re.IGNORECASE)
    for name in (
        "col", "appid", "webid", "path", "columnid", "sourceContentType", "unitid", "webname",
        "permissiontype",
    )
}  # fmt: skip
_MOST_RECORDS = 500


def read_list(page: Page, source: Source) -> ListPage:
    """Read the rows of a column: of the records that came, else of the page as it stands.

    Raises:
        NotContentError: A sign-in page or a challenge came instead.
        LayoutChangedError: No record leads to an article.
    """
    text = decode_page(page, source)
    records = _RECORD.findall(text)[:_MOST_RECORDS]
    tree = parse_html(text)
    if not records:
        refuse_gates(page, source, text, tree)
        items = read_rows(tree, page, source)
    else:
        rows = "".join(f"<div class='record'>{html.unescape(each)}</div>" for each in records)
        one_row = replace(source, rules={"row": "div.record"} | dict(source.rules))
        items = read_rows(parse_html(f"<body>{rows}</body>"), page, one_row)
    if not items and source.expect.list_min_items > 0:
        raise LayoutChangedError(source.name, f"{page.url}: no record with a link and a date")
    if "paging" in source.rules:
        return ListPage(items, next_by_rule(page.url, source.rules["paging"]) if items else None)
    group = _NEXT_GROUP.search(text)
    if group is not None:
        inside = parse_html(group[1]).css_first("a[href]")
        return ListPage(items, link_of(inside, page.url))
    return ListPage(items, next_by_link(tree, text, page.url, source.rules.get("next")))


def proxy_form(text: str) -> tuple[str, str] | None:
    """Return the path of the proxy that a column's page asks, and the form that asks it.

    None where the page says too little. The first page of a list is asked for 45 records, three
    pages' worth, as the system's own script does.
    """
    proxy = _PROXY.search(text)
    told = {name: match[1] for name, pattern in _ASKED.items() if (match := pattern.search(text))}
    if proxy is None or not {"columnid", "unitid"} <= set(told):
        return None
    fields = _DEFAULTS | told | {"startrecord": "1", "endrecord": "45", "perpage": "15"}
    return proxy[0], "&".join(f"{name}={value}" for name, value in fields.items())

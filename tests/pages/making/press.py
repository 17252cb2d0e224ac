"""Articles and lists as the usual content systems publish them, and WordPress's two kinds of theme."""

from collections.abc import Iterator

from tests.pages.making.articles import (
    chinese_date,
    day_only,
    far_back,
    first_page,
    gone,
    inner_links,
    metadata_first,
    metadata_only,
    no_charset,
    pictures,
    quotation,
    relative,
    spaced,
    table,
    titled_in_heading,
    with_byline,
    with_editor,
    wrong_charset,
    yearless,
)
from tests.pages.making.columns import NAV, lists, rows_of
from tests.pages.making.kinds import Saved
from tests.pages.making.systems import DEDE, EMPIRE, HANWEB, PHPCMS, TRS, page


def trs() -> Iterator[Saved]:
    """TRS: a county government's site."""
    plain = page(TRS, "plain", 88120)
    yield plain
    for n, make in enumerate(
        (
            with_byline,
            with_editor,
            metadata_only,
            metadata_first,
            wrong_charset,
            day_only,
            yearless,
            chinese_date,
            table,
            pictures,
            spaced,
            inner_links,
            gone,
            titled_in_heading,
            far_back,
        ),
        88121,
    ):
        yield make(TRS, n)
    pager = '<div class="page"><script language="JavaScript">createPageHTML(34, 0, "index", "html");</script></div>'
    yield from lists(
        TRS,
        '<div class="gl_list"><ul class="list">{rows}</ul></div>',
        '<li><span>{date}</span><a href="{href}" title="{title}" target="_blank">{title}</a></li>',
        url="xwzx/index.html",
        pager=pager,
        next_url="xwzx/index_1.html",
    )


def hanweb() -> Iterator[Saved]:
    """大汉: a bureau's site, whose lists come as records."""
    yield page(HANWEB, "plain", 5101)
    for n, make in enumerate(
        (
            with_byline,
            with_editor,
            metadata_only,
            metadata_first,
            no_charset,
            day_only,
            yearless,
            chinese_date,
            table,
            pictures,
            spaced,
            inner_links,
            gone,
            far_back,
            quotation,
        ),
        5102,
    ):
        yield make(HANWEB, n)
    rows, items = rows_of(HANWEB, 7, "%Y-%m-%d")
    records = "".join(
        f"<record><![CDATA[<li><a href='{href}' title='{title}' target='_blank'>{title}</a><span class='bt-right'>{date}</span></li>]]></record>\n"
        for href, title, date in rows
    )
    form = "col=1&appid=1&webid=3&path=%2F&columnid=102&sourceContentType=1&unitid=2098&webname=x&permissiontype=0&startrecord={}&endrecord={}&perpage=15"
    proxy = f"{HANWEB.site}module/web/jpage/dataproxy.jsp#post:"
    store = f"<datastore>\n<recordset>\n{records}</recordset>\n<totalrecord>312</totalrecord><totalpage>21</totalpage></datastore>\n"
    yield Saved(
        "records-of-the-proxy",
        "hanweb",
        "list",
        proxy + form.format(1, 45),
        store,
        items=items,
        ending="xml",
        sent={"content_type": "text/xml;charset=UTF-8"},
        rules={"paging": "startrecord+45,endrecord+45"},
        next_url=proxy + form.format(46, 90),
    )
    script = f'<div id="2098"><script type="text/xml"><datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&webid=3&columnid=102&unitid=2098"></a>]]></nextgroup><recordset>{records}</recordset></datastore></script></div>'
    text = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>工作动态</title></head><body>{NAV}{script}</body></html>\n'
    yield Saved(
        "records-in-the-column",
        "hanweb",
        "list",
        f"{HANWEB.site}col/col102/index.html",
        text,
        items=items,
        next_url=f"{HANWEB.site}module/web/jpage/dataproxy.jsp?page=1&webid=3&columnid=102&unitid=2098",
    )
    yield Saved(
        "no-records",
        "hanweb",
        "list",
        proxy + form.format(1, 45),
        "<datastore>\n<recordset>\n</recordset></datastore>\n",
        ending="xml",
        error="S403",
    )


def dedecms() -> Iterator[Saved]:
    """DedeCMS in GBK: a county's news site of 2011."""
    yield page(DEDE, "plain", 331)
    for n, make in enumerate(
        (
            with_byline,
            with_editor,
            wrong_charset,
            no_charset,
            day_only,
            yearless,
            chinese_date,
            relative,
            table,
            pictures,
            spaced,
            inner_links,
            gone,
            first_page,
            far_back,
        ),
        332,
    ):
        yield make(DEDE, n)
    intro = '<div class="intro">核心提示：县里今天开会。</div>'
    yield page(DEDE, "with-an-introduction", 360, lead=intro, absent=["核心提示"])
    pager = '<div class="dede_pages"><ul class="pagelist"><li>首页</li><li class="thisclass">1</li><li><a href=\'list_9_2.html\'>2</a></li><li><a href=\'list_9_2.html\'>下一页</a></li></ul></div>'
    row = '<li><a href="{href}" class="preview"><img src="/uploads/allimg/{n}.jpg"/></a> <b>[<a href="/a/yaowen/">要闻</a>]</b> <a href="{href}" class="title">{title}</a><span class="info"><small>日期：</small>{date}<small>点击：</small>82<small>好评：</small>0</span><p class="intro">入冬以来……</p></li>'
    yield from lists(
        DEDE,
        '<div class="listbox"><ul class="e2">{rows}</ul></div>',
        row,
        url="a/yaowen/",
        pager=pager,
        next_url="a/yaowen/list_9_2.html",
        dated="%Y-%m-%d %H:%M:%S",
    )


def phpcms() -> Iterator[Saved]:
    """PHPCMS v9: a local portal."""
    yield page(PHPCMS, "plain", 431)
    for n, make in enumerate(
        (
            with_byline,
            with_editor,
            wrong_charset,
            no_charset,
            day_only,
            yearless,
            relative,
            table,
            pictures,
            spaced,
            inner_links,
            gone,
            first_page,
            quotation,
            far_back,
        ),
        432,
    ):
        yield make(PHPCMS, n)
    second = PHPCMS.where(460).replace(".html", "_2.html")
    yield page(
        PHPCMS,
        "second-page-of-two",
        460,
        url=PHPCMS.where(460),
        pages=f'<a href="{second}">2</a>',
        next_url=second,
    )
    pager = '<div id="pages" class="text-c"><a class="a1">412条</a> <span>1</span> <a href="/list-9-2.html">2</a> <a href="/list-9-2.html" class="a1">下一页</a></div>'
    yield from lists(
        PHPCMS,
        '<ul class="list lh24 f14">{rows}</ul>',
        '<li><span class="rt">{date}</span>·<a href="{href}" target="_blank" style="">{title}</a></li>',
        url="list-9-1.html",
        pager=pager,
        next_url="list-9-2.html",
        dated="%Y-%m-%d %H:%M:%S",
    )


def empirecms() -> Iterator[Saved]:
    """帝国 CMS in GBK: an information site."""
    yield page(EMPIRE, "plain", 531)
    for n, make in enumerate(
        (
            with_byline,
            with_editor,
            wrong_charset,
            no_charset,
            day_only,
            yearless,
            chinese_date,
            table,
            pictures,
            spaced,
            inner_links,
            gone,
            first_page,
            relative,
            far_back,
        ),
        532,
    ):
        yield make(EMPIRE, n)
    pager = '<table width="100%" class="list_page"><tr><td>&nbsp;<b>1</b>&nbsp;<a href="/news/index_2.html">2</a>&nbsp;<a href="/news/index_2.html">下一页</a></td></tr></table>'
    yield from lists(
        EMPIRE,
        '<table class="box"><tr><td class="list_content"><ul class="list">{rows}</ul></td></tr></table>',
        '<li><span>{date}</span><a href="{href}" title="{title}" target="_blank">{title}</a></li>',
        url="news/index.html",
        pager=pager,
        next_url="news/index_2.html",
    )

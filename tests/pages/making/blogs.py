"""WordPress with its two kinds of theme."""

from collections.abc import Iterator

from tests.pages.making.articles import (
    far_back,
    gone,
    inner_links,
    pictures,
    protected,
    quotation,
    spaced,
    table,
    with_byline,
    with_editor,
    wrong_charset,
)
from tests.pages.making.columns import listing, rows_of
from tests.pages.making.kinds import Saved
from tests.pages.making.systems import BLOCK, CLASSIC, System, page
from tests.pages.making.words import Said


def wordpress_lists(
    system: System, row: str, pager: str, url: str, next_url: str
) -> Iterator[Saved]:
    rows, items = rows_of(system, 30, "%Y-%m-%dT%H:%M:%S+08:00")
    yield listing(
        system,
        "home",
        rows,
        f'<main id="main">{{rows}}</main>{pager}',
        row,
        url=system.site + url,
        items=items,
        next_url=next_url,
    )


def more_of_wordpress(system: System, start: int) -> Iterator[Saved]:
    """Situations that both themes have."""
    for n, make in enumerate(
        (
            with_byline,
            with_editor,
            table,
            pictures,
            spaced,
            inner_links,
            gone,
            quotation,
            far_back,
            protected,
            wrong_charset,
        ),
        start,
    ):
        yield make(system, n)
    buttons = '<div class="wp-block-buttons"><div class="wp-block-button"><a class="wp-block-button__link">立即报名</a></div></div>'
    yield page(
        system,
        "buttons-and-sharing",
        start + 20,
        tail=f'{buttons}<div class="sharedaddy sd-sharing-enabled"><h3>共享此文章：</h3></div>',
        absent=["立即报名", "共享此文章"],
    )
    entities = Said(
        "工资 & 考勤：1 < 2 的道理|记工本上写 1 < 2，意思是“先干后结” & 不预支。|甲：按天|乙：按方"
    )
    body = "<p>记工本上写 1 &lt; 2，意思是&#8220;先干后结&#8221;&nbsp;&amp; 不预支。</p>\n<ul>\n<li>甲：按天</li>\n<li>乙：按方</li>\n</ul>"
    yield page(system, "entities-and-a-list", start + 21, said=entities, body=body)


def classic() -> Iterator[Saved]:
    """WordPress with a classic theme and numbered addresses."""
    yield page(CLASSIC, "plain", 41)
    yield from more_of_wordpress(CLASSIC, 42)
    row = '<article id="post-{n}" class="post hentry"><header class="entry-header"><h2 class="entry-title"><a href="{href}" rel="bookmark">{title}</a></h2></header><div class="entry-content"><p>摘要……<a href="{href}" class="more-link">继续阅读</a></p></div><footer class="entry-footer"><time class="entry-date published" datetime="{date}">{date}</time></footer></article>'
    pager = '<nav class="navigation pagination"><div class="nav-links"><span class="page-numbers current">1</span> <a class="page-numbers" href="http://blog.qinghe.example/?paged=2">2</a> <a class="next page-numbers" href="http://blog.qinghe.example/?paged=2">下一页</a></div></nav>'
    yield from wordpress_lists(CLASSIC, row, pager, "", "http://blog.qinghe.example/?paged=2")


def block() -> Iterator[Saved]:
    """WordPress with a block theme and dated addresses."""
    yield page(BLOCK, "plain", 61)
    yield from more_of_wordpress(BLOCK, 62)
    row = '<li class="wp-block-post post-{n} post type-post"><h2 class="wp-block-post-title"><a href="{href}" target="_self">{title}</a></h2><div class="wp-block-post-excerpt"><p>摘要</p></div><div class="wp-block-post-date"><time datetime="{date}"><a href="{href}">{date}</a></time></div></li>'
    pager = '<nav class="wp-block-query-pagination"><a href="http://dl.example/page/2/" class="wp-block-query-pagination-next">下一页</a></nav>'
    yield from wordpress_lists(BLOCK, row, pager, "", "http://dl.example/page/2/")

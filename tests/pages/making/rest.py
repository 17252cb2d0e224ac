"""WordPress's REST lists."""

import html
import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from tests.pages.making.entries import BLOG, Entry, entries, rss
from tests.pages.making.kinds import Saved
from tests.pages.making.words import Said


def shown_post(each: Entry, **more: Any) -> dict[str, Any]:
    """A post as REST sends it."""
    gmt = each.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return {
        "id": each.number,
        "date": each.at.strftime("%Y-%m-%dT%H:%M:%S"),
        "date_gmt": gmt,
        "modified_gmt": gmt,
        "link": each.url,
        "title": {"rendered": html.escape(each.said.title)},
        "content": {"rendered": each.content, "protected": False},
        "author": each.number % 5,
    } | more


def listed(name: str, found: list[Entry], posts: list[dict[str, Any]], **over: Any) -> Saved:
    """A REST list."""
    sent = {"content_type": "application/json; charset=UTF-8"} | over.pop("sent", {})
    url = over.pop("url", f"{BLOG}wp-json/wp/v2/posts?per_page=20&orderby=modified")
    documents = over.pop("documents", [each.wanted() for each in found])
    return Saved(
        name, "wordpress", "list", url, json.dumps(posts, ensure_ascii=over.pop("ascii", False)) + "\n", ending="json",
        sent=sent, items=[each.item() for each in found], documents=documents, **over,
    )  # fmt: skip


def rest() -> Iterator[Saved]:
    """WordPress's REST."""
    found = entries(201)
    yield listed("plain", found, [shown_post(each) for each in found])
    found = entries(211)
    yield listed("written-in-ascii", found, [shown_post(each) for each in found], ascii=True)
    found = entries(221)
    locked = shown_post(
        Entry(229),
        content={"rendered": "", "protected": True},
        title={"rendered": "密码保护：底稿"},
    )
    yield listed(
        "one-needs-a-password",
        found,
        [*(shown_post(each) for each in found), locked],
        absent=["底稿"],
    )
    full = entries(231, 3)
    url = f"{BLOG}wp-json/wp/v2/posts?per_page=3&orderby=modified"
    yield listed(
        "a-full-page", full, [shown_post(each) for each in full], url=url, next_url=f"{url}&page=2"
    )
    url += "&page=2"
    yield listed(
        "the-second-full-page",
        full,
        [shown_post(each) for each in full],
        url=url,
        next_url=url.replace("page=2", "page=3"),
    )
    plain = entries(241, 2)
    url = f"{BLOG}?rest_route=/wp/v2/posts&per_page=20"
    yield listed("numbered-addresses", plain, [shown_post(each) for each in plain], url=url)
    local = entries(251, 2)
    posts = [
        {key: value for key, value in shown_post(each).items() if key != "date_gmt"}
        for each in local
    ]
    yield listed("local-times-only", local, posts)
    rich = [Entry(261, said=Said("清单|甲：按天|乙：按方|结账以清单为准。"))]
    markup = '<ul class="wp-block-list"><li>甲：按天</li>\n<li>乙：按方</li></ul>\n<figure class="wp-block-image"><img src="/a.jpg"/><figcaption>图</figcaption></figure><p>结账以清单为准。</p><div class="sharedaddy"><h3>共享此文章：</h3></div>'
    yield listed(
        "list-picture-sharing",
        rich,
        [shown_post(rich[0], content={"rendered": markup})],
        absent=["共享此文章"],
    )
    signed = entries(271, 2)
    posts = [
        shown_post(
            each,
            content={
                "rendered": f"<p>（记者 {each.author}）</p>{each.content}<p>责任编辑：{each.author}</p>"
            },
        )
        for each in signed
    ]
    yield listed("signed", signed, posts, absent=[each.author for each in signed])
    entity = [Entry(281, said=Said("“工资”与“考勤” – 说明|说明在此。"))]
    yield listed(
        "entities-in-the-title",
        entity,
        [
            shown_post(
                entity[0], title={"rendered": "&#8220;工资&#8221;与&#8220;考勤&#8221; &#8211; 说明"}
            )
        ],
    )
    bare = entries(291, 2)
    posts = [shown_post(each, content={"rendered": "<p></p>"}) for each in bare]
    yield listed("no-text", bare, posts, documents=[])
    yield listed("nothing-changed", [], [], sent={"list_min_items": 0})
    yield listed("empty-but-promised", [], [], error="S403")
    closed = '{"code":"rest_not_logged_in","message":"您目前未登录。","data":{"status":401}}\n'
    yield Saved("closed-to-guests", "wordpress", "list", url, closed, ending="json", error="S404")
    other = '{"name":"清河工友之家","routes":{}}\n'
    yield Saved("another-answer", "wordpress", "list", url, other, ending="json", error="S403")
    feed = entries(301, 3)
    yield Saved(
        "a-feed-instead",
        "wordpress",
        "list",
        f"{BLOG}feed/",
        rss(feed),
        ending="xml",
        items=[each.item() for each in feed],
        documents=[each.wanted() for each in feed],
        absent=[each.author for each in feed],
    )

"""Content systems, and an article of one of them."""

import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.pages.making.kinds import Saved, Wanted, ago, fill, iso
from tests.pages.making.words import MEMBERS, REPORTERS, Said, article

Situation = Callable[["System", int], Saved]


@dataclass(frozen=True, slots=True)
class System:
    """A content system: how its pages look and what its addresses are."""

    folder: str
    family: str
    template: str
    site: str
    address: str
    key: str
    clock: str
    precision: str
    paragraph: str
    charset: str = "utf-8"
    encode: str = "utf-8"
    titled: bool = False

    def where(self, number: int) -> str:
        """An article's address."""
        return self.site + self.address.format(n=number)

    def named(self, number: int) -> str:
        """An article's key."""
        return self.key.format(n=number)

    def sent(self) -> dict[str, Any]:
        """How a page of it is sent unless something is wrong with it."""
        told = f"text/html; charset={self.charset}"
        return {"content_type": told} | ({"encode": self.encode} if self.encode != "utf-8" else {})


TRS = System(
    "trs",
    "trs",
    "cms_trs.html",
    "http://www.qinghe.example/",
    "xwzx/202611/t20261103_{n}.html",
    "at20261103_{n}",
    "发布时间：%Y-%m-%d %H:%M",
    "minute",
    '<p style="text-align: justify; text-indent: 2em;">　　{}</p>',
    titled=True,
)


HANWEB = System(
    "hanweb",
    "hanweb",
    "cms_hanweb.html",
    "http://rsj.qinghe.example/",
    "art/2026/11/3/art_102_{n}.html",
    "aart_102_{n}",
    "发布日期：%Y-%m-%d %H:%M",
    "minute",
    '<p style="line-height: 2em;"><span style="font-family: 宋体;">　　{}</span></p>',
    titled=True,
)


DEDE = System(
    "dedecms-gbk",
    "dedecms",
    "cms_dedecms.html",
    "http://www.qhnews.example/",
    "a/yaowen/2026/1103/{n}.html",
    "a{n}",
    "%Y-%m-%d %H:%M",
    "minute",
    "　　{}<br />\n",
    "gb2312",
    "gbk",
)


PHPCMS = System(
    "phpcms",
    "phpcms",
    "cms_phpcms.html",
    "http://www.qhonline.example/",
    "2026/bendi_1103/{n}.html",
    "a{n}",
    "%Y-%m-%d %H:%M:%S",
    "second",
    "<p>\n\t{}</p>\n",
)


EMPIRE = System(
    "empirecms",
    "empirecms",
    "cms_empirecms.html",
    "http://www.qhinfo.example/",
    "news/2026-11-03/{n}.html",
    "a{n}",
    "%Y-%m-%d %H:%M:%S",
    "second",
    "<p>　　{}</p>",
    "gbk",
    "gbk",
)


CLASSIC = System(
    "wordpress-classic",
    "wordpress",
    "cms_wordpress_classic.html",
    "http://blog.qinghe.example/",
    "?p={n}",
    "a{n}",
    '<time class="entry-date published updated" datetime="%Y-%m-%dT%H:%M:%S+08:00">%Y年%m月%d日</time>',
    "second",
    "<p>{}</p>\n",
)


BLOCK = System(
    "wordpress-block",
    "wordpress",
    "cms_wordpress_block.html",
    "http://dl.example/",
    "2026/11/post-{n}/",
    "a/2026/11/post-{n}",
    '<time datetime="%Y-%m-%dT%H:%M:%S+08:00">%Y年%m月%d日</time>',
    "second",
    "\n<p>{}</p>\n",
)


def page(system: System, name: str, number: int, **over: Any) -> Saved:
    """Fill an article's template and say what must be read of it."""
    said: Said = over.pop("said", article(number))
    at: datetime = over.pop(
        "at", ago(days=20 + number % 60, hours=number % 7, minutes=13, seconds=9)
    )
    precision = over.pop("precision", system.precision)
    title = over.pop("title", said.title)
    lines = [html.escape(each, quote=False) for each in said.paragraphs]
    metas = over.pop("metas", None)
    if metas is None:
        metas = (
            f'<meta name="ArticleTitle" content="{html.escape(title)}">' if system.titled else ""
        )
    told = {
        "title": html.escape(title, quote=False), "number": number, "charset": system.charset,
        "metas": metas, "info": at.strftime(system.clock), "lead": "", "tail": "", "pages": "",
        "body": "".join(system.paragraph.format(line) for line in lines),
        "author": REPORTERS[number % len(REPORTERS)], "commenter": MEMBERS[number % len(MEMBERS)],
    }  # fmt: skip
    wanted = over.pop("wanted", said.text)
    published = over.pop("published_at", None)
    rest = {each: over.pop(each) for each in ("error", "next_url", "rules") if each in over}
    sent = system.sent() | over.pop("sent", {})
    absent = over.pop("absent", [])
    url, key = over.pop("url", system.where(number)), over.pop("key", system.named(number))
    doc_key = over.pop("doc_key", f"{key}/article")
    extraction = over.pop("extraction", "rules")
    named = "{{ author" in _source(system)
    told |= over
    documents = [] if "error" in rest else [
        Wanted(doc_key, "article", title, wanted, published if published is not None else iso(at, precision), precision, extraction)
    ]  # fmt: skip
    return Saved(
        name, system.family, "item", url, fill(system.template, **told), key=key,
        documents=documents, sent=sent, absent=[*absent, *([told["author"]] if named else [])], **rest,
    )  # fmt: skip


def _source(system: System) -> str:
    from tests.pages.making.kinds import TEMPLATES

    return TEMPLATES.loader.get_source(TEMPLATES, system.template)[0] if TEMPLATES.loader else ""

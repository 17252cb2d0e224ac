"""Which software a site runs, by what its pages give away, and where its list is. Pure.

Every guess says why; whether it is right is found out by reading the list with it (`trying.py`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.domain import Basis, Family, Page, Source
from spiders.charset import decode_page
from spiders.families.hanweb import proxy_form
from spiders.families.json_rows import looks_like_json, read_json, rows_of
from spiders.families.mailbox_fields import read_fields
from spiders.families.wordpress import rest_address
from spiders.markup import attribute, link_of, one_line, parse_html

_LOOKED_AT = 300_000
_SURE = 3


@dataclass(frozen=True, slots=True)
class Guess:
    """A family that a site may be of, the address of its list, and why we think so.

    `why` are sentences for the administrator; `points` order the guesses.
    """

    family: Family
    address: str
    points: int
    why: tuple[str, ...]
    form: str = ""
    rules: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A page as the tests below look at it."""

    url: str
    text: str
    tree: LexborHTMLParser

    def has(self, selector: str) -> bool:
        return self.tree.css_first(selector) is not None

    def says(self, pattern: str) -> bool:
        return re.search(pattern, self.text, re.IGNORECASE) is not None

    def generator(self) -> str:
        nodes = self.tree.css("meta[name=generator], meta[name=Generator]")
        return " ".join(attribute(node, "content") for node in nodes).lower()


def _has_letter(seen: _Seen) -> bool:
    labels = read_fields(seen.tree, _anybody(seen.url))
    return (
        len({"来信内容", "信件内容", "留言内容", "来信时间", "回复内容", "答复内容"} & set(labels))
        > 1
    )


_Test = Callable[[_Seen], bool]
_SIGNS: tuple[tuple[Family, int, str, _Test], ...] = (
    (Family.DISCUZ, 3, "页面自称 Discuz!（generator）", lambda s: "discuz" in s.generator()),
    (Family.DISCUZ, 3, "有 Discuz! 的帖子列表（normalthread）", lambda s: s.has("tbody[id^=normalthread_]")),
    (Family.DISCUZ, 2, "有 Discuz! 电脑版的标记（body#nv_forum）", lambda s: s.has("body#nv_forum")),
    (Family.DISCUZ, 2, "页脚写着 Powered by Discuz!", lambda s: s.says(r"powered by\s*(?:<[^>]{1,80}>){0,3}\s*discuz!")),
    (Family.WORDPRESS, 3, "页面自称 WordPress（generator）", lambda s: "wordpress" in s.generator()),
    (Family.WORDPRESS, 3, "给出了 WordPress 的 REST 地址", lambda s: s.has("link[rel='https://api.w.org/']")),
    (Family.WORDPRESS, 2, "资源在 wp-content 或 wp-includes 下", lambda s: s.says(r"/wp-(?:content|includes)/")),
    (Family.HANWEB, 3, "列表由大汉的 dataproxy.jsp 提供", lambda s: s.says(r"dataproxy\.jsp")),
    (Family.HANWEB, 3, "有大汉的 <record> 记录", lambda s: s.says(r"<record>\s*<!\[CDATA\[")),
    (Family.HANWEB, 2, "文章地址是 /art/年/月/日/art_栏目_编号", lambda s: s.says(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+")),
    (Family.HANWEB, 3, "正文有大汉的标记（ZJEG_RSS）", lambda s: s.says(r"ZJEG_RSS")),
    (Family.HANWEB, 2, "地址是大汉的 /art/ 或 /col/", lambda s: bool(re.search(r"/art/\d{4}/|/col/col\d+/", s.url))),
    (Family.TRS, 3, "分页由 TRS 的 createPageHTML 生成", lambda s: s.says(r"createPageHTML\w{0,8}\(\s*[\"']?\d")),
    (Family.TRS, 3, "文章地址是 t日期_编号.html（TRS）", lambda s: s.says(r"/t20\d{6}_\d+\.s?html?")),
    (Family.TRS, 2, "正文在 TRS_Editor 里", lambda s: s.says(r"trs_editor|TRS_UEDITOR")),
    (Family.DEDECMS, 3, "页面写着 DedeCMS", lambda s: s.says(r"dedecms|织梦")),
    (Family.DEDECMS, 2, "用了织梦的 /plus/ 程序", lambda s: s.says(r"/plus/(?:view|list|count|search|flink|stow)\.php")),
    (Family.DEDECMS, 2, "有织梦的列表或正文框", lambda s: s.has("div.listbox ul.e2, div.viewbox div.title h2")),
    (Family.PHPCMS, 3, "页面写着 PHPCMS", lambda s: s.says(r"phpcms")),
    (Family.PHPCMS, 2, "地址是 index.php?m=content", lambda s: s.says(r"index\.php\?m=(?:content|comment)")),
    (Family.PHPCMS, 2, "有 PHPCMS 的正文框（#Article）", lambda s: s.has("#Article h1")),
    (Family.EMPIRECMS, 3, "页面写着帝国 CMS", lambda s: s.says(r"empirecms|帝国(?:网站管理|软件|CMS)")),
    (Family.EMPIRECMS, 2, "用了帝国的 /e/ 程序", lambda s: s.says(r"/e/(?:public|member|action|data|tool|DoPrint)/")),
    (Family.EMPIRECMS, 2, "有帝国的正文框（td#text）", lambda s: s.has("td#text, table.title_info")),
    (Family.MAILBOX, 3, "地址是政务信箱常用的 jact 或 mailpub", lambda s: s.says(r"/jact/|mailpub(?:list|detail)|mailnewlist")),
    (Family.MAILBOX, 2, "标题是信箱、来信或留言", lambda s: bool(re.search(r"信箱|来信|留言|咨询投诉|写信|诉求|民声", one_line(s.tree.css_first("title"))))),
    (Family.MAILBOX, 2, "有信件的受理或答复状态", lambda s: len(re.findall(r"已办结|已回复|已答复|办理中|待回复|未回复", s.text)) >= _SURE),
    (Family.MAILBOX, 3, "有来信内容、来信时间一类的标签", _has_letter),
    (Family.NEWS_LIST, 1, "有带日期的文章列表", lambda s: len(re.findall(r"20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}", s.text)) >= _SURE),
    (Family.NEWS_LIST, 2, "有政府网站的文章元数据（ArticleTitle、PubDate）", lambda s: s.says(r"<meta[^>]{0,80}name=.?(?:ArticleTitle|PubDate)")),
)  # fmt: skip
_CRUMBS = (
    "#pt a[href], .crumb a[href], .crumbs a[href], .place a[href], .position a[href], "
    ".dqwz a[href], .breadcrumb a[href], .CurrChnlCls"
)
_BOARD = re.compile(r"mod=forumdisplay|forum-\d+-\d+\.html|fid-\d+\.html|[?&]fid=\d+")
_HELP = re.compile(r"求助|维权|民生|投诉|百姓|打工|讨薪|曝光|劳动|帮忙|问政|诉求")
_ARTICLE = re.compile(r"t20\d{6}_\d+\.s?html?$|art_\d+_\d+|/\d{3,12}\.s?html?$|/show-\d+|view\.php")
_DRAWN = re.compile(r"<div[^>]{0,60}id=[\"']?(?:app|root|__nuxt|__next)\b", re.IGNORECASE)
_LITTLE_TEXT = 200


def recognise(page: Page) -> list[Guess]:
    """Return the families that a page may be of, the likeliest first; may be empty.

    Raises:
        CharsetError: The page cannot be read at all.
    """
    text = decode_page(page, _anybody(page.url))[:_LOOKED_AT]
    if looks_like_json(text):
        return _of_json(text, page.url)
    if re.search(r"<(?:rss|feed|rdf:RDF)[\s>]", text[:4000], re.IGNORECASE):
        return [Guess(Family.FEED, page.url, _SURE, ("这是一个 RSS 或 Atom 订阅",))]
    seen = _Seen(page.url, text, parse_html(text))
    found: dict[Family, tuple[int, tuple[str, ...]]] = {}
    for family, points, why, holds in _SIGNS:
        if holds(seen):
            before = found.get(family, (0, ()))
            found[family] = (before[0] + points, (*before[1], why))
    guesses = [
        guess
        for family, (points, why) in found.items()
        for guess in _where(family, points, why, seen)
    ]
    return sorted([*guesses, *_feeds(seen)], key=lambda each: -each.points)


def needs_a_script(page: Page) -> bool:
    """Tell whether a page is an empty frame that a script would fill in."""
    text = decode_page(page, _anybody(page.url))
    shown = one_line(parse_html(text).css_first("body"))
    return bool(_DRAWN.search(text)) and len(shown) < _LITTLE_TEXT


def title_of(page: Page) -> str:
    """Return a name for the source: the page's title without what the software adds."""
    text = decode_page(page, _anybody(page.url))
    told = one_line(parse_html(text).css_first("title"))
    plain = re.sub(r"\s*[-_|–—]?\s*Powered by.*$", "", told, flags=re.IGNORECASE).strip(" -_|")
    return plain[:80] or (urlsplit(page.url).hostname or "")


def _anybody(url: str) -> Source:
    return Source("?", "?", Family.GENERIC, Basis.NEWS, url)


def _of_json(text: str, url: str) -> list[Guess]:
    try:
        answer = read_json(text)
    except ValueError:
        return []
    rows = rows_of(answer, None)
    keys = set(rows[0]) if rows else set(answer) if isinstance(answer, dict) else set()
    if {"content", "title", "date_gmt"} <= keys or {"modified_gmt", "link"} <= keys:
        return [Guess(Family.WORDPRESS, url, _SURE, ("这是 WordPress 的 REST 列表",))]
    if {"tid", "subject"} <= keys:
        why = "是领导留言板的 JSON 列表（tid、subject）"
        return [Guess(Family.PEOPLE_BOARD, url, _SURE, (why,))]
    if rows:
        names = "、".join(sorted(map(str, keys))[:8])
        return [Guess(Family.MAILBOX, url, 1, (f"是 JSON 列表，字段有 {names}",))]
    return []


def _where(family: Family, points: int, why: tuple[str, ...], seen: _Seen) -> list[Guess]:
    """Find the list of a family from whatever page of it was given."""
    if family is Family.WORDPRESS:
        return _of_wordpress(points, why, seen)
    if family is Family.HANWEB and (proxy := proxy_form(seen.text)) is not None:
        address, form = urljoin(seen.url, proxy[0]), proxy[1]
        rules = {"paging": "startrecord+45,endrecord+45"}
        return [Guess(family, address, points, why, form, rules)]
    if family is Family.DISCUZ and not seen.has("tbody[id^=normalthread_], #content ul li a"):
        return _boards(points, why, seen)
    if _ARTICLE.search(urlsplit(seen.url).path) and (column := _last_crumb(seen)) is not None:
        return [Guess(family, column, points, (*why, "给的是一篇文章，取它所在的栏目"))]
    return [Guess(family, seen.url, points, why)]


def _of_wordpress(points: int, why: tuple[str, ...], seen: _Seen) -> list[Guess]:
    """Prefer REST, which shows edits, then the feed with whole texts, then the pages."""
    root = link_of(seen.tree.css_first("link[rel='https://api.w.org/']"), seen.url)
    home = urljoin(seen.url, "/")
    guesses = [Guess(Family.WORDPRESS, home, points, (*why, "读首页的文章列表"))]
    if root is not None:
        told = (*why, "用 REST 读，看得到修改")
        guesses.append(Guess(Family.WORDPRESS, rest_address(root), points + 2, told))
    return guesses


def _boards(points: int, why: tuple[str, ...], seen: _Seen) -> list[Guess]:
    """Return the board that a thread stands in, or the boards of an index, help sections first."""
    links: list[LexborNode] = []
    if seen.has("#thread_subject"):
        links = [a for a in seen.tree.css("#pt a[href]") if _BOARD.search(attribute(a, "href"))]
        links = links[-1:]
        note = "给的是一个帖子，取它所在的版块"
    else:
        found = [a for a in seen.tree.css("a[href]") if _BOARD.search(attribute(a, "href"))]
        links = [a for a in found if _HELP.search(one_line(a))] or found
        note = "给的不是版块，取其中的版块"
    guesses = []
    for link in links[:3]:
        if (url := link_of(link, seen.url)) is not None:
            told = (*why, f"{note}“{one_line(link)[:20]}”")
            guesses.append(Guess(Family.DISCUZ, url, points, told))
    return guesses or [Guess(Family.DISCUZ, seen.url, points, why)]


def _last_crumb(seen: _Seen) -> str | None:
    links = [link_of(a, seen.url) for a in seen.tree.css(_CRUMBS)]
    return next((url for url in reversed(links) if url and url != seen.url), None)


def _feeds(seen: _Seen) -> list[Guess]:
    """Return the feeds that a page names, not those of comments."""
    guesses = []
    for link in seen.tree.css("link[rel=alternate]"):
        kind, title = attribute(link, "type").lower(), attribute(link, "title")
        url = link_of(link, seen.url)
        if (
            url
            and ("rss" in kind or "atom" in kind)
            and "comment" not in url
            and "评论" not in title
        ):
            guesses.append(Guess(Family.FEED, url, 1, ("页面给出了订阅地址",)))
    return guesses[:1]

"""Where the usual content systems keep their rows, titles, times and texts: CSS, by family.

Source:
    The stock templates of each system and what public crawlers of many sites select
    (`docs/sources.md`). Selectors parted by `;;` are tried in order; a family's own stand before
    those that any news site may have.
"""

from dataclasses import dataclass

from monitor.domain import Family, Source


@dataclass(frozen=True, slots=True)
class NewsRules:
    """Selectors of one family, each a list parted by `;;`."""

    row: str
    link: str
    title: str
    time: str
    body: str


_ANY = NewsRules(
    row=(
        "ul.list li;;.list_con li;;div.listbox ul.e2 li;;ul.news_list li;;.news-list li;;"
        ".list li;;article;;td.list_td tr;;ul li;;table tr;;dl dd"
    ),
    link="a[href]",
    title=(
        "h1.entry-title;;h1.wp-block-post-title;;#Article h1;;div.viewbox div.title h2;;h1;;"
        "h2.title;;.title"
    ),
    time=(
        "time[datetime];;.info;;.date;;.time;;#Article h1 span;;td.info_text;;.pubtime;;.source;;"
        ".xl_time;;.article-info;;.sub-title"
    ),
    body=(
        "div.TRS_Editor;;.trs_editor_view;;#zoom;;#Zoom;;#UCAP-CONTENT;;div.viewbox div.content;;"
        "#Article div.content;;td#text;;div.entry-content;;.article-content;;"
        ".news_content_content;;#detail .content;;.content;;#content;;.article"
    ),
)

_OWN: dict[Family, NewsRules] = {
    Family.TRS: NewsRules(
        row=".list_con li;;.gl_list li;;ul.list li;;.news_list li",
        link="",
        title="h1;;.xl_title;;.article_title;;h2.title",
        time=".xl_time;;.info;;.article_time;;.pubtime",
        body="div.TRS_Editor;;.trs_editor_view;;.TRS_UEDITOR;;#zoom;;#Zoom;;.view",
    ),
    Family.HANWEB: NewsRules(
        row="record;;li;;tr;;div.item",
        link="",
        title=".art_title h2;;.main-fl-tit;;td.title;;#title;;h1",
        time=".art_time;;.main-fl-riqi;;#pubtime;;.info;;td.info;;.explain",
        body="#zoom;;.bt-content;;.art_con;;.main-txt;;#artcontent",
    ),
    Family.DEDECMS: NewsRules(
        row="div.listbox ul.e2 li;;div.listbox li;;ul.e2 li;;ul.d1 li;;ul.newslist li",
        link="a.title",
        title="div.viewbox div.title h2;;.arc_title h1;;h1",
        time="div.viewbox div.info;;.arc_info;;.info",
        body="div.viewbox div.content;;#contentText;;.arc_body;;.article_content",
    ),
    Family.PHPCMS: NewsRules(
        row="ul.list li;;.list li;;ul.photo-list li",
        link="",
        title="#Article h1;;h1",
        time="#Article h1 span;;.info;;#Article .date",
        body="#Article div.content;;.content",
    ),
    Family.EMPIRECMS: NewsRules(
        row="table.box tr td.list_content li;;ul.list li;;.list li;;td.list_td tr;;ul li;;table tr",
        link="",
        title="table.title_info h1;;h1",
        time="td.info_text;;table.title_info td.info_text;;.info_text;;.info",
        body="td#text;;#text;;.text",
    ),
    Family.WORDPRESS: NewsRules(
        row="article[id^=post-];;li.wp-block-post;;article;;.hentry;;div.post",
        link=".entry-title a;;.wp-block-post-title a;;h2 a;;h3 a",
        title="h1.entry-title;;h1.wp-block-post-title;;h1",
        time="time.entry-date[datetime];;.wp-block-post-date time[datetime];;time[datetime]",
        body="div.entry-content;;.wp-block-post-content;;.post-content;;article .content",
    ),
}

NOT_THE_TEXT = (
    ".info, .editor, .author, .byline, .related, .share, .page, .pages, #pages, .source, .tags, "
    ".comments, #comments, .post-navigation, .entry-meta, .entry-footer, script, style, h1, nav, "
    "form, .wp-block-post-author, .sharedaddy, .jp-relatedposts, .pagelist, .dede_pages, "
    ".bshare-custom, .bdsharebuttonbox, .xgwz, .ewm, .qrcode, .print, .fontsize, .mediabox, "
    ".editor-sign, .zrbj, .article-editor, .wp-block-buttons, .wp-caption-text, figcaption, "
    ".adbox, .ad, ins.adsbygoogle, audio, video, object, embed, .player, .wp-block-latest-posts, "
    ".page-links, .pageLink, .pagenav, .post-tags, .wp-block-post-terms, .crumb, .position, "
    ".breadcrumb"
)
"""Parts inside a text's container that name somebody or belong to the site, not to the article."""


def rule_of(source: Source, name: str) -> str:
    """Return a selector list: the source's own rule alone, else the family's and then any."""
    if name in source.rules:
        return source.rules[name]
    own = _OWN.get(source.family)
    parts = [getattr(own, name) if own else "", getattr(_ANY, name)]
    return ";;".join(part for part in parts if part)

"""Situations that an article can be in: how it is signed, dated, declared and broken up."""

from tests.pages.making.kinds import Saved, ago
from tests.pages.making.systems import System, _source, page
from tests.pages.making.words import REPORTERS, Said, article


def with_byline(system: System, n: int) -> Saved:
    said = article(n)
    name = REPORTERS[(n + 1) % len(REPORTERS)]
    first = f"（记者 {name} 通讯员 {REPORTERS[(n + 2) % 6]}）"
    body = system.paragraph.format(first) + "".join(map(system.paragraph.format, said.paragraphs))
    return page(system, "byline", n, body=body, absent=[name])


def with_editor(system: System, n: int) -> Saved:
    name = REPORTERS[(n + 3) % 6]
    tail = f'<p style="text-align:right">责任编辑：{name}</p><p>来源：清河县融媒体中心</p>'
    return page(system, "signed-by-an-editor", n, tail=tail, absent=[f"责任编辑：{name}"])


def metadata_only(system: System, n: int) -> Saved:
    at = ago(days=5, hours=1)
    metas = f'<meta name="ArticleTitle" content="{article(n).title}"><meta name="pubdate" content="{at:%Y/%m/%d %H:%M}">'
    return page(
        system,
        "time-in-metadata-only",
        n,
        at=at,
        metas=metas,
        info="来源：本站",
        precision="minute",
    )


def metadata_first(system: System, n: int) -> Saved:
    at = ago(days=6, hours=3, seconds=20)
    metas = f'<meta name="ArticleTitle" content="{article(n).title}"><meta name="PubDate" content="{at:%Y-%m-%d %H:%M:%S}">'
    return page(
        system,
        "metadata-before-what-is-shown",
        n,
        at=at,
        metas=metas,
        info="更新时间：2026-11-22 08:00",
        precision="second",
    )


def wrong_charset(system: System, n: int) -> Saved:
    other = "utf-8" if system.encode == "gbk" else "gb2312"
    return page(
        system,
        "charset-declared-wrongly",
        n,
        charset=other,
        sent={"content_type": f"text/html; charset={other}"},
    )


def no_charset(system: System, n: int) -> Saved:
    return page(
        system, "charset-declared-nowhere", n, charset="", sent={"content_type": "text/html"}
    )


def day_only(system: System, n: int) -> Saved:
    at = ago(days=30 + n % 9)
    return page(
        system,
        "a-day-without-a-clock",
        n,
        at=at,
        info=f"{at.year}-{at.month}-{at.day}",
        precision="day",
    )


def yearless(system: System, n: int) -> Saved:
    at = ago(days=12, hours=2)
    return page(system, "no-year", n, at=at, info=f"{at:%m-%d %H:%M}", precision="year_guessed")


def chinese_date(system: System, n: int) -> Saved:
    at = ago(days=33)
    return page(
        system,
        "a-date-in-chinese-numerals",
        n,
        at=at,
        info="二〇二六年十月二十一日",
        precision="day",
    )


def relative(system: System, n: int) -> Saved:
    at = ago(days=1, hours=4, minutes=12)
    return page(system, "yesterday", n, at=at, info=f"昨天 {at:%H:%M}", precision="minute")


def table(system: System, n: int) -> Saved:
    said = Said(
        "欠薪投诉受理情况公示|现将十月份受理情况公示如下：|乡镇 件数 涉及人数|城关镇 12 208|石桥镇 5 61|监督电话见公示牌。"
    )
    rows = "".join(
        f"<tr><td>{a}</td><td>{b}</td><td>{c}</td></tr>"
        for a, b, c in (
            ("乡镇", "件数", "涉及人数"),
            ("城关镇", "12", "208"),
            ("石桥镇", "5", "61"),
        )
    )
    body = (
        system.paragraph.format(said.paragraphs[0])
        + f'<table border="1" class="tb"><tbody>{rows}</tbody></table>'
        + system.paragraph.format(said.paragraphs[-1])
    )
    return page(system, "table", n, said=said, body=body)


def pictures(system: System, n: int) -> Saved:
    said = article(n)
    picture = '<p style="text-align:center"><img src="/upload/a.jpg" alt="现场"/></p><figure><img src="/b.jpg" /><figcaption>图为现场</figcaption></figure>'
    style = '<style type="text/css">.TRS_Editor P{line-height:2;font-size:14px;}</style><!-- 正文开始 -->'
    body = (
        style
        + picture
        + "".join(map(system.paragraph.format, said.paragraphs))
        + "<script>var img=1;</script>"
    )
    return page(system, "pictures-and-styles", n, body=body, absent=["font-size"])


def spaced(system: System, n: int) -> Saved:
    said = article(n)
    lines = [
        f"&nbsp;&nbsp;&nbsp;&nbsp;&#8203;<span>{each[:3]}</span><strong>{each[3:6]}</strong>{each[6:]}&nbsp;"
        for each in said.paragraphs
    ]
    body = "<p>&nbsp;</p>" + "<p><br/></p>".join(map(system.paragraph.format, lines))
    return page(system, "broken-into-pieces", n, body=body)


def inner_links(system: System, n: int) -> Saved:
    tail = '<div class="related"><h4>相关阅读</h4><ul><li><a href="/x/1.html">防汛值班表</a></li></ul></div><div class="share">分享到：微信 微博</div>'
    return page(system, "related-links-inside", n, tail=tail, absent=["防汛值班表", "分享到"])


def first_page(system: System, n: int) -> Saved:
    url = system.where(n)
    following = url.replace(".html", "_2.html")
    pages = f'<a class="a1" href="{url}">上一页</a> <span>1</span> <a href="{following}">2</a> <a class="a1" href="{following}">下一页</a>'
    where = "pages" if "{{ pages }}" in _source(system) else "tail"
    shown = pages if where == "pages" else f'<div class="page">{pages}</div>'
    return page(system, "first-page-of-two", n, next_url=following, **{where: shown})


def gone(system: System, n: int) -> Saved:
    return page(
        system, "gone", n, error="S406", sent={"status": 404}, body="<p>您访问的页面不存在</p>"
    )


def titled_in_heading(system: System, n: int) -> Saved:
    return page(system, "title-in-the-heading-only", n, metas="")


def far_back(system: System, n: int) -> Saved:
    at = ago(days=2600, hours=5)
    return page(system, "years-old", n, at=at)


def quotation(system: System, n: int) -> Saved:
    said = Said(
        "来信照登：十七个人的四个月|来信写道：|我们十七个人，从六月干到九月，一分钱没有拿到。|劳务公司答复说“下个月一定”。"
    )
    body = f"{system.paragraph.format(said.paragraphs[0])}<blockquote><p>{said.paragraphs[1]}</p></blockquote>{system.paragraph.format(said.paragraphs[2])}"
    return page(system, "quotation", n, said=said, body=body)


def protected(system: System, n: int) -> Saved:
    form = '<form action="/wp-login.php?action=postpass" class="post-password-form" method="post"><p>这是一篇受密码保护的文章，您需要提供访问密码：</p><p><label for="pwbox">密码： <input name="post_password" id="pwbox" type="password" /></label></p></form>'
    return page(
        system,
        "needs-a-password",
        n,
        title=f"密码保护：{article(n).title}",
        body=form,
        error="S404",
    )

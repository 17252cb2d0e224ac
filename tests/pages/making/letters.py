"""Letters to a government and their answers: tables, definition lists, JSON, and a message board."""

from collections.abc import Iterator

from tests.pages.making.kinds import Saved, ago, fill
from tests.pages.making.mail import GOV, Mail, box, pairs, rows, sheet, usual
from tests.pages.making.words import letter, masked_letter


def tables() -> Iterator[Saved]:
    """Letters in tables."""
    yield sheet("plain", Mail(501), rows(*usual(Mail(501))))
    waiting = Mail(502, reply=None)
    yield sheet("not-answered-yet", waiting, rows(*usual(waiting)))
    mail = Mail(503, shape="%Y-%m-%d %H:%M:%S", precision="second", reply_shape="%Y年%m月%d日")
    yield sheet("seconds-and-a-chinese-day", mail, rows(*usual(mail), label="th", colon=""))
    mail = Mail(504, shape="%Y/%m/%d", precision="day")
    yield sheet("answer-above-the-letter", mail, rows(*reversed(usual(mail))))
    mail = Mail(505)
    four = f"<table class='four'><tr><th>信件标题</th><td colspan='3'>{mail.said.title}</td></tr><tr><th>信件编号</th><td>N-{mail.number}</td><th>信件类型</th><td>投诉</td></tr><tr><th>写信人</th><td>{mail.writer}</td><th>写信时间</th><td>{mail.written}</td></tr><tr><th>信件内容</th><td colspan='3'>{mail.letter}</td></tr><tr><th>办理单位</th><td>人社局</td><th>办结时间</th><td>{mail.answered}</td></tr><tr><th>办理结果</th><td colspan='3'>{mail.answer}</td></tr></table>"
    yield sheet("two-pairs-in-a-row", mail, four)
    mail = Mail(506)
    under = (
        f"<h2>{mail.said.title}</h2><table><tr><td>信件编号</td><td>来信人</td><td>来信时间</td><td>状态</td></tr><tr><td>{mail.number}</td><td>{mail.writer}</td><td>{mail.written}</td><td>已办结</td></tr></table>"
        + rows(
            ("来信内容", mail.letter),
            ("答复单位", "人社局"),
            ("答复时间", mail.answered),
            ("答复内容", mail.answer),
        )
    )
    yield sheet(
        "labels-in-a-row-of-their-own",
        mail,
        under,
        metas=f'<meta name="ArticleTitle" content="{mail.said.title}">',
    )
    mail = Mail(507, said=masked_letter(0))
    yield sheet("phone-number-and-name", mail, rows(*usual(mail)), absent=["13788889999", "刘桂香"])
    mail = Mail(508)
    gbk = {"encode": "gbk", "content_type": "text/html; charset=GBK"}
    yield sheet(
        "gbk",
        mail,
        rows(*usual(mail, letter="内容", written="提交时间", title="标题")),
        charset="gbk",
        sent=gbk,
    )
    mail = Mail(509)
    wrong = {"encode": "gbk", "content_type": "text/html; charset=utf-8"}
    yield sheet(
        "declared-utf-8-wrongly",
        mail,
        rows(*usual(mail, letter="诉求内容", written="诉求时间", title="诉求标题")),
        sent=wrong,
    )
    mail = Mail(510)
    spaced = rows(
        *[
            (name.replace("时间", "&nbsp;时&nbsp;间").replace("内容", "　内　容"), value)
            for name, value in usual(mail)
        ]
    )
    yield sheet("labels-with-gaps", mail, spaced)
    mail = Mail(511, reply_shape="%Y-%m-%d %H:%M", reply_precision="minute")
    process = "<table class='gc'><tr><th>办理过程</th><th>时间</th></tr><tr><td>受理</td><td>2026-11-15 09:00</td></tr></table>"
    yield sheet("with-the-steps-of-handling", mail, rows(*usual(mail)) + process)
    mail = Mail(512)
    score = "<table><tr><td>满意度：</td><td><input type='radio' name='s'/>满意 <input type='radio' name='s'/>不满意</td></tr></table>"
    yield sheet("with-a-vote", mail, rows(*usual(mail)) + score)
    mail = Mail(513, at=ago(days=400), replied_at=ago(days=395))
    yield sheet("last-years", mail, rows(*usual(mail, answer="办理结果", answered="办结时间")))
    lost = Mail(514)
    yield sheet("gone", lost, "<p>该信件不存在或未公开</p>", error="S406", sent={"status": 404})
    home = "<table><tr><td><a href='show.jsp?id=1'>某信</a></td></tr></table>"
    yield sheet(
        "led-back-to-the-list", Mail(515), home, url=f"{GOV}index.jsp", key="m515", error="S406"
    )
    cell = '<tr class="{c}"><td>{n}</td><td><a href="{href}" title="{title}" {more}>{short}</a></td><td>投诉</td><td>{state}</td><td>{date}</td><td>{hits}</td></tr>'
    yield box(
        "list",
        cell,
        "show.jsp?id={n}",
        pager='<a href="index.jsp?cur_page=2">下一页</a>',
        next_url=f"{GOV}index.jsp?cur_page=2",
    )
    yield box(
        "list-counting-records",
        cell,
        "show.jsp?id={n}",
        url=f"{GOV}index.jsp?pager.offset=20",
        rules={"paging": "pager.offset+20"},
        next_url=f"{GOV}index.jsp?pager.offset=40",
    )
    yield box(
        "list-with-links-in-scripts",
        cell,
        "javascript:void(0)",
        more="onclick=\"window.open('show.jsp?id={n}')\"",
    )
    yield box(
        "list-calling-a-function",
        cell,
        "#",
        more="onclick=\"showMail('{n}','3')\"",
        rules={"onclick": "show.jsp?id={1}&sysid={2}"},
        detail="show.jsp?id={n}&sysid=3",
    )
    back = '<input type="hidden" name="__VIEWSTATE" value="/wEPDwUK+A==" /><input type="hidden" name="__EVENTVALIDATION" value="/wEWAg==" />'
    pager = f"<form method='post' action='List.aspx'>{back}<a href=\"javascript:__doPostBack('Pager1','2')\">下一页</a></form>"
    form = "__VIEWSTATE=%2FwEPDwUK%2BA%3D%3D&__EVENTVALIDATION=%2FwEWAg%3D%3D&__EVENTTARGET=Pager1&__EVENTARGUMENT=2"
    yield box(
        "list-that-posts-back",
        cell,
        "show.aspx?id={n}",
        url=f"{GOV}List.aspx",
        pager=pager,
        next_url=f"{GOV}List.aspx#post:{form}",
        detail="show.aspx?id={n}",
    )


def definitions() -> Iterator[Saved]:
    """Letters in definition lists, boxes and lines."""
    yield sheet("definition-list", Mail(601), pairs(*usual(Mail(601))))
    yield sheet(
        "boxes", Mail(602), pairs(*usual(Mail(602)), outer="div", first="span", second="div")
    )
    mail = Mail(603)
    glued = "<ul>" + "".join(f"<li>{name}：{value}</li>" for name, value in usual(mail)) + "</ul>"
    yield sheet("glued-to-the-label", mail, glued)
    mail = Mail(604)
    line = f"<h2>{mail.said.title}</h2><p class='sx'>来信人：{mail.writer}　来信时间：{mail.written}　办理状态：已办结　浏览次数：77</p>"
    body = f"<div class='nr'><h4>来信内容</h4><div class='con'>{mail.letter}</div></div><div class='hf'><h4>回复内容</h4><div class='con'>{mail.answer}</div><p>回复单位：县人社局　回复时间：{mail.answered}</p></div>"
    yield sheet(
        "one-line-under-the-title",
        mail,
        line + body,
        metas=f'<meta name="ArticleTitle" content="{mail.said.title}">',
    )
    mail = Mail(605, reply=None)
    yield sheet("not-answered-yet", mail, pairs(*usual(mail)))
    mail = Mail(606, shape="%m-%d %H:%M", precision="year_guessed")
    yield sheet("no-year", mail, pairs(*usual(mail)))
    mail = Mail(
        607, at=ago(hours=3), replied_at=ago(days=0), shape="3小时前", precision="hour", reply=None
    )
    yield sheet("hours-ago", mail, pairs(*usual(mail)))
    mail = Mail(608)
    strong = "".join(
        f"<p><strong>{name}：</strong><span>{value}</span></p>" for name, value in usual(mail)
    )
    yield sheet("bold-labels-in-paragraphs", mail, strong)
    mail = Mail(609)
    bracket = "".join(
        f"<div class='l'><i>【{name}】</i></div><div class='r'>{value}</div>"
        for name, value in usual(mail)
    )
    yield sheet("bracketed-labels", mail, f"<div class='xin'>{bracket}</div>")
    mail = Mail(610, said=masked_letter(0))
    yield sheet(
        "phone-number-and-name", mail, pairs(*usual(mail)), absent=["13788889999", "刘桂香"]
    )
    mail = Mail(611)
    own = [
        ("反映的事", mail.letter),
        ("何时反映", mail.written),
        ("怎么办的", mail.answer),
        ("何时办的", mail.answered),
    ]
    rules = {
        "label_letter": "反映的事",
        "label_written": "何时反映",
        "label_answer": "怎么办的",
        "label_answered": "何时办的",
        "title": "h2",
    }
    yield sheet(
        "labels-named-by-the-source", mail, f"<h2>{mail.said.title}</h2>" + pairs(*own), rules=rules
    )
    mail = Mail(612)
    css = f"<h1 class='t'>{mail.said.title}</h1><div class='time'>{mail.written}</div><div class='question'>{mail.letter}</div><div class='reply'><em>{mail.answered}</em><div class='words'>{mail.answer}</div></div>"
    rules = {
        "title": "h1.t",
        "written": "div.time",
        "letter": "div.question",
        "answer": "div.reply div.words",
        "answered": "div.reply em",
    }
    yield sheet("no-labels-at-all", mail, css, rules=rules)
    mail = Mail(613, shape="%Y.%m.%d", precision="day")
    yield sheet(
        "received-is-not-written",
        mail,
        pairs(
            *[*usual(mail)[:3], ("受理时间", ago(days=4).strftime("%Y-%m-%d")), *usual(mail)[3:]]
        ),
    )
    mail = Mail(614)
    quoted = pairs(*usual(mail)).replace("<br />", "</p><p>")
    gbk = {"encode": "gb18030", "content_type": "text/html"}
    yield sheet("gbk-said-nowhere", mail, quoted, charset="", sent=gbk)
    mail = Mail(615, shape="二〇二六年十月二十九日", at=ago(days=25), precision="day")
    yield sheet("a-date-in-chinese-numerals", mail, pairs(*usual(mail)))
    row = (
        "<ul class='list'>"
        + "\n".join(
            f"<li onclick=\"location.href='/hdjl/letter/{n}.html'\"><span class='t'>{letter(n).title}</span><span class='s'>已回复</span><span class='d'>{ago(days=n % 20):%Y-%m-%d}</span></li>"
            for n in range(620, 626)
        )
        + "</ul><div class='page'><a href='index_2.html'>下一页</a></div>"
    )
    text = fill("mailbox_frame.html", charset="utf-8", heading="信箱", metas="", inner=row)
    items = [
        {"key": f"m{n}", "title": letter(n).title, "url": f"{GOV}letter/{n}.html"}
        for n in range(620, 626)
    ]
    yield Saved(
        "list-of-clickable-rows",
        "mailbox",
        "list",
        f"{GOV}letter/index.html",
        text,
        items=items,
        next_url=f"{GOV}letter/index_2.html",
    )
    yield _sign_in()


def _sign_in() -> Saved:
    text = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>统一身份认证 - 登录</title></head><body><form method="post"><label>用户名</label><input name="u"/><label>密码</label><input type="password" name="p"/><button>登录</button></form></body></html>\n'
    return Saved(
        "sign-in-page", "mailbox", "item", f"{GOV}show.jsp?id=616", text, key="m616", error="S404"
    )

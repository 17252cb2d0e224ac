"""The people's network's message board."""

import json
from collections.abc import Iterator
from typing import Any

from tests.pages.making.kinds import Saved, ago, fill
from tests.pages.making.mail import Mail
from tests.pages.making.records import stream
from tests.pages.making.words import Said, masked_letter

BOARD = "https://liuyan.people.example/"


def thread_fields(mail: Mail, **more: Any) -> dict[str, Any]:
    """A message as the people's network's board sends it."""
    told = {
        "tid": mail.number,
        "fid": 571,
        "subject": mail.said.title,
        "content": "\n".join(mail.said.paragraphs),
        "dateline": int(mail.at.timestamp()),
        "threadsCheckTime": int(mail.at.timestamp()) + 86_400,
        "typeName": "投诉",
        "domainName": "就业",
        "stateInfo": "待回复",
        "nickName": mail.writer,
        "ip": "10.2.3.4",
        "favNum": 3,
    }
    if mail.reply:
        told |= {
            "stateInfo": "已办理",
            "answerId": mail.number * 3,
            "answerContent": "\n".join(mail.reply.paragraphs),
            "answerDateline": int(mail.replied_at.timestamp()),
            "answerOrganization": "清河县委办公室",
        }
    return told | more


def board() -> Iterator[Saved]:
    """The people's network's message board."""

    def dumped(mails: list[Mail], rows: str = "responseData", **more: Any) -> str:
        return json.dumps(
            {
                "result": "success",
                rows: [thread_fields(each, **more) for each in mails],
                "nowTime": 1795408200,
            },
            ensure_ascii=False,
        )

    def make(
        name: str, mails: list[Mail], text: str, url: str, next_url: str, **over: Any
    ) -> Saved:
        items = [
            {
                "key": f"m{each.number}",
                "title": each.said.title,
                "url": f"{BOARD}threads/content?tid={each.number}",
            }
            for each in mails
        ]
        found = [wanted for each in mails for wanted in each.wanted(f"m{each.number}")]
        return stream(
            name,
            text,
            family="people_board",
            items=items,
            documents=found,
            url=url,
            next_url=next_url,
            absent=[*(each.writer for each in mails), "10.2.3.4"],
            **over,
        )

    exact = {"precision": "second", "reply_precision": "second"}
    listed = f"{BOARD}threads/queryThreadsList#post:fid=571&state=1&lastItem="
    for start, name in enumerate(("answered", "next-part", "older", "oldest", "another-board"), 0):
        numbers = range(16_859_124 - start * 10, 16_859_120 - start * 10, -1)
        mails = [
            Mail(
                n,
                at=ago(days=20 + start * 30, minutes=n % 60, seconds=n % 7),
                replied_at=ago(days=6, seconds=n % 9),
                **exact,
            )
            for n in numbers
        ]
        yield make(
            name,
            mails,
            dumped(mails),
            f"{listed}{0 if not start else numbers[0] + 1}",
            f"{listed}{numbers[-1]}",
        )
    mails = [Mail(n, reply=None, precision="second") for n in (901, 899)]
    yield make("waiting", mails, dumped(mails), f"{listed}0", f"{listed}899")
    mixed = [Mail(903, reply=None, precision="second"), Mail(902, **exact)]
    yield make("waiting-and-answered", mixed, dumped(mixed), f"{listed}0", f"{listed}902")
    yield make(
        "rows-under-another-name",
        mixed,
        dumped(mixed, rows="resultData"),
        f"{BOARD}threads/queryThreadsList#post:fid=3",
        f"{BOARD}threads/queryThreadsList#post:fid=3&lastItem=902",
    )
    masked = [Mail(905, said=masked_letter(0), **exact)]
    saved = make("phone-number-and-name", masked, dumped(masked), f"{listed}0", f"{listed}905")
    saved.absent += ["刘桂香", "13788889999"]
    yield saved
    got = [Mail(906, **exact)]
    yield make(
        "asked-with-get",
        got,
        dumped(got),
        f"{BOARD}threads/queryThreadsList?fid=571&lastItem=950",
        f"{BOARD}threads/queryThreadsList?fid=571&lastItem=906",
    )
    marked = [Mail(907, said=Said("内容里有标记|第一行 <b>不是</b> 标记的意思|第二行"), **exact)]
    text = json.dumps(
        {
            "responseData": [
                thread_fields(
                    marked[0], content="第一行 &lt;b&gt;不是&lt;/b&gt; 标记的意思<br/>第二行"
                )
            ]
        },
        ensure_ascii=False,
    )
    yield make("markup-in-the-content", marked, text, f"{listed}0", f"{listed}907")
    yield stream(
        "empty",
        '{"result":"success","responseData":[]}',
        family="people_board",
        url=f"{listed}0",
        error="S403",
    )
    yield stream(
        "refused",
        '{"result":"error","message":"signature error"}',
        family="people_board",
        url=f"{listed}0",
        error="S403",
    )
    wall = '<html><head><title>安全验证</title></head><body><script src="/__jsl_clearance.js"></script>请完成验证</body></html>\n'
    yield Saved("challenge", "people_board", "list", f"{listed}0", wall, error="S405")
    mail = Mail(
        908,
        at=ago(days=40),
        replied_at=ago(days=30),
        shape="%Y-%m-%d %H:%M",
        reply_shape="%Y-%m-%d %H:%M",
        reply_precision="minute",
    )
    detail = f"<div class='liuyan_box03'><h2><b><span class='context-title-text'>{mail.said.title}</span></b><em class='red'>待回复</em><em class='domainType'>就业</em></h2><h3><a href='/threads/list?fid=571'>清河县委书记</a><span>网友：{mail.writer} {mail.written}</span></h3><p class='zoom content'>{mail.letter}</p></div><div class='liuyan_box05'><h4><span>{mail.answered}</span></h4><p class='zoom'>{mail.answer}</p></div>"
    text = fill("mailbox_frame.html", charset="utf-8", heading="领导留言板", metas="", inner=detail)
    yield Saved(
        "older-detail-page",
        "people_board",
        "item",
        f"{BOARD}threads/content?tid=908",
        text,
        key="m908",
        documents=mail.wanted("m908"),
        absent=[mail.writer],
    )

"""Letters as JSON: lists, details, and the people's network's message board."""

import json
from collections.abc import Iterator
from typing import Any

from tests.pages.making.kinds import Saved, ago
from tests.pages.making.mail import BREAK, GOV, Mail
from tests.pages.making.words import masked_letter


def fields(mail: Mail) -> dict[str, Any]:
    """A letter as one office's programmers named it."""
    told = {
        "id": mail.number,
        "title": mail.said.title,
        "content": "<p>" + "</p><p>".join(mail.said.paragraphs) + "</p>",
        "createTime": mail.written,
        "who": mail.writer,
        "phone": "13900000000",
        "status": "已办结" if mail.reply else "办理中",
    }
    if mail.reply:
        told |= {
            "replyContent": BREAK.join(mail.reply.paragraphs),
            "replyTime": mail.answered,
            "deptName": "县人社局",
        }
    return told


def stream(name: str, text: str, **over: Any) -> Saved:
    """A JSON answer."""
    sent = {"content_type": "application/json;charset=UTF-8"} | over.pop("sent", {})
    return Saved(
        name,
        over.pop("family", "mailbox"),
        over.pop("read", "list"),
        over.pop("url", f"{GOV}api/letters?page=1"),
        text + "\n",
        sent=sent,
        ending="json",
        **over,
    )


def records() -> Iterator[Saved]:
    """Letters as JSON."""

    def dumped(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, indent=1)

    mails = [Mail(n, shape="%Y-%m-%d %H:%M:%S", precision="second") for n in range(701, 706)]
    items = [
        {"key": f"m{each.number}", "title": each.said.title, "url": f"{GOV}detail?id={each.number}"}
        for each in mails
    ]
    found = [wanted for each in mails for wanted in each.wanted(f"m{each.number}")]
    told = {
        "rules": {"detail": "../detail?id={id}", "paging": "page+1"},
        "next_url": f"{GOV}api/letters?page=2",
        "absent": [each.writer for each in mails] + ["13900000000"],
    }
    yield stream(
        "whole-letters-in-the-list",
        dumped({"code": 0, "data": {"total": 90, "rows": [fields(each) for each in mails]}}),
        items=items,
        documents=found,
        **told,
    )
    bare = [
        {
            "letterTitle": each.said.title,
            "letterType": "咨询",
            "originalId": each.number,
            "fomateWriteDate": each.written,
            "reCode": f"X{each.number}",
        }
        for each in mails
    ]
    yield stream("titles-only", dumped(bare), items=items, **(told | {"absent": []}))
    deep = {"result": {"pageInfo": {"list": bare}, "menus": [{"name": "首页"}]}}
    yield stream(
        "rows-named-by-the-source",
        dumped(deep),
        items=items,
        next_url="",
        rules={"items": "result.pageInfo.list", "detail": "../detail?id={id}"},
    )
    yield stream(
        "in-a-callback",
        f"jQuery1124({json.dumps({'rows': bare}, ensure_ascii=False)});",
        items=items,
        **(told | {"absent": []}),
    )
    own = [
        {"xh": each.number, "bt2": each.said.title, "lj": f"detail?id={each.number}"}
        for each in mails
    ]
    yield stream(
        "fields-named-by-the-source",
        dumped({"list": own}),
        items=items,
        rules={"id": "xh", "title": "bt2", "detail": "lj"},
        url=f"{GOV}letters",
    )
    linked = [
        {"id": each.number, "title": each.said.title, "url": f"/hdjl/detail?id={each.number}"}
        for each in mails
    ]
    yield stream("links-in-the-rows", dumped(linked), items=items)
    posted = f"{GOV}api/letters#post:startrecord=1&endrecord=15"
    yield stream(
        "posted-and-counting-records",
        dumped({"rows": bare}),
        items=items,
        url=posted,
        rules={"detail": "../detail?id={id}", "paging": "startrecord+15,endrecord+15"},
        next_url=f"{GOV}api/letters#post:startrecord=16&endrecord=30",
    )
    body = f'{GOV}api/letters#json:{{"pageNo": 1, "size": 15}}'
    yield stream(
        "posted-as-json",
        dumped({"rows": bare}),
        items=items,
        url=body,
        rules={"detail": "../detail?id={id}", "paging": "pageNo+1"},
        next_url=f'{GOV}api/letters#json:{{"pageNo": 2, "size": 15}}',
    )
    yield stream("no-rows", dumped({"code": 0, "data": {"rows": []}}), error="S403")
    yield stream("not-json-at-all", "{系统繁忙", error="S403")
    one = {"read": "item", "url": f"{GOV}detail?id=710", "key": "m710"}
    mail = Mail(710)
    yield stream(
        "letter",
        dumped({"success": True, "data": fields(mail)}),
        documents=mail.wanted("m710"),
        absent=[mail.writer],
        **one,
    )
    loose = f"{{zhuti:'{mail.said.title}',leixing:'投诉',who:'{mail.writer}',time:'{mail.written}',neirong:'{'<br>'.join(mail.said.paragraphs)}',zhuangtai:'已办结',jieguo:'<p>{mail.reply.text if mail.reply else ''}</p>',hfsj:'{mail.answered}',}}"
    yield stream("loose-letter", loose, documents=mail.wanted("m710"), absent=[mail.writer], **one)
    waiting = Mail(711, reply=None)
    one = {"read": "item", "url": f"{GOV}detail?id=711", "key": "m711"}
    yield stream(
        "letter-not-answered-yet",
        dumped(fields(waiting)),
        documents=waiting.wanted("m711"),
        absent=[waiting.writer],
        **one,
    )
    unix = Mail(712, at=ago(days=3, seconds=31), precision="second")
    told_unix = fields(unix) | {"createTime": int(unix.at.timestamp() * 1000)}
    one = {"read": "item", "url": f"{GOV}detail?id=712", "key": "m712"}
    yield stream(
        "milliseconds",
        dumped([told_unix]),
        documents=unix.wanted("m712"),
        absent=[unix.writer],
        **one,
    )
    one = {"read": "item", "url": f"{GOV}detail?id=713", "key": "m713"}
    yield stream("gone", dumped({"success": True, "data": None}), error="S406", **one)
    masked = Mail(714, said=masked_letter(0))
    one = {"read": "item", "url": f"{GOV}detail?id=714", "key": "m714"}
    raw = fields(masked) | {"content": "\r\n".join(masked.said.paragraphs)}
    yield stream(
        "plain-text-with-a-name",
        dumped(raw),
        documents=masked.wanted("m714"),
        absent=[masked.writer, "刘桂香", "13788889999"],
        **one,
    )

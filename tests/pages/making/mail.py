"""A letter to an office with its answer, and its page."""

import html
from datetime import datetime
from typing import Any

from tests.pages.making.kinds import Saved, Wanted, ago, fill, iso
from tests.pages.making.words import WRITERS, Said, answer, letter

GOV = "http://www.qinghe.example/hdjl/"


BREAK = "<br />\n"


class Mail:
    """A letter with its answer: words, times and how they are shown."""

    def __init__(self, number: int, **over: Any) -> None:
        """Take the number's words; `over` says what is different about this one."""
        self.number = number
        self.said: Said = over.get("said", letter(number))
        self.reply: Said | None = over.get("reply", answer(number))
        self.at: datetime = over.get("at", ago(days=9 + number % 30, hours=2, minutes=number % 50))
        self.replied_at: datetime = over.get("replied_at", ago(days=2 + number % 5, hours=1))
        self.shape = over.get("shape", "%Y-%m-%d %H:%M")
        self.precision = over.get("precision", "minute")
        self.reply_shape = over.get("reply_shape", "%Y-%m-%d")
        self.reply_precision = over.get("reply_precision", "day")
        self.writer = WRITERS[number % len(WRITERS)]

    @property
    def letter(self) -> str:
        """The letter as markup."""
        return BREAK.join(html.escape(each, quote=False) for each in self.said.paragraphs)

    @property
    def answer(self) -> str:
        """The answer as markup; empty when there is none yet."""
        return BREAK.join(self.reply.paragraphs) if self.reply else ""

    @property
    def written(self) -> str:
        """When it was written, as shown."""
        return self.at.strftime(self.shape)

    @property
    def answered(self) -> str:
        """When it was answered, as shown."""
        return self.replied_at.strftime(self.reply_shape) if self.reply else ""

    def wanted(self, key: str) -> list[Wanted]:
        """What must be read."""
        found = [
            Wanted(
                f"{key}/letter",
                "letter",
                self.said.title,
                self.said.text,
                iso(self.at, self.precision),
                self.precision,
            )
        ]
        if self.reply:
            found.append(
                Wanted(
                    f"{key}/answer",
                    "answer",
                    self.said.title,
                    self.reply.text,
                    iso(self.replied_at, self.reply_precision),
                    self.reply_precision,
                )
            )
        return found


def sheet(name: str, mail: Mail, inner: str, **over: Any) -> Saved:
    """A letter's page."""
    charset = over.pop("charset", "utf-8")
    url = over.pop("url", f"{GOV}show.jsp?id={mail.number}")
    key = over.pop("key", f"m{mail.number}")
    text = fill(
        "mailbox_frame.html",
        charset=charset,
        heading=over.pop("heading", "县长信箱_清河县人民政府"),
        metas=over.pop("metas", ""),
        inner=inner,
    )
    documents = [] if "error" in over else over.pop("documents", mail.wanted(key))
    absent = [mail.writer, *over.pop("absent", [])]
    return Saved(
        name, "mailbox", "item", url, text, key=key, documents=documents, absent=absent, **over
    )


def rows(*pairs: tuple[str, str], label: str = "td", colon: str = "：") -> str:
    """A table of labels and values."""
    return (
        "<table width='98%' class='xx'>"
        + "".join(
            f"<tr><{label} class='bt' width='100'>{name}{colon}</{label}><td>{value}</td></tr>\n"
            for name, value in pairs
        )
        + "</table>"
    )


def usual(mail: Mail, **other: str) -> list[tuple[str, str]]:
    """The usual fields, with other labels where named."""
    told = [
        (other.get("number", "信件编号"), f"SJ2026{mail.number}"),
        (other.get("title", "信件标题"), mail.said.title),
        (other.get("writer", "来信人"), mail.writer),
        (other.get("written", "来信时间"), mail.written),
        (other.get("letter", "来信内容"), mail.letter),
    ]
    if mail.reply:
        told += [
            (other.get("office", "回复单位"), "县人社局"),
            (other.get("answered", "回复时间"), mail.answered),
            (other.get("answer", "回复内容"), mail.answer),
        ]
    return told


def box(
    name: str,
    cell: str,
    href: str,
    *,
    pager: str = "",
    more: str = "",
    detail: str = "",
    **over: Any,
) -> Saved:
    """A mailbox's list."""
    numbers = range(520, 526)
    inner = (
        "<table class='mail-list'><thead><tr><th>编号</th><th>标题</th><th>类型</th><th>状态</th><th>日期</th><th>点击</th></tr></thead><tbody>"
        + "\n".join(
            cell.format(
                c="odd" if n % 2 else "even",
                n=n,
                href=href.format(n=n),
                title=letter(n).title,
                short=letter(n).title,
                more=more.format(n=n),
                state="已办结" if n % 3 else "办理中",
                date=ago(days=n % 20).strftime("%Y-%m-%d"),
                hits=n * 3,
            )
            for n in numbers
        )
        + f"</tbody></table><div class='page'>共 31 页 {pager}</div>"
    )
    text = fill("mailbox_frame.html", charset="utf-8", heading="县长信箱", metas="", inner=inner)
    where = detail or ("show.jsp?id={n}")
    items = [
        {"key": f"m{n}", "title": letter(n).title, "url": GOV + where.format(n=n)} for n in numbers
    ]
    return Saved(
        name, "mailbox", "list", over.pop("url", f"{GOV}index.jsp"), text, items=items, **over
    )


def pairs(*told: tuple[str, str], outer: str = "dl", first: str = "dt", second: str = "dd") -> str:
    """A definition list, or boxes that work as one."""
    return (
        f"<{outer} class='xj'>"
        + "".join(
            f"<{first}>{name}：</{first}><{second}>{value}</{second}>" for name, value in told
        )
        + f"</{outer}>"
    )

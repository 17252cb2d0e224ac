"""How a place that was looked at is told: why, its documents, and what came of it. No authors."""

import json
from typing import TYPE_CHECKING

import typer

from monitor.commands.terms import say
from monitor.domain import SHANGHAI, Document, TimePrecision

if TYPE_CHECKING:
    from spiders.trying import Tried

_SHOWN_CHARACTERS = 160
_PRECISIONS = {
    TimePrecision.SECOND: "到秒",
    TimePrecision.MINUTE: "到分",
    TimePrecision.HOUR: "到小时",
    TimePrecision.DAY: "到日",
    TimePrecision.YEAR_GUESSED: "页面没写年份，年份是推断的",
    TimePrecision.UNKNOWN: "没有写时间",
}
_ROLES = {
    "post": "主帖",
    "reply": "回帖",
    "letter": "来信",
    "answer": "答复",
    "article": "文章",
}


def show_why(tried: "Tried", *, as_json: bool) -> None:
    """Say which family it is and why; in JSON, as a first line of its own."""
    source = tried.source
    if as_json:
        told = {
            "family": source.family.value if tried.why else None,
            "url": source.url,
            "why": list(tried.why),
            "title": source.title,
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    if not tried.why:
        typer.echo("认不出是哪一类网站。")
        return
    typer.echo(f"像是 {source.family.value}：{'；'.join(tried.why)}。")
    typer.echo(f"列表：{source.url}")
    if source.rules:
        rules = "，".join(f"{key} = {value}" for key, value in source.rules.items())
        typer.echo(f"规则：{rules}")


def show_document(document: Document, kind: str, *, as_json: bool) -> None:
    """Show one document as it would be stored; `kind` is the reader's, or empty."""
    at = document.published_at
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "key": document.key,
                    "role": document.role.value,
                    "address": document.address,
                    "title": document.title,
                    "text": document.text,
                    "published_at": at.isoformat() if at else None,
                    "precision": document.precision.value,
                    "masked": dict(document.masked),
                    "extraction": document.extraction,
                    "kind": kind.split(" ", maxsplit=1)[0] or None,
                },
                ensure_ascii=False,
            )
        )
        return
    shown_at = at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if at else ""
    precision = _PRECISIONS[document.precision]
    told = f"{shown_at}（{precision}）" if at else precision
    read = f"  {kind}" if kind else ""
    generic = "  通用提取，可能夹带别的文字" if document.extraction == "generic" else ""
    typer.echo(f"── {document.key}  {_ROLES[document.role.value]}  {told}{read}{generic}")
    typer.echo(f"   {document.title}")
    text = document.text.replace("\n", " ")
    typer.echo(f"   {text[:_SHOWN_CHARACTERS]}{'……' if len(text) > _SHOWN_CHARACTERS else ''}")


def show_summary(tried: "Tried") -> None:
    """Say how much came and what went wrong, apart from the result."""
    for problem in tried.problems:
        say(str(problem))
    rows = len(tried.listed.items) if tried.listed is not None else 0
    timed = sum(each.published_at is not None for each in tried.documents)
    say(
        f"{tried.source.title}：列表 {rows} 行，读了 {len(tried.items)} 条，"
        f"{len(tried.documents)} 份文书（{timed} 份有时间），{len(tried.problems)} 个问题；"
        "什么也没有存。"
    )

"""`source list | try | test`: the places that we watch."""

import json
from typing import Annotated

import typer

from monitor.bootstrap import App, build, read_clock
from monitor.commands.terms import JsonOption, SettingsOption, emit, say
from monitor.domain import SHANGHAI, Document, Source
from monitor.errors import NotFoundError

sources = typer.Typer(help="来源：看哪些地方。", no_args_is_help=True)
_SHOWN_CHARACTERS = 160


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(sources, name="source")


@sources.command("list")
def list_sources(settings: SettingsOption = None, as_json: JsonOption = False) -> None:
    """列出来源；写错的文件也会指出来。"""
    built = build(settings)
    found, problems = built.load_sources()
    for each in found:
        if as_json:
            emit(
                {
                    "name": each.name,
                    "title": each.title,
                    "family": each.family.value,
                    "basis": each.basis.value,
                    "url": each.url,
                    "poll_every_seconds": each.poll_every.total_seconds(),
                    "enabled": each.enabled,
                }
            )
        else:
            state = "" if each.enabled else "（停用）"
            typer.echo(f"{each.name}  {each.title}{state}  {each.family.value}  {each.url}")
    for problem in problems:
        say(str(problem))
    if problems:
        raise typer.Exit(1)


@sources.command("try")
def try_one(
    name: Annotated[str, typer.Argument(help="来源的名字")],
    items: Annotated[int, typer.Option("--items", min=1, max=50, help="最多读几条")] = 10,
    settings: SettingsOption = None,
    as_json: JsonOption = False,
) -> None:
    """现在读一页列表和其中的条目，打印会存下什么；什么也不存。"""
    from spiders.trying import try_source  # noqa: PLC0415 - loads Scrapy, which takes a second

    built = build(settings)
    source = _get(built, name)
    documents, problems = try_source(
        source, clock=read_clock, user_agent=built.user_agent, most_items=items
    )
    for each in documents:
        _show(each, as_json=as_json)
    for problem in problems:
        say(str(problem))
    say(f"{source.title}：{len(documents)} 份文书，{len(problems)} 个问题；什么也没有存。")
    if problems or not documents:
        raise typer.Exit(1)


def _get(built: App, name: str) -> Source:
    found, _ = built.load_sources()
    for each in found:
        if each.name == name:
            return each
    known = "、".join(each.name for each in found) or "（无）"
    raise NotFoundError(f"没有来源 {name}；现有：{known}")


def _show(document: Document, *, as_json: bool) -> None:
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
                },
                ensure_ascii=False,
            )
        )
        return
    shown_at = at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if at else "没有写时间"
    typer.echo(
        f"── {document.key}  {document.role.value}  {shown_at}（{document.precision.value}）"
    )
    typer.echo(f"   {document.title}")
    text = document.text.replace("\n", " ")
    typer.echo(f"   {text[:_SHOWN_CHARACTERS]}{'……' if len(text) > _SHOWN_CHARACTERS else ''}")

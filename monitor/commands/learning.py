"""`train`, `model list`, `model promote`: made by a machine, promoted by a person."""

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from models.candidate import compare_readers
from models.reader import ClaimReader
from monitor.bootstrap import build, read_clock
from monitor.commands.terms import JsonOption, SettingsOption, emit, say

models = typer.Typer(help="判读模型。", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("train")(train_candidate)
    app.add_typer(models, name="model")


def train_candidate(settings: SettingsOption = None, as_json: JsonOption = False) -> None:
    """用仓库里的语料训练一个候选模型，说明它过不过关；不会自动启用。"""
    from models.training import train  # noqa: PLC0415 - loads scikit-learn, which takes a second

    built = build(settings)
    shelf = built.shelf
    shelf.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=shelf.folder) as made:
        card = train(Path(made), say)
        folder = shelf.folder / str(card["version"])
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder)
    compared = compare_readers(
        built.reader.reader, ClaimReader.load(folder), recent=[], held_back=[]
    )
    if as_json:
        emit({"card": card, "shortfalls": [*compared.shortfalls]})
    else:
        typer.echo(f"候选模型 {card['version']}，现用 {compared.working}")
        for shortfall in compared.shortfalls:
            typer.echo(f"  不达标：{shortfall}")
        if not compared.shortfalls:
            typer.echo("  达到全部底线。启用：qingxin model promote VERSION --reason 为什么")
    if compared.shortfalls:
        raise typer.Exit(1)


@models.command("list")
def list_models(settings: SettingsOption = None, as_json: JsonOption = False) -> None:
    """列出随项目带的模型和候选模型，标出现用的。"""
    for each in build(settings).shelf.list_readers():
        if as_json:
            emit({"version": each.version, "working": each.is_working, "shipped": each.is_shipped})
        else:
            marks = ("现用 " if each.is_working else "") + ("随项目" if each.is_shipped else "候选")
            typer.echo(f"{each.version}  {marks}")


@models.command("promote")
def promote_model(
    version: Annotated[str, typer.Argument(help="版本，见 qingxin model list")],
    reason: Annotated[str, typer.Option("--reason", help="为什么")] = "",
    settings: SettingsOption = None,
) -> None:
    """启用一个模型；留下理由，再启用另一个就是撤销。重启 work 后生效。"""
    shelf = build(settings).shelf
    known = {each.version: each.folder for each in shelf.list_readers()}
    if version in known:
        ClaimReader.load(known[version])  # one that cannot load is refused before, not after
    shelf.promote(version, reason=reason, now=read_clock())
    say(f"已启用 {version}，重启 work 后生效。")

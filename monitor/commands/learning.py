"""`train`, `model list|promote|undo|drift`: made by a machine, promoted by a person."""

from pathlib import Path
from typing import Annotated

import typer

from models.corpus.generate import DEFAULT_MESSAGES
from monitor.bootstrap.app import App, read_clock
from monitor.bootstrap.reading import find_model_pages, make_shelf
from monitor.commands.opening import note_act, open_app
from monitor.commands.terms import JsonOption, SettingsOption, emit, say
from monitor.domain import SHANGHAI, Person
from monitor.errors import InputError
from monitor.storage.repositories import Rows

models = typer.Typer(
    help="判读模型：列出、启用、撤销、看分数和用词有没有变。", no_args_is_help=True
)

ByOption = Annotated[str, typer.Option("--by", help="谁决定的：用户名，见 qingxin user list")]
ReasonOption = Annotated[str, typer.Option("--reason", help="为什么")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("train")(train_candidate)
    app.add_typer(models, name="model")


def train_candidate(
    labels: Annotated[
        bool, typer.Option("--labels/--no-labels", help="从复核意见里学；不学就只用语料")
    ] = True,
    page: Annotated[
        Path | None, typer.Option("--page", help="说明会改变什么的网页写到哪里；缺省在数据目录里")
    ] = None,
    messages: Annotated[
        int, typer.Option("--messages", min=100, help="语料每遍写多少条；少了快，但差")
    ] = DEFAULT_MESSAGES,
    settings: SettingsOption = None,
    as_json: JsonOption = False,
) -> None:
    """用语料和复核意见训练一个候选模型，说明启用了会改变什么；不会自动启用。"""
    # Loads scikit-learn, which takes a second.
    from monitor.learning.judgement import dump_judgement  # noqa: PLC0415
    from monitor.learning.making import Recipe, make_candidate  # noqa: PLC0415
    from monitor.learning.page import keep_page, write_page  # noqa: PLC0415
    from monitor.learning.saying import list_lines  # noqa: PLC0415

    with open_app(settings) as built:
        recipe = Recipe(with_labels=labels, messages=messages)
        shelf = make_shelf(built)
        judgement = make_candidate(
            built.storage, shelf, recipe, read_clock(), say, note=_note_training
        )
        pages = find_model_pages(built.settings)
        written = keep_page(built.storage, judgement, built.desk_url, pages)
        if page is not None:
            _write(page, write_page(built.storage, judgement, built.desk_url))
            written = page
    if as_json:
        emit(dump_judgement(judgement) | {"page": str(written)})
    else:
        for line in list_lines(judgement):
            typer.echo(line)
        typer.echo(f"逐条列在：{written}")
        if judgement.passes:
            typer.echo(
                f"启用：qingxin model promote {judgement.candidate} --by 用户名 --reason 为什么"
            )
    if not judgement.passes:
        raise typer.Exit(1)


def _note_training(rows: Rows, version: str) -> None:
    note_act(rows, "model.trained", f"model:{version}")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise InputError(f"{path} 写不了：{error.strerror}；候选模型已经保存。") from error


@models.command("list")
def list_models(settings: SettingsOption = None, as_json: JsonOption = False) -> None:
    """列出随项目带的模型和候选模型，标出现用的；再列出谁在什么时候为什么启用过哪个。"""
    with open_app(settings) as built:
        shelf = make_shelf(built)
        readers, promotions = shelf.list_readers(), shelf.list_promotions()
        changes = shelf.list_library_changes()
    for each in readers:
        if as_json:
            emit(
                {
                    "version": each.version,
                    "working": each.is_working,
                    "shipped": each.is_shipped,
                    "made_at": each.made_at.isoformat() if each.made_at else None,
                    "fault": each.fault,
                    "shortfalls": each.judgement.get("shortfalls", []),
                    "unfair": each.judgement.get("unfair", []),
                }
            )
            continue
        marks = ("现用 " if each.is_working else "") + ("随项目" if each.is_shipped else "候选")
        typer.echo(f"{each.version}  {marks}{_remark(each.fault, each.judgement)}")
    if as_json:
        return
    for line in promotions:
        what = "启用" if line.undoes is None else "撤销，恢复"
        at = line.at.astimezone(SHANGHAI)
        typer.echo(f"  {at:%Y-%m-%d %H:%M} {line.by} {what} {line.version}：{line.reason}")
    for change in changes:
        say(f"库的版本与训练时不同：{change}（探针核对过，判读不变）")


def _remark(fault: str, judgement: dict[str, object]) -> str:
    if fault:
        return f"  坏：{fault}"
    if judgement.get("unfair"):
        return "  不公平，不能启用"
    return "  低于底线" if judgement.get("shortfalls") else ""


@models.command("promote")
def promote_model(
    version: Annotated[str, typer.Argument(help="版本，见 qingxin model list")],
    by: ByOption = "",
    reason: ReasonOption = "",
    despite_shortfalls: Annotated[
        bool, typer.Option("--despite-shortfalls", help="低于底线也启用；不公平的怎样都不能")
    ] = False,
    settings: SettingsOption = None,
) -> None:
    """启用一个模型：谁、为什么，都留存；正在运行的 work 在两批消息之间换过去。"""
    with open_app(settings) as built:
        make_shelf(built).promote(
            version,
            _find_person(built, by),
            reason,
            read_clock(),
            despite_shortfalls=despite_shortfalls,
        )
    say(f"已启用 {version}。正在运行的 work 读下一批消息前换过去；要撤销：qingxin model undo")


@models.command("undo")
def undo_promotion(
    by: ByOption = "", reason: ReasonOption = "", settings: SettingsOption = None
) -> None:
    """撤销最近一次启用，恢复之前的模型；同样要有人、有理由。"""
    with open_app(settings) as built:
        works = make_shelf(built).undo(_find_person(built, by), reason, read_clock())
    say(f"已撤销，现用 {works}。")


@models.command("drift")
def show_drift(settings: SettingsOption = None, as_json: JsonOption = False) -> None:
    """得分和用词还像当初吗：最近 7 天与参照比；work 每几小时自己也看，变了就在页面上提出。"""
    from monitor.learning.drifting import list_drift_lines, measure_now  # noqa: PLC0415

    with open_app(settings) as built:
        version = make_shelf(built).load_working().reader.version
        with built.storage.look() as rows:
            report = measure_now(rows, version, read_clock())
    if as_json:
        emit(report.as_dict())
        return
    for line in list_drift_lines(report):
        typer.echo(line)


def _find_person(built: App, username: str) -> Person:
    if not username.strip():
        raise InputError("写明谁决定的：--by 用户名。启用模型是人的决定。")
    with built.storage.look() as rows:
        person = rows.users.find(username)
    if person is None or person.disabled:
        raise InputError(f"没有用户 {username}，或已停用。")
    return person

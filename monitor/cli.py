"""The `qingxin` command. Exit 0 done, 1 something is wrong with input or state, 2 wrong usage.

With `--json` standard output holds nothing but the result; progress and log go to standard error.
"""

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from monitor.bootstrap import App, build, read_clock
from monitor.checking import find_barred_sources, find_problems, find_taken_ports
from monitor.commands import (
    continuity,
    forgetting,
    keeping,
    learning,
    people,
    reading,
    records,
    reporting,
    roster_changes,
    sources,
)
from monitor.commands.terms import JsonOption, SettingsOption, open_app, say
from monitor.core_dumps import forbid_core_dumps
from monitor.domain import Problem, Severity
from monitor.errors import MonitorError, SettingsError
from monitor.logs import configure_logging
from monitor.supervision import become_supervisor, die_with_parent, write_supervisor_file

app = typer.Typer(
    name="qingxin",
    help="清薪：听见欠薪，几分钟内告诉值班的人，直到工资发到手。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ParentOption = Annotated[int | None, typer.Option("--parent", hidden=True)]


def main() -> None:
    """Run the command; our own errors become one line each, never a traceback."""
    forbid_core_dumps()
    try:
        app()
    except SettingsError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)  # noqa: T201 - what a command line says
        raise SystemExit(1) from None
    except MonitorError as error:
        print(f"qingxin: {error}", file=sys.stderr)  # noqa: T201
        raise SystemExit(1) from None
    except BrokenPipeError:
        raise SystemExit(1) from None  # whoever read us has gone; nothing more can be said


# ---------------------------------------------------------------- the roles


@app.command()
def run(settings: SettingsOption = None) -> None:
    """启动全部角色：采集、处理、页面；有一个死了就重启它。"""
    with open_app(settings) as built:
        now = read_clock()
        problems = [*find_problems(built, now), *find_taken_ports(built)]
        for problem in problems:
            say(f"  {'✗' if problem.severity is Severity.ERROR else '!'} {problem}")
        if any(problem.severity is Severity.ERROR for problem in problems):
            say("有错误，没有启动。改好后再运行。")
            raise typer.Exit(1)
        _greet(built)
        configuration = write_supervisor_file(
            built.settings.data.folder / "run",
            built.settings_file.resolve(),
            sample=built.settings.sample.enabled,
            browser=any(each.browser for each in built.list_enabled_sources()),
        )
    become_supervisor(configuration)


def start_logging(built: App, role: str) -> None:
    """Log into the data folder."""
    settings = built.settings
    configure_logging(settings.data.folder / "logs", settings.log.level, role)


def _greet(built: App) -> None:
    sources = built.list_enabled_sources()
    say(f"清薪  正在看 {len(sources)} 个地方：" + "、".join(source.title for source in sources))
    if built.settings.sample.enabled:
        sample = built.settings.sample
        say(f"样例县（全是虚构）：http://{sample.host}:{sample.port}/  可以自己发一帖试试")
    link = built.make_sign_in(read_clock())
    if link is None:
        say("还没有用户：qingxin user add NAME --role administrator")
    else:
        say(f"页面：{built.settings.desk.base_url}   一次性登录（12 小时内）：{link}")
    say("Ctrl-C 停止。\n")


@app.command()
def collect(
    settings: SettingsOption = None,
    parent: ParentOption = None,
    browser: Annotated[
        bool,
        typer.Option("--browser", help="读靠脚本才有内容的来源（browser = true），另开一个进程"),
    ] = False,
) -> None:
    """只运行采集。"""
    die_with_parent(parent)
    from monitor.roles import run_collect_role  # noqa: PLC0415 - loads Scrapy, which takes a second

    with open_app(settings) as built:
        start_logging(built, "browser" if browser else "collect")
        run_collect_role(built, browser=browser)


@app.command()
def work(settings: SettingsOption = None, parent: ParentOption = None) -> None:
    """只运行处理：判读、立案、提醒、升级。"""
    die_with_parent(parent)
    from monitor.jobs import run_work  # noqa: PLC0415 - a role loads only what it needs

    with open_app(settings) as built:
        start_logging(built, "work")
        run_work(built)


@app.command()
def desk(settings: SettingsOption = None, parent: ParentOption = None) -> None:
    """只运行页面。"""
    die_with_parent(parent)
    from monitor.roles import run_desk_role  # noqa: PLC0415 - a role loads only what it needs

    with open_app(settings) as built:
        start_logging(built, "desk")
        run_desk_role(built)


@app.command(hidden=True)
def sample(settings: SettingsOption = None, parent: ParentOption = None) -> None:
    """只运行样例县。"""
    die_with_parent(parent)
    from monitor.roles import run_sample_role  # noqa: PLC0415 - a role loads only what it needs

    built = build(settings)
    start_logging(built, "sample")
    run_sample_role(built)


# ---------------------------------------------------------------- looking


@app.command()
def check(settings: SettingsOption = None, as_json: JsonOption = False) -> None:
    """检查设置、来源、值班表、模型、数据库、渠道：每个问题有代号和改法。"""
    try:
        built = build(settings)
        problems = [*find_problems(built, read_clock()), *find_barred_sources(built)]
    except SettingsError as error:
        problems = [
            Problem(each.code, each.where, each.message, each.cure) for each in error.problems
        ]
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in problems], ensure_ascii=False))
    else:
        for each in problems:
            typer.echo(("错误 " if each.severity is Severity.ERROR else "提醒 ") + str(each))
        if not problems:
            typer.echo("没有问题。")
    if any(each.severity is Severity.ERROR for each in problems):
        raise typer.Exit(1)


for each in (
    reading,
    learning,
    people,
    roster_changes,
    sources,
    records,
    reporting,
    keeping,
    continuity,
    forgetting,
):
    each.register(app)

if __name__ == "__main__":
    main()

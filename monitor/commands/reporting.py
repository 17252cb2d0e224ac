"""`report week`: a week, counted and told, as HTML, docx and xlsx."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from monitor.bootstrap import read_clock
from monitor.commands.terms import SettingsOption, open_app, say
from monitor.errors import InputError
from monitor.reporting.counting import make_weekly_report
from monitor.reports.weeks import parse_week

reports = typer.Typer(help="报告。", no_args_is_help=True)


@reports.callback()
def _keep_the_group() -> None:
    """报告。"""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(reports, name="report")


@reports.command("week")
def report_week(
    out: Annotated[Path, typer.Option("--out", help="放到哪个目录；没有就建")],
    week: Annotated[
        str | None, typer.Argument(help="哪一周，例如 2026-W47；缺省是最近完整的一周")
    ] = None,
    settings: SettingsOption = None,
) -> None:
    """一周的周报：html、docx、xlsx 各一份。"""
    # These load Word, spreadsheets and templates, which the other commands need not wait for.
    from monitor.reporting.page import write_page  # noqa: PLC0415
    from monitor.reporting.paper import write_paper  # noqa: PLC0415
    from monitor.reporting.tables import write_tables  # noqa: PLC0415

    now = read_clock()
    wanted = parse_week(week, now)
    with open_app(settings) as built:
        sources, problems = built.load_sources()
        titles = {each.name: each.title for each in sources if each.enabled}
        with built.storage.look() as rows:
            report = make_weekly_report(rows, wanted, titles, now, built.roster_rules)
        desk_url = built.settings.desk.base_url.rstrip("/")
    for problem in problems:
        say(f"提醒 {problem}")
    _save(
        out,
        {
            f"report-{wanted.name}.html": write_page(report, desk_url),
            f"report-{wanted.name}.docx": write_paper(report),
            f"report-{wanted.name}.xlsx": write_tables(report),
        },
    )
    say(f"{wanted.name}（{wanted.starts_on} 至 {wanted.ends_on}）：新增线索 {len(report.cases)} 件")


def _save(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write every file under another name first, so that a full disk leaves no half report."""
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            part = folder / f".{name}.part"
            written.append(part)
            part.write_bytes(content)
        for name in files:
            (folder / f".{name}.part").replace(folder / name)
    except OSError as error:
        for part in written:
            part.unlink(missing_ok=True)
        raise InputError(f"{folder} 写不了：{error.strerror}") from error
    for name in files:
        typer.echo(str(folder / name))

"""`report …`: a week, a month, a quarter, a campaign, or many weeks, as HTML, docx and xlsx."""

import os
import shutil
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from monitor.bootstrap.app import App, read_clock
from monitor.bootstrap.reports import make_office, make_press
from monitor.bootstrap.sources import load_sources
from monitor.commands.opening import open_app
from monitor.commands.terms import SettingsOption, say
from monitor.errors import InputError
from monitor.reporting.archive import Kept, keep_report, name_files
from monitor.reporting.making import Office, ReportMaker
from monitor.reporting.many import keep_many
from monitor.reports.nouns import Report
from monitor.reports.periods import PeriodKind, list_weeks, parse_period

reports = typer.Typer(help="报告：周、月、季、专项行动；补做往期。", no_args_is_help=True)

OutOption = Annotated[Path, typer.Option("--out", help="放到哪个目录；没有就建")]
PublicOption = Annotated[
    bool, typer.Option("--public", help="另写一份公开版：不含名称，不含少于 5 的数")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(reports, name="report")


@reports.command("week")
def report_week(
    out: OutOption,
    week: Annotated[
        str | None, typer.Argument(help="哪一周，例如 2026-W47；缺省是最近完整的一周")
    ] = None,
    public: PublicOption = False,
    settings: SettingsOption = None,
) -> None:
    """一周的周报：html、docx、xlsx 各一份。"""
    _report(PeriodKind.WEEK, week, out, settings, public=public)


@reports.command("month")
def report_month(
    out: OutOption,
    month: Annotated[
        str | None, typer.Argument(help="哪一月，例如 2026-10；缺省是最近完整的一月")
    ] = None,
    public: PublicOption = False,
    settings: SettingsOption = None,
) -> None:
    """一月的月报。"""
    _report(PeriodKind.MONTH, month, out, settings, public=public)


@reports.command("quarter")
def report_quarter(
    out: OutOption,
    quarter: Annotated[
        str | None, typer.Argument(help="哪一季，例如 2026-Q3；缺省是最近完整的一季")
    ] = None,
    public: PublicOption = False,
    settings: SettingsOption = None,
) -> None:
    """一季的季报。"""
    _report(PeriodKind.QUARTER, quarter, out, settings, public=public)


@reports.command("campaign")
def report_campaign(
    out: OutOption,
    campaign: Annotated[
        str | None, typer.Argument(help="设置里专项行动的 name；缺省是最近开始的")
    ] = None,
    public: PublicOption = False,
    settings: SettingsOption = None,
) -> None:
    """一次专项行动的报告；还在进行的截至现在。"""
    _report(PeriodKind.CAMPAIGN, campaign, out, settings, public=public)


@reports.command("weeks")
def report_weeks(
    first: Annotated[str, typer.Argument(help="从哪一周，例如 2024-W47")],
    last: Annotated[str, typer.Argument(help="到哪一周，例如 2026-W46")],
    out: OutOption,
    public: PublicOption = False,
    settings: SettingsOption = None,
) -> None:
    """补做往期：一段时间里的每一周，一周三份文件。"""
    now = read_clock()
    weeks = list_weeks(
        parse_period(PeriodKind.WEEK, first, now), parse_period(PeriodKind.WEEK, last, now)
    )
    if not weeks:
        raise InputError(f"{last} 在 {first} 之前；先写早的一周")
    with open_app(settings) as built, built.storage.look() as rows:
        from rich.console import Console  # noqa: PLC0415 - loaded only where it is drawn
        from rich.progress import track  # noqa: PLC0415

        storage, press = built.storage, make_press(built)
        maker = ReportMaker(rows, _open_office(built), now)
        made = keep_many(storage.work, storage.look, maker, weeks, press, writers=_count_writers())
        with closing(made):
            for week, kept in track(
                made, "补做周报", total=len(weeks), console=Console(stderr=True)
            ):
                _save(out, name_files(week.name, kept.files, public=public), quietly=True)
    say(f"{weeks[0].name} 至 {weeks[-1].name}：{len(weeks)} 周，在 {out}")


@reports.command("template")
def copy_template(
    file: Annotated[Path, typer.Argument(help="写到哪里，例如 report.docx；已有的不覆盖")],
) -> None:
    """取一份报告的 Word 模板，改好后在设置 [report] template 里写上它的位置。"""
    from monitor.reporting.paper import TEMPLATE  # noqa: PLC0415 - loads Word

    try:
        with file.open("xb") as copy, TEMPLATE.open("rb") as shipped:
            shutil.copyfileobj(shipped, copy)
    except FileExistsError as error:
        raise InputError(f"{file} 已经有了，没有覆盖") from error
    except OSError as error:
        raise InputError(f"{file} 写不了：{error.strerror}") from error
    typer.echo(str(file))


@reports.command("list")
def list_kept(settings: SettingsOption = None) -> None:
    """已存的报告：哪一期、第几版、何时做的、改了什么。"""
    with open_app(settings) as built, built.storage.look() as rows:
        for each in rows.editions.list_newest(1000):
            made = each.made_at.isoformat(timespec="minutes")
            typer.echo(f"{each.period}\t{each.edition}\t{made}\t{' '.join(each.changes)}")


# ---------------------------------------------------------------- making


def _report(
    kind: PeriodKind, name: str | None, out: Path, settings: Path | None, *, public: bool
) -> None:
    now = read_clock()
    with open_app(settings) as built:
        office = _open_office(built)
        period = parse_period(kind, name, now, office.campaigns)
        with make_press(built).opened() as write:
            with built.storage.look() as rows:
                report = ReportMaker(rows, office, now).make(period)
            kept = keep_report(built.storage.work, built.storage.look, report, write)
    _tell(report, kept, out, public=public)


def _open_office(built: App) -> Office:
    """What the settings say of reports; broken source files are named, and stop nothing."""
    _, problems = load_sources(built)
    for problem in problems:
        say(f"提醒 {problem}")
    return make_office(built)


def _count_writers() -> int:
    """As many as there are cores beside the one that counts."""
    return max(1, min(4, len(os.sched_getaffinity(0)) - 1))


def _tell(report: Report, kept: Kept, out: Path, *, public: bool) -> None:
    period = report.period
    _save(out, name_files(period.name, kept.files, public=public))
    new = "" if kept.is_new else "，与已存的相同"
    opened = len(report.cases.rows)
    say(
        f"{period.name}（{period.starts_on} 至 {period.ends_on}）：新增线索 {opened} 件；"
        f"第 {kept.edition.edition} 版{new}"
    )
    for change in kept.edition.changes if kept.is_new else ():
        say(f"  {change}")


def _save(folder: Path, files: Mapping[str, bytes], *, quietly: bool = False) -> None:
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
    if not quietly:
        for name in files:
            typer.echo(str(folder / name))

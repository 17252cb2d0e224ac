"""`roster put | away | back | withdraw | rotate | rotations | swaps`: what changes the plan."""

from datetime import date, timedelta
from typing import Annotated

import typer

from alerts.announcing import shown_stretch
from alerts.wording import DUTY_WORDS
from monitor.bootstrap.app import read_clock
from monitor.bootstrap.calendars import read_day_calendar
from monitor.commands.opening import note_act, open_app
from monitor.commands.roster import BY, NameArgument, parse_instant, rosters
from monitor.commands.terms import SettingsOption, say
from monitor.desk.rostering import add_absence, add_rotation, put_person
from monitor.domain import SHANGHAI, DutyRole
from monitor.duty_nouns import DayKind, Rotation, Stretch, SwapState
from monitor.errors import InputError

FromOption = Annotated[str, typer.Option("--from", help="从何时，例如 2026-12-01T08:00")]
ToOption = Annotated[str, typer.Option("--to", help="到何时（不含）")]
_DAY_WORDS = {DayKind.EVERY: "每天", DayKind.WORKDAY: "工作日", DayKind.REST: "休息日"}
_STATE_WORDS = {
    SwapState.PROPOSED: "等答复",
    SwapState.AGREED: "已同意",
    SwapState.DECLINED: "已回绝",
    SwapState.WITHDRAWN: "已撤回",
    SwapState.EXPIRED: "已过期",
}


def register(app: typer.Typer) -> None:
    """Add the commands of this module and of `monitor.commands.roster`."""
    app.add_typer(rosters, name="roster")


@rosters.command("put")
def put(
    duty: Annotated[DutyRole, typer.Argument(help="岗位")],
    name: Annotated[str, typer.Argument(help="用户名；写 - 表示无人")],
    since: FromOption,
    until: ToOption,
    note: Annotated[str, typer.Option("--note", help="说明")] = "",
    settings: SettingsOption = None,
) -> None:
    """调整：这段时间由他值班，不管值班表怎么写。"""
    stretch = Stretch(duty, parse_instant(since), parse_instant(until))
    with open_app(settings) as built, built.storage.work() as rows:
        person = None if name == "-" else name
        number = put_person(rows, stretch, person, by=BY, note=note, now=read_clock())
        note_act(rows, "roster.changed", f"roster:{duty.value}", f"第 {number} 号调整，{name}")
    say(f"第 {number} 号调整：{shown_stretch(stretch)} 由 {name} 值班。")


@rosters.command("away")
def away(
    name: NameArgument,
    since: FromOption,
    until: ToOption,
    substitute: Annotated[str | None, typer.Option("--substitute", help="代班的用户名")] = None,
    settings: SettingsOption = None,
) -> None:
    """请假：这段时间不能值班；没有代班的，空档会提醒出来。"""
    with open_app(settings) as built, built.storage.work() as rows:
        number = add_absence(
            rows,
            name,
            parse_instant(since),
            parse_instant(until),
            substitute=substitute,
            by=BY,
            now=read_clock(),
        )
        note_act(rows, "roster.changed", f"user:{name}", f"第 {number} 号请假")
    say(f"第 {number} 号请假：{name}，代班 {substitute or '无人'}。")


@rosters.command("back")
def back(
    number: Annotated[int, typer.Argument(help="请假的号")], settings: SettingsOption = None
) -> None:
    """销假：从现在起恢复。"""
    with open_app(settings) as built, built.storage.work() as rows:
        rows.rosters.withdraw_absence(number, read_clock())
        note_act(rows, "roster.changed", "roster", f"第 {number} 号请假结束")
    say(f"第 {number} 号请假已结束。")


@rosters.command("withdraw")
def withdraw(
    number: Annotated[int, typer.Argument(help="调整的号")], settings: SettingsOption = None
) -> None:
    """撤回一次调整：从现在起按原来的安排。"""
    with open_app(settings) as built, built.storage.work() as rows:
        rows.rosters.withdraw_change(number, read_clock())
        note_act(rows, "roster.changed", "roster", f"第 {number} 号调整撤回")
    say(f"第 {number} 号调整已撤回。")


@rosters.command("rotate")
def rotate(
    duty: Annotated[DutyRole, typer.Argument(help="岗位")],
    people: Annotated[list[str], typer.Argument(help="用户名，按轮值的顺序")],
    since: Annotated[str, typer.Option("--from", help="第一天，例如 2026-12-01")],
    until: Annotated[str | None, typer.Option("--to", help="最后一天；不写就一直轮下去")] = None,
    each: Annotated[int, typer.Option("--each", help="每人连值几天")] = 1,
    days: Annotated[DayKind, typer.Option("--days", help="哪些日子：每天、工作日、休息日")] = (
        DayKind.EVERY
    ),
    settings: SettingsOption = None,
) -> None:
    """轮值：值班表没有写到的日子，由这些人轮流；工作日和休息日按国务院放假安排（含调休）。"""
    with open_app(settings) as built:
        starts_on, ends_on = _day(since), _day(until) if until else None
        with built.storage.work() as rows:
            rotation = Rotation(0, duty, tuple(people), starts_on, ends_on, each, days)
            number = add_rotation(rows, rotation, BY, read_clock())
            note_act(rows, "roster.changed", f"roster:{duty.value}", f"第 {number} 号轮值")
        last = ends_on or starts_on + timedelta(days=400)
        calendar = read_day_calendar(built.settings)
        if days is not DayKind.EVERY and calendar.is_provisional(last):
            say(f"{last.year} 年的放假安排还没有公布：那一年的轮值是暂定的，公布后会自动改。")
    say(f"第 {number} 号轮值：{DUTY_WORDS[duty]}，{_DAY_WORDS[days]}，{'、'.join(people)}。")


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise InputError(f"日期 {given} 看不懂，例如 2026-12-01") from None


@rosters.command("rotations")
def list_rotations(
    remove: Annotated[int | None, typer.Option("--remove", help="删去这一号轮值")] = None,
    settings: SettingsOption = None,
) -> None:
    """列出轮值，或删去一个。"""
    with open_app(settings) as built, built.storage.work() as rows:
        if remove is not None:
            rows.rosters.remove_rotation(remove)
            say(f"第 {remove} 号轮值已删去。")
        rotations = rows.rosters.list_rotations()
    for each in rotations:
        until = each.ends_on or "一直"
        typer.echo(
            f"{each.rotation_id}  {DUTY_WORDS[each.duty]}  {_DAY_WORDS[each.days]}  "
            f"每人 {each.days_each} 天  {each.starts_on} 至 {until}  {'、'.join(each.people)}"
        )


@rosters.command("swaps")
def list_swaps(settings: SettingsOption = None) -> None:
    """列出换班；提出和答复要本人在值班台上做。"""
    with open_app(settings) as built, built.storage.look() as rows:
        swaps = rows.rosters.list_swaps(list(SwapState), limit=50)
    for each in swaps:
        taken = f"，换 {shown_stretch(each.taken)}" if each.taken else ""
        at = each.proposed_at.astimezone(SHANGHAI)
        typer.echo(
            f"{each.swap_id}  {_STATE_WORDS[each.state]}  {each.proposer} → {each.other}  "
            f"{shown_stretch(each.given)}{taken}  {at:%m-%d %H:%M} 提出"
        )

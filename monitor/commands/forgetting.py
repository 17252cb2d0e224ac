"""`purge`, `hold`, `removal`: forgetting in time, keeping for a reason, removing on request."""

from datetime import datetime, time, timedelta
from typing import Annotated

import typer

from monitor.bootstrap.app import App, make_holder, read_clock
from monitor.bootstrap.keeping import read_retention_policy
from monitor.bootstrap.sources import load_sources
from monitor.commands.opening import note_act, open_app
from monitor.commands.terms import JsonOption, SettingsOption, emit, say
from monitor.domain import SHANGHAI, Forgotten, Hold, Person, Removal
from monitor.errors import InputError, NotFoundError
from monitor.purging import (
    check_may_forget,
    count_due,
    lift_holds,
    place_hold,
    purge,
    remove,
    remove_document,
)
from monitor.retention import is_active

FORGOTTEN_NAMES = {
    Forgotten.CLOSED: "已销号线索的原文",
    Forgotten.NOT_A_CLAIM: "判定不属欠薪的线索的原文",
    Forgotten.NO_CLAIM: "与欠薪线索无关的文书",
    Forgotten.REMOVAL: "应要求删除的原文",
    Forgotten.MESSAGE: "发出的提醒（内容和地址）",
    Forgotten.ISSUE: "已解决的故障记录",
    Forgotten.SIGN_IN: "过期的一次性登录",
}

holds = typer.Typer(help="保留：办案需要时，线索的原文到期不清除。", no_args_is_help=True)
removals = typer.Typer(help="删除：应要求立即清除一条原文，今后不再读取。", no_args_is_help=True)

AsOption = Annotated[str, typer.Option("--as", help="办理人的用户名")]
CaseArgument = Annotated[str, typer.Argument(help="线索编号，例如 QX2026-000012")]
DryOption = Annotated[bool, typer.Option("--dry-run", help="只数，不清除")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("purge")(purge_now)
    app.add_typer(holds, name="hold")
    app.add_typer(removals, name="removal")


def purge_now(
    dry_run: DryOption = False, settings: SettingsOption = None, as_json: JsonOption = False
) -> None:
    """清除：到期的原文、提醒和记录；只留数目。可以随时重复运行。"""
    now = read_clock()
    with open_app(settings) as built:
        policy = read_retention_policy(built.settings)
        if dry_run:
            counts, scrubbed = count_due(built.storage.look, policy, now), None
        else:
            with built.storage.work() as rows:  # before it begins: a kill leaves the line
                note_act(rows, "retention.purge", "retention")
            purged = purge(
                built.storage,
                policy,
                now,
                holder=make_holder(),
                on_progress=lambda rule, done, all_: say(f"{FORGOTTEN_NAMES[rule]}：{done}/{all_}"),
            )
            counts, scrubbed = dict(purged.counts), purged.scrubbed
    told = {rule.value: counts.get(rule, 0) for rule in Forgotten}
    if as_json:
        emit(told | {"dry_run": dry_run, "scrubbed": scrubbed})
    else:
        typer.echo("到期应清除：" if dry_run else "已清除：")
        for rule in Forgotten:
            typer.echo(f"- {FORGOTTEN_NAMES[rule]}：{counts.get(rule, 0)}")
    if scrubbed is False:
        say("数据库正被占用，磁盘上的旧内容还没有覆盖；稍后再运行一次 qingxin purge。")
        raise typer.Exit(1)


# ---------------------------------------------------------------- holds


@holds.command("add")
def add_hold(
    case: CaseArgument,
    reason: Annotated[str, typer.Option("--reason", help="为什么保留")],
    until: Annotated[str, typer.Option("--until", help="保留到哪一天，例如 2027-03-31")],
    officer: AsOption,
    settings: SettingsOption = None,
) -> None:
    """登记保留：写明理由和到期日。"""
    now = read_clock()
    with open_app(settings) as built:
        hold = place_hold(
            built.storage,
            _find_case(built, case),
            _find_person(built, officer),
            now,
            reason=reason,
            until=_parse_day(until),
            policy=read_retention_policy(built.settings),
        )
    say(f"{case}：原文保留到 {_day(hold.until_at)}，理由：{hold.reason}")


@holds.command("lift")
def lift_hold(case: CaseArgument, officer: AsOption, settings: SettingsOption = None) -> None:
    """解除保留；到期的原文下一次清除时清掉。"""
    with open_app(settings) as built:
        lifted = lift_holds(
            built.storage, _find_case(built, case), _find_person(built, officer), read_clock()
        )
    say(f"{case}：解除了 {lifted} 个保留" if lifted else f"{case}：没有正在生效的保留")


@holds.command("list")
def list_holds(settings: SettingsOption = None, as_json: JsonOption = False) -> None:
    """列出所有保留，生效的在前。"""
    now = read_clock()
    with open_app(settings) as built, built.storage.look() as rows:
        found = sorted(rows.holds.list_all(), key=lambda hold: not is_active(hold, now))
        numbers = {hold.case_id: rows.cases.get(hold.case_id).number for hold in found}
    for hold in found:
        if as_json:
            emit(_show_hold(hold, numbers[hold.case_id], now))
            continue
        state = "生效" if is_active(hold, now) else "已结束"
        typer.echo(f"{numbers[hold.case_id]}  {state}  到 {_day(hold.until_at)}  {hold.reason}")
    if not found and not as_json:
        typer.echo("没有保留。")


def _show_hold(hold: Hold, number: str, now: datetime) -> dict[str, object]:
    return {
        "case": number,
        "active": is_active(hold, now),
        "reason": hold.reason,
        "until": hold.until_at.isoformat(),
        "placed_by": hold.placed_by,
        "lifted_by": hold.lifted_by,
    }


# ---------------------------------------------------------------- removals


@removals.command("document")
def remove_one(
    number: Annotated[int, typer.Argument(help="文书编号，在线索页面上")],
    officer: AsOption,
    whole: Annotated[bool, typer.Option("--whole", help="整个帖子或信件，连同回复")] = False,
    settings: SettingsOption = None,
) -> None:
    """删除一条存下的原文：立即清除，今后不再读取。"""
    with open_app(settings) as built:
        person = _find_person(built, officer)
        count = remove_document(built.storage, number, person, read_clock(), whole_item=whole)
    say(f"已清除 {count} 份文书，今后不再读取。")


@removals.command("address")
def remove_by_key(
    source: Annotated[str, typer.Argument(help="来源的名称")],
    key: Annotated[str, typer.Argument(help="网站自己的编号，例如帖子的 tid")],
    officer: AsOption,
    settings: SettingsOption = None,
) -> None:
    """整个帖子或信件今后不再读取；存下的立即清除，没有存下的也登记。"""
    with open_app(settings) as built:
        person = _find_person(built, officer)
        check_may_forget(person)
        known = {each.name for each in load_sources(built)[0]}
        if source not in known:
            raise NotFoundError(f"没有叫 {source} 的来源；有：{'、'.join(sorted(known))}")
        count = remove(
            built.storage, Removal(source, key, whole_item=True, removed_at=read_clock(),
                                   removed_by=person.username)
        )  # fmt: skip
    say(f"已清除 {count} 份文书，{source} 的 {key} 今后不再读取。")


@removals.command("list")
def list_removals(settings: SettingsOption = None) -> None:
    """列出已删除的：来源、编号、日期，没有内容，也没有提出要求的人。"""
    with open_app(settings) as built, built.storage.look() as rows:
        found = rows.removals.list_all()
    for each in found:
        what = "整个帖子" if each.whole_item else "一条"
        typer.echo(f"{_day(each.removed_at)}  {each.source}  {each.key}  {what}")
    if not found:
        typer.echo("没有删除过。")


# ---------------------------------------------------------------- what people write


def _find_person(built: App, username: str) -> Person:
    with built.storage.look() as rows:
        person = rows.users.find(username)
    if person is None:
        raise NotFoundError(f"没有叫 {username} 的用户；qingxin user list 可以看有哪些")
    return person


def _find_case(built: App, number: str) -> int:
    with built.storage.look() as rows:
        found = rows.cases.find_number(number)
    if found is None:
        raise NotFoundError(f"没有编号为 {number} 的线索")
    return found


def _parse_day(given: str) -> datetime:
    """The end of a day in Shanghai, in UTC."""
    try:
        day = datetime.fromisoformat(given).date()
    except ValueError:
        raise InputError(f"{given} 看不懂；日期写成 2027-03-31") from None
    return datetime.combine(day + timedelta(days=1), time(0), SHANGHAI)


def _day(at: datetime) -> str:
    return f"{(at - timedelta(seconds=1)).astimezone(SHANGHAI):%Y-%m-%d}"

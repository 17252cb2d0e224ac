"""`user`: who may sign in, and how he is told."""

from typing import Annotated

import typer

from monitor.bootstrap.app import read_clock
from monitor.bootstrap.sign_in import make_sign_in
from monitor.commands.opening import note_act, open_app
from monitor.commands.terms import JsonOption, SettingsOption, emit, say
from monitor.desk.passwords import hash_password
from monitor.domain import Contact, Person, Role
from monitor.errors import InputError, NotFoundError, RefusedError
from monitor.refusals import read_role
from monitor.storage.repositories import Rows

_LEAST_PASSWORD = 12

users = typer.Typer(help="用户：谁能登录，怎样找到他。", no_args_is_help=True)

_ROLES = "角色：" + "、".join(Role)


def _parse_role(given: str) -> Role:
    try:
        return read_role(given)
    except RefusedError as error:
        raise typer.BadParameter(str(error)) from None


NameArgument = Annotated[str, typer.Argument(help="用户名")]
ContactOption = Annotated[
    list[str] | None,
    typer.Option("--channel", help="渠道名，或 渠道名=地址；可重复，例如 mail=zhou@example.gov.cn"),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(users, name="user")


# ---------------------------------------------------------------- user


@users.command("add")
def add_user(
    name: NameArgument,
    role: Annotated[Role, typer.Option("--role", parser=_parse_role, help=_ROLES)],
    shown: Annotated[str | None, typer.Option("--name", help="姓名，值班表里用的")] = None,
    channel: ContactOption = None,
    ask_password: Annotated[bool, typer.Option("--password", help="现在设密码")] = False,
    settings: SettingsOption = None,
) -> None:
    """加一个用户；打印一次性登录地址。"""
    with open_app(settings) as built:
        contacts = _parse_contacts(channel or [], set(built.settings.channels))
        password_hash = _ask_password() if ask_password else None
        with built.storage.work() as rows:
            if rows.users.find(name) is not None:
                raise InputError(f"已经有用户 {name}；改渠道用 qingxin user contact")
            person = Person(name, shown or name, role, contacts)
            rows.users.add(person, password_hash, read_clock())
            note_act(rows, "user.added", f"user:{name}", role.value)
        say(f"已加 {person.display_name}（{role.value}），渠道 {len(contacts)} 个。")
        if not contacts:
            say("还没有渠道，收不到提醒：qingxin user contact NAME --channel 渠道名")


def _ask_password() -> str:
    password = typer.prompt("密码", hide_input=True, confirmation_prompt="再输一遍", err=True)
    if len(password) < _LEAST_PASSWORD:
        raise InputError(f"密码至少 {_LEAST_PASSWORD} 个字符")
    return hash_password(password)


def _parse_contacts(given: list[str], known: set[str]) -> tuple[Contact, ...]:
    contacts = []
    for each in given:
        channel, _, address = each.partition("=")
        if channel not in known:
            raise InputError(f"没有渠道 {channel}；设置里有：{'、'.join(sorted(known))}")
        contacts.append(Contact(channel, address))
    return tuple(contacts)


def get_person(rows: Rows, name: str) -> Person:
    """Return a user.

    Raises:
        NotFoundError: There is none of this name.
    """
    person = rows.users.find(name)
    if person is None:
        raise NotFoundError(f"没有用户 {name}；现有：{_names(rows)}")
    return person


def _names(rows: Rows) -> str:
    return "、".join(each.username for each in rows.users.list_all()) or "（无）"


@users.command("disable")
def disable_user(name: NameArgument, settings: SettingsOption = None) -> None:
    """停用一个用户；他的登录立即失效。"""
    with open_app(settings) as built, built.storage.work() as rows:
        person = get_person(rows, name)
        rows.users.save(
            Person(person.username, person.display_name, person.role, person.contacts, True)
        )
        rows.accounts.end_sessions(name)
        note_act(rows, "user.changed", f"user:{name}", "停用")
    say(f"已停用 {name}。")


@users.command("contact")
def set_contacts(
    name: NameArgument, channel: ContactOption = None, settings: SettingsOption = None
) -> None:
    """设一个用户的全部渠道。"""
    with open_app(settings) as built:
        contacts = _parse_contacts(channel or [], set(built.settings.channels))
        with built.storage.work() as rows:
            person = get_person(rows, name)
            rows.users.save(
                Person(name, person.display_name, person.role, contacts, person.disabled)
            )
            note_act(
                rows, "user.contacts", f"user:{name}", "、".join(each.channel for each in contacts)
            )
    say(f"{name} 现有渠道 {len(contacts)} 个。")


@users.command("list")
def list_users(settings: SettingsOption = None, as_json: JsonOption = False) -> None:
    """列出用户；不显示地址。"""
    with open_app(settings) as built, built.storage.look() as rows:
        people = rows.users.list_all()
    for each in people:
        channels = [contact.channel for contact in each.contacts]
        if as_json:
            emit(
                {
                    "name": each.username,
                    "role": each.role.value,
                    "channels": channels,
                    "disabled": each.disabled,
                }
            )
        else:
            state = "（停用）" if each.disabled else ""
            typer.echo(
                f"{each.username}  {each.display_name}  {each.role.value}  "
                f"{'、'.join(channels) or '没有渠道'}{state}"
            )


@users.command("sign-in")
def print_sign_in(name: NameArgument, settings: SettingsOption = None) -> None:
    """给一个用户一次性登录地址（12 小时内，用一次）。"""
    with open_app(settings) as built:
        with built.storage.work() as rows:
            get_person(rows, name)
            note_act(rows, "user.link", f"user:{name}")
        typer.echo(make_sign_in(built, read_clock(), name))

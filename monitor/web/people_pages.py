"""One's own account, and the administrator's pages: users and tokens of programs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template
from litestar.status_codes import HTTP_200_OK

from monitor.desk.sign_ins import MOST_SESSIONS
from monitor.desk.tokens import Scope
from monitor.domain import Role
from monitor.errors import InputError, NotFoundError, mark
from monitor.web.entry import LONGEST_INPUT, could_be_ours
from monitor.web.life import as_list
from monitor.web.pages import RowNumber
from monitor.web.reading_forms import FormReader
from monitor.web.sessions import find_own_key, open_session
from monitor.web.visit import Here, Visit

LONGEST_NAME = 40
OTHERS = "others"
"""Stands for all of one's sessions but this one."""


@dataclass(frozen=True, slots=True)
class PeopleForm:
    """What these forms send; each reads its own fields."""

    username: str = ""
    name: str = ""
    role: str = ""
    disabled: str = ""
    old: str = ""
    new: str = ""
    again: str = ""
    days: str = ""
    code: str = ""
    session: str = ""
    scopes: list[str] | str = field(default_factory=list)


Form = URLEncodedBody[PeopleForm]


@get("/account", sync_to_thread=True)
def show_account(visit: Here) -> Template:
    """One's own account."""
    return account_page(visit)


def account_page(visit: Visit, codes: Sequence[str] = ()) -> Template:
    """Show the page, once with the codes that are shown only once."""
    username = visit.person.username
    return visit.page(
        "account.html",
        security=visit.office.people.get_security(username),
        codes=codes,
        codes_left=visit.office.recovery.count(username),
        sessions=visit.office.people.list_sessions(visit.person, visit.now),
        own_key=find_own_key(visit.request, visit.house.settings),
        most_sessions=MOST_SESSIONS,
    )


@post("/account/sessions", sync_to_thread=True)
def end_sessions(visit: Here, data: Form) -> Response[Any]:
    """End one of one's other sessions, or all of them; a proof shows who asks."""
    people, proof = visit.office.people, data.code[:LONGEST_INPUT]
    if data.session == OTHERS:
        epoch = people.end_other_sessions(visit.person, proof, visit.now)
        open_session(visit.request, visit.person, visit.now, epoch)
    elif data.session == find_own_key(visit.request, visit.house.settings):
        raise InputError(visit.language.gettext("这是现在用的登录，请用“退出”结束它。"))
    else:
        people.end_session(visit.person, known(data.session), proof, visit.now)
    return visit.redirect("/account?done=session")


@post("/account/recovery", sync_to_thread=True, status_code=HTTP_200_OK)
def make_recovery_codes(visit: Here, data: Form) -> Template:
    """Make recovery codes; the phone's code shows that it is the owner who asks."""
    return account_page(visit, visit.office.recovery.make(visit.person, data.code, visit.now))


@post("/account/password", sync_to_thread=True)
def change_password(visit: Here, data: Form) -> Response[Any]:
    """Change one's password; every session but this one ends."""
    if data.new != data.again:
        raise InputError(visit.language.gettext("两次输入的新密码不一样。"))
    epoch = visit.office.people.change_password(visit.person, data.old, data.new, visit.now)
    open_session(visit.request, visit.person, visit.now, epoch)
    return visit.redirect("/account?done=password")


@get("/users", sync_to_thread=True)
def list_users(visit: Here) -> Template:
    """Every account and every token."""
    return users_page(visit)


def users_page(visit: Visit, *, link: str = "", token: str = "") -> Template:
    """Show the page, once with what is shown only once."""
    people = visit.office.people
    return visit.page(
        "users.html",
        accounts=people.list_accounts(visit.person),
        tokens=people.list_tokens(visit.person),
        roles=tuple(Role),
        scopes=tuple(Scope),
        link=link,
        token=token,
    )


@post("/users", sync_to_thread=True)
def add_user(visit: Here, data: Form) -> Response[Any]:
    """Add an account; its one-time sign-in is shown once."""
    read = FormReader(visit.language)
    username = read.text(mark("用户名"), data.username, longest=LONGEST_NAME, needed=True)
    if not all(each.isalnum() or each in "._-" for each in username):
        raise InputError(visit.language.gettext("用户名只用字母、数字、点、横线。"))
    link = visit.office.people.add_user(
        visit.person,
        username=username,
        name=read.text(mark("姓名"), data.name, longest=LONGEST_NAME, needed=True),
        role=read.choice(mark("角色"), Role, data.role),
        now=visit.now,
    )
    return users_page(visit, link=link)


@post("/users/{username:str}/change", sync_to_thread=True)
def change_user(visit: Here, username: FromPath[str], data: Form) -> Response[Any]:
    """Change a role, or disable or enable."""
    role = FormReader(visit.language).choice(mark("角色"), Role, data.role)
    visit.office.people.change_user(
        visit.person, known(username), role=role, disabled=bool(data.disabled), now=visit.now
    )
    return visit.redirect("/users?done=saved")


@post("/users/{username:str}/link", sync_to_thread=True)
def make_link(visit: Here, username: FromPath[str]) -> Response[Any]:
    """Make a one-time sign-in for somebody."""
    link = visit.office.people.make_link(visit.person, known(username), visit.now)
    return users_page(visit, link=link)


@post("/users/{username:str}/totp-reset", sync_to_thread=True)
def reset_totp(visit: Here, username: FromPath[str]) -> Response[Any]:
    """Take a lost second factor away."""
    visit.office.people.reset_totp(visit.person, known(username), visit.now)
    return visit.redirect("/users?done=saved")


@post("/users/{username:str}/sign-out", sync_to_thread=True)
def sign_somebody_out(visit: Here, username: FromPath[str]) -> Response[Any]:
    """End every session of somebody."""
    visit.office.people.end_sessions_of(visit.person, known(username), visit.now)
    return visit.redirect("/users?done=saved")


@post("/users/sign-out", sync_to_thread=True)
def sign_everybody_out(visit: Here) -> Response[Any]:
    """End every session of everybody else."""
    visit.office.people.end_everybodys_sessions(visit.person, visit.now)
    return visit.redirect("/users?done=signed-out")


@post("/tokens", sync_to_thread=True)
def make_token(visit: Here, data: Form) -> Response[Any]:
    """Make a token for a program; it is shown once."""
    read = FormReader(visit.language)
    token = visit.office.people.make_token(
        visit.person,
        name=read.text(mark("用途"), data.name, longest=LONGEST_NAME, needed=True),
        scopes=[read.choice(mark("权限"), Scope, each) for each in as_list(data.scopes)],
        days=read.count(mark("有效天数"), data.days),
        now=visit.now,
    )
    return users_page(visit, token=token)


@post("/tokens/{row_id:int}/revoke", sync_to_thread=True)
def revoke_token(visit: Here, row_id: RowNumber) -> Response[Any]:
    """End a token at once."""
    visit.office.people.revoke_token(visit.person, row_id, visit.now)
    return visit.redirect("/users?done=saved")


def known(username: str) -> str:
    """Keep from the database what no name of ours is.

    Raises:
        NotFoundError: Nobody can have that name.
    """
    if not could_be_ours(username):
        raise NotFoundError
    return username


PEOPLE = [
    show_account,
    change_password,
    make_recovery_codes,
    end_sessions,
    sign_somebody_out,
    sign_everybody_out,
    list_users,
    add_user,
    change_user,
    make_link,
    reset_totp,
    make_token,
    revoke_token,
]

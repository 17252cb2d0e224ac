"""What this software refuses, each with the sentence that says why; asked where it would happen.

The list is section 1 of the design. Whoever adds a column, a field, a role, a body or a report
about the people who speak is stopped here, by the program, before a test says so.
"""

import inspect
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from monitor.domain import ReferralBody, Role
from monitor.errors import RefusedError

Noun = TypeVar("Noun")


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that is refused: a name for tests, what is not done, and why."""

    key: str
    sentence: str
    why: str


SIGN_IN = Refusal(
    "sign_in",
    "只读不用登录就能看的公开页面；不登录、不破验证码、不换代理、不进私人群组，遵守 robots.txt。",
    "要登录才能看的话，不是说给所有人听的；绕过网站的限制，就是闯进别人家。",
)
AUTHOR = Refusal(
    "author",
    "不存是谁写的：姓名、账号、头像、IP、属地在第一次写入前去掉；电话、证件号、银行卡号、车牌、"
    "微信、住址和文中介绍的姓名遮盖。",
    "记录的对象是用人单位、项目和一笔钱，从来不是说话的人；存下来的，就会有人来要。",
)
PROTEST = Refusal(
    "protest",
    "只按欠薪的人数、金额、时间、期限和人身危险排先后；文中提到聚集、上访、找媒体、打官司，不加分也不减分，"
    "没有这样的栏目、标签、统计和报表。",
    "说话的人因为说话被另眼相看，以后就没有人说话，也就没有人被找到。",
)
ROUTE = Refusal(
    "route",
    "只转给能让工资发下来的部门，以及法院、仲裁、法律援助和工会；名单是封闭的。",
    "交给管帖子而不管工资的人，帖子会消失，工资不会来。",
)
ROLE = Refusal(
    "role",
    "用户的角色是封闭的名单，每一种都为发工资做事；没有以帖子为业务的角色。",
    "能看到原文的人，都必须是能帮上忙的人。",
)
LABEL = Refusal(
    "label",
    "不要求删帖；没有“谣言”“恶意”“煽动”这类标签，也没有地方放。",
    "说法对不对，由核实工资来回答，不由给人贴标签来回答。",
)
POSTING = Refusal(
    "posting",
    "不自动发帖、回帖，不代替任何人办事；公开答复由工作人员写、由工作人员署名。",
    "机器的话没有人负责。",
)
PERSON = Refusal(
    "person",
    "不给任何人建档；不因为是同一个人写的而把两条消息放到一起，到期就忘。",
    "一个人的历次发言放在一起，就是一份档案；欠薪的单位才该有档案。",
)
REFUSALS = (SIGN_IN, AUTHOR, PROTEST, ROUTE, ROLE, LABEL, POSTING, PERSON)
"""Everything that is refused, in the order in which it is told."""

_NAMES_OF_SPEAKERS = frozenset(
    {"author", "authors", "authorid", "poster", "speaker", "speakers", "writer", "nickname"}
    | {"handle", "avatar", "uid", "petitioner", "complainant", "whistleblower", "informant"}
    | {"ip", "ipaddress", "homeplace", "hometown", "ethnicity", "gender", "religion", "sender"}
)
_NAMES_OF_JOINS = frozenset(
    {"join", "joins", "joined", "same", "merge", "group", "grouped", "history", "profile", "link"}
)
_NAMES_OF_PROTEST = frozenset(
    {"protest", "protests", "petition", "petitions", "petitioning", "gathering", "gatherings"}
    | {"rally", "assembly", "press", "media", "journalist", "journalists", "rumour", "rumours"}
    | {"rumor", "rumors", "malice", "malicious", "agitator", "agitators", "instigator"}
    | {"incitement", "attitude", "loyalty", "stability", "sensitive", "sensitivity", "opinion"}
    | {"propaganda", "censorship", "takedown", "blacklist", "troublemaker", "troublemakers"}
    | {"surveillance"}
)
_WORDS_OF_PROTEST = re.compile(
    "上访|信访量|越级|聚集|群体性|维稳|稳控|舆情|舆论|谣言|造谣|恶意|煽动|闹事|闹薪|挑头|带头人|重点人|"
    "敏感|媒体曝光|记者|删帖|封号|境外|情绪倾向|政治"
)
_WORDS_OF_SPEAKERS = re.compile(
    "发帖人|作者|来信人|网名|昵称|账号名|头像|属地(?!责任领导)|民族|籍贯|性别|年龄"
)


def check_names(names: Iterable[str], where: str) -> None:
    """Refuse names of columns and fields (snake_case) that are about who speaks, or how.

    Raises:
        RefusedError: One of them is; the message says why.
    """
    for name in names:
        parts = set(re.split(r"[_\W]+", name.lower()))
        if parts & _NAMES_OF_SPEAKERS:
            refusal = PERSON if parts & _NAMES_OF_JOINS else AUTHOR
            raise _refuse(refusal, f"{where}.{name}")
        if parts & _NAMES_OF_PROTEST:
            raise _refuse(PROTEST, f"{where}.{name}")


def compares_no_speakers(noun: type[Noun]) -> type[Noun]:
    """Refuse a noun with a field for who speaks, where it is declared (a class decorator).

    Raises:
        RefusedError: It has one; the message says why.
    """
    check_names(inspect.get_annotations(noun), noun.__name__)
    return noun


def check_headings(headings: Iterable[str], where: str) -> None:
    """Refuse headings of tables, reports and exports that are about who speaks, or how.

    Raises:
        RefusedError: One of them is; the message says why.
    """
    for heading in headings:
        if _WORDS_OF_PROTEST.search(heading):
            raise _refuse(PROTEST, f"{where}：{heading}")
        if _WORDS_OF_SPEAKERS.search(heading):
            raise _refuse(AUTHOR, f"{where}：{heading}")


def read_role(given: str) -> Role:
    """Understand a role.

    Raises:
        RefusedError: It is not in the closed list; the message holds the list and why it is closed.
    """
    try:
        return Role(given)
    except ValueError:
        raise _refuse(ROLE, given, [role.value for role in Role]) from None


def read_body(given: str) -> ReferralBody:
    """Understand whom a case is referred to.

    Raises:
        RefusedError: It is not in the closed list; the message holds the list and why it is closed.
    """
    try:
        return ReferralBody(given)
    except ValueError:
        raise _refuse(ROUTE, given, [body.value for body in ReferralBody]) from None


def explain_sign_in(key: str) -> str | None:
    """The sentence for a key of a source file that would sign in or get around a limit, or None."""
    asks = re.search(
        r"user|login|password|passwd|cookie|token|session|account|captcha|proxy|proxies|"
        r"ignore_robots|obey_robots|robots|auth|credential|api_?key",
        key.lower(),
    )
    return f"{SIGN_IN.sentence}{SIGN_IN.why}" if asks else None


def _refuse(refusal: Refusal, what: str, allowed: Iterable[str] = ()) -> RefusedError:
    options = "、".join(allowed)
    only = f"只有：{options}。" if options else ""
    return RefusedError(f"{what}：清薪不做这个。{refusal.sentence}{refusal.why}{only}")

"""`disclose`: what is watched, held, kept how long, seen by whom, and refused; fit to be published.

Everything is read from the running system: its sources, its settings, its database, its closed
lists. Counts under five could point to somebody and are not told; no total gives them away.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import typer

from monitor.bootstrap import App, read_clock
from monitor.commands.forgetting import FORGOTTEN_NAMES
from monitor.commands.terms import JsonOption, SettingsOption, emit, open_app
from monitor.domain import SHANGHAI, Basis, CaseState, Forgotten, ReferralBody, Role, Source
from monitor.purging import MAY_FORGET
from monitor.refusals import REFUSALS
from monitor.reports.words import STATE_NAMES
from monitor.retention import RetentionPolicy, is_active
from monitor.web.labels import LABELS
from spiders.masking_spans import Kind

LEAST_SHOWN = 5
"""Counts below this could point to somebody, so they are not published."""

FEW = "少于5"

BASIS_NAMES = {
    Basis.ADDRESSED_TO_AUTHORITY: "群众写给政府部门的公开留言",
    Basis.HELP_SECTION: "本地论坛的公开求助版块",
    Basis.NEWS: "公开新闻",
}

PURPOSE = (
    "清薪在公开的地方寻找拖欠工资的线索，告诉劳动保障监察机构，直到工资发到手。"
    "每一条记录的对象是用人单位、项目和一笔钱，不是说话的人。"
)

MASKED_NAMES = {
    Kind.PHONE: "电话",
    Kind.IDENTITY: "身份证号",
    Kind.BANK_CARD: "银行卡号",
    Kind.PLATE: "车牌",
    Kind.WECHAT: "微信",
    Kind.QQ: "QQ",
    Kind.ACCOUNT: "账号",
    Kind.EMAIL: "邮箱",
    Kind.HOME: "住址",
    Kind.NAME: "文中介绍的姓名",
}

REMOVAL = (
    "写的人或者文中提到的人，可以要求删除：告诉我们网页的地址即可，不用说明理由，也不用证明自己是谁。",
    "工作人员在线索页面上办理：存下的原文立即清除，这一条（或者整个帖子）今后不再读取。",
    "只记下网站的编号和办理人，以免再读；不记是谁提出的。正在保留的，告知理由和到期日，到期即清除。",
    "原网页由网站管理，我们不删除，也不要求网站删除。",
)

SEEN_BY = (
    "能打开原文的只有登录的工作人员；办理的每一步都留有记录。",
    "发给用人单位和其他部门的材料，由工作人员根据线索另写，不附原文。",
    "提醒里只有用人单位或项目、地点、人数、金额、紧急程度和一个用来确认的链接，没有原文。",
)


@dataclass(frozen=True, slots=True)
class Held:
    """What the database holds: texts that have words, cases, holds, and what was forgotten."""

    documents: int
    cases: Mapping[CaseState, int]
    forgotten: Mapping[Forgotten, int] = field(default_factory=dict)
    holds: int = 0


def disclose(settings: SettingsOption = None, as_json: JsonOption = False) -> None:
    """看什么、存什么、存多久、谁看、怎样删除、不做什么：可以公开。"""
    with open_app(settings) as built:
        told = tell(built)
    if as_json:
        emit(told)
        return
    for line in write_page(told):
        typer.echo(line)


def tell(built: App) -> dict[str, Any]:
    """Everything that is told, as data."""
    sources, _ = built.load_sources()
    now = read_clock()
    with built.storage.look() as rows:
        held = Held(
            documents=rows.retention.count_texts(),
            cases=rows.cases.count_by_state(),
            forgotten=rows.retention.count_forgotten(),
            holds=sum(is_active(hold, now) for hold in rows.holds.list_all()),
        )
    return {
        "made_at": now.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        "purpose": PURPOSE,
        "watched": [_show_source(each) for each in sources if each.enabled],
        "user_agent": built.user_agent,
        "masked": [MASKED_NAMES[kind] for kind in Kind],
        "held": show_held(held),
        "retention": [*say_retention(built.retention_policy)],
        "seen_by": {
            "roles": [str(LABELS[Role][role]) for role in Role],
            "may_remove": [str(LABELS[Role][role]) for role in Role if role in MAY_FORGET],
            "rules": SEEN_BY,
        },
        "referred_to": [str(LABELS[ReferralBody][body]) for body in ReferralBody],
        "removal": REMOVAL,
        "contact": built.settings.collect.contact,
        "refusals": [{"what": each.sentence, "why": each.why} for each in REFUSALS],
    }


def write_page(told: Mapping[str, Any]) -> Iterator[str]:
    """The same in sentences, a line each."""
    yield f"清薪公开说明　{told['made_at']}\n\n{told['purpose']}\n\n一、看什么"
    for number, source in enumerate(told["watched"], 1):
        yield f"{number}. {source['title']}\n   {source['basis']}；每隔{source['every']}看一次"
        yield f"   {source['address']}"
    if not told["watched"]:
        yield "目前没有在看任何地方。"
    yield f"采集时自报名称：{told['user_agent']}"
    yield "\n二、存什么"
    yield f"写入之前遮盖：{'、'.join(told['masked'])}。谁写的不读不存，网页原样不存。"
    yield f"现存原文（遮盖后）：{told['held']['documents']} 份。"
    yield f"线索，按现在的状态（不足 {LEAST_SHOWN} 的写“{FEW}”，不给合计）："
    yield from (f"- {state}：{count} 件" for state, count in told["held"]["cases"].items())
    yield f"办案需要、到期暂不清除的保留：{told['held']['holds']} 个"
    yield "已经清除、只留数目："
    yield from (f"- {name}：{count}" for name, count in told["held"]["forgotten"].items())
    yield "\n三、存多久"
    yield from told["retention"]
    yield "\n四、谁能看"
    yield f"用户只有这几种：{'、'.join(told['seen_by']['roles'])}。"
    yield from told["seen_by"]["rules"]
    yield f"只转给：{'、'.join(told['referred_to'])}。"
    yield "\n五、怎样要求删除"
    yield from told["removal"]
    yield f"可以办理的人：{'、'.join(told['seen_by']['may_remove'])}。联系：{told['contact']}"
    yield "\n六、不做什么"
    for number, refusal in enumerate(told["refusals"], 1):
        yield f"{number}. {refusal['what']}\n   为什么：{refusal['why']}"


def say_retention(policy: RetentionPolicy) -> Iterator[str]:
    """How long each kind is kept, a sentence each."""
    yield f"线索的原文：销号后 {_days(policy.closed_texts)}清除；没有销号的线索，办结之前保留。"
    yield f"判定不属欠薪的线索的原文：判定后 {_days(policy.not_a_claim_texts)}清除。"
    yield f"与欠薪无关的文书：读到后 {_days(policy.no_claim_texts)}清除。"
    yield f"发出的提醒的内容和收件地址：{_days(policy.sent_messages)}后清除。"
    yield f"故障记录：解决后 {_days(policy.closed_issues)}清除。"
    yield (
        f"办案需要时可以登记保留，必须写明理由和到期日，最长 {_days(policy.longest_hold)}"
        "；到期没有重新登记的，照常清除。"
    )
    yield "线索的登记内容（用人单位、项目、地点、人数、金额、办理过程）没有原文，按档案规定保管。"
    yield "网站自己的编号留下，以免把清除过的再读回来；各种数目留下。"
    yield "日志不含原文，按大小轮换。备份里的原文随备份的轮换消失；恢复备份后立即按上述期限再清除。"


def _show_source(source: Source) -> dict[str, str]:
    address = urlsplit(source.url)
    # An address may carry a password before the @; what is published may not.
    public = urlunsplit(address._replace(netloc=address.netloc.rpartition("@")[2]))
    return {
        "title": source.title,
        "basis": BASIS_NAMES[source.basis],
        "every": _say(source.poll_every),
        "address": public,
    }


def show_held(held: Held) -> dict[str, Any]:
    """Counts fit to be published; a total of cases would give the small ones away."""
    return {
        "documents": _public(held.documents),
        "cases": {name: _public(held.cases.get(state, 0)) for state, name in STATE_NAMES.items()},
        "holds": _public(held.holds),
        "forgotten": {
            name: _public(held.forgotten.get(kind, 0)) for kind, name in FORGOTTEN_NAMES.items()
        },
    }


def _public(count: int) -> int | str:
    return count if count >= LEAST_SHOWN else FEW


def _days(span: timedelta) -> str:
    return f"{span.days} 天"


def _say(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for size, unit in ((86_400, "天"), (3_600, "小时"), (60, "分钟")):
        if seconds >= size and seconds % size == 0:
            return f" {seconds // size} {unit}"
    return f" {seconds} 秒"

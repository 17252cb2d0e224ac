"""`disclose`: what is watched, held, kept how long, and refused; fit to be published."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import typer

from monitor.bootstrap import App, read_clock
from monitor.commands.terms import JsonOption, SettingsOption, emit, open_app
from monitor.domain import SHANGHAI, Basis, CaseState, Source
from monitor.reports.words import STATE_NAMES

LEAST_SHOWN = 5
"""Counts below this could point to somebody, so they are not published."""

FEW = "少于5"

BASIS_NAMES = {
    Basis.ADDRESSED_TO_AUTHORITY: "群众写给政府部门的公开留言",
    Basis.HELP_SECTION: "本地论坛的公开求助版块",
    Basis.NEWS: "公开新闻",
}

PURPOSE = "清薪在公开的地方寻找拖欠工资的线索，告诉劳动保障监察机构，直到工资发到手。"

RETENTION = (
    "设置里没有保留期限，到期自动清除的功能还没有做：存下的文书和线索目前不会自动删除。",
    "抓取的网页原样不存，读完即弃。",
)

REFUSALS = (
    "只读不用登录就能看的公开页面；不登录、不破验证码、不换代理、不进私人群组，遵守 robots.txt。",
    "不存是谁写的：姓名、账号、头像、IP、属地在第一次写入前去掉；电话、身份证号、银行卡号遮盖。",
    "只按欠薪的人数、金额、时间、期限和人身危险排先后；文中提到聚集、上访、找媒体、打官司，不影响排序。",
    "只转给能让工资发下来的部门，以及法院、仲裁、法律援助和工会；不转给管帖子的人。",
    "不要求删帖；没有“谣言”“恶意”“煽动”这类标签，也没有地方放。",
    "不自动发帖、回帖，不代替任何人办事；公开答复由工作人员写、由工作人员署名。",
    "不给任何人建档；不因为是同一个人写的而把两条消息放到一起。",
)


@dataclass(frozen=True, slots=True)
class Held:
    """What the database holds."""

    documents: int
    cases: Mapping[CaseState, int]


def disclose(settings: SettingsOption = None, as_json: JsonOption = False) -> None:
    """看什么、存什么、存多久、不做什么：可以公开。"""
    with open_app(settings) as built:
        told = _tell(built)
    if as_json:
        emit(told)
        return
    typer.echo(f"清薪公开说明　{told['made_at']}\n\n{told['purpose']}\n\n一、看什么")
    for number, source in enumerate(told["watched"], 1):
        typer.echo(f"{number}. {source['title']}\n   {source['basis']}\n   {source['address']}")
    if not told["watched"]:
        typer.echo("目前没有在看任何地方。")
    typer.echo(f"采集时自报名称：{told['user_agent']}")
    typer.echo(f"\n二、存什么\n文书：{told['held']['documents']} 份（遮盖后的文字，没有作者）。")
    typer.echo(f"线索，按现在的状态（不足 {LEAST_SHOWN} 的写“{FEW}”）：")
    for state, count in told["held"]["cases"].items():
        typer.echo(f"- {state}：{count} 件")
    typer.echo("\n三、存多久")
    for sentence in told["retention"]:
        typer.echo(sentence)
    typer.echo("\n四、不做什么")
    for number, sentence in enumerate(told["refusals"], 1):
        typer.echo(f"{number}. {sentence}")


def _tell(built: App) -> dict[str, Any]:
    sources, _ = built.load_sources()
    with built.storage.look() as rows:
        held = Held(rows.reporting.count_all_documents(), rows.cases.count_by_state())
    return {
        "made_at": read_clock().astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        "purpose": PURPOSE,
        "watched": [_show_source(each) for each in sources if each.enabled],
        "user_agent": built.user_agent,
        "held": show_held(held),
        "retention": RETENTION,
        "refusals": REFUSALS,
    }


def _show_source(source: Source) -> dict[str, str]:
    address = urlsplit(source.url)
    # An address may carry a password before the @; what is published may not.
    public = urlunsplit(address._replace(netloc=address.netloc.rpartition("@")[2]))
    return {"title": source.title, "basis": BASIS_NAMES[source.basis], "address": public}


def show_held(held: Held) -> dict[str, Any]:
    """Counts fit to be published; a total of cases would give the small ones away."""
    return {
        "documents": _public(held.documents),
        "cases": {name: _public(held.cases.get(state, 0)) for state, name in STATE_NAMES.items()},
    }


def _public(count: int) -> int | str:
    return count if count >= LEAST_SHOWN else FEW

"""The words that people read in an alert. Pure.

A card is written from the case and from nothing else: employer or project, place, number of
workers, sum, urgency and its reasons, and a link. No sentence of a message, and no word about who
wrote it. What the case does not know is said as 未说明, never guessed.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from alerts.ladder import COPY
from monitor.domain import (
    SHANGHAI,
    AlertCard,
    AlertReason,
    Case,
    DutyRole,
    NewAlert,
    ShortWords,
    UrgencyLevel,
)
from monitor.duty_nouns import Notice

UNKNOWN = "未说明"
"""What stands where the case does not know."""

MARK = "清薪"

LEVEL_WORDS = {
    UrgencyLevel.ROUTINE: "一般",
    UrgencyLevel.RAISED: "较急",
    UrgencyLevel.HIGH: "紧急",
    UrgencyLevel.CRITICAL: "特急",
}

DUTY_WORDS = {
    DutyRole.OFFICER: "值班员",
    DutyRole.BACKUP: "备班",
    DutyRole.LEADER: "带班领导",
    DutyRole.BUREAU_LEADER: "局领导",
}

REASON_WORDS = {
    AlertReason.CASE_OPENED: "新发现欠薪",
    AlertReason.CASE_WORSENED: "欠薪情况加重",
    AlertReason.CASE_REOPENED: "欠薪线索重新打开",
    AlertReason.DEADLINE_NEAR: "欠薪线索期限将到或已过",
    AlertReason.TEST: "测试",
    AlertReason.SOURCE_FAULT: "来源异常",
    AlertReason.CANARY: "全程自检",
    AlertReason.REPORT: "报告",
    AlertReason.CASE_UNTOUCHED: "久未处置",
    AlertReason.ROSTER_TROUBLE: "值班表有缺",
    AlertReason.SWAP_PROPOSED: "有人请您换班",
    AlertReason.HANDOVER_OPEN: "交接班未完成",
    AlertReason.VISITS_DUE: "巡查到期",
}

CARE_LINES = (
    "这是一个人在求助：先保人，再谈薪。",
    "请督察员立即电话联系，联系不上就到场；不要等到上班。",
    "情况危急拨打 120；可提供心理援助热线 12356（24 小时）。",
)
"""What to do when a life may be in danger.

Source:
    急救电话 120; 全国统一心理援助热线 12356, National Health Commission, in service since 2025.
"""

_LONGEST_FACT = 60
_LONGEST_REASON = 80
_MOST_REASONS = 5
_YUAN_IN_WAN = 10_000
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3000\ufeff]+")


def word_alert(
    case: Case,
    new_alert: NewAlert,
    *,
    desk_url: str,
    ack_code: str,
    now: datetime,
    shown_person_name: str | None,
) -> AlertCard:
    """Write the message of one alert about a case.

    Args:
        case: As it stands now; the only place the facts come from.
        new_alert: Who is told, at which step, and why.
        desk_url: Where the desk is reached from outside.
        ack_code: The single-use code by which this alert is acknowledged.
        now: When the card is written; shown in Asia/Shanghai.
        shown_person_name: The name of the person who is told; None where the roster has a gap.

    Returns:
        A card that is kept, so that every try sends the same bytes.
    """
    subject = _known(case.employer or case.project)
    level = LEVEL_WORDS[case.level]
    care: tuple[str, ...] = ()
    title = f"【{MARK}】{level}·{REASON_WORDS[new_alert.reason]}：{subject}"
    if case.danger_to_life:
        care = CARE_LINES
        title = f"【{MARK}】人命关天·可能有人有生命危险，请立即联系：{subject}"
    return AlertCard(
        title=title,
        lines=(*care, *_fact_lines(case), *_duty_lines(new_alert, now, shown_person_name)),
        link=acknowledge_link(desk_url, ack_code),
        urgent=case.danger_to_life or case.level >= UrgencyLevel.HIGH,
        made_at=now,
        short=_short_words(case),
        danger_to_life=case.danger_to_life,
    )


def word_test(*, desk_url: str, now: datetime, shown_person_name: str) -> AlertCard:
    """Write the marked message by which a person's channels are tried; nothing to acknowledge."""
    return AlertCard(
        title=f"【{MARK}】测试，无需处理",
        lines=(
            f"{plain(shown_person_name)}，您好：这是渠道测试，收到即说明渠道可用。",
            "没有线索，不必确认，也不会通知其他人。",
            f"值班台：{desk_url.rstrip('/')}/",
            f"发出时间：{shown_time(now)}",
        ),
        link="",
        urgent=False,
        made_at=now,
    )


def word_notice(
    notice: Notice,
    new_alert: NewAlert,
    *,
    desk_url: str,
    ack_code: str,
    now: datetime,
    shown_person_name: str,
) -> AlertCard:
    """Write the message about the watch itself: a gap in the roster, a swap, a hand-over."""
    before = ("此前通知的人尚未确认，现通知到您",) if new_alert.step > 0 else ()
    return AlertCard(
        title=f"【{MARK}】{notice.title}",
        lines=(
            f"{plain(shown_person_name)}，您好：",
            *(plain(line, _LONGEST_REASON) for line in notice.lines),
            *before,
            f"办理：{desk_url.rstrip('/')}{notice.path}",
            f"发出时间：{shown_time(now)}",
        ),
        link=acknowledge_link(desk_url, ack_code),
        urgent=notice.urgent,
        made_at=now,
    )


def word_watch(findings: Sequence[str], *, desk_url: str, now: datetime) -> AlertCard:
    """Write what is wrong with the watch itself; sent by the auditor, past the outbox."""
    return AlertCard(
        title=f"【{MARK}】值守系统异常，请立即查看",
        lines=(
            *(plain(each, _LONGEST_REASON) for each in findings[:_MOST_REASONS]),
            *(
                (f"还有 {len(findings) - _MOST_REASONS} 项",)
                if len(findings) > _MOST_REASONS
                else ()
            ),
            "在恢复之前，请同时用电话值守，不要只等提醒",
            f"值班台：{desk_url.rstrip('/')}/duty/continuity",
            f"发出时间：{shown_time(now)}",
        ),
        link="",
        urgent=True,
        made_at=now,
    )


def acknowledge_link(desk_url: str, ack_code: str) -> str:
    """Say where an alert is acknowledged: reading the page changes nothing, its button does."""
    return f"{desk_url.rstrip('/')}/a/{ack_code}"


def shown_time(at: datetime) -> str:
    """Show an instant to people, in Asia/Shanghai, to the minute."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}（北京时间）"


def shown_money(yuan: float | None) -> str:
    """Show a sum: from ten thousand yuan on in 万元 with at most two decimals, else in yuan."""
    if yuan is None:
        return UNKNOWN
    if yuan >= _YUAN_IN_WAN:
        return f"{_decimal(yuan / _YUAN_IN_WAN)} 万元"
    return f"{_decimal(yuan)} 元"


def plain(text: str, limit: int = _LONGEST_FACT) -> str:
    """Make a value fit to stand in a line: one line, no invisible characters, no live address."""
    words = _UNSEEN.sub(" ", text).replace("://", "：//").strip()
    return words if len(words) <= limit else words[: limit - 1] + "…"


def _fact_lines(case: Case) -> tuple[str, ...]:
    reasons = "；".join(plain(reason, _LONGEST_REASON) for reason in case.reasons[:_MOST_REASONS])
    workers = UNKNOWN if case.workers is None else f"{case.workers} 人"
    return (
        f"用人单位：{_known(case.employer)}",
        f"项目：{_known(case.project)}",
        f"地点：{_known(case.place)}",
        f"涉及人数：{workers}",
        f"拖欠金额：{shown_money(case.amount_yuan)}",
        f"紧急程度：{LEVEL_WORDS[case.level]}",
        f"理由：{reasons or UNKNOWN}",
        f"线索编号：{plain(case.number)}",
    )


def _short_words(case: Case) -> ShortWords:
    workers = "" if case.workers is None else f"{case.workers}人"
    money = "" if case.amount_yuan is None else shown_money(case.amount_yuan).replace(" ", "")
    return ShortWords(
        level=LEVEL_WORDS[case.level],
        subject=_known(case.employer or case.project),
        detail=" ".join(part for part in (plain(case.place or ""), workers, money) if part),
        number=plain(case.number),
    )


def _duty_lines(
    new_alert: NewAlert, now: datetime, shown_person_name: str | None
) -> tuple[str, ...]:
    duty = DUTY_WORDS[new_alert.duty]
    person = plain(shown_person_name) if shown_person_name else "值班表此时无人"
    lines = [f"请 {duty} {person} 确认并接手"]
    if new_alert.step == COPY:
        lines = [f"抄送包保责任人 {person}：值班员已同时收到，您确认即由您接手"]
    elif new_alert.ladder[new_alert.step].person:
        lines = [f"请 {person} 办理，或在值班台转交他人"]
    if new_alert.step > 0 and not new_alert.ladder[new_alert.step - 1].person:
        before = DUTY_WORDS[new_alert.ladder[new_alert.step - 1].duty]
        lines.append(f"此前通知的{before}尚未确认，现通知到您")
    return (*lines, f"发出时间：{shown_time(now)}")


def _known(value: str | None) -> str:
    return plain(value or "") or UNKNOWN


def _decimal(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")

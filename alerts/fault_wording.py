"""The words of an alert about the watch itself: a source that fell quiet, a canary. Pure.

Nobody's message stands behind these, so nothing of one can stand in them.
"""

from dataclasses import dataclass
from datetime import datetime

from alerts.wording import DUTY_WORDS, MARK, acknowledge_link, plain, shown_time
from monitor.domain import AlertCard, DutyRole, NewAlert


@dataclass(frozen=True, slots=True)
class FaultStory:
    """What is told of a fault: whose it is, what it is called, since when, and what was seen."""

    code: str
    name: str
    source_title: str
    message: str
    since: datetime


def word_fault(
    story: FaultStory,
    new_alert: NewAlert,
    *,
    desk_url: str,
    ack_code: str,
    now: datetime,
    shown_person_name: str,
) -> AlertCard:
    """Write the message that a source has been unwell for longer than it may be.

    Args:
        story: The fault.
        new_alert: Who is told, at which step.
        desk_url: Where the desk is reached from outside.
        ack_code: The single-use code by which this alert is acknowledged.
        now: When the card is written; shown in Asia/Shanghai.
        shown_person_name: The person who is told.
    """
    hours = (now - story.since).total_seconds() / 3600
    lines = [
        f"来源：{plain(story.source_title)}",
        f"情况：{story.name}（{story.code}）",
        f"所见：{plain(story.message, 200)}",
        f"自 {shown_time(story.since)} 起，已 {hours:.1f} 小时",
        "这段时间里，那里的求助可能没有读到：请人工看一眼该网站，并告知管理员。",
        f"请 {DUTY_WORDS[new_alert.duty]} {plain(shown_person_name)} 确认",
    ]
    if new_alert.step > 0:
        before: DutyRole = new_alert.ladder[new_alert.step - 1].duty
        lines.append(f"此前通知的{DUTY_WORDS[before]}尚未确认，现通知到您")
    lines += [f"详情：{desk_url.rstrip('/')}/sources", f"发出时间：{shown_time(now)}"]
    return AlertCard(
        title=f"【{MARK}】来源异常·{story.name}：{plain(story.source_title)}",
        lines=tuple(lines),
        link=acknowledge_link(desk_url, ack_code),
        urgent=False,
        made_at=now,
    )


def word_canary(key: str, *, now: datetime) -> AlertCard:
    """Write the message that travels the whole chain and acknowledges itself."""
    return AlertCard(
        title=f"【{MARK}】全程自检，无需处理",
        lines=(
            "这是系统给自己发的一条消息：它从网页一路走到这里，说明监测还在工作。",
            "没有线索，不必确认，也不会通知其他人。",
            f"自检编号：{key}",
            f"发出时间：{shown_time(now)}",
        ),
        link="",
        urgent=False,
        made_at=now,
    )

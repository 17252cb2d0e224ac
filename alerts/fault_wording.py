"""The words of an alert about the watch itself: a source that fell quiet, a canary. Pure.

Nobody's message stands behind these, so nothing of one can stand in them.
"""

from dataclasses import dataclass
from datetime import datetime

from alerts.wording import MARK, plain, shown_time
from monitor.domain import AlertCard, AlertReason
from monitor.duty_nouns import Notice


@dataclass(frozen=True, slots=True)
class FaultStory:
    """What is told of a fault: whose it is, what it is called, since when, and what was seen."""

    code: str
    name: str
    source_title: str
    message: str
    since: datetime


def announce_fault(key: str, story: FaultStory, now: datetime) -> Notice:
    """Write what is told of a source that has been unwell for longer than it may be.

    Args:
        key: Names the ladder on which it is told.
        story: The fault.
        now: When it is told; times are shown in Asia/Shanghai.
    """
    hours = (now - story.since).total_seconds() / 3600
    return Notice(
        key=key,
        reason=AlertReason.SOURCE_FAULT,
        title=f"来源异常·{story.name}：{plain(story.source_title)}",
        lines=(
            f"来源：{plain(story.source_title)}",
            f"情况：{story.name}（{story.code}）",
            f"所见：{plain(story.message, 200)}",
            f"自 {shown_time(story.since)} 起，已 {hours:.1f} 小时",
            "这段时间里，那里的求助可能没有读到：请人工看一眼该网站，并告知管理员。",
        ),
        path="/sources",
        urgent=False,
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

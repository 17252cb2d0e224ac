"""What the watch says about itself: gaps, double bookings, swaps and hand-overs in words. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from alerts.roster import DoubleBooking
from alerts.settling import Troubles
from alerts.wording import DUTY_WORDS
from monitor.domain import SHANGHAI, AlertReason, DutyGap
from monitor.duty_nouns import Handover, Notice, Stretch, Swap

_MOST_LINES = 8


def trouble_keys(troubles: Troubles, now: datetime) -> dict[str, str]:
    """Name every trouble by a key that stays while it lasts, with a line that says it.

    A gap that has begun is named by its duty alone, as its beginning is where the asking began.
    """
    return {
        **{_gap_key(gap, now): shown_gap(gap, now) for gap in troubles.gaps},
        **{_double_key(double): shown_double(double, {}) for double in troubles.doubles},
    }


def _gap_key(gap: DutyGap, now: datetime) -> str:
    begins = "now" if gap.starts_at <= now else gap.starts_at.isoformat()
    return f"gap:{gap.duty.value}:{begins}"


def _double_key(double: DoubleBooking) -> str:
    one, other = double.first, double.second
    return (
        f"double:{double.starts_at.isoformat()}:{one.duty.value}:{one.person}"
        f":{other.duty.value}:{other.person}"
    )


def shown_gap(gap: DutyGap, now: datetime) -> str:
    """Write a gap as a line."""
    begins = "现在" if gap.starts_at <= now else _shown(gap.starts_at)
    return f"{DUTY_WORDS[gap.duty]}：{begins} 至 {_shown(gap.ends_at)} 无人"


def shown_double(double: DoubleBooking, names: Mapping[str, str]) -> str:
    """Write a double booking as a line."""
    one, other = (names.get(each.person, each.person) for each in (double.first, double.second))
    when = f"{_shown(double.starts_at)} 至 {_shown(double.ends_at)}"
    if double.first.duty is double.second.duty:
        return f"{DUTY_WORDS[double.first.duty]}：{when} 同时写了 {one} 和 {other}"
    duties = "、".join(DUTY_WORDS[each.duty] for each in (double.first, double.second))
    return f"{one}：{when} 同时是 {duties}"


def shown_stretch(stretch: Stretch) -> str:
    """Write a stretch of duty as a few words."""
    return f"{DUTY_WORDS[stretch.duty]} {_shown(stretch.starts_at)} 至 {_shown(stretch.ends_at)}"


def announce_troubles(lines: Sequence[str], *, number: int, is_near: bool) -> Notice:
    """Tell that the roster has gaps or double bookings.

    Args:
        lines: One for each, the nearest first; not empty.
        number: Counts these announcements, so that each is a ladder of its own.
        is_near: The first of them begins within a day.
    """
    shown = [*lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        shown.append(f"还有 {len(lines) - _MOST_LINES} 处，见值班表")
    title = "值班表马上无人在岗，请立即安排" if is_near else "值班表有空档或重复，请补齐"
    return Notice(
        key=f"roster-{number}",
        reason=AlertReason.ROSTER_TROUBLE,
        title=title,
        lines=tuple(shown),
        path="/duty/roster",
        urgent=is_near,
    )


def announce_swap(swap: Swap, names: Mapping[str, str]) -> Notice:
    """Ask the other side of a swap for an answer."""
    proposer = names.get(swap.proposer, swap.proposer)
    lines = [f"{proposer} 想请您接：{shown_stretch(swap.given)}"]
    lines.append(f"对方接您的：{shown_stretch(swap.taken)}" if swap.taken else "对方不要求还班")
    lines.append("您同意以后才生效；不同意请回绝")
    return Notice(
        key=f"swap-{swap.swap_id}",
        reason=AlertReason.SWAP_PROPOSED,
        title=f"{proposer} 请您换班",
        lines=tuple(lines),
        path="/duty/swaps",
    )


def announce_handover(handover: Handover, left: int, names: Mapping[str, str]) -> Notice:
    """Tell the leader that something was not taken over."""
    leaving = names.get(handover.leaving, handover.leaving)
    coming = names.get(handover.coming, handover.coming)
    return Notice(
        key=f"handover-{handover.handover_id}",
        reason=AlertReason.HANDOVER_OPEN,
        title=f"{leaving} 与 {coming} 交接班未完成",
        lines=(
            f"{DUTY_WORDS[handover.duty]}，{_shown(handover.at)} 交接",
            f"没有接手的线索 {left} 件，仍由 {leaving} 负责" if left else "交班说明还没有人看过",
        ),
        path=f"/duty/handovers/{handover.handover_id}",
    )


def announce_visits(
    person: str, day: date, *, count: int, oldest: date, names: Sequence[str], was_unread: bool
) -> Notice:
    """Tell of the visits to employers and projects that are due.

    Args:
        person: Whose they are; empty where they were given to nobody.
        day: Today; one such message a day.
        count: How many are due.
        oldest: Since when the oldest of them is.
        names: Some of the employers and projects.
        was_unread: Yesterday's message was not acknowledged.
    """
    late = (day - oldest).days
    lines = [f"到期的巡查 {count} 家：{'、'.join(names)}{'等' if count > len(names) else ''}"]
    if late > 0:
        lines.append(f"最早的已超 {late} 天")
    if not person:
        lines.append("这些单位还没有写明劳动监察员，请先指定")
    if was_unread:
        lines.append("上一次提醒没有人确认")
    return Notice(
        key=f"visits-{day.isoformat()}-{person}",
        reason=AlertReason.VISITS_DUE,
        title="巡查到期，请安排" if late <= 0 else "巡查已超期，请安排",
        lines=tuple(lines),
        path="/parties#visits",
    )


def _shown(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%m-%d %H:%M}"

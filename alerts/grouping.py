"""Several alerts in one message: which, how many, and its words. Pure.

The first message never waits. In the normal lane what follows it is gathered for a while; in the
urgent lane every case has a card of its own, unless more wait at once than a person can read as
single cards or than the vendor would take.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.wording import CARE_LINES, MARK, shown_time
from monitor.domain import AlertCard, CardEntry, Lane, ShortWords

Fits = Callable[[AlertCard], bool]
"""Says whether a channel can hand over a card whole, measured on the final bytes."""

_SHOWN_ORDER = ("人命关天", "特急", "紧急", "较急", "一般")


@dataclass(frozen=True, slots=True)
class Gathering:
    """When alerts to one address go out together.

    Args:
        wait: How long the normal lane gathers after a message.
        urgent_singles: So many urgent cards that wait at once are still sent one by one.
        most: The most alerts in one message, whatever would fit.
    """

    wait: timedelta = timedelta(seconds=90)
    urgent_singles: int = 5
    most: int = 60


def count_together(
    cards: Sequence[AlertCard],
    *,
    lane: Lane,
    free: int | None,
    rule: Gathering,
    fits: Fits,
    now: datetime,
) -> int:
    """Say how many of the waiting cards, from the first, go into the next message.

    Args:
        cards: Everything of one lane that waits for one address now, longest first; not empty.
        lane: That lane.
        free: How many messages the vendor would still take now; None for any number.
        rule: When to gather.
        fits: The channel's own measure.
        now: When the message is made.

    Returns:
        1 for a card of its own.
    """
    most = min(len(cards), rule.most)
    if lane is Lane.URGENT:
        readable = rule.urgent_singles if free is None else min(rule.urgent_singles, free)
        if len(cards) <= max(1, readable):
            return 1
    low, high = 1, most
    while low < high:
        middle = (low + high + 1) // 2
        if fits(gather(cards[:middle], now=now)):
            low = middle
        else:
            high = middle - 1
    return low


def gather(cards: Sequence[AlertCard], *, now: datetime) -> AlertCard:
    """Write one message that names every case, the most urgent first, each with its own link."""
    if len(cards) == 1:
        return cards[0]
    ordered = sorted(cards, key=_rank)
    danger = any(card.danger_to_life for card in cards)
    first = ordered[0]
    title = f"【{MARK}】{len(cards)} 条线索待确认（{_count_levels(ordered)}）"
    if danger:
        title = (
            f"【{MARK}】人命关天·{len(cards)} 条线索待确认，请立即联系（{_count_levels(ordered)}）"
        )
    return AlertCard(
        title=title,
        lines=(*(CARE_LINES if danger else ()), f"发出时间：{shown_time(now)}，请逐条确认并接手"),
        link="",
        urgent=any(card.urgent for card in cards),
        made_at=now,
        short=_short(first, len(cards)),
        entries=tuple(
            CardEntry(f"{number}. {brief_line(card)}", card.link)
            for number, card in enumerate(ordered, start=1)
        ),
        danger_to_life=danger,
    )


def brief_line(card: AlertCard) -> str:
    """Say a card in one line: level, subject, what is known of it, number."""
    if card.short is None:
        return card.title.removeprefix(f"【{MARK}】")
    short = card.short
    level = f"【{_level(card)}】" if _level(card) else ""
    return " ".join(part for part in (level + short.subject, short.detail, short.number) if part)


def _level(card: AlertCard) -> str:
    if card.danger_to_life:
        return "人命关天"
    return card.short.level if card.short else ""


def _rank(card: AlertCard) -> int:
    level = _level(card)
    return _SHOWN_ORDER.index(level) if level in _SHOWN_ORDER else len(_SHOWN_ORDER)


def _count_levels(cards: Sequence[AlertCard]) -> str:
    levels = [_level(card) or "其他" for card in cards]
    return "、".join(f"{level} {levels.count(level)}" for level in dict.fromkeys(levels))


def _short(first: AlertCard, count: int) -> ShortWords:
    short = first.short or ShortWords("", brief_line(first), "", "")
    return ShortWords(short.level, f"{short.subject}等", f"共{count}条", f"{short.number}等")

"""Swaps of duty that both sides confirm: whether one may be made, and what it changes. Pure.

Proposing is the proposer's word, agreeing the other's; only then the roster changes. A swap says
who has which stretch, so that making the same exchange twice gives every stretch back.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from alerts.roster import find_gaps
from monitor.domain import Problem, Shift
from monitor.duty_nouns import Absence, Stretch, SwapOffer

_TAKE_ANOTHER = "换一个人或换一个班次"


def exchange(
    proposer: str, other: str, given: Stretch, taken: Stretch | None
) -> list[tuple[Stretch, str]]:
    """Say who has which stretch once a swap is agreed."""
    return [(given, other), *([(taken, proposer)] if taken else [])]


def put(shifts: Sequence[Shift], stretch: Stretch, person: str) -> list[Shift]:
    """Put a person into a stretch of a settled roster; whoever was there keeps the rest."""
    parts: list[Shift] = []
    for shift in shifts:
        if (
            shift.duty is not stretch.duty
            or shift.ends_at <= stretch.starts_at
            or shift.starts_at >= stretch.ends_at
        ):
            parts.append(shift)
            continue
        if shift.starts_at < stretch.starts_at:
            parts.append(replace(shift, ends_at=stretch.starts_at))
        if shift.ends_at > stretch.ends_at:
            parts.append(replace(shift, starts_at=stretch.ends_at))
    return [*parts, Shift(stretch.duty, person, stretch.starts_at, stretch.ends_at)]


def check_swap(
    proposer: str,
    offer: SwapOffer,
    *,
    shifts: Sequence[Shift],
    absences: Sequence[Absence],
    able: Collection[str],
    now: datetime,
) -> list[Problem]:
    """Find everything that speaks against a swap; asked when it is proposed and when it is agreed.

    Args:
        proposer: Who gives.
        offer: Who is asked, what they are to take, and what they give in return.
        shifts: The settled roster of at least the time of both stretches.
        absences: Who is away then.
        able: The people who have an account that is not disabled and a channel.
        now: Stretches that have begun are not exchanged any more.

    Returns:
        Problems R401 to R406; empty when the swap may be made.
    """
    other, given, taken = offer.other, offer.given, offer.taken
    if proposer == other:
        return [Problem("R401", other, "不能和自己换班", "选另一个人")]
    problems = [
        Problem("R402", person, "没有可用的账号或渠道，收不到提醒", _TAKE_ANOTHER)
        for person in (proposer, other)
        if person not in able
    ]
    sides = [(given, proposer, other), *([(taken, other, proposer)] if taken else [])]
    for stretch, gives, takes in sides:
        problems += _check_stretch(stretch, gives, takes, shifts, absences, now=now)
    after = list(shifts)
    for stretch, person in exchange(proposer, other, given, taken):
        after = put(after, stretch, person)
    for stretch, _, takes in sides:
        problems += _check_doubles(stretch, takes, after)
    return problems


def _check_stretch(
    stretch: Stretch,
    gives: str,
    takes: str,
    shifts: Sequence[Shift],
    absences: Sequence[Absence],
    *,
    now: datetime,
) -> list[Problem]:
    if stretch.starts_at >= stretch.ends_at or stretch.starts_at <= now:
        return [Problem("R403", gives, "班次已经开始或起止颠倒", "只能换还没有开始的班次")]
    own = [each for each in shifts if each.person == gives]
    problems = []
    if find_gaps(own, [stretch.duty], stretch.starts_at, stretch.ends_at):
        problems.append(
            Problem("R404", gives, "这一班已经不是（或不全是）他的", "刷新值班表后再提出")
        )
    if any(
        each.person == takes
        and each.starts_at < stretch.ends_at
        and each.ends_at > stretch.starts_at
        for each in absences
    ):
        problems.append(Problem("R405", takes, "这段时间请假", _TAKE_ANOTHER))
    return problems


def _check_doubles(stretch: Stretch, takes: str, after: Sequence[Shift]) -> list[Problem]:
    clash = any(
        each.person == takes
        and each.duty is not stretch.duty
        and each.starts_at < stretch.ends_at
        and each.ends_at > stretch.starts_at
        for each in after
    )
    return [Problem("R406", takes, "同一时间已有别的班", _TAKE_ANOTHER)] if clash else []

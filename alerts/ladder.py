"""The ladder: which of its steps must be told now, and whether it can be used at all. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from alerts.roster import on_duty
from monitor.domain import LadderStep, Problem, Shift, UrgencyLevel

COPY = -1
"""The step of a copy: beside the ladder, for whoever is responsible for the project (包保)."""

Ladders = Mapping[UrgencyLevel, tuple[LadderStep, ...]]
"""A ladder for each level of urgency; every level has one (see `check_ladders`)."""


def climb(
    ladder: Sequence[LadderStep],
    *,
    above: int,
    at_once: bool,
    elapsed: timedelta,
    people: Sequence[str | None],
) -> list[int]:
    """Say which steps above the one that was reached must be told now.

    Args:
        ladder: The steps, lowest first.
        above: The highest step told so far; -1 when none was.
        at_once: True when the step reached cannot be heard, so that the next one does not wait.
        elapsed: Time since the ladder was raised.
        people: Who would be told at each step; None where the roster has a gap.

    Returns:
        Step numbers, ascending, all greater than `above`; may be empty. A step without a person
        never stands alone unless it is the last: the one after it is told at once.
    """
    told: list[int] = []
    for step in range(above + 1, len(ladder)):
        if not at_once and elapsed < ladder[step].wait:
            break
        told.append(step)
        at_once = people[step] is None
    return told


def people_of(
    ladder: Sequence[LadderStep], shifts: Iterable[Shift], at: datetime, fallback: str | None
) -> list[str | None]:
    """Look up who would be told at each step now; a step may name its person itself.

    Args:
        ladder: The steps, lowest first.
        shifts: The roster.
        at: The instant that is asked about.
        fallback: The user who is told at the last step when the roster names nobody for it.
    """
    known = list(shifts)
    people = [step.person or on_duty(known, step.duty, at) for step in ladder]
    people[-1] = people[-1] or fallback
    return people


def check_ladders(ladders: Ladders, *, channels: Collection[str]) -> list[Problem]:
    """Find everything that makes a ladder unusable.

    Args:
        ladders: As the settings have them.
        channels: The names of the channels that are set up.

    Returns:
        Problems R201 to R205; empty when every level has a usable ladder.
    """
    problems: list[Problem] = []
    for level in UrgencyLevel:
        where = f"ladder.{level.name.lower()}"
        steps = ladders.get(level, ())
        if not steps:
            problems.append(Problem("R201", where, "一步也没有", "至少写一步，例如先通知值班员"))
        problems += _check_waits(where, steps)
        problems += _check_channels(where, steps, channels)
    return problems


def _check_waits(where: str, steps: Sequence[LadderStep]) -> list[Problem]:
    problems: list[Problem] = []
    before = timedelta(0)
    for number, step in enumerate(steps):
        if number == 0 and step.wait != timedelta(0):
            problems.append(
                Problem("R202", f"{where}[0]", "第一步要等待才通知", "把第一步的 wait 改为 PT0S")
            )
        if step.wait < timedelta(0):
            problems.append(
                Problem("R203", f"{where}[{number}]", "等待时间是负数", "写 PT0S 或更长")
            )
        if step.wait < before:
            problems.append(
                Problem(
                    "R204",
                    f"{where}[{number}]",
                    "等得比上一步短",
                    "wait 都从提醒发起时算起，要逐步变长",
                )
            )
        before = step.wait
    return problems


def _check_channels(
    where: str, steps: Sequence[LadderStep], channels: Collection[str]
) -> list[Problem]:
    return [
        Problem(
            "R205",
            f"{where}[{number}]",
            f"没有名为“{channel}”的渠道",
            f"改用已设的渠道：{'、'.join(sorted(channels))}",
        )
        for number, step in enumerate(steps)
        for channel in step.channels
        if channel not in channels
    ]

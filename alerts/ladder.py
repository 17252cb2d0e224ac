"""The ladder: which of its steps must be told now, and whether it can be used at all. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from alerts.roster import on_duty
from monitor.domain import LadderStep, Problem, Shift, UrgencyLevel

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
    """Look up who would be told at each step now.

    Args:
        ladder: The steps, lowest first.
        shifts: The roster.
        at: The instant that is asked about.
        fallback: The user who is told at the last step when the roster names nobody for it.
    """
    known = list(shifts)
    people = [on_duty(known, step.duty, at) for step in ladder]
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
            problems.append(
                Problem(
                    "R201", where, "has no step", "write at least one, such as the duty officer"
                )
            )
        problems += _check_waits(where, steps)
        problems += _check_channels(where, steps, channels)
    return problems


def _check_waits(where: str, steps: Sequence[LadderStep]) -> list[Problem]:
    problems: list[Problem] = []
    before = timedelta(0)
    for number, step in enumerate(steps):
        if number == 0 and step.wait != timedelta(0):
            problems.append(
                Problem("R202", f"{where}[0]", "the first step waits", "set its wait to nothing")
            )
        if step.wait < timedelta(0):
            problems.append(
                Problem(
                    "R203", f"{where}[{number}]", "waits less than nothing", "write a longer wait"
                )
            )
        if step.wait < before:
            problems.append(
                Problem(
                    "R204",
                    f"{where}[{number}]",
                    "waits less than the step before",
                    "every wait counts from the raising of the alert: let them rise",
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
            f"no channel is called {channel!r}",
            f"use one of: {', '.join(sorted(channels))}",
        )
        for number, step in enumerate(steps)
        for channel in step.channels
        if channel not in channels
    ]

"""Nobody answered: what next. Pure.

A ladder ends in one way only: a person acknowledges, or the matter itself is gone and the ladder is
called off. Until then it climbs, and on its last step it repeats: it is never put down in silence.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from alerts.ladder import COPY, climb, people_of
from monitor.domain import Alert, AlertState, NewAlert, Shift

_STOPPED = frozenset({AlertState.ACKNOWLEDGED, AlertState.CALLED_OFF})


def next_alerts(
    alerts: Sequence[Alert],
    shifts: Iterable[Shift],
    now: datetime,
    *,
    repeat_every: timedelta,
    failed_steps: Collection[int] = frozenset(),
    fallback: str | None = None,
) -> list[NewAlert]:
    """Decide which alerts a ladder calls for now, given what was raised so far.

    May be called at any time and any number of times: once the answer has been written, the same
    call at the same instant gives nothing. After a down-time every step that fell due is told.

    Args:
        alerts: Everything raised on one ladder, in any order; none for no ladder.
        shifts: The roster as it is now.
        now: The instant that is asked about.
        repeat_every: How long after its newest alert the last step is told again.
        failed_steps: Steps of which no message can arrive any more: every delivery failed for good,
            or the person has no address. The step above does not wait.
        fallback: Told at the last step when the roster names nobody for it; None for nobody.

    Returns:
        First whoever has come on duty (or into it by a swap) at a step that was told to somebody
        else; then steps above the highest told so far, ascending, or one repeat of the last step.
    """
    due_at = find_next_due_at(alerts, repeat_every=repeat_every, failed_steps=failed_steps)
    if due_at is None:
        return []
    alerts = [alert for alert in alerts if alert.new.step != COPY]
    first = min(alerts, key=lambda alert: (alert.new.step, alert.new.raised_at))
    ladder = first.new.ladder
    people = people_of(ladder, shifts, now, fallback)
    reached = max(alert.new.step for alert in alerts)
    last = len(ladder) - 1
    newcomers = _newcomers(alerts, people, reached)
    steps = [] if now < due_at or reached in newcomers else [last]
    if reached < last and now >= due_at:
        steps = climb(
            ladder,
            above=reached,
            at_once=_cannot_be_heard(alerts, reached, failed_steps),
            elapsed=now - min(alert.ladder_started_at for alert in alerts),
            people=people,
        )
    return [
        replace(first.new, step=step, person=people[step], duty=ladder[step].duty, raised_at=now)
        for step in [*newcomers, *steps]
    ]


def _newcomers(alerts: Sequence[Alert], people: Sequence[str | None], reached: int) -> list[int]:
    """Find the told steps whose duty somebody has now who has heard nothing of it yet."""
    told = {alert.new.person for alert in alerts}
    steps: list[int] = []
    for step in range(reached + 1):
        person = people[step]
        if person is not None and person not in told:
            told.add(person)
            steps.append(step)
    return steps


def find_next_due_at(
    alerts: Sequence[Alert],
    *,
    repeat_every: timedelta,
    failed_steps: Collection[int] = frozenset(),
) -> datetime | None:
    """Find the instant from which `next_alerts` gives something, for the desk and the auditor.

    Returns:
        None when the ladder has ended (acknowledged or called off) or there is none. An instant in
        the past means that somebody should have been told already.
    """
    if any(alert.state in _STOPPED for alert in alerts):
        return None
    # A copy is heard beside the ladder and holds none of its steps up.
    alerts = [alert for alert in alerts if alert.new.step != COPY]
    if not alerts:
        return None
    reached = max(alert.new.step for alert in alerts)
    raised_at = max(alert.new.raised_at for alert in alerts if alert.new.step == reached)
    ladder = alerts[0].new.ladder
    if reached >= len(ladder) - 1:
        return raised_at + repeat_every
    if _cannot_be_heard(alerts, reached, failed_steps):
        return raised_at
    started_at = min(alert.ladder_started_at for alert in alerts)
    return started_at + ladder[reached + 1].wait


def _cannot_be_heard(alerts: Sequence[Alert], step: int, failed_steps: Collection[int]) -> bool:
    """Say whether no message of a step can reach anybody any more."""
    return step in failed_steps or all(
        alert.state is AlertState.GIVEN_UP or alert.new.person is None
        for alert in alerts
        if alert.new.step == step
    )

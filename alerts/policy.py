"""Which alerts a change of a case calls for, now. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from alerts.ladder import COPY, Ladders, climb, people_of
from monitor.domain import AlertReason, Case, LadderStep, NewAlert, Shift, UrgencyLevel


def alerts_for(
    case: Case,
    *,
    reason: AlertReason,
    change_number: int,
    shifts: Iterable[Shift],
    ladders: Ladders,
    now: datetime,
    fallback: str | None = None,
    told_before: int = -1,
) -> list[NewAlert]:
    """Decide who is told first that a case was opened, got worse, or was opened again.

    The first step of the ladder is told at once, and with it every step that waits for nothing.
    Where the roster has a gap the alert is still raised, without a person, so that the gap shows,
    and the step above is told in the same breath: nobody's absence may delay a message.

    Args:
        case: As it stands after the change.
        reason: Why this is told.
        change_number: Counts the changes of this case that were told, from 1; with the case's
            number it names the ladder, so the same change raised twice is the same ladder.
        shifts: The roster.
        ladders: One for every level of urgency.
        now: When the case changed.
        fallback: Told at the last step when the roster names nobody for it; None for nobody.
        told_before: The highest step that an older ladder of this case, still unanswered, had
            reached; everybody up to that step hears of the change at once. -1 when none waits.

    Returns:
        At least one alert, lowest step first, the ladder stamped on each.
    """
    return first_alerts(
        ladders[case.level],
        case_id=case.case_id,
        ladder_key=f"case-{case.case_id}-{change_number}",
        reason=reason,
        level=case.level,
        shifts=shifts,
        now=now,
        fallback=fallback,
        told_before=told_before,
    )


def first_alerts(
    ladder: tuple[LadderStep, ...],
    *,
    case_id: int | None,
    ladder_key: str,
    reason: AlertReason,
    level: UrgencyLevel,
    shifts: Iterable[Shift],
    now: datetime,
    fallback: str | None = None,
    told_before: int = -1,
) -> list[NewAlert]:
    """Decide who is told first on any ladder; see `alerts_for`. `case_id` None for a notice."""
    people = people_of(ladder, shifts, now, fallback)
    above = min(told_before, len(ladder) - 1)
    nobody_yet = not any(people[: above + 1])
    further = climb(ladder, above=above, at_once=nobody_yet, elapsed=timedelta(0), people=people)
    steps = [*range(above + 1), *further]
    return [
        NewAlert(
            case_id=case_id,
            ladder_key=ladder_key,
            reason=reason,
            step=step,
            person=people[step],
            duty=ladder[step].duty,
            ladder=ladder,
            raised_at=now,
            level=level,
        )
        for step in steps
    ]


def copies_for(alerts: Sequence[NewAlert], responsible: Iterable[str]) -> list[NewAlert]:
    """Decide who gets a copy: whoever is responsible for the project and is not told already.

    Args:
        alerts: What `alerts_for` decided; not empty.
        responsible: User names, the first responsible first.

    Returns:
        One alert for each, on the step `COPY`: acknowledging it ends the ladder, failing to arrive
        moves nothing.
    """
    told = {alert.person for alert in alerts}
    return [
        replace(alerts[0], step=COPY, person=person)
        for person in dict.fromkeys(responsible)
        if person not in told
    ]

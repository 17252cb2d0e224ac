"""Who is told of what, and when: ladders, quiet hours, and what the duty step looks after."""

from alerts.ladder import Ladders
from alerts.quiet import QuietHours
from models.party import normalise_party
from monitor.bootstrap.calendars import read_roster_rules
from monitor.domain import LadderStep, UrgencyLevel
from monitor.duty_watch import WatchPolicy
from monitor.pipeline import DutyPolicy, responsible_by_name
from monitor.responsible import responsible_by_register
from monitor.settings import Settings


def read_ladders(settings: Settings) -> Ladders:
    """The ladder of each level."""
    return {
        level: tuple(
            LadderStep(step.wait, step.duty, step.channels) for step in settings.ladder_of(level)
        )
        for level in UrgencyLevel
    }


def read_duty_policy(settings: Settings) -> DutyPolicy:
    """What raising alerts depends on."""
    alerts = settings.alerts
    return DutyPolicy(
        ladders=read_ladders(settings),
        repeat_every=alerts.repeat_every,
        fallback_person=alerts.fallback_person,
        code_valid_for=alerts.code_valid_for,
        desk_url=settings.desk.base_url.rstrip("/"),
        rules=read_roster_rules(settings),
        quiet=QuietHours(
            frozenset(UrgencyLevel[name.upper()] for name in alerts.quiet.levels),
            alerts.quiet.starts,
            alerts.quiet.ends,
        ),
        responsible=responsible_by_register(
            normalise_party, responsible_by_name(alerts.responsible)
        ),
        calm_repeat_every=alerts.calm_repeat_every,
    )


def read_watch_policy(settings: Settings) -> WatchPolicy:
    """What the duty step depends on."""
    roster, quiet = settings.roster, settings.alerts.quiet
    return WatchPolicy(
        needed=roster.required,
        look_ahead=roster.look_ahead,
        near=roster.near,
        untouched_after={
            UrgencyLevel[name.upper()]: after
            for name, after in settings.alerts.untouched_after.items()
        },
        handed_over=roster.handed_over,
        sheet_before=roster.sheet_before,
        accept_within=roster.accept_within,
        night=QuietHours(frozenset(UrgencyLevel), quiet.starts, quiet.ends),
    )

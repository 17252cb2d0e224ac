"""Which days are worked: the roster's rules and the deadlines', from the settings."""

from alerts.day_calendar import DayCalendar
from alerts.settling import RosterRules
from monitor.clocks import ClockRules, WorkCalendar
from monitor.settings import Settings


def read_day_calendar(settings: Settings) -> DayCalendar:
    """The days off of the law, with those that the settings enter above them."""
    roster = settings.roster
    return DayCalendar(frozenset(roster.rest_days), frozenset(roster.work_days))


def read_roster_rules(settings: Settings) -> RosterRules:
    """How the duty table is understood."""
    return RosterRules(read_day_calendar(settings), settings.roster.day_starts)


def read_work_calendar(settings: Settings) -> WorkCalendar:
    """The calendar that deadlines are counted by."""
    return WorkCalendar(read_day_calendar(settings), frozenset(settings.clocks.entered_years))


def read_clock_rules(settings: Settings) -> ClockRules:
    """The deadlines of a case and of a campaign."""
    clocks = settings.clocks
    return ClockRules(
        accept_days=clocks.accept_days,
        investigate_days=clocks.investigate_days,
        extension_days=clocks.extension_days,
        public_deadline=(clocks.public_month, clocks.public_day),
        spring_festival_days_before=clocks.spring_festival_days_before,
    )

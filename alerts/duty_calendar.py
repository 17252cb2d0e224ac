"""One person's duty as an iCalendar file, for the calendar on a phone. Pure.

Source: RFC 5545; written by the icalendar library.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from alerts.wording import DUTY_WORDS
from monitor.domain import DutyRole, Shift

REFRESH_EVERY = timedelta(hours=1)
"""How often a calendar program is asked to look again; a swap shows after so long at the latest."""


def write_calendar(
    shifts: Iterable[Shift], person: str, shown_name: str, *, desk_url: str, now: datetime
) -> bytes:
    """Write a person's shifts as iCalendar.

    Args:
        shifts: The settled roster, in any order; those of others are left out.
        person: Whose calendar it is.
        shown_name: The name in the calendar's title.
        desk_url: Where the duty page is.
        now: The stamp of this copy.

    Returns:
        UTF-8, lines ending in CRLF and folded at 75 bytes. A shift keeps its UID for as long as
        its duty and its beginning stay, so that a change replaces the entry and adds none.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Qingxin//duty//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"清薪值班 {shown_name}")
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("refresh-interval", REFRESH_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for shift in sorted(shifts, key=lambda each: each.starts_at):
        if shift.person == person:
            calendar.add_component(_event(shift, desk_url, now))
    written: bytes = calendar.to_ical()
    return written


def _event(shift: Shift, desk_url: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{_stamp(shift.starts_at)}-{shift.duty.value}-{shift.person}@qingxin")
    event.add("dtstamp", now.astimezone(UTC))
    # In UTC, so that no zone table has to travel with the file.
    event.add("dtstart", shift.starts_at.astimezone(UTC))
    event.add("dtend", shift.ends_at.astimezone(UTC))
    event.add("summary", f"{DUTY_WORDS[shift.duty]}（清薪）")
    if shift.note:
        event.add("description", shift.note)
    event.add("url", f"{desk_url.rstrip('/')}/duty")
    event.add("transp", "OPAQUE" if shift.duty is DutyRole.OFFICER else "TRANSPARENT")
    return event


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%MZ")

"""The sample county's invented officers."""

from datetime import datetime, timedelta

from monitor.domain import SHANGHAI, Contact, Person, Shift
from monitor.settings import Settings
from monitor.storage.session import Storage

SAMPLE_ROSTER_DAYS = 90


def add_sample_people(storage: Storage, settings: Settings, now: datetime) -> None:
    """Add the sample county's officers where nobody is, and their roster where there is none."""
    people = settings.sample.people
    with storage.work() as rows:
        if rows.users.count() == 0:
            for each in people:
                person = Person(each.username, each.display_name, each.role, (Contact("terminal"),))
                rows.users.add(person, None, now)
        today = now.astimezone(SHANGHAI).date()
        if rows.duty.list_between(now, now + timedelta(days=2)):
            return
        first = datetime.combine(today - timedelta(days=1), settings.roster.day_starts, SHANGHAI)
        rows.duty.replace(
            [
                Shift(
                    each.duty,
                    each.username,
                    first + timedelta(days=day),
                    first + timedelta(days=day + 1),
                    "样例",
                )
                for each in people
                if each.duty is not None
                for day in range(SAMPLE_ROSTER_DAYS)
            ]
        )

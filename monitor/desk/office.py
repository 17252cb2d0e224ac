"""What the pages of the ledger ask: one place to find casework, parties, books and people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.desk.alert_board import AlertBoard, RepeatOf
from monitor.desk.books import Books
from monitor.desk.casework import Casework
from monitor.desk.mine import MineView
from monitor.desk.papers import Papers
from monitor.desk.party_desk import PartyDesk
from monitor.desk.people import PeopleDesk
from monitor.desk.recovery import Recovery
from monitor.domain import Person
from monitor.storage.session import Storage


def default_threshold() -> float:
    """Where nobody says otherwise."""
    return 0.5


@dataclass(frozen=True, slots=True)
class LedgerOffice:
    """The parts of the desk beside `monitor.desk.views.Desk`; safe to use from several threads.

    `find_threshold` gives the working reader's threshold, in [0, 1]; it may change at any time.
    """

    casework: Casework
    parties: PartyDesk
    books: Books
    people: PeopleDesk
    papers: Papers
    recovery: Recovery
    alerts: AlertBoard
    find_threshold: Callable[[], float] = default_threshold

    def mine(self, person: Person, now: datetime) -> MineView:
        """What waits for one person beside the cases themselves."""
        return self.casework.view_mine(person, now)


def open_office(
    storage: Storage,
    casework: Casework,
    *,
    base_url: str = "",
    find_threshold: Callable[[], float] = default_threshold,
    hotline: str = "12333",
    repeat_of: RepeatOf = lambda _: timedelta(minutes=10),
) -> LedgerOffice:
    """Put the parts together on one database."""
    people = PeopleDesk(storage, base_url=base_url)
    return LedgerOffice(
        casework=casework,
        parties=PartyDesk(storage, casework.rules),
        books=Books(storage),
        people=people,
        papers=Papers(storage, hotline, casework.rules),
        recovery=Recovery(storage, people),
        alerts=AlertBoard(storage, repeat_of),
        find_threshold=find_threshold,
    )

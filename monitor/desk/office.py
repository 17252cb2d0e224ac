"""What the pages of the ledger ask: one place to find casework, parties, books and people."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.desk.alert_board import AlertBoard, RepeatOf
from monitor.desk.books import Books
from monitor.desk.casework import Casework
from monitor.desk.mine import MineView
from monitor.desk.papers import Papers
from monitor.desk.party_desk import PartyDesk
from monitor.desk.people import PeopleDesk
from monitor.domain import Person
from monitor.storage.session import Storage


@dataclass(frozen=True, slots=True)
class LedgerOffice:
    """The parts of the desk beside `monitor.desk.views.Desk`; safe to use from several threads.

    `working_threshold` is the reader's, in [0, 1].
    """

    casework: Casework
    parties: PartyDesk
    books: Books
    people: PeopleDesk
    papers: Papers
    alerts: AlertBoard
    working_threshold: float = 0.5

    def mine(self, person: Person, now: datetime) -> MineView:
        """What waits for one person beside the cases themselves."""
        return self.casework.view_mine(person, now)


def open_office(
    storage: Storage,
    casework: Casework,
    *,
    base_url: str = "",
    working_threshold: float = 0.5,
    hotline: str = "12333",
    repeat_of: RepeatOf = lambda _: timedelta(minutes=10),
) -> LedgerOffice:
    """Put the parts together on one database."""
    return LedgerOffice(
        casework=casework,
        parties=PartyDesk(storage, casework.rules),
        books=Books(storage),
        people=PeopleDesk(storage, base_url=base_url),
        papers=Papers(storage, hotline),
        alerts=AlertBoard(storage, repeat_of),
        working_threshold=working_threshold,
    )

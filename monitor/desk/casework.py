"""The life of a case on storage: everything that officers do to it until the money is paid."""

from datetime import datetime

from monitor.casework import CaseRecord
from monitor.desk.case_life import CaseLife, view_life
from monitor.desk.deciding import Deciding
from monitor.desk.handing import Handing
from monitor.desk.mine import MineView, view_mine
from monitor.desk.paying import Paying
from monitor.desk.registering import read_record
from monitor.domain import Case, Person


class Casework(Deciding, Paying, Handing):
    """Every act on a case; safe to call from several threads."""

    def read_case(self, case_id: int) -> tuple[Case, CaseRecord]:
        """One case with its life.

        Raises:
            NotFoundError: There is no such case.
        """
        with self._storage.look() as rows:
            case = rows.cases.get(case_id)
            return case, read_record(rows, case, self.rules)

    def view_mine(self, person: Person, now: datetime) -> MineView:
        """What waits for a person beside the cases themselves."""
        with self._storage.look() as rows:
            return view_mine(rows, person, now)

    def view_life(self, case_id: int, person: Person, now: datetime) -> CaseLife:
        """What a case's page shows beside the case.

        Raises:
            NotFoundError: There is no such case.
        """
        with self._storage.look() as rows:
            return view_life(rows, rows.cases.get(case_id), person, now, self.rules)

"""Files and drafts that leave the desk; every export is audited."""

from collections.abc import Mapping
from datetime import datetime

from monitor.desk.registering import RegisterRules, read_record
from monitor.desk.replies import draft_reply
from monitor.desk.words import WORDS
from monitor.domain import Case, Person
from monitor.errors import NotFoundError
from monitor.storage.session import Storage


class Papers:
    """Writes what leaves the desk."""

    def __init__(self, storage: Storage, hotline: str, rules: RegisterRules) -> None:
        """Keep the collaborators."""
        self._storage = storage
        self._hotline = hotline
        self._rules = rules

    def ledger(self, person: Person, now: datetime) -> bytes:
        """The ledger as xlsx."""
        from monitor.desk.spreadsheets import write_ledger  # noqa: PLC0415 - loads openpyxl

        with self._storage.look() as rows:
            content, count = write_ledger(rows, WORDS)
        self._audit(person, "export.ledger", "ledger", now, str(count))
        return content

    def parties(self, person: Person, now: datetime) -> bytes:
        """The list of parties as xlsx."""
        from monitor.desk.spreadsheets import write_parties  # noqa: PLC0415 - as above

        with self._storage.look() as rows:
            content, count = write_parties(rows, WORDS)
        self._audit(person, "export.parties", "parties", now, str(count))
        return content

    def case(
        self, case_id: int, person: Person, now: datetime, actions: Mapping[str, str]
    ) -> tuple[bytes, str]:
        """One case as docx, and its number.

        Raises:
            NotFoundError: There is no such case.
        """
        from monitor.desk.casefile import write_case  # noqa: PLC0415 - loads python-docx

        with self._storage.look() as rows:
            case = rows.cases.get(case_id)
            record = read_record(rows, case, self._rules)
            events = rows.cases.list_events(case_id)
            people = {each.username: each.display_name for each in rows.users.list_all()}
        told = [(each, actions.get(each.action, each.action)) for each in events]
        content = write_case(case, record, told, people | {"system": "系统"}, now)
        self._audit(person, "export.case", f"case:{case_id}", now, "docx")
        return content, case.number

    def letter(
        self,
        case_id: int,
        referral_id: int,
        person: Person,
        now: datetime,
        *,
        bureau: str,
        for_asker: bool,
    ) -> tuple[bytes, str]:
        """A referral's letter with its reply slip, or the notice to those who asked; and a name.

        Raises:
            NotFoundError: There is no such case, or no such referral of it.
        """
        from monitor.desk.letters import write_letter, write_notice  # noqa: PLC0415 - as above

        with self._storage.look() as rows:
            case = rows.cases.get(case_id)
            referrals = rows.casework.get_record(case_id).referrals
        found = next((each for each in referrals if each.referral_id == referral_id), None)
        if found is None:
            raise NotFoundError
        write, name = (write_notice, "告知书") if for_asker else (write_letter, "转办函")
        content = write(case, found, bureau=bureau, hotline=self._hotline)
        self._audit(person, "export.letter", f"case:{case_id}", now, name)
        return content, f"{case.number}-{name}"

    def reply(self, case_id: int, *, bureau: str) -> tuple[Case, str, list[str]]:
        """A draft, and the addresses of the places where help was asked for.

        Raises:
            NotFoundError: There is no such case.
        """
        with self._storage.look() as rows:
            case = rows.cases.get(case_id)
            documents = rows.cases.list_documents(case_id)
        addresses = list(dict.fromkeys(stored.document.address for stored, _ in documents))
        return case, draft_reply(case, bureau=bureau, hotline=self._hotline), addresses

    def _audit(self, person: Person, action: str, subject: str, now: datetime, detail: str) -> None:
        with self._storage.work() as rows:
            rows.audit.add(person.username, action, subject, now, detail)

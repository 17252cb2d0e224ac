"""Searching, reviewing, the audit, and filters that people keep."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from models.review import Waiting, choose_next, is_drawn
from monitor.casework import AuditEntry
from monitor.desk.reading_ledger import AT_ONCE, LedgerPage
from monitor.domain import CASE_KINDS, Case, CaseState, Person, Role
from monitor.errors import NotAllowedError, NotFoundError
from monitor.storage.accounts import SavedFilter
from monitor.storage.audit import AuditVerdict
from monitor.storage.case_lists import CaseQuery
from monitor.storage.labels import Label, ToReview
from monitor.storage.search import Found
from monitor.storage.session import Storage
from spiders.masking import mask

FOUND_AT_ONCE = 30
_CASES_FOUND = 10
REVIEWING = frozenset({Role.CASE_OFFICER, Role.REVIEWER, Role.LEADER})
AUDITING = frozenset({Role.LEADER, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class SearchView:
    """What a phrase finds: cases by their names, texts by their words; newest first."""

    phrase: str
    cases: Sequence[Case]
    found: Sequence[Found]
    numbers: dict[int, str]
    next_before: int | None


class Books:
    """What is looked up in the whole."""

    def __init__(self, storage: Storage) -> None:
        """Keep the collaborators."""
        self._storage = storage

    def search(
        self, phrase: str, person: Person, now: datetime, *, before: int | None = None
    ) -> SearchView:
        """Look for a phrase in cases and in texts; that it was looked for is audited.

        What was found is shown, so each text is in the line. A name or a number that is looked for
        becomes a mark there: it can be seen that somebody looked for one, and the audit, which is
        never purged, does not keep it.
        """
        with self._storage.look() as rows:
            found = rows.search.find(phrase, before=before, limit=FOUND_AT_ONCE + 1)
            cases = (
                rows.case_lists.list_page(CaseQuery(text=phrase), offset=0, limit=_CASES_FOUND)
                if before is None
                else []
            )
            ids = sorted({each.case_id for each in found if each.case_id is not None})
            numbers = {each.case_id: each.number for each in rows.cases.get_many(ids)}
        shown = found[:FOUND_AT_ONCE]
        opened = " ".join(f"document:{each.document_id}" for each in shown)
        with self._storage.work() as rows:
            said = f"{mask(phrase[:100]).text}\n{opened}".strip()
            rows.audit.add(person.username, "search", "documents", now, said)
        is_more = len(found) > FOUND_AT_ONCE
        return SearchView(phrase, cases, shown, numbers, shown[-1].document_id if is_more else None)

    # ---- review

    def next_to_review(
        self, person: Person, threshold: float, now: datetime
    ) -> tuple[ToReview | None, int]:
        """The reading to ask about next (`models.review`), and how many labels there are."""
        _check(person, REVIEWING)
        with self._storage.look() as rows:
            count = rows.labels.count()
            waiting = [
                Waiting(each.document_id, each.score, each.kind in CASE_KINDS, each.disagrees)
                for each in rows.labels.list_waiting()
            ]
            chosen = choose_next(waiting, count, threshold)
            found = rows.labels.find_waiting(chosen.document_id) if chosen else None
        if found is None:
            return None, count
        with self._storage.work() as rows:
            subject = f"document:{found.document_id}"
            rows.audit.add(person.username, "document.viewed", subject, now, "review")
        drawn = is_drawn(found.document_id, is_case=found.kind in CASE_KINDS)
        return replace(found, drawn=drawn), count

    def review(self, document_id: int, person: Person, now: datetime, *, is_claim: bool) -> None:
        """Keep a reviewer's word on a document."""
        _check(person, REVIEWING)
        with self._storage.work() as rows:
            found = rows.documents.find_reading(document_id)
            if found is None:
                raise NotFoundError
            model, score = found
            rows.labels.add(Label(document_id, is_claim, person.username, now, model, score))
            word = "claim" if is_claim else "no_claim"
            rows.audit.add(
                person.username, "document.labelled", f"document:{document_id}", now, word
            )

    # ---- the ledger, for other programs

    def read_ledger(
        self, after: int, changed_since: datetime | None, state: CaseState | None
    ) -> LedgerPage:
        """A page of cases in the order of their numbers."""
        if changed_since is not None and changed_since.tzinfo is None:
            changed_since = changed_since.replace(tzinfo=UTC)
        with self._storage.look() as rows:
            cases = rows.cases.list_after(
                after, limit=AT_ONCE, changed_since=changed_since, state=state
            )
        return LedgerPage(cases, cases[-1].case_id if len(cases) == AT_ONCE else None)

    # ---- audit

    def list_audit(
        self, person: Person, *, actor: str = "", subject: str = "", before: int | None = None
    ) -> list[AuditEntry]:
        """The newest lines of the audit."""
        _check(person, AUDITING)
        with self._storage.look() as rows:
            return rows.audit.list_newest(actor=actor, subject=subject, before=before)

    def find_audit_head(self) -> tuple[int, str]:
        """How many lines there are, and the seal of the last."""
        with self._storage.look() as rows:
            return rows.audit.find_head()

    def list_names(self) -> dict[str, str]:
        """Everybody's name by the user name."""
        with self._storage.look() as rows:
            return {each.username: each.display_name for each in rows.users.list_all()}

    def verify_audit(self) -> AuditVerdict:
        """Walk along the whole chain."""
        with self._storage.look() as rows:
            return rows.audit.verify()

    def note(self, person: Person, action: str, subject: str, now: datetime) -> None:
        """Write an act that changes nothing here, such as an export, into the audit."""
        with self._storage.work() as rows:
            rows.audit.add(person.username, action, subject, now)

    def find_mark(self) -> str:
        """A mark that differs once a case or an alert has changed; costs two look-ups."""
        with self._storage.look() as rows:
            return rows.cases.find_mark()

    # ---- filters

    def list_filters(self, person: Person) -> list[SavedFilter]:
        """The filters that a person sees."""
        with self._storage.look() as rows:
            return rows.accounts.list_filters(person.username)

    def keep_filter(self, name: str, query: str, person: Person, *, shared: bool) -> None:
        """Keep a filter under a name."""
        with self._storage.work() as rows:
            rows.accounts.add_filter(name, query, person.username, shared=shared)

    def forget_filter(self, filter_id: int, person: Person) -> None:
        """Forget a filter of one's own."""
        with self._storage.work() as rows:
            rows.accounts.remove_filter(filter_id, person.username)


def _check(person: Person, roles: frozenset[Role]) -> None:
    if person.role not in roles:
        raise NotAllowedError("您的角色不能查看或办理这一项。")

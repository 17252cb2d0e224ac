"""The desk's port (`monitor.desk.views.Desk`), on our storage."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from argon2.exceptions import InvalidHashError, VerificationError

from alerts.settling import RosterRules
from monitor.desk import acknowledging, ledger, watching
from monitor.desk.acts import Act
from monitor.desk.casework import Casework
from monitor.desk.codes import hash_code
from monitor.desk.passwords import HASHER, hash_password
from monitor.desk.stored_reports import StoredReports
from monitor.desk.views import (
    AcknowledgementLine,
    AcknowledgementView,
    CaseFilter,
    CaseList,
    CaseView,
    DeliveryLine,
    WaitingView,
)
from monitor.desk.watch_views import Counts, DutyView, RoleView, SourceHealthView
from monitor.domain import (
    CaseFile,
    DutyRole,
    Heartbeat,
    Issue,
    Person,
    ReferralBody,
    Source,
    Through,
)
from monitor.errors import IllegalStepError, NotFoundError
from monitor.purging import MAY_FORGET, remove_document
from monitor.steps import allowed_steps
from monitor.storage.session import Storage

_NOBODY = HASHER.hash("nobody has this password")
"""Verified when there is no such user, so that the time taken tells nobody who exists."""


def check_reason(reason: str) -> None:
    """Refuse an act that needs a reason and has none.

    Raises:
        IllegalStepError: The reason is empty.
    """
    if not reason.strip():
        raise IllegalStepError("请写明理由。")


@dataclass(frozen=True, slots=True)
class DeskPolicy:
    """What the desk's judgements depend on, from the settings."""

    triage_within: timedelta
    role_late_after: timedelta
    page_size: int = 20
    rules: RosterRules = field(default_factory=RosterRules)
    needed: tuple[DutyRole, ...] = tuple(DutyRole)
    look_ahead: timedelta = timedelta(days=60)
    desk_url: str = ""


class StoredDesk:
    """Everything the pages ask for and do; safe to call from several threads."""

    def __init__(
        self,
        storage: Storage,
        sources: Sequence[Source],
        policy: DeskPolicy,
        casework: Casework | None = None,
    ) -> None:
        """Keep the collaborators; nothing is opened until something is asked."""
        self.casework = casework or Casework(storage)
        self._storage = storage
        self._sources = {source.name: source for source in sources}
        self._policy = policy

    # ---- who is there

    def sign_in(self, username: str, password: str, now: datetime) -> Person | None:
        """Return the person if the password is right and the person is not disabled."""
        with self._storage.look() as rows:
            person = rows.users.find(username)
            known = rows.users.find_password_hash(username)
        try:
            HASHER.verify(known or _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return None
        if person is None or known is None or person.disabled:
            return None
        if HASHER.check_needs_rehash(known):
            with self._storage.work() as rows:
                rows.users.set_password_hash(username, hash_password(password))
        del now
        return person

    def redeem_sign_in_code(self, code: str, now: datetime) -> Person | None:
        """Use up a one-time sign-in."""
        with self._storage.work() as rows:
            username = rows.users.use_sign_in_code(hash_code(code), now)
            person = rows.users.find(username) if username else None
        return None if person is None or person.disabled else person

    def find_person(self, username: str) -> Person | None:
        """Look a person up."""
        with self._storage.look() as rows:
            return rows.users.find(username)

    # ---- lists

    def waiting(self, person: Person, now: datetime) -> WaitingView:
        """What waits for this person."""
        with self._storage.look() as rows:
            return ledger.view_waiting(rows, person, now, self._policy.triage_within)

    def list_cases(self, wanted: CaseFilter, person: Person, now: datetime) -> CaseList:
        """One page of the ledger."""
        with self._storage.look() as rows:
            return ledger.view_list(
                rows,
                wanted,
                person,
                now,
                within=self._policy.triage_within,
                page_size=self._policy.page_size,
            )

    def get_case(self, case_id: int, person: Person, now: datetime) -> CaseView:
        """Open one case."""
        with self._storage.look() as rows:
            case = rows.cases.get(case_id)
            alerts = rows.alerts.list_of_case(case_id)
            deliveries = rows.alerts.list_deliveries([each.alert_id for each in alerts])
            by_alert: dict[int, list[DeliveryLine]] = {}
            for each in deliveries:
                by_alert.setdefault(each.alert_id, []).append(acknowledging.view_delivery(each))
            people = rows.users.list_all()
            acknowledged = rows.notices.list_acknowledgements(case_id)
            called_off = rows.notices.list_call_offs(case_id)
            file = CaseFile(
                case=case,
                documents=rows.cases.list_documents(case_id),
                events=rows.cases.list_events(case_id),
                alerts=alerts,
            )
        with self._storage.work() as rows:
            rows.audit.add(person.username, "case.viewed", f"case:{case_id}", now)
        due_at = ledger.find_due_at(case, self._policy.triage_within)
        allowed = allowed_steps(case, person)
        return CaseView(
            file=file,
            names={each.username: each.display_name for each in people} | {"system": "系统"},
            source_titles=self.source_titles(),
            deliveries=by_alert,
            allowed=allowed,
            may_acknowledge=acknowledging.may_acknowledge(person, alerts),
            is_overdue=due_at is not None and due_at < now,
            due_at=due_at,
            may_remove=person.role in MAY_FORGET,
            acknowledgements=[AcknowledgementLine(*each) for each in acknowledged],
            called_off=called_off,
        )

    # ---- acts

    def acknowledge_case(self, case_id: int, person: Person, now: datetime) -> None:
        """Acknowledge every alert of the case that waits."""
        acknowledging.check_may_act(person)
        with self._storage.work() as rows:
            rows.cases.get(case_id)
            acknowledging.acknowledge_case(rows, case_id, person.username, Through.DESK, now)
            rows.audit.add(person.username, "case.acknowledged", f"case:{case_id}", now)

    def accept(self, case_id: int, person: Person, version: int, now: datetime) -> None:
        """Take the case over."""
        self.casework.accept(Act(case_id, person, version, now))

    def refer(
        self,
        case_id: int,
        person: Person,
        version: int,
        *,
        body: ReferralBody,
        reason: str,
        now: datetime,
    ) -> None:
        """Pass the case on to a named body."""
        check_reason(reason)
        self.casework.refer(Act(case_id, person, version, now), body, reason)

    def not_a_claim(
        self, case_id: int, person: Person, version: int, *, reason: str, now: datetime
    ) -> None:
        """Say that the case is not about unpaid wages."""
        check_reason(reason)
        self.casework.not_a_claim(Act(case_id, person, version, now), reason)

    def remove_document(
        self, case_id: int, document_id: int, person: Person, now: datetime, *, whole_item: bool
    ) -> None:
        """Remove a text on request."""
        with self._storage.look() as rows:
            if rows.removals.find_place(document_id)[3] != case_id:
                raise NotFoundError(f"线索 {case_id} 里没有文书 {document_id}。")
        remove_document(self._storage, document_id, person, now, whole_item=whole_item)

    # ---- acknowledging by link

    def find_acknowledgement(self, code: str, now: datetime) -> AcknowledgementView | None:
        """What a link's code stands for; changes nothing."""
        with self._storage.look() as rows:
            return acknowledging.view_code(rows, code, now)

    def acknowledge_by_code(self, code: str, now: datetime) -> AcknowledgementView:
        """Acknowledge once."""
        with self._storage.work() as rows:
            return acknowledging.acknowledge_by_code(rows, code, now)

    # ---- the watch itself

    def sources(self, now: datetime) -> Sequence[SourceHealthView]:
        """Every source; those in trouble first."""
        with self._storage.look() as rows:
            return watching.view_sources(rows, self._sources, now)

    def source_titles(self) -> dict[str, str]:
        """Every source's title by its name."""
        return {name: source.title for name, source in self._sources.items()}

    def open_issues(self) -> Sequence[Issue]:
        """Every open issue, newest first."""
        with self._storage.look() as rows:
            return rows.operations.list_open_issues()

    def duty(self, now: datetime) -> DutyView:
        """Who is on duty."""
        with self._storage.look() as rows:
            return watching.view_duty(rows, self._policy.rules, now)

    def roles(self, now: datetime) -> Sequence[RoleView]:
        """The newest sign of life of each role on each host."""
        with self._storage.look() as rows:
            beats = rows.operations.list_heartbeats()
        return [RoleView(each, self._is_late(each, now)) for each in beats]

    def _is_late(self, beat: Heartbeat, now: datetime) -> bool:
        newest = beat.last_success_at
        return newest is None or now - newest > self._policy.role_late_after

    @property
    def reports(self) -> StoredReports:
        """The kept reports."""
        return StoredReports(self._storage)

    def counts(self) -> Counts:
        """What the metrics count."""
        with self._storage.look() as rows:
            return Counts(
                cases=rows.case_lists.count_by_state(),
                alerts=rows.alerts.count_by_state(),
                deliveries=rows.alerts.count_deliveries_by_state(),
                documents=rows.documents.count_by_kind(),
                open_issues=rows.operations.count_open_issues(),
            )

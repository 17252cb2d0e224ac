"""A desk in memory with the real behaviour of the port: acts count versions, codes work once."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.desk.report_views import ReportCases, ReportForm, ReportLine, ReportReviews, ReportView
from monitor.desk.views import (
    AGE_BANDS,
    AcknowledgementView,
    AgeBand,
    CaseFilter,
    CaseLine,
    CaseList,
    CaseView,
    CodeState,
    DeliveryLine,
    WaitingGroup,
    WaitingList,
    WaitingView,
)
from monitor.desk.watch_views import Counts, DutyView, RoleView, SourceHealthView
from monitor.domain import (
    OPEN_STATES,
    Alert,
    AlertState,
    Assessment,
    Case,
    CaseEvent,
    CaseFile,
    CaseState,
    CaseStep,
    Issue,
    Person,
    ReferralBody,
    Role,
    StoredDocument,
    Through,
)
from monitor.errors import IllegalStepError, NotAllowedError, NotFoundError
from monitor.purging import MAY_FORGET, check_may_forget

UNDECIDED = frozenset({CaseState.NEW, CaseState.REOPENED})
INTERNAL_CLOCK = timedelta(days=1)
CODE_LIFE = timedelta(days=3)
PAGE_SIZE = 20
FIRST_FEW = 6


@dataclass
class FakeDesk:
    """The whole office, held in dictionaries."""

    people: dict[str, Person] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    sign_in_codes: dict[str, str] = field(default_factory=dict)
    cases: dict[int, Case] = field(default_factory=dict)
    documents: dict[int, list[tuple[StoredDocument, Assessment]]] = field(default_factory=dict)
    events: list[CaseEvent] = field(default_factory=list)
    alerts: dict[int, Alert] = field(default_factory=dict)
    deliveries: dict[int, list[DeliveryLine]] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    source_views: list[SourceHealthView] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    duty_view: DutyView = field(default_factory=lambda: DutyView((), (), ()))
    role_views: list[RoleView] = field(default_factory=list)

    # ------------------------------------------------------------ people

    def sign_in(self, username: str, password: str, now: datetime) -> Person | None:
        person = self.people.get(username)
        if person is None or person.disabled or self.passwords.get(username) != password:
            return None
        return person

    def redeem_sign_in_code(self, code: str, now: datetime) -> Person | None:
        return self.people.get(self.sign_in_codes.pop(code, ""))

    def find_person(self, username: str) -> Person | None:
        return self.people.get(username)

    # ------------------------------------------------------------ cases

    def waiting(self, person: Person, now: datetime) -> WaitingView:
        groups = {}
        for group in WaitingGroup:
            lines = self.lines(CaseFilter(group=group), person, now)
            groups[group] = WaitingList(len(lines), lines[:FIRST_FEW])
        undecided = [case for case in self.cases.values() if case.state in UNDECIDED]
        return WaitingView(
            groups=groups,
            by_level=Counter(case.level for case in undecided),
            by_age=Counter(age_band(now - case.opened_at) for case in undecided),
            open_issues=len(self.issues),
        )

    def list_cases(self, wanted: CaseFilter, person: Person, now: datetime) -> CaseList:
        lines = self.lines(wanted, person, now)
        start = (wanted.page - 1) * PAGE_SIZE
        return CaseList(lines[start : start + PAGE_SIZE], len(lines), wanted.page, PAGE_SIZE)

    def get_case(self, case_id: int, person: Person, now: datetime) -> CaseView:
        case = self.case(case_id)
        alerts = [alert for alert in self.alerts.values() if alert.new.case_id == case_id]
        may_act = person.role is not Role.ANALYST
        steps = {CaseStep.ACCEPT, CaseStep.REFER, CaseStep.NOT_A_CLAIM}
        return CaseView(
            file=CaseFile(
                case,
                self.documents.get(case_id, []),
                [event for event in self.events if event.case_id == case_id],
                alerts,
            ),
            names={each.username: each.display_name for each in self.people.values()},
            source_titles={view.source.name: view.source.title for view in self.source_views},
            deliveries=self.deliveries,
            allowed=frozenset(step for step in steps if may_act and is_legal(case.state, step)),
            may_acknowledge=may_act and self.is_unacknowledged(case),
            is_overdue=is_overdue(case, now),
            due_at=due_at(case),
            may_remove=person.role in MAY_FORGET,
        )

    def remove_document(
        self, case_id: int, document_id: int, person: Person, now: datetime, *, whole_item: bool
    ) -> None:
        check_may_forget(person)
        texts = self.documents.get(case_id, [])
        left = [each for each in texts if each[0].document_id != document_id]
        if len(left) == len(texts):
            raise NotFoundError
        self.documents[case_id] = [] if whole_item else left

    def acknowledge_case(self, case_id: int, person: Person, now: datetime) -> None:
        self.case(case_id)
        refuse_reader(person)
        for alert in list(self.alerts.values()):
            if alert.new.case_id == case_id and alert.state in {AlertState.DUE, AlertState.SENT}:
                self.acknowledge(alert, person.username, Through.DESK, now)

    def accept(self, case_id: int, person: Person, version: int, now: datetime) -> None:
        case = self.checked(case_id, person, version, CaseStep.ACCEPT)
        self.change(
            replace(case, state=CaseState.ACCEPTED, owner=person.username),
            person,
            "accept",
            "",
            now,
        )

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
        case = self.checked(case_id, person, version, CaseStep.REFER)
        referred = replace(case, state=CaseState.REFERRED, referred_to=body)
        self.change(referred, person, "refer", reason, now)

    def not_a_claim(
        self, case_id: int, person: Person, version: int, *, reason: str, now: datetime
    ) -> None:
        case = self.checked(case_id, person, version, CaseStep.NOT_A_CLAIM)
        self.change(replace(case, state=CaseState.NOT_A_CLAIM), person, "not_a_claim", reason, now)

    # ------------------------------------------------------------ links

    def find_acknowledgement(self, code: str, now: datetime) -> AcknowledgementView | None:
        if code not in self.codes:
            return None
        alert = self.alerts[self.codes[code]]
        return AcknowledgementView(
            state=code_state(alert, now),
            case=self.cases[alert.new.case_id] if alert.new.case_id else None,
            person_name=self.name(alert.new.person),
            raised_at=alert.new.raised_at,
            acknowledged_at=alert.acknowledged_at,
            acknowledged_by=self.name(alert.acknowledged_by) if alert.acknowledged_by else None,
        )

    def acknowledge_by_code(self, code: str, now: datetime) -> AcknowledgementView:
        view = self.find_acknowledgement(code, now)
        if view is None:
            raise NotFoundError
        if view.state is not CodeState.OPEN:
            return view
        alert = self.alerts[self.codes[code]]
        self.acknowledge(alert, alert.new.person or "", Through.LINK, now)
        done = self.find_acknowledgement(code, now)
        assert done is not None
        return replace(done, acted=True)

    # ------------------------------------------------------------ the office

    def sources(self, now: datetime) -> list[SourceHealthView]:
        return self.source_views

    def source_titles(self) -> dict[str, str]:
        return {each.source.name: each.source.title for each in self.source_views}

    def open_issues(self) -> list[Issue]:
        return self.issues

    def duty(self, now: datetime) -> DutyView:
        return self.duty_view

    def roles(self, now: datetime) -> list[RoleView]:
        return self.role_views

    @property
    def reports(self) -> "FakeReports":
        return FakeReports()

    def counts(self) -> Counts:
        kinds = Counter(
            assessment.reading.kind.value
            for pairs in self.documents.values()
            for _, assessment in pairs
        )
        return Counts(
            cases=Counter(case.state for case in self.cases.values()),
            alerts=Counter(alert.state for alert in self.alerts.values()),
            deliveries=Counter(line.state for lines in self.deliveries.values() for line in lines),
            documents={**kinds, "unassessed": 0},
            open_issues=len(self.issues),
        )

    # ------------------------------------------------------------ what the methods share

    def case(self, case_id: int) -> Case:
        if case_id not in self.cases:
            raise NotFoundError
        return self.cases[case_id]

    def checked(self, case_id: int, person: Person, version: int, step: CaseStep) -> Case:
        case = self.case(case_id)
        refuse_reader(person)
        if case.version != version or not is_legal(case.state, step):
            raise IllegalStepError
        return case

    def change(self, case: Case, person: Person, action: str, note: str, now: datetime) -> None:
        self.cases[case.case_id] = replace(case, version=case.version + 1, changed_at=now)
        self.events.append(CaseEvent(case.case_id, now, person.username, action, note))
        self.acknowledge_case(case.case_id, person, now)

    def acknowledge(self, alert: Alert, by: str, through: Through, now: datetime) -> None:
        self.alerts[alert.alert_id] = replace(
            alert,
            state=AlertState.ACKNOWLEDGED,
            acknowledged_at=now,
            acknowledged_by=by,
            through=through,
        )
        if alert.new.case_id is not None:
            self.events.append(CaseEvent(alert.new.case_id, now, by, "acknowledged"))

    def is_unacknowledged(self, case: Case) -> bool:
        waiting = {AlertState.DUE, AlertState.SENT}
        return any(
            alert.new.case_id == case.case_id and alert.state in waiting
            for alert in self.alerts.values()
        )

    def lines(self, wanted: CaseFilter, person: Person, now: datetime) -> list[CaseLine]:
        found = [case for case in self.cases.values() if self.is_wanted(case, wanted, person, now)]
        found.sort(key=lambda case: (-case.level, case.opened_at))
        return [
            CaseLine(
                case,
                owner_name=self.name(case.owner) if case.owner else None,
                is_unacknowledged=self.is_unacknowledged(case),
                is_overdue=is_overdue(case, now),
                due_at=due_at(case),
            )
            for case in found
        ]

    def is_wanted(self, case: Case, wanted: CaseFilter, person: Person, now: datetime) -> bool:
        places = [case.employer, case.project, case.place, case.number]
        return (
            wanted.state in {None, case.state}
            and wanted.level in {None, case.level}
            and wanted.age in {None, age_band(now - case.opened_at)}
            and any(wanted.text in place for place in places if place)
            and self.is_in_group(case, wanted.group, person, now)
        )

    def is_in_group(
        self, case: Case, group: WaitingGroup | None, person: Person, now: datetime
    ) -> bool:
        match group:
            case None:
                return True
            case WaitingGroup.UNACKNOWLEDGED:
                return self.is_unacknowledged(case)
            case WaitingGroup.UNDECIDED:
                return case.state in UNDECIDED
            case WaitingGroup.OVERDUE:
                return is_overdue(case, now)
            case WaitingGroup.MINE:
                return case.owner == person.username and case.state in OPEN_STATES

    def name(self, username: str | None) -> str:
        person = self.people.get(username or "")
        return person.display_name if person else (username or "")


def refuse_reader(person: Person) -> None:
    if person.role is Role.ANALYST:
        raise NotAllowedError


def is_legal(state: CaseState, step: CaseStep) -> bool:
    if step is CaseStep.REFER:
        return state in UNDECIDED | {CaseState.ACCEPTED}
    return state in UNDECIDED


def due_at(case: Case) -> datetime | None:
    return case.opened_at + INTERNAL_CLOCK if case.state in UNDECIDED else None


def is_overdue(case: Case, now: datetime) -> bool:
    due = due_at(case)
    return due is not None and due < now


def age_band(age: timedelta) -> AgeBand:
    return next(band for band, (start, end) in AGE_BANDS.items() if start <= age < end)


def code_state(alert: Alert, now: datetime) -> CodeState:
    if alert.state is AlertState.ACKNOWLEDGED:
        return CodeState.ACKNOWLEDGED
    if alert.state is AlertState.CALLED_OFF:
        return CodeState.CALLED_OFF
    return CodeState.EXPIRED if now - alert.new.raised_at >= CODE_LIFE else CodeState.OPEN


class FakeReports:
    """No report is kept."""

    def list_reports(self, page: int) -> tuple[list[ReportLine], int]:
        return [], 0

    def get_report(self, period: str, edition: int | None) -> ReportView:
        raise NotFoundError

    def get_file(self, period: str, edition: int, form: ReportForm) -> bytes:
        raise NotFoundError

    def list_cases(self, period: str, edition: int, key: str, page: int) -> ReportCases:
        raise NotFoundError

    def list_reviews(self, period: str, edition: int, key: str, page: int) -> ReportReviews:
        raise NotFoundError

"""The ledger as JSON for other programs, such as the provincial platform; reading only.

A program shows a token (`Authorization: Bearer qx_…`) that an administrator made for it and that
allows `ledger`, `parties` or both. What leaves is written from the case, never from a message.
The description in OpenAPI stands at /api/openapi.json and needs no token: it holds no data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from litestar import Router, get
from litestar.exceptions import NotAuthorizedException
from litestar.params import QueryParameter

from monitor.casework import CaseRecord, PartyClass, PartyKind
from monitor.desk.reading_ledger import LedgerPage
from monitor.desk.tokens import Scope
from monitor.domain import Case, CaseState
from monitor.storage.parties import PartyQuery
from monitor.web.pages import CaseNumber
from monitor.web.visit import Here, Visit

LONGEST_TOKEN = 200


@dataclass(frozen=True, slots=True)
class CaseOut:
    """One case. Sums in yuan, times in UTC, days in Asia/Shanghai; null where nobody has said."""

    id: int
    number: str
    state: CaseState
    urgency: int
    employer: str | None
    project: str | None
    place: str | None
    workers: int | None
    amount_yuan: float | None
    danger_to_life: bool
    owner: str | None
    referred_to: str | None
    opened_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class CasesOut:
    """A page of cases in the order of their numbers; `next_after` goes on, null at the end."""

    cases: Sequence[CaseOut]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class ClockOut:
    """A deadline; `provisional` while a calendar that it leans on is not published."""

    kind: str
    starts_on: date
    due_on: date
    working_days: int | None
    provisional: bool
    stopped_on: date | None


@dataclass(frozen=True, slots=True)
class OrderOut:
    """An order to pay."""

    number: str
    addressee: str
    ordered_on: date
    pay_by: date
    amount_yuan: float | None
    delivered_on: date | None


@dataclass(frozen=True, slots=True)
class PaymentOut:
    """A payment that stands."""

    paid_on: date
    workers: int
    amount_yuan: float
    whose: str


@dataclass(frozen=True, slots=True)
class ReferralOut:
    """A referral and what came of it."""

    body: str
    at: datetime
    received_on: date | None
    result: str | None


@dataclass(frozen=True, slots=True)
class CaseFileOut:
    """One case with its life."""

    case: CaseOut
    clocks: Sequence[ClockOut]
    orders: Sequence[OrderOut]
    payments: Sequence[PaymentOut]
    referrals: Sequence[ReferralOut]
    large: bool


@dataclass(frozen=True, slots=True)
class PartyOut:
    """An employer or a project."""

    id: int
    kind: PartyKind
    name: str
    other_names: Sequence[str]
    sector: str
    town: str
    public_money: bool | None
    part: str
    party_class: PartyClass
    class_reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class PartiesOut:
    """A page of parties; `total` counts all pages."""

    parties: Sequence[PartyOut]
    total: int
    page: int


def admit(visit: Visit, scope: Scope) -> None:
    """Let a program in that shows a token of this right.

    Raises:
        NotAuthorizedException: There is no such token, it has ended, or it does not allow this.
    """
    given = visit.request.headers.get("authorization", "")
    kind, _, token = given.partition(" ")
    fits = kind.lower() == "bearer" and token.isascii() and 0 < len(token) <= LONGEST_TOKEN
    path = visit.request.url.path
    if not fits or not visit.office.people.redeem_token(token, scope, path, visit.now):
        raise NotAuthorizedException


@get("/cases", sync_to_thread=True, operation_id="listCases", summary="List cases")
def list_cases(
    visit: Here,
    after: Annotated[int, QueryParameter(name="after", ge=0, le=2**53)] = 0,
    changed_since: Annotated[datetime | None, QueryParameter(name="changed_since")] = None,
    in_state: Annotated[CaseState | None, QueryParameter(name="state")] = None,
) -> CasesOut:
    """Cases in the order of their numbers, at most 200 a page."""
    admit(visit, Scope.LEDGER)
    page: LedgerPage = visit.office.books.read_ledger(after, changed_since, in_state)
    return CasesOut([case_out(each) for each in page.cases], page.next_after)


@get("/cases/{case_id:int}", sync_to_thread=True, operation_id="getCase", summary="Read a case")
def get_case(visit: Here, case_id: CaseNumber) -> CaseFileOut:
    """One case with deadlines, orders, payments and referrals."""
    admit(visit, Scope.LEDGER)
    case, record = visit.office.casework.read_case(case_id)
    return file_out(case, record)


@get("/parties", sync_to_thread=True, operation_id="listParties", summary="List parties")
def list_parties(
    visit: Here,
    page: Annotated[int, QueryParameter(name="page", ge=1, le=1_000_000)] = 1,
    kind: Annotated[PartyKind | None, QueryParameter(name="kind")] = None,
    party_class: Annotated[PartyClass | None, QueryParameter(name="class")] = None,
) -> PartiesOut:
    """Employers and projects, class C first, 30 a page."""
    admit(visit, Scope.PARTIES)
    found = visit.office.parties.list_page(PartyQuery(kind=kind, party_class=party_class), page)
    return PartiesOut(
        [
            PartyOut(
                each.party_id,
                each.kind,
                each.name,
                each.other_names,
                each.card.sector,
                each.card.town,
                each.card.public_money,
                each.card.part.value,
                each.party_class,
                each.class_reasons,
            )
            for each in found.parties
        ],
        found.total,
        found.page,
    )


def case_out(case: Case) -> CaseOut:
    """What leaves of a case."""
    return CaseOut(
        id=case.case_id,
        number=case.number,
        state=case.state,
        urgency=int(case.level),
        employer=case.employer,
        project=case.project,
        place=case.place,
        workers=case.workers,
        amount_yuan=case.amount_yuan,
        danger_to_life=case.danger_to_life,
        owner=case.owner,
        referred_to=case.referred_to.value if case.referred_to else None,
        opened_at=case.opened_at,
        changed_at=case.changed_at,
    )


def file_out(case: Case, record: CaseRecord) -> CaseFileOut:
    """What leaves of a case with its life."""
    return CaseFileOut(
        case=case_out(case),
        clocks=[
            ClockOut(
                each.kind.value,
                each.starts_on,
                each.due_on,
                each.working_days,
                each.provisional,
                each.stopped_on,
            )
            for each in record.clocks
        ],
        orders=[
            OrderOut(
                each.number,
                each.addressee,
                each.ordered_on,
                each.pay_by,
                each.amount_yuan,
                each.delivered_on,
            )
            for each in record.orders
        ],
        payments=[
            PaymentOut(
                each.new.paid_on, each.new.workers, each.new.amount_yuan, each.new.whose.value
            )
            for each in record.standing_payments
        ],
        referrals=[
            ReferralOut(
                each.body.value, each.at, each.received_on, each.result and each.result.value
            )
            for each in record.referrals
        ],
        large=bool(record.details.large_reasons),
    )


def make_api(limit: Any) -> Router:
    """The routes under /api/v1, limited for each client address."""
    return Router(
        "/api/v1",
        route_handlers=[list_cases, get_case, list_parties],
        middleware=[limit],
        opt={"public": True, "exclude_from_csrf": True},
        include_in_schema=True,
        security=[{"bearer": []}],
        tags=["ledger"],
    )

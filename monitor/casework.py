"""The nouns of the desk and the ledger: what is kept about a case until the money is paid.

Days (`…_on`) are dates in Asia/Shanghai, times (`…_at`) aware and in UTC, sums in yuan. Nothing
here is about whoever wrote a message.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from monitor.domain import ReferralBody

# ---------------------------------------------------------------- orders, payments, witnesses


class DeliveryWay(StrEnum):
    """How an order reached whoever must pay (service of documents)."""

    IN_PERSON = "in_person"
    LEFT = "left"
    POST = "post"
    ELECTRONIC = "electronic"
    PUBLIC_NOTICE = "public_notice"


@dataclass(frozen=True, slots=True)
class Order:
    """An order to pay. Its proof of delivery is part of the case: a refusal is only then a crime.

    `delivered_on`, `way` and `proof` are None and empty until the delivery is proved; `proof` names
    the receipt, it is not the receipt.
    """

    order_id: int
    case_id: int
    number: str
    addressee: str
    ordered_on: date
    pay_by: date
    amount_yuan: float | None
    workers: int | None
    made_by: str
    delivered_on: date | None = None
    way: DeliveryWay | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order that is to be written."""

    number: str
    addressee: str
    ordered_on: date
    pay_by: date
    amount_yuan: float | None = None
    workers: int | None = None


class WhoseMoney(StrEnum):
    """Who paid. 条例 Art 29-31 (general contractor, wage deposit), Art 63 (emergency fund)."""

    EMPLOYER = "employer"
    GENERAL_CONTRACTOR = "general_contractor"
    WAGE_DEPOSIT = "wage_deposit"
    EMERGENCY_FUND = "emergency_fund"


@dataclass(frozen=True, slots=True)
class NewPayment:
    """A payment that is to be written; `proof` names the voucher and is never empty."""

    paid_on: date
    workers: int
    amount_yuan: float
    whose: WhoseMoney
    proof: str


@dataclass(frozen=True, slots=True)
class Payment:
    """Wages that were paid out. One that was entered wrongly is struck out, never removed."""

    payment_id: int
    case_id: int
    new: NewPayment
    recorded_by: str
    recorded_at: datetime
    voided_by: str | None = None
    void_reason: str = ""


class WitnessKind(StrEnum):
    """The second witness of a closing; the first is the proof of payment."""

    WORKERS_WORD = "workers_word"
    SECOND_OFFICER = "second_officer"


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody saw that the money arrived. `note` says how it was asked, and names no worker."""

    case_id: int
    kind: WitnessKind
    by: str
    at: datetime
    note: str


# ---------------------------------------------------------------- referral, handing on, merging


class ReferralResult(StrEnum):
    """What came of a referral."""

    PAID = "paid"
    BEING_HANDLED = "being_handled"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Referral:
    """A case given to another body, until that body says what came of it (条例 Art 10).

    Two notices: to the body (`body_told_on`, with the letter's number) and, once there is a result,
    to the place where the help was asked for (`asker_told_on`): a public answer there, since who
    asked is not known.
    """

    referral_id: int
    case_id: int
    body: ReferralBody
    reason: str
    by: str
    at: datetime
    letter: str = ""
    body_told_on: date | None = None
    received_on: date | None = None
    receipt: str = ""
    result: ReferralResult | None = None
    result_on: date | None = None
    result_note: str = ""
    asker_told_on: date | None = None


class OfferAnswer(StrEnum):
    """How an offer to hand a case on ended."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Offer:
    """The owner asks another to take the case over; until the other accepts, nothing changes."""

    offer_id: int
    case_id: int
    from_person: str | None
    to_person: str
    by: str
    reason: str
    at: datetime
    answer: OfferAnswer | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """The documents of one case were put into another; `documents` are their numbers."""

    from_case: int
    into_case: int
    by: str
    at: datetime
    reason: str
    documents: tuple[int, ...]


# ---------------------------------------------------------------- clocks


class ClockKind(StrEnum):
    """What a deadline is for. Sources stand in `monitor.clocks.CLOCK_SOURCES`."""

    ACCEPT = "accept"
    INVESTIGATE = "investigate"
    CAMPAIGN = "campaign"
    PAY_ORDER = "pay_order"
    LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline: the last day on which it is kept.

    `working_days` is None where calendar days or a fixed day are meant. `provisional` when it leans
    on a year whose calendar is not published. `stopped_on` when what it waits for has happened.
    """

    kind: ClockKind
    starts_on: date
    due_on: date
    working_days: int | None = None
    provisional: bool = False
    stopped_on: date | None = None


# ---------------------------------------------------------------- parties


class PartyKind(StrEnum):
    """What a party is."""

    EMPLOYER = "employer"
    PROJECT = "project"


class PartyPart(StrEnum):
    """The part that an employer plays in building; decides who must pay."""

    UNKNOWN = "unknown"
    GENERAL_CONTRACTOR = "general_contractor"
    SUBCONTRACTOR = "subcontractor"
    LABOUR_FIRM = "labour_firm"
    OWNER = "owner"
    OTHER = "other"


class PartyClass(StrEnum):
    """How closely a party is watched: A monthly, B weekly, C by a dedicated person."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class PartyCard:
    """What an officer writes about a party; empty and None where nobody has said.

    `local_leader` is 属地责任领导, `sector_officer` 行业监管员, `inspector` 劳动监察员: officials
    in office, by name.
    """

    sector: str = ""
    town: str = ""
    public_money: bool | None = None
    part: PartyPart = PartyPart.UNKNOWN
    local_leader: str = ""
    sector_officer: str = ""
    inspector: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """An employer or a project, with its other names and its class.

    `class_reasons` say by which rule; `chosen` when an officer, not the rules, set it.
    """

    party_id: int
    kind: PartyKind
    name: str
    card: PartyCard = field(default_factory=PartyCard)
    other_names: tuple[str, ...] = ()
    party_class: PartyClass = PartyClass.A
    class_reasons: tuple[str, ...] = ()
    chosen: bool = False
    merged_into: int | None = None


@dataclass(frozen=True, slots=True)
class PartyHistory:
    """What a party's class is computed from: counts over the look-back, sums in yuan."""

    cases: int = 0
    open_cases: int = 0
    open_amount_yuan: float = 0.0
    open_workers: int = 0
    reopened: int = 0
    overdue_orders: int = 0
    fled: bool = False
    public_money: bool = False


class PatrolResult(StrEnum):
    """What a visit found."""

    IN_ORDER = "in_order"
    TO_MEND = "to_mend"
    ARREARS = "arrears"


@dataclass(frozen=True, slots=True)
class Patrol:
    """A visit to a party that is due; done once `done_on` stands."""

    patrol_id: int
    party_id: int
    due_on: date
    assigned_to: str | None
    done_on: date | None = None
    done_by: str | None = None
    result: PatrolResult | None = None
    note: str = ""


# ---------------------------------------------------------------- a case's further details


@dataclass(frozen=True, slots=True)
class CaseDetails:
    """What is known of a case beside the case itself.

    `owed_since` is YYYY-MM, None when no document says. `large_reasons` is empty for an ordinary
    case. `listed_until` is the listed deadline (挂牌督办) of a large one.
    """

    case_id: int
    employer_party: int | None = None
    project_party: int | None = None
    public_money: bool = False
    fled: bool = False
    owed_since: str | None = None
    large_reasons: tuple[str, ...] = ()
    listed_until: date | None = None
    extended_by: str | None = None
    accepted_at: datetime | None = None
    reopened_at: datetime | None = None
    reopens: int = 0


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """Everything of a case's life, oldest first in every list."""

    details: CaseDetails
    orders: Sequence[Order] = ()
    payments: Sequence[Payment] = ()
    witnesses: Sequence[Witness] = ()
    referrals: Sequence[Referral] = ()
    offers: Sequence[Offer] = ()
    merges: Sequence[Merge] = ()
    clocks: Sequence[Clock] = ()
    team: Sequence[str] = ()

    @property
    def standing_payments(self) -> Sequence[Payment]:
        """The payments that were not struck out."""
        return [each for each in self.payments if each.voided_by is None]

    @property
    def open_offer(self) -> Offer | None:
        """The offer that waits for an answer."""
        return next((each for each in self.offers if each.answer is None), None)

    @property
    def open_referral(self) -> Referral | None:
        """The newest referral."""
        return self.referrals[-1] if self.referrals else None


# ---------------------------------------------------------------- the journal


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit: who saw or did what. `entry_hash` seals it and all before it."""

    entry_id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str
    entry_hash: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Numbers by town for the picture of the county."""

    town: str
    cases: int
    open_cases: int
    workers: int
    amount_yuan: float
    by_class: Mapping[PartyClass, int] = field(default_factory=dict)

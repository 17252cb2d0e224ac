"""The nouns of the project: frozen dataclasses and closed lists of states.

Times (`…_at`) are aware datetimes in UTC; days (`…_on`) are dates in Asia/Shanghai. No noun has a
field for the person who wrote a message, and none may get one (`docs/protection.md`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""The zone of everything that people read; the software counts in UTC."""


# ---------------------------------------------------------------- sources, pages, documents


class Basis(StrEnum):
    """Why we may read a place; every source states one."""

    ADDRESSED_TO_AUTHORITY = "addressed_to_authority"
    HELP_SECTION = "help_section"
    NEWS = "news"


class Family(StrEnum):
    """The software that a site runs; decides which adapter reads it."""

    DISCUZ = "discuz"
    MAILBOX = "mailbox"
    NEWS_LIST = "news_list"
    FEED = "feed"
    WORDPRESS = "wordpress"
    HANWEB = "hanweb"
    TRS = "trs"
    DEDECMS = "dedecms"
    PHPCMS = "phpcms"
    EMPIRECMS = "empirecms"
    PEOPLE_BOARD = "people_board"
    GENERIC = "generic"


class DocumentRole(StrEnum):
    """What part of a page a document was."""

    POST = "post"
    REPLY = "reply"
    LETTER = "letter"
    ANSWER = "answer"
    ARTICLE = "article"


class TimePrecision(StrEnum):
    """How exactly the page told the time of writing.

    `year_guessed`: the page told month and day (and perhaps the clock) without a year; the newest
    year in which that is not in the future was taken.
    """

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    YEAR_GUESSED = "year_guessed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Expectations:
    """What a source promises to look like; shares in [0, 1].

    `quiet_after` is how long a source may bring nothing new before that is an issue, counted in
    ordinary working days, until enough is known of how much it brings. `posts_per_day` is what it
    brings on such a day; None to learn it. `weekend_share` and `holiday_share` say how much of that
    comes on a Saturday or Sunday and on a public holiday. `allowance` is how long a fault may last
    before a person is alerted; None for the fault's own (`spiders.faults`).
    """

    quiet_after: timedelta = timedelta(days=3)
    text_share: float = 0.9
    published_share: float = 0.8
    list_min_items: int = 1
    posts_per_day: float | None = None
    weekend_share: float = 0.5
    holiday_share: float = 0.2
    allowance: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A public place that we watch.

    `rules` holds CSS selectors and label names by which a file may override its family's.
    `local` allows the private address of this source's own host and port, and no other.
    `charset` is None unless the site is known to lie about its own. `poll_fastest` and
    `poll_slowest` bound the pause between two polls, which follows what the source brings; None for
    `poll_every`. `browser`: only a script fills its pages, and the browser's process reads it.
    """

    name: str
    title: str
    family: Family
    basis: Basis
    url: str
    poll_every: timedelta = timedelta(minutes=5)
    delay: timedelta = timedelta(seconds=1)
    timeout: timedelta = timedelta(seconds=30)
    max_bytes: int = 4 * 1024 * 1024
    max_pages: int = 5
    read_replies: bool = True
    local: bool = False
    verify_tls: bool = True
    charset: str | None = None
    enabled: bool = True
    expect: Expectations = field(default_factory=Expectations)
    rules: Mapping[str, str] = field(default_factory=dict)
    poll_fastest: timedelta | None = None
    poll_slowest: timedelta | None = None
    browser: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One fetched answer, as it came; never stored."""

    source: str
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class ListedItem:
    """One row of a list page: how the site names the item and what tells that it changed.

    `key` is the site's own id (`tid`, letter id, guid), never an address. `change_key` differs when
    the list shows that the item changed (replies, last post time); empty when the list cannot tell.
    """

    key: str
    url: str
    title: str
    change_key: str = ""
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """The readable text of one message or article: masked, and without its author.

    `key` is unique within the source (`t123/p456`). `published_at` is None when the page does not
    say; it is never in the future. `masked` counts the marks by type, e.g. {"phone": 1}.
    `extraction` is `rules` or `generic` (the fallback that says so).
    """

    source: str
    key: str
    item_key: str
    address: str
    role: DocumentRole
    title: str
    text: str
    published_at: datetime | None
    precision: TimePrecision
    fetched_at: datetime
    masked: Mapping[str, int] = field(default_factory=dict)
    extraction: str = "rules"


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document with its number in the database; revision counts from 1."""

    document_id: int
    revision: int
    document: Document


# ---------------------------------------------------------------- assessments


class DocumentKind(StrEnum):
    """What a document says about wages."""

    CLAIM = "claim"
    THIRD_PARTY = "third_party"
    PAID = "paid"
    QUESTION = "question"
    OTHER_DEBT = "other_debt"
    UNRELATED = "unrelated"


CASE_KINDS = frozenset({DocumentKind.CLAIM, DocumentKind.THIRD_PARTY})
"""The kinds that open or join a case."""


class Sentiment(StrEnum):
    """How the text speaks about the wages."""

    DISTRESS = "distress"
    COMPLAINT = "complaint"
    NEUTRAL = "neutral"
    THANKS = "thanks"


@dataclass(frozen=True, slots=True)
class Fact(Generic[T]):
    r"""A value that the text states, and the characters of `title + "\n" + text` it came from."""

    value: T
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text says of the wages; None where it does not say.

    `amount_yuan` in yuan, `months` as a number, `owed_from`/`owed_to` as YYYY-MM.
    """

    employer: Fact[str] | None = None
    project: Fact[str] | None = None
    place: Fact[str] | None = None
    sector: Fact[str] | None = None
    workers: Fact[int] | None = None
    amount_yuan: Fact[float] | None = None
    owed_from: Fact[str] | None = None
    owed_to: Fact[str] | None = None
    months: Fact[float] | None = None
    public_project: Fact[bool] | None = None
    employer_fled: Fact[bool] | None = None
    danger_to_life: Fact[bool] | None = None


class UrgencyLevel(IntEnum):
    """How soon somebody must act; 4 is the most urgent."""

    ROUTINE = 1
    RAISED = 2
    HIGH = 3
    CRITICAL = 4


@dataclass(frozen=True, slots=True)
class Urgency:
    """The points of the score card and, for each, a sentence that an officer can read."""

    level: UrgencyLevel
    points: int
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A word or a pattern that moved the score, in log-odds; positive speaks for a claim."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model says of one text; `score` is the calibrated chance in [0, 1] of a claim."""

    kind: DocumentKind
    score: float
    sentiment: Sentiment
    facts: Facts
    why: tuple[Evidence, ...]
    model: str

    @property
    def claim(self) -> bool:
        """True for kind `claim`."""
        return self.kind is DocumentKind.CLAIM


@dataclass(frozen=True, slots=True)
class Assessment:
    """A reading of one stored document, with its urgency, stamped with model and time."""

    document_id: int
    reading: Reading
    urgency: Urgency
    assessed_at: datetime


# ---------------------------------------------------------------- cases


class CaseState(StrEnum):
    """Where a case stands."""

    NEW = "new"
    ACCEPTED = "accepted"
    ORDERED = "ordered"
    PAID = "paid"
    CLOSED = "closed"
    REFERRED = "referred"
    NOT_A_CLAIM = "not_a_claim"
    REOPENED = "reopened"
    MERGED = "merged"  # its documents are in another case


OPEN_STATES = frozenset(
    {
        CaseState.NEW,
        CaseState.ACCEPTED,
        CaseState.ORDERED,
        CaseState.PAID,
        CaseState.REFERRED,
        CaseState.REOPENED,
    }
)
"""States in which the case is not put down."""


class ReferralBody(StrEnum):
    """The bodies that can get wages paid; a closed list, on purpose (`docs/protection.md`)."""

    HOUSING_AND_CONSTRUCTION = "housing_and_construction"
    TRANSPORT = "transport"
    WATER = "water"
    EDUCATION = "education"
    HEALTH = "health"
    STATE_ASSETS = "state_assets"
    OTHER_INSPECTORATE = "other_inspectorate"
    ARBITRATION = "arbitration"
    COURT = "court"
    LEGAL_AID = "legal_aid"
    UNION = "union"
    POLICE_REFUSAL_TO_PAY = "police_refusal_to_pay"


class CaseStep(StrEnum):
    """What a person does to a case."""

    ACCEPT = "accept"
    REFER = "refer"
    NOT_A_CLAIM = "not_a_claim"
    ORDER = "order"
    RECORD_PAID = "record_paid"
    CLOSE = "close"
    REOPEN = "reopen"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Case:
    """Wages said to be owed by a party.

    `owner` is None only while nobody has accepted it (then the duty desk owns it). `version` counts
    changes: an act made on an older version is refused. `threshold` and `model` are stamped when
    the case was opened.
    """

    case_id: int
    number: str
    state: CaseState
    opened_at: datetime
    changed_at: datetime
    level: UrgencyLevel
    points: int
    reasons: tuple[str, ...]
    employer: str | None
    project: str | None
    place: str | None
    workers: int | None
    amount_yuan: float | None
    danger_to_life: bool
    owner: str | None
    model: str
    threshold: float
    version: int
    referred_to: ReferralBody | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the documents of a case tell together. The keys are normalised names for comparing."""

    level: UrgencyLevel
    points: int
    reasons: tuple[str, ...]
    employer: str | None = None
    employer_key: str | None = None
    project: str | None = None
    project_key: str | None = None
    place: str | None = None
    workers: int | None = None
    amount_yuan: float | None = None
    danger_to_life: bool = False


@dataclass(frozen=True, slots=True)
class LikelyCase:
    """A case that a document may belong to, with the keys that it is compared by."""

    case: Case
    employer_key: str | None
    project_key: str | None


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One line of a case's history. `actor` is an officer's user name or `system`."""

    case_id: int
    at: datetime
    actor: str
    action: str
    note: str = ""


# ---------------------------------------------------------------- people and duty


class Role(StrEnum):
    """What a user of the desk may be; a closed list, least right first."""

    ANALYST = "analyst"
    DUTY_OFFICER = "duty_officer"
    CASE_OFFICER = "case_officer"
    REVIEWER = "reviewer"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"


class DutyRole(StrEnum):
    """A column of the duty table."""

    OFFICER = "officer"
    BACKUP = "backup"
    LEADER = "leader"
    BUREAU_LEADER = "bureau_leader"


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach a person: a channel's name in the settings and the address there.

    `address` is an e-mail address, a member's user id, or empty where the channel has one target.
    """

    channel: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """An officer, as the roster and the desk know them."""

    username: str
    display_name: str
    role: Role
    contacts: tuple[Contact, ...] = ()
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """A person is on duty in [starts_at, ends_at)."""

    duty: DutyRole
    person: str
    starts_at: datetime
    ends_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class DutyGap:
    """Nobody has this duty in [starts_at, ends_at)."""

    duty: DutyRole
    starts_at: datetime
    ends_at: datetime


# ---------------------------------------------------------------- alerts


class AlertState(StrEnum):
    """Where an alert stands: one message that one person must see."""

    DUE = "due"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    CALLED_OFF = "called_off"
    GIVEN_UP = "given_up"


class AlertReason(StrEnum):
    """Why an alert was raised."""

    CASE_OPENED = "case_opened"
    CASE_WORSENED = "case_worsened"
    CASE_REOPENED = "case_reopened"
    DEADLINE_NEAR = "deadline_near"
    TEST = "test"
    SOURCE_FAULT = "source_fault"
    CANARY = "canary"
    REPORT = "report"
    CASE_UNTOUCHED = "case_untouched"
    ROSTER_TROUBLE = "roster_trouble"
    SWAP_PROPOSED = "swap_proposed"
    HANDOVER_OPEN = "handover_open"
    VISITS_DUE = "visits_due"


class Through(StrEnum):
    """How an acknowledgement came."""

    LINK = "link"
    DESK = "desk"
    SMS_REPLY = "sms_reply"
    BUTTON = "button"


@dataclass(frozen=True, slots=True)
class LadderStep:
    """After `wait` without an acknowledgement (counted from the raising), who is told.

    `channels` names the channels to use; empty means all of the person's. `person` is a user name
    where one certain person is told, whoever is on duty; empty means that the roster decides.
    """

    wait: timedelta
    duty: DutyRole
    channels: tuple[str, ...] = ()
    person: str = ""


@dataclass(frozen=True, slots=True)
class NewAlert:
    """An alert that is to be written, with its ladder stamped on it.

    `ladder_key` groups the alerts of one thing that must be acknowledged once, e.g. `case-12-1`.
    `case_id` is None for a test message, a canary, and a fault of a source. `person` is None when
    the roster has a gap: then nobody could be found, and the next step is due at once.
    """

    case_id: int | None
    ladder_key: str
    reason: AlertReason
    step: int
    person: str | None
    duty: DutyRole
    ladder: tuple[LadderStep, ...]
    raised_at: datetime
    level: UrgencyLevel


@dataclass(frozen=True, slots=True)
class Alert:
    """A raised alert. `ladder_started_at` is when the first alert of its ladder was raised."""

    alert_id: int
    new: NewAlert
    state: AlertState
    ladder_started_at: datetime
    sent_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    through: Through | None = None


class DeliveryState(StrEnum):
    """Where one message on one channel stands."""

    DUE = "due"
    SENT = "sent"
    FAILED = "failed"
    CALLED_OFF = "called_off"


class Lane(IntEnum):
    """Which messages go first; the lower number goes first."""

    URGENT = 0
    NORMAL = 1


@dataclass(frozen=True, slots=True)
class ShortWords:
    """A card in a few words, for an SMS and for a line among others; each may be empty."""

    level: str
    subject: str
    detail: str
    number: str


@dataclass(frozen=True, slots=True)
class CardEntry:
    """One case in a message about several: its line and its own link."""

    text: str
    link: str


@dataclass(frozen=True, slots=True)
class AlertCard:
    """The words of one message, made once and kept, so that a retry is byte-identical.

    No field may hold a sentence of a document: a card is written from the case. `made_at` is None
    only on cards that were kept before the field was there; e-mail takes its date from it. `short`
    is None on cards that are about no case. `entries` is empty unless several alerts were gathered
    into this message; then each has a line and a link of its own.
    """

    title: str
    lines: tuple[str, ...]
    link: str
    urgent: bool
    made_at: datetime | None = None
    short: ShortWords | None = None
    entries: tuple[CardEntry, ...] = ()
    danger_to_life: bool = False

    @property
    def lane(self) -> Lane:
        """The lane in which it waits."""
        return Lane.URGENT if self.urgent else Lane.NORMAL


@dataclass(frozen=True, slots=True)
class GatheredDelivery:
    """One of the deliveries that a gathered message carries."""

    delivery_id: int
    alert_id: int
    person: str
    case_number: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert on one channel to one address: a row of the outbox.

    `due_at` moves forward when a sender claims it (a lease): a sender that dies leaves it to be
    claimed again. `idempotency_key` is the same on every try. `tries` counts the claims, this one
    included. `case_number` is empty for a test message; it is there for the log. `gathered` names
    the other deliveries that go out with this one in one message; `card` is then that message's.
    """

    delivery_id: int
    alert_id: int
    person: str
    contact: Contact
    card: AlertCard
    idempotency_key: str
    state: DeliveryState
    due_at: datetime
    tries: int = 0
    case_number: str = ""
    gathered: tuple[GatheredDelivery, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel answered when it took a message; `answer` is masked.

    `vendor_id` is the vendor's own number of the message, by which its receipt comes back; empty
    where the vendor gives none.
    """

    answer: str
    vendor_id: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryReceipt:
    """A vendor's later word on a message that it took: it arrived, or it did not.

    `answer` is the vendor's own word, masked; `at` when it arrived or was given up, in UTC.
    `out_id` is our own key of the message, where the vendor hands it back: it finds a message whose
    sender died before the vendor's number was written down.
    """

    vendor_id: str
    delivered: bool
    at: datetime
    answer: str
    out_id: str = ""


@dataclass(frozen=True, slots=True)
class SmsReply:
    """What somebody answered by SMS; `address` is the number that it came from, without +86."""

    address: str
    text: str
    at: datetime


# ---------------------------------------------------------------- forgetting


class Forgotten(StrEnum):
    """What is forgotten, and by which rule; the counts of it stay."""

    CLOSED = "closed"
    NOT_A_CLAIM = "not_a_claim"
    NO_CLAIM = "no_claim"
    REMOVAL = "removal"
    MESSAGE = "message"
    ISSUE = "issue"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class Hold:
    """The texts of a case are kept beyond their time, for a reason and until an end.

    `lifted_at` and `lifted_by` are None while nobody has ended it before its time.
    """

    hold_id: int
    case_id: int
    reason: str
    placed_by: str
    placed_at: datetime
    until_at: datetime
    lifted_at: datetime | None = None
    lifted_by: str | None = None


@dataclass(frozen=True, slots=True)
class Removal:
    """Somebody asked that a text be removed: it is gone and is never read again.

    `key` is the document's key within its source, or the item's where `whole_item` is true. Who
    asked is not kept.
    """

    source: str
    key: str
    whole_item: bool
    removed_at: datetime
    removed_by: str


# ---------------------------------------------------------------- problems and issues


class Severity(StrEnum):
    """How bad a problem is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a person wrote and that cannot be used: a code, where, what, and the cure."""

    code: str
    where: str
    message: str
    cure: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Show it in one line."""
        return f"{self.code} {self.where}: {self.message} — {self.cure}"


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that went wrong while running; one code and one subject is one issue.

    `subject` is a source's name, a role or a channel. `message` never holds a document's words.
    """

    code: str
    subject: str
    message: str
    opened_at: datetime
    last_seen_at: datetime
    count: int = 1
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """What the desk shows of one source; times are None when it has not happened yet."""

    name: str
    last_attempt_at: datetime | None
    last_success_at: datetime | None
    last_new_at: datetime | None
    next_poll_at: datetime
    consecutive_failures: int
    documents: int


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The newest sign of life of a role on a host."""

    role: str
    host: str
    beat_at: datetime
    last_success_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything that the desk shows of one case; lists oldest first."""

    case: Case
    documents: Sequence[tuple[StoredDocument, Assessment]]
    events: Sequence[CaseEvent]
    alerts: Sequence[Alert]

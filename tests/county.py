"""A small county in one process, on a real database and a clock that is pushed by hand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from alerts.outbox import RetryPolicy, deliver_due
from monitor.collecting import StoringSink
from monitor.desk.stored_desk import DeskPolicy, StoredDesk
from monitor.domain import (
    AlertCard,
    Contact,
    Document,
    DocumentKind,
    DutyRole,
    Facts,
    LadderStep,
    ListedItem,
    Person,
    Reading,
    Receipt,
    Role,
    Shift,
    Urgency,
    UrgencyLevel,
)
from monitor.errors import DeliveryError
from monitor.pipeline import (
    CasePolicy,
    Decided,
    DutyPolicy,
    Turn,
    assess_documents,
    decide_cases,
    escalate_alerts,
)
from monitor.sending import StoringOutbox
from monitor.storage.session import Storage
from tests.factories import make_document, make_reading

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)

LADDER = (
    LadderStep(timedelta(0), DutyRole.OFFICER),
    LadderStep(timedelta(minutes=5), DutyRole.BACKUP),
    LadderStep(timedelta(minutes=15), DutyRole.LEADER),
)


class WordReader:
    """Reads what a test wrote: a claim where 没发工资 stands, the employer before the first 欠."""

    working_threshold = 0.5

    def read(self, documents: Sequence[Document]) -> list[Reading]:
        return [self._read(each) for each in documents]

    @staticmethod
    def _read(document: Document) -> Reading:
        if "读不了" in document.text:
            raise ValueError(document.text)
        if "发了工资" in document.text:
            return make_reading(DocumentKind.PAID)
        if "没发工资" not in document.text:
            return make_reading(DocumentKind.UNRELATED)
        employer = document.text.partition("欠")[0]
        facts: dict[str, object] = {"employer": employer} if employer != document.text else {}
        if "跳楼" in document.text:
            facts["danger_to_life"] = True
        return make_reading(DocumentKind.CLAIM, **facts)


def score(facts: Facts, _document: Document, _now: datetime) -> Urgency:
    if facts.danger_to_life:
        return Urgency(UrgencyLevel.CRITICAL, 100, ("有人有危险",))
    return Urgency(UrgencyLevel.RAISED, 4, ("涉及 3 人",))


@dataclass
class PhoneBook:
    """A channel that keeps what it was given, and fails when it is told to."""

    name: str = "phone"
    sent: list[tuple[datetime, str, AlertCard, str]] = field(default_factory=list)
    broken: DeliveryError | None = None
    now: datetime = START

    def send(self, card: AlertCard, address: str, idempotency_key: str) -> Receipt:
        if self.broken:
            raise self.broken
        self.sent.append((self.now, address, card, idempotency_key))
        return Receipt("ok")


class County:
    """Documents go in, messages come out; nothing happens unless the clock is pushed."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.now = START
        self.phone = PhoneBook()
        self.sink = StoringSink(storage)
        self.reader = WordReader()
        self.desk = StoredDesk(storage, [], DeskPolicy(timedelta(hours=2), timedelta(minutes=2)))
        self.cases = CasePolicy(0.5, 0.7, lambda name: name.strip())
        self.duty = DutyPolicy(
            ladders=dict.fromkeys(UrgencyLevel, LADDER),
            repeat_every=timedelta(minutes=10),
            fallback_person="admin",
            code_valid_for=timedelta(days=3),
            desk_url="http://desk",
        )
        self._expected = 0
        self._add_people()

    def _add_people(self) -> None:
        people = [
            ("zhou", Role.DUTY_OFFICER, DutyRole.OFFICER),
            ("zheng", Role.CASE_OFFICER, DutyRole.BACKUP),
            ("han", Role.LEADER, DutyRole.LEADER),
        ]
        with self.storage.work() as rows:
            for name, role, duty in people:
                rows.users.add(Person(name, name, role, (Contact("phone", name),)), None, self.now)
                rows.duty.replace(
                    [Shift(duty, name, START - timedelta(days=1), START + timedelta(days=9))]
                )

    def officer(self, name: str) -> Person:
        """Somebody who may act."""
        person = self.desk.find_person(name)
        assert person
        return person

    def post(
        self, text: str, *, key: str = "t1", source: str = "forum", title: str = "求助"
    ) -> int:
        document = make_document(
            source=source, key=f"{key}/p1", item_key=key, title=title, text=text
        )
        item = ListedItem(key, document.address, title, change_key=str(len(text)))
        return self.sink.store_item(source, item, [document], self.now)

    def reply(self, text: str, *, key: str = "t1", post: str = "p2") -> int:
        document = make_document(key=f"{key}/{post}", item_key=key, text=text)
        return self.sink.store_item(
            "forum",
            ListedItem(key, document.address, "求助", change_key=str(len(text))),
            [document],
            self.now,
        )

    def digest(self, holder: str = "w1") -> list[Decided]:
        turn = Turn(holder, self.now, timedelta(seconds=10))
        assess_documents(self.storage.work, self.reader, score, turn, limit=100)
        return decide_cases(self.storage.work, self.cases, self.duty, turn, limit=100)

    def send(self) -> None:
        self.phone.now = self.now
        deliver_due(
            StoringOutbox(self.storage),
            {"phone": self.phone},
            clock=lambda: self.now,
            lease=LEASE,
            retry=RetryPolicy(),
            limit=1000,
        )

    def forward(self, minutes: float) -> None:
        """Push the clock, minute by minute, doing what `work` does."""
        end = self.now + timedelta(minutes=minutes)
        while True:
            self.digest()
            escalate_alerts(
                self.storage.work, self.duty, Turn("w1", self.now, timedelta(seconds=10))
            )
            self.send()
            if self.now >= end:
                return
            self.now = min(end, self.now + timedelta(minutes=1))

    def expect_message_to(self, person: str) -> AlertCard:
        """The next message nobody has looked at yet went to this person."""
        assert len(self.phone.sent) > self._expected, f"nothing was sent to {person}"
        _, address, card, _ = self.phone.sent[self._expected]
        self._expected += 1
        assert address == person
        return card

    def expect_nobody_else(self) -> None:
        """No message was sent that the test did not name."""
        assert [address for _, address, _, _ in self.phone.sent[self._expected :]] == []


@contextmanager
def open_county(storage: Storage) -> Iterator[County]:
    yield County(storage)

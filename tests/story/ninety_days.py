"""An office for ninety days: a roster that changes, channels that fail, a worker that stops.

Everything that decides is the project's own; the clock is pushed, chance comes from a seed, and the
office's papers are kept a second time (`Papers`), so that the project can be held against them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random

from sqlalchemy import func, select
from sqlalchemy import text as sql

from alerts.escalation import find_next_due_at
from alerts.outbox import RetryPolicy, deliver_due
from alerts.quiet import QuietHours
from monitor.audit_look import AuditPolicy, Finding
from monitor.auditing import Auditor
from monitor.collecting import StoringSink
from monitor.desk.acknowledging import acknowledge_by_code, view_code
from monitor.desk.rostering import (
    add_absence,
    add_rotation,
    answer_swap,
    propose_swap,
    put_person,
    withdraw_swap,
)
from monitor.desk.stored_desk import DeskPolicy, StoredDesk
from monitor.desk.stored_duty import StoredDutyDesk
from monitor.domain import (
    SHANGHAI,
    AlertCard,
    Contact,
    Document,
    DutyRole,
    Facts,
    LadderStep,
    ListedItem,
    Person,
    Receipt,
    Role,
    Shift,
    Urgency,
    UrgencyLevel,
)
from monitor.duty_nouns import DayKind, Rotation, Stretch, SwapOffer
from monitor.duty_watch import WatchPolicy, watch_duty
from monitor.errors import DeliveryError, InputError
from monitor.pipeline import (
    CasePolicy,
    DutyPolicy,
    Turn,
    assess_documents,
    decide_cases,
    escalate_alerts,
)
from monitor.sending import StoringOutbox
from monitor.storage.case_lists import CaseQuery
from monitor.storage.session import Storage
from monitor.storage.tables import DUE_DELIVERY, DeliveryRow
from tests.county import WordReader
from tests.factories import make_document

START = datetime(2026, 11, 1, 0, 0, tzinfo=UTC)  # 08:00 in Shanghai: a duty day begins
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
TICK, SOON = timedelta(seconds=30), timedelta(milliseconds=1)
"""How often the worker runs, and the shortest step of the clock."""

IDLE = 3 * HOUR
"""How long the clock may be pushed at once while nothing waits."""

REPEAT = 10 * MINUTE
OFF, BAK, LEA, BUR = DutyRole
STAFF = {
    OFF: ["zhou", "wu", "zheng", "wang"],
    BAK: ["feng", "chen"],
    LEA: ["han", "yang"],
    BUR: ["lu"],
}
LADDER = tuple(
    LadderStep(wait * MINUTE, duty) for wait, duty in ((0, OFF), (3, BAK), (6, LEA), (20, BUR))
)
CALM_LADDER = tuple(
    LadderStep(wait * MINUTE, duty) for wait, duty in ((0, OFF), (30, BAK), (60, LEA))
)
LADDERS = {
    UrgencyLevel.CRITICAL: LADDER,
    UrgencyLevel.HIGH: LADDER,
    UrgencyLevel.RAISED: LADDER,
    UrgencyLevel.ROUTINE: CALM_LADDER,
}
QUIET = QuietHours(frozenset({UrgencyLevel.ROUTINE}), time(22), time(7))
UNTOUCHED = {UrgencyLevel.RAISED: 3 * DAY, UrgencyLevel.ROUTINE: 7 * DAY}


def score(facts: Facts, document: Document, _now: datetime) -> Urgency:
    if facts.danger_to_life:
        return Urgency(UrgencyLevel.CRITICAL, 100, ("有人有危险",))
    level = UrgencyLevel.ROUTINE if "不急" in document.text else UrgencyLevel.RAISED
    return Urgency(level, int(level), ("涉及 3 人",))


@dataclass
class Papers:
    """The office's own papers, read by hand: no sweep, no layers, no code of the project's."""

    table: list[tuple[DutyRole, str, datetime, datetime]] = field(default_factory=list)
    changes: list[tuple[DutyRole, str | None, datetime, datetime, datetime]] = field(
        default_factory=list
    )
    away: list[tuple[str, datetime, datetime, str | None, datetime]] = field(default_factory=list)
    turns: list[str] = field(default_factory=list)

    def on_duty(self, duty: DutyRole, at: datetime, known_at: datetime | None = None) -> str | None:
        """Read who is on duty at an instant, from what was written down by `known_at`."""
        known_at = known_at or at
        person = next((who for d, who, a, b in self.table if d is duty and a <= at < b), None)
        if person is None and duty is BAK:
            day = (at.astimezone(SHANGHAI) - 8 * HOUR).date()
            person = self.turns[(day - date(2026, 11, 1)).days % len(self.turns)]
        for d, who, a, b, made_at in self.changes:
            if d is duty and a <= at < b and made_at <= known_at:
                person = who
        for _ in range(9):
            gone = [
                sub
                for who, a, b, sub, made_at in self.away
                if who == person and a <= at < b and made_at <= known_at
            ]
            if person is None or not gone:
                return person
            person = gone[-1]
        return None

    def borders(self, starts: datetime, ends: datetime) -> list[datetime]:
        """Every instant in between at which somebody else may come."""
        days = range((ends - START) // DAY + 1)
        spans = [(a, b) for _, _, a, b in self.table]
        spans += [(a, b) for _, _, a, b, _ in self.changes]
        spans += [(a, b) for _, a, b, _, _ in self.away]
        known = {at for span in spans for at in span} | {START + day * DAY for day in days}
        return [starts, *sorted(at for at in known if starts < at < ends)]

    def has_trouble(self, now: datetime) -> bool:
        """Say whether the next sixty days hold a gap, or a person with two duties at once."""
        for at in self.borders(now, now + 60 * DAY):
            there = [self.on_duty(duty, at, now) for duty in (OFF, BAK, LEA)]
            if None in there or len(set(there)) < len(there):
                return True
        return False


@dataclass(frozen=True)
class Sent:
    at: datetime
    channel: str
    to: str
    card: AlertCard
    key: str


@dataclass
class Line:
    """A channel that keeps what it took and fails in stretches of time."""

    name: str
    sent: list[Sent]
    now: Callable[[], datetime]
    failing: list[tuple[datetime, datetime, bool]]

    def send(self, card: AlertCard, address: str, key: str) -> Receipt:
        for starts, ends, permanent in self.failing:
            if starts <= self.now() < ends:
                raise DeliveryError("不通", permanent=permanent, answer="x" if permanent else "")
        self.sent.append(Sent(self.now(), self.name, address, card, key))
        return Receipt("ok")


class Office:
    """The office; `live` pushes the clock through all of it."""

    def __init__(self, storage: Storage, seed: int, *, days: int, cases_a_day: float) -> None:
        self.storage, self.chance, self.days = storage, Random(seed), days
        self.now, self.end = START, START + days * DAY
        self.papers, self.sent = Papers(), list[Sent]()
        self.findings: list[tuple[datetime, Finding]] = []
        self.read: set[str] = set()
        self.failing: dict[str, list[tuple[datetime, datetime, bool]]] = {"app": [], "sms": []}
        self.lines = {
            name: Line(name, self.sent, lambda: self.now, failing)
            for name, failing in self.failing.items()
        }
        self.duty = DutyPolicy(
            ladders=LADDERS,
            repeat_every=REPEAT,
            fallback_person="admin",
            code_valid_for=3 * DAY,
            desk_url="http://desk",
            quiet=QUIET,
        )
        self.watch_policy = WatchPolicy(needed=(OFF, BAK, LEA), untouched_after=UNTOUCHED)
        policy = DeskPolicy(2 * HOUR, 2 * MINUTE)
        self.desk, self.duty_desk = StoredDesk(storage, [], policy), StoredDutyDesk(storage, policy)
        self.auditor = Auditor(
            storage,
            dict(self.lines),
            self.duty,
            AuditPolicy(stuck_after=15 * MINUTE),
            holder="desk",
            clock=lambda: self.now,
        )
        self.sink, self.reader = StoringSink(storage), WordReader()
        self.cases = CasePolicy(0.5, 0.7, lambda name: name.strip())
        self.down: list[tuple[datetime, datetime]] = []
        self.events: list[tuple[datetime, int, Callable[[], None]]] = []
        self.watched_at = START - DAY
        self._found_the_office()
        self._plan_the_months()
        self._plan_what_happens(cases_a_day)

    # ---- before it begins

    def _found_the_office(self) -> None:
        roles = {OFF: Role.DUTY_OFFICER, BAK: Role.CASE_OFFICER, LEA: Role.LEADER, BUR: Role.LEADER}
        with self.storage.work() as rows:
            for duty, names in STAFF.items():
                for name in names:
                    # Some have one channel only: when that fails for good the ladder moves on.
                    lines = ("app", "sms") if self.chance.random() < 0.6 else ("app",)
                    contacts = tuple(Contact(line, name) for line in lines)
                    rows.users.add(Person(name, name, roles[duty], contacts), None, START)
            both = (Contact("app", "admin"), Contact("sms", "admin"))
            rows.users.add(Person("admin", "admin", Role.ADMINISTRATOR, both), None, START)
            self.papers.turns = STAFF[BAK]
            turn = Rotation(0, BAK, tuple(STAFF[BAK]), date(2026, 11, 1), None, 1, DayKind.EVERY)
            add_rotation(rows, turn, "admin", START)

    def _plan_the_months(self) -> None:
        """The duty table comes in stretches of thirty days, some of them with a forgotten day."""
        for first in range(0, self.days + 61, 30):
            shifts = []
            for duty, names in STAFF.items():
                if duty is BAK:
                    continue
                forgotten = first + self.chance.randrange(3, 25) if duty is OFF else None
                for day in range(first, first + 30):
                    if day == forgotten:
                        continue
                    starts = START + day * DAY
                    shifts.append(Shift(duty, names[day % len(names)], starts, starts + DAY))
            self.at(max(START, START + (first - 61) * DAY), self._importer(shifts))

    def _importer(self, shifts: list[Shift]) -> Callable[[], None]:
        def import_table() -> None:
            with self.storage.work() as rows:
                rows.duty.replace(shifts)
            self.papers.table += [(s.duty, s.person, s.starts_at, s.ends_at) for s in shifts]

        return import_table

    def _plan_what_happens(self, cases_a_day: float) -> None:
        def some(each_day: float, act: Callable[[], None]) -> None:
            for _ in range(round(each_day * self.days)):
                self.at(START + self.chance.random() * self.days * DAY, act)

        some(cases_a_day, self.post)
        some(cases_a_day / 5, self.worsen)
        some(0.4, self.swap)
        some(0.15, self.override)
        some(0.1, self.leave)
        for _ in range(round(0.5 * self.days)):
            starts = START + self.chance.random() * self.days * DAY
            self.down.append((starts, starts + self.chance.uniform(0.2, 90) * MINUTE))
        for failing in self.failing.values():
            for _ in range(round(0.3 * self.days)):
                starts = START + self.chance.random() * self.days * DAY
                ends = starts + self.chance.uniform(1, 120) * MINUTE
                failing.append((starts, ends, self.chance.random() < 0.3))

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        self.events.append((when, len(self.events), act))
        self.events.sort(reverse=True)

    # ---- what happens

    def post(self) -> None:
        number = self.chance.randrange(10**9)
        calm = "，不急" if self.chance.random() < 0.3 else ""
        self.store(f"t{number}", f"第{number}公司欠我三个月，没发工资{calm}")

    def store(self, key: str, text: str, post: str = "p1") -> None:
        document = make_document(
            source="forum", key=f"{key}/{post}", item_key=key, title="求助", text=text
        )
        item = ListedItem(key, document.address, "求助", change_key=text)
        self.sink.store_item("forum", item, [document], self.now)

    def worsen(self) -> None:
        with self.storage.look() as rows:
            cases = rows.case_lists.list_page(CaseQuery(), offset=0, limit=500)
        fresh = [case for case in cases if case.employer and self.now - case.opened_at < DAY]
        if fresh:
            employer = self.chance.choice(fresh).employer
            number = self.chance.randrange(10**9)
            self.store(f"w{number}", f"{employer}欠我三个月，没发工资，再不发我就跳楼")

    def swap(self) -> None:
        """Two officers exchange days, each on the desk; sometimes back, declined, or withdrawn."""
        one, other = self.chance.sample(STAFF[OFF], 2)
        days = [self._shift_of(name, self.chance.randrange(2, 25)) for name in (one, other)]
        given, taken = days
        if given is None or (taken is None and self.chance.random() < 0.5):
            return
        offer = SwapOffer(other, given, taken)
        try:
            with self.storage.work() as rows:
                number = propose_swap(rows, self.duty.rules, self.person(one), offer, self.now)
        except InputError:
            return  # refused with a reason: somebody is away, or on duty elsewhere
        what = self.chance.random()
        with self.storage.work() as rows:
            if what < 0.15:
                withdraw_swap(rows, number, self.person(one), self.now)
                return
            agree = what < 0.85
            answer_swap(
                rows, self.duty.rules, number, self.person(other), agree=agree, now=self.now
            )
        if agree:
            self.papers.changes.append((OFF, other, given.starts_at, given.ends_at, self.now))
            if taken:
                self.papers.changes.append((OFF, one, taken.starts_at, taken.ends_at, self.now))

    def _shift_of(self, name: str, ahead: int) -> Stretch | None:
        for day in range(ahead, ahead + 8):
            starts = START + ((self.now - START) // DAY + day) * DAY
            hours = [self.papers.on_duty(OFF, starts + hour * HOUR, self.now) for hour in range(24)]
            if set(hours) == {name}:
                return Stretch(OFF, starts, starts + DAY)
        return None

    def override(self) -> None:
        duty = self.chance.choice([OFF, LEA])
        person = self.chance.choice(STAFF[duty])
        starts = self.now + self.chance.randrange(0, 200) * HOUR
        ends = starts + self.chance.randrange(1, 30) * HOUR
        with self.storage.work() as rows:
            stretch = Stretch(duty, starts, ends)
            put_person(rows, stretch, person, by="admin", note="", now=self.now)
        self.papers.changes.append((duty, person, starts, ends, self.now))

    def leave(self) -> None:
        person = self.chance.choice(STAFF[OFF])
        others = [name for name in STAFF[OFF] if name != person]
        substitute = self.chance.choice([*others, None])
        starts = self.now + self.chance.randrange(0, 100) * HOUR
        ends = starts + self.chance.randrange(4, 72) * HOUR
        with self.storage.work() as rows:
            add_absence(rows, person, starts, ends, substitute=substitute, by="admin", now=self.now)
        self.papers.away.append((person, starts, ends, substitute, self.now))

    def person(self, name: str) -> Person:
        person = self.desk.find_person(name)
        assert person
        return person

    # ---- people answer

    def answer(self, new: Sequence[Sent]) -> None:
        """Whoever got a message opens it, and mostly acknowledges, at once or much later."""
        for message in new:
            if not message.card.link:
                continue
            code = message.card.link.rsplit("/", 1)[-1]
            self.read.add(code)
            what = self.chance.random()
            if what < 0.55:
                wait = self.chance.expovariate(1 / 6) * MINUTE
                self.at(self.now + wait, self._acknowledger(code))

    def _acknowledger(self, code: str) -> Callable[[], None]:
        def acknowledge() -> None:
            with self.storage.look() as rows:
                view_code(rows, code, self.now)  # opening it changes nothing
            with self.storage.work() as rows:
                view = acknowledge_by_code(rows, code, self.now)
            if view.acted and view.case and self.chance.random() < 0.7:
                case, person = view.case, self.person(self._acted_as(code))
                self.at(self.now + 5 * MINUTE, lambda: self._decide(case.case_id, person))

        return acknowledge

    def _acted_as(self, code: str) -> str:
        with self.storage.look() as rows:
            known = rows.alerts.find_code(code)
        assert known
        return known.person

    def _decide(self, case_id: int, person: Person) -> None:
        with self.storage.look() as rows:
            case = rows.cases.get(case_id)
        if case.state in {"new", "reopened"}:
            self.desk.not_a_claim(case_id, person, case.version, reason="核实过", now=self.now)

    # ---- the clock

    def live(self) -> None:
        while self.now < self.end:
            while self.events and self.events[-1][0] <= self.now:
                self.events.pop()[2]()
            before = len(self.sent)
            if not self.is_down(self.now):
                self.work()
            self.answer([each for each in self.sent[before:] if each.key[:6] != "watch-"])
            self.now = self._next()

    def work(self) -> None:
        turn = Turn("w1", self.now, timedelta(seconds=10))
        with self.storage.look() as rows:
            is_waiting, is_open = rows.documents.has_waiting(), rows.alerts.has_open()
            is_held_due = bool(rows.notices.list_held(self.now))
        if is_waiting:
            assess_documents(self.storage.work, self.reader, score, turn, limit=100)
            decide_cases(self.storage.work, self.cases, self.duty, turn, limit=100)
        if is_open:
            escalate_alerts(self.storage.work, self.duty, turn)
        if is_held_due or self.now - self.watched_at >= 10 * MINUTE:
            watch_duty(self.storage.work, self.duty, self.watch_policy, turn)
            self.watched_at = self.now
        deliver_due(
            StoringOutbox(self.storage),
            self.lines,
            clock=lambda: self.now,
            lease=MINUTE,
            retry=RetryPolicy(),
            limit=1000,
        )
        self.findings += [(self.now, each) for each in self.auditor.audit()]

    def _next(self) -> datetime:
        """The next run of the worker at which anything can be due, or the next thing that happens.

        The worker runs every half minute; runs that would find nothing are left out. Should the
        project name a due time too late, the idle time that the tests measure shows it.
        """
        with self.storage.look() as rows:
            ladders = rows.alerts.list_open_ladders()
            failed = rows.alerts.list_failed_steps([a.alert_id for one in ladders for a in one])
            held = [release_at for _, _, release_at in rows.notices.list_held(self.now + DAY)]
        with self.storage.engine.connect() as db:
            sending = db.scalar(select(func.min(DeliveryRow.due_at)).where(sql(DUE_DELIVERY)))
        due = [
            START + ((self.now - START) // IDLE + 1) * IDLE,
            *held,
            *([sending] if sending else []),
        ]
        for ladder in ladders:
            alive = {a.new.step for a in ladder if a.alert_id not in failed}
            due_at = find_next_due_at(
                ladder,
                repeat_every=self.duty.repeat_of(ladder[0].new.reason),
                failed_steps={a.new.step for a in ladder} - alive,
            )
            due += [due_at] if due_at else []
        if ladders:  # whoever comes on duty is told of what is open
            due += self.papers.borders(self.now, self.now + IDLE)[1:]
        runs = -(-(max(min(due), self.now + SOON) - START) // TICK)
        times = [START + runs * TICK]
        if self.events:
            times.append(max(self.events[-1][0], self.now + SOON))
        return min(times)

    def is_down(self, at: datetime) -> bool:
        return any(starts <= at < ends for starts, ends in self.down)

    def up_time(self, since: datetime, until: datetime) -> timedelta:
        """The time in between in which the worker ran; stretches of down-time may overlap."""
        borders = sorted(
            {since, until} | {at for span in self.down for at in span if since < at < until}
        )
        return sum((b - a for a, b in pairwise(borders) if not self.is_down(a)), timedelta(0))

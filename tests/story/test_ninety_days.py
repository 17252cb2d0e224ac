"""Ninety days on a pushed clock: every alert ends, nobody waits too long, nobody is told in vain.

QINGXIN_NINETY_DAYS_SEEDS and QINGXIN_NINETY_DAYS_CASES make it larger, e.g. 20 and 12;
QINGXIN_NINETY_DAYS_FIRST begins at a later seed, so that many can be run in parts.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select

from alerts.quiet import find_release
from monitor.domain import (
    SHANGHAI,
    Alert,
    AlertReason,
    AlertState,
    DutyRole,
    UrgencyLevel,
)
from monitor.duty_nouns import CallOff
from monitor.roster_book import read_roster
from monitor.storage.duty_tables import CallOffRow, WatchFindingRow
from monitor.storage.mapping import load_alert
from monitor.storage.session import Storage
from monitor.storage.tables import (
    AlertRow,
    CaseEventRow,
    CaseRow,
    DeliveryAttemptRow,
    DeliveryRow,
)
from tests.story.ninety_days import DAY, QUIET, START, UNTOUCHED, Office

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.timeout(1200)]

FIRST_SEED = int(os.environ.get("QINGXIN_NINETY_DAYS_FIRST", "0"))
SEEDS = range(FIRST_SEED, FIRST_SEED + int(os.environ.get("QINGXIN_NINETY_DAYS_SEEDS", "2")))
CASES_A_DAY = float(os.environ.get("QINGXIN_NINETY_DAYS_CASES", "2"))
GRACE = timedelta(seconds=60)


@dataclass
class Message:
    """One message as the database has it. `dead_at` is when it failed for good; None otherwise."""

    alert_id: int
    person: str
    channel: str
    state: str
    dead_at: datetime | None


@dataclass
class Records:
    """What the office's database holds in the end."""

    ladders: dict[str, list[Alert]]
    messages: dict[int, list[Message]]
    by_key: dict[str, Message]
    cases: dict[int, tuple[datetime, UrgencyLevel]]
    call_offs: dict[str, tuple[datetime, CallOff]]

    def end_of(self, key: str, office: Office) -> datetime:
        """When a ladder ended: acknowledged, or replaced by the case's next one."""
        ladder = self.ladders[key]
        ends = [alert.acknowledged_at for alert in ladder if alert.acknowledged_at]
        if ends:
            return min(ends)
        if ladder[0].state is AlertState.CALLED_OFF and ladder[0].new.case_id is not None:
            case, _, number = key.rpartition("-")
            later = [
                other[0].new.raised_at
                for name, other in self.ladders.items()
                if name.startswith(f"{case}-") and int(name.rpartition("-")[2]) > int(number)
            ]
            at, why = self.call_offs[key]
            assert why is CallOff.REPLACED
            assert later, f"{key} was called off and nothing took its place"
            assert min(later) == at
            return at
        if ladder[0].state is AlertState.CALLED_OFF:
            at, why = self.call_offs[key]
            if ladder[0].new.reason is AlertReason.VISITS_DUE and why is CallOff.REPLACED:
                # Told once a day: today's takes the place of yesterday's, or nothing is due now.
                raised_at = ladder[0].new.raised_at
                assert at.astimezone(SHANGHAI).date() > raised_at.astimezone(SHANGHAI).date()
                return at
            assert why is CallOff.OVER
            return at
        return office.end

    def died_at(self, alert: Alert) -> datetime | None:
        """When it was clear that an alert can reach nobody; None when it could."""
        messages = self.messages.get(alert.alert_id, [])
        if alert.new.person is None or not messages:
            return alert.new.raised_at
        times = [message.dead_at for message in messages]
        return None if None in times else max(at for at in times if at)


def read_records(storage: Storage) -> Records:
    ladders: dict[str, list[Alert]] = defaultdict(list)
    messages: dict[int, list[Message]] = defaultdict(list)
    by_key: dict[str, Message] = {}
    with storage.engine.connect() as db:
        for row in db.execute(select(AlertRow.__table__).order_by(AlertRow.id)).mappings():
            alert = load_alert(row)
            ladders[alert.new.ladder_key].append(alert)
        failed = dict(
            db.execute(
                select(DeliveryAttemptRow.delivery_id, DeliveryAttemptRow.at).where(
                    DeliveryAttemptRow.outcome == "failed"
                )
            ).all()
        )
        for row in db.execute(select(DeliveryRow.__table__)).mappings():
            message = Message(
                row["alert_id"], row["person"], row["channel"], row["state"], failed.get(row["id"])
            )
            messages[row["alert_id"]].append(message)
            by_key[row["idempotency_key"]] = message
        cases = {
            number: (opened_at, UrgencyLevel(level))
            for number, opened_at, level in db.execute(
                select(CaseRow.id, CaseRow.opened_at, CaseRow.level)
            )
        }
        call_offs = {
            key: (at, CallOff(why))
            for key, at, why in db.execute(
                select(CallOffRow.ladder_key, CallOffRow.at, CallOffRow.why)
            )
        }
    return Records(ladders, messages, by_key, cases, call_offs)


@pytest.fixture(scope="module", params=SEEDS, ids=lambda seed: f"seed-{seed}")
def lived(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Office, Records]:
    folder: Path = tmp_path_factory.mktemp("office")
    storage = Storage(f"sqlite:///{folder / 'office.db'}")
    # Nothing here is about a power cut, and the disk would take longer than the ninety days.
    event.listen(
        storage.engine, "connect", lambda db, _: db.execute("PRAGMA synchronous=OFF") and None
    )
    storage.migrate()
    office = Office(storage, request.param, days=90, cases_a_day=CASES_A_DAY)
    office.live()
    return office, read_records(storage)


Lived = tuple[Office, Records]


def on_ladder(office: Office, alert: Alert) -> str | None:
    """Whom the office's own papers name for an alert."""
    step = alert.new.ladder[alert.new.step]
    if step.person:
        return step.person
    person = office.papers.on_duty(step.duty, alert.new.raised_at)
    is_last = alert.new.step == len(alert.new.ladder) - 1
    return person or ("admin" if is_last else None)


def test_the_ninety_days_were_worth_watching(lived: Lived) -> None:
    office, records = lived
    states = Counter(ladder[-1].state for ladder in records.ladders.values())
    reasons = Counter(ladder[0].new.reason for ladder in records.ladders.values())
    highest = Counter(max(each.new.step for each in one) for one in records.ladders.values())
    swapped = len(office.papers.changes)
    print(f"\n{len(office.sent)} messages, {dict(states)}, {dict(reasons)}, steps {dict(highest)}")
    assert len(records.cases) >= 90 * CASES_A_DAY * 0.9
    assert states[AlertState.ACKNOWLEDGED] > 50
    assert highest[2] + highest[3] > 30
    assert swapped > 30
    assert reasons[AlertReason.CASE_WORSENED] > 5
    assert reasons[AlertReason.ROSTER_TROUBLE] > 3


def test_the_roster_is_what_the_papers_say(lived: Lived) -> None:
    office, _ = lived
    with office.storage.look() as rows:
        settled = read_roster(rows, office.duty.rules, START, office.end)
    for at in office.papers.borders(START, office.end):
        for duty in DutyRole:
            there = [s.person for s in settled if s.duty is duty and s.starts_at <= at < s.ends_at]
            expected = office.papers.on_duty(duty, at)
            assert there == ([expected] if expected else []), (duty, at)


def test_every_alert_went_to_whom_the_papers_name(lived: Lived) -> None:
    office, records = lived
    for ladder in records.ladders.values():
        for alert in ladder:
            assert alert.new.person == on_ladder(office, alert), alert


def test_every_message_is_one_that_was_called_for(lived: Lived) -> None:
    """No message after the end of its ladder, none twice, none to anybody but its person."""
    office, records = lived
    ends = {key: records.end_of(key, office) for key in records.ladders}
    keys = {a.alert_id: key for key, ladder in records.ladders.items() for a in ladder}
    raised = {a.alert_id: a.new.raised_at for ladder in records.ladders.values() for a in ladder}
    seen: set[str] = set()
    for sent in office.sent:
        if sent.key.startswith("watch-"):
            assert any(at == sent.at for at, _ in office.findings), sent
            continue
        message = records.by_key[sent.key]
        assert sent.key not in seen
        seen.add(sent.key)
        assert (message.person, message.channel) == (sent.to, sent.channel)
        assert raised[message.alert_id] <= sent.at
        assert sent.at < ends[keys[message.alert_id]] or sent.at == office.end


def test_no_step_was_told_too_early_and_no_alert_was_unexpected(lived: Lived) -> None:
    office, records = lived
    for key, ladder in records.ladders.items():
        case_id = ladder[0].new.case_id
        told: set[str | None] = set()
        reached, last = -1, len(ladder[0].new.ladder) - 1
        for number, alert in enumerate(ladder):
            step, at = alert.new.step, alert.new.raised_at
            before = [each for each in ladder[:number] if each.new.step == reached]
            wait = alert.new.ladder[step].wait
            is_due = at >= alert.ladder_started_at + wait
            is_unheard = bool(before) and all(
                (died := records.died_at(each)) is not None and died <= at for each in before
            )
            if step > reached:
                carried = case_id is not None and step <= reached_before(records, key, at)
                assert step == reached + 1, (key, step)
                assert is_due or is_unheard or carried, (key, step)
                reached = step
            elif alert.new.person not in told:
                assert alert.new.person is not None  # somebody who came on duty meanwhile
            else:
                repeat = office.duty.repeat_of(alert.new.reason)
                newest = max(each.new.raised_at for each in before)
                assert step == last, (key, step)
                assert at >= newest + repeat, (key, step)
            told.add(alert.new.person)


def reached_before(records: Records, key: str, at: datetime) -> int:
    """How high the case's earlier ladders had climbed when this one replaced them."""
    case = key.rpartition("-")[0]
    return max(
        (
            alert.new.step
            for name, ladder in records.ladders.items()
            if name.startswith(f"{case}-") and name != key
            for alert in ladder
            if alert.new.raised_at <= at
        ),
        default=-1,
    )


def test_nobody_waits_longer_than_the_step_and_a_minute_of_up_time(lived: Lived) -> None:
    office, records = lived
    worst = timedelta(0)
    for key, ladder in records.ladders.items():
        end = records.end_of(key, office)
        for due_at in due_times(office, records, ladder, end):
            later = [a.new.raised_at for a in ladder if a.new.raised_at >= due_at]
            idle = office.up_time(due_at, min([*later, end]))
            worst = max(worst, idle)
            assert idle <= GRACE, (key, due_at)
    print(f"\nlongest idle past a step, in up-time: {worst.total_seconds():.0f} s")


def due_times(
    office: Office, records: Records, ladder: Sequence[Alert], end: datetime
) -> list[datetime]:
    """The instants at which somebody further had to be told, while the ladder was open."""
    steps, last = ladder[0].new.ladder, len(ladder[0].new.ladder) - 1
    started = ladder[0].ladder_started_at
    due: list[datetime] = []
    for number, alert in enumerate(ladder):
        step, at = alert.new.step, alert.new.raised_at
        further = ladder[number + 1 :]
        if step == last:
            newer = [each.new.raised_at for each in further if each.new.step == last]
            due.append(at + office.duty.repeat_of(alert.new.reason))
            if newer and min(newer) < due[-1]:
                due.pop()  # somebody who came on duty was told sooner
            continue
        due_at = max(at, started + steps[step + 1].wait)
        if all(each.new.step <= step or each.new.raised_at >= due_at for each in ladder):
            due.append(due_at)  # else the next was told sooner, as this one could not be heard
        died_at = records.died_at(alert)
        if died_at is None:
            continue
        others = [each for each in ladder if each.new.raised_at <= died_at and each != alert]
        is_highest = all(each.new.step <= step for each in others)
        is_alone = all(
            (other := records.died_at(each)) is not None and other <= died_at
            for each in others
            if each.new.step == step
        )
        if is_highest and is_alone:
            due.append(died_at)
    return [at for at in due if at < end]


def test_every_ladder_was_acknowledged_or_climbed_to_its_last_step(lived: Lived) -> None:
    office, records = lived
    for key, ladder in records.ladders.items():
        states = {alert.state for alert in ladder}
        if states & {AlertState.ACKNOWLEDGED, AlertState.CALLED_OFF}:
            continue
        last = len(ladder[0].new.ladder) - 1
        top = ladder[0].ladder_started_at + ladder[0].new.ladder[last].wait
        is_new = office.up_time(top, office.end) <= GRACE if top < office.end else True
        assert max(alert.new.step for alert in ladder) == last or is_new, key


def test_what_is_not_urgent_waits_for_the_morning_and_nothing_else_does(lived: Lived) -> None:
    office, records = lived
    held = 0
    first: dict[int, Alert] = {}
    for ladder in records.ladders.values():
        number = ladder[0].new.case_id
        if number is not None and ladder[0].new.reason is not AlertReason.CASE_UNTOUCHED:
            known = first.setdefault(number, ladder[0])
            if ladder[0].new.raised_at < known.new.raised_at:
                first[number] = ladder[0]
    for number, (opened_at, _) in records.cases.items():
        if number not in first:
            assert find_release(UrgencyLevel.ROUTINE, office.end, QUIET), number
            continue
        alert = first[number]
        if alert.new.reason is not AlertReason.CASE_OPENED:
            continue  # held, and told when it got worse
        release_at = find_release(alert.new.level, opened_at, QUIET)
        held += release_at is not None
        due_at = release_at or opened_at
        assert alert.new.raised_at >= due_at
        assert office.up_time(due_at, alert.new.raised_at) <= GRACE
    assert held > 0


def test_gaps_are_announced_before_they_come_and_only_where_there_are_any(lived: Lived) -> None:
    office, records = lived
    for ladder in records.ladders.values():
        if ladder[0].new.reason is AlertReason.ROSTER_TROUBLE:
            assert office.papers.has_trouble(ladder[0].new.raised_at)
    with office.storage.engine.connect() as db:
        told = db.execute(
            select(WatchFindingRow.key, WatchFindingRow.told_at).where(
                WatchFindingRow.code == "R300", WatchFindingRow.told_at.is_not(None)
            )
        ).all()
    found = 0
    for at in office.papers.borders(START + 2 * DAY, office.end):
        for duty in (DutyRole.OFFICER, DutyRole.BACKUP, DutyRole.LEADER):
            was_known = office.papers.on_duty(duty, at, at - DAY) is None
            if was_known and office.papers.on_duty(duty, at) is None:
                found += 1
                keys = [
                    key
                    for key, told_at in told
                    if key.startswith((f"gap:{duty.value}", f"near:gap:{duty.value}"))
                    and told_at
                    and told_at <= at
                ]
                assert keys, (duty, at)
    assert found > 0


def test_the_auditor_found_nothing_but_what_the_papers_show(lived: Lived) -> None:
    office, _ = lived
    for at, finding in office.findings:
        assert finding.code == "W705", (at, finding)
        assert office.papers.on_duty(DutyRole.OFFICER, at) is None


def test_only_cases_that_nobody_touched_were_reminded_of(lived: Lived) -> None:
    office, records = lived
    with office.storage.engine.connect() as db:
        touched: dict[int, list[datetime]] = defaultdict(list)
        for number, at in db.execute(
            select(CaseEventRow.case_id, CaseEventRow.at).where(CaseEventRow.actor != "system")
        ):
            touched[number].append(at)
    for ladder in records.ladders.values():
        first = ladder[0].new
        if first.reason is AlertReason.CASE_UNTOUCHED:
            assert first.case_id is not None
            since = first.raised_at - UNTOUCHED[first.level]
            assert not [at for at in touched[first.case_id] if since < at < first.raised_at]
            assert find_release(UrgencyLevel.ROUTINE, first.raised_at, QUIET) is None

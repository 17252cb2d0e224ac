"""Stores what years leave behind beside cases and texts, so that every page has its weight.

For N cases: 1.6 N alerts with their messages, tries and receipts, one in 500 cases still ringing;
orders, payments, witnesses, referrals; N / 10 labels. Whatever N is: sixty sources with a thousand
days each, sixty users, three years of shifts and hand-overs, ninety days of minutes, a hundred and
ninety kept reports, a trained reader that waits to be promoted.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy import text as sql

from alerts.continuity import place
from benchmarks.filling import _alert, _delivery
from benchmarks.machine import say, timed
from benchmarks.texts import PUBLISHED
from models.artefact import ARTEFACT_DIRECTORY, load_artefact
from models.drift import BINS, Profile, Rise, compare_profiles
from monitor.bootstrap.app import App
from monitor.bootstrap.reports import make_office
from monitor.domain import (
    AlertReason,
    AlertState,
    Basis,
    DeliveryState,
    DocumentKind,
    DutyRole,
    Family,
    Role,
    Source,
)
from monitor.duty_nouns import CallOff, SwapState
from monitor.learning.drifting import DriftReport
from monitor.learning.judgement import MovedDocument
from monitor.reporting.archive import Kept, add_edition, compare_kept
from monitor.reporting.making import ReportMaker
from monitor.reports.periods import period_of_week
from monitor.reports.weeks import Week
from monitor.shelf import Shelf
from monitor.storage import duty_tables as duty
from monitor.storage import ledger_tables as ledger
from monitor.storage import tables
from monitor.storage import watch_tables as watch
from monitor.storage.edition_tables import ReportEditionRow
from monitor.storage.editions import EditionFiles
from monitor.storage.sessions import SessionRow
from tests.learning_county import keep_copy, make_judgement

PEOPLE = 60
SOURCES = 60
DAYS = 1_000
CHANNELS = ("mail", "sms", "wecom")
CANDIDATE = "reader-measured"
READER = str(load_artefact(ARTEFACT_DIRECTORY).card["version"])
"""All texts were read by the reader that works, so that its page counts every answer."""
_BATCH = 5_000
_DAY = timedelta(days=1)
_RINGING_EVERY = 500

Values = dict[str, Any]


def fill_years(app: App, cases: int, now: datetime, ladder: list[Any]) -> None:
    """Store it all; the cases and the documents are there already."""
    numbers = range(1, cases + 1)
    for table, rows in (
        *_messages(numbers, now, ladder),
        *_case_life(numbers, now),
        *_sources(now),
        *_people(now),
        *_duty(now),
        *_watch(now),
    ):
        _store(app, table, rows)
    with timed() as making:
        _keep_reports(app, now)
    say(f"  reports kept in {making.wall:.0f} s")
    _keep_candidate(app)
    _keep_drift(app)


def make_sources() -> list[Source]:
    """The sources that the desk is told of: as many as have a history."""
    return [
        Source(
            _source(n),
            f"第 {n} 个论坛",
            Family.DISCUZ,
            Basis.HELP_SECTION,
            f"http://127.0.0.1/forum-{n}",
        )
        for n in range(SOURCES)
    ]


def _store(app: App, table: type[Any], rows: Iterable[Values]) -> None:
    waiting: list[Values] = []
    with app.storage.engine.begin() as connection:
        for row in rows:
            waiting.append(row)
            if len(waiting) == _BATCH:
                connection.execute(insert(table), waiting)
                waiting = []
        if waiting:
            connection.execute(insert(table), waiting)
        _move_sequence(connection, table)


def _move_sequence(connection: Connection, table: type[Any]) -> None:
    """Let PostgreSQL count on from the numbers that were given here."""
    key = table.__table__.columns.get("id")
    if connection.dialect.name != "postgresql" or key is None or not key.autoincrement:
        return
    name = table.__tablename__
    found = connection.scalar(sql("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": name})
    if found:
        connection.execute(sql(f"SELECT setval('{found}', (SELECT max(id) FROM {name}))"))


# ---------------------------------------------------------------- alerts and their messages


def _messages(
    numbers: range, now: datetime, ladder: list[Any]
) -> Iterator[tuple[type[Any], Iterable[Values]]]:
    """Alerts numbered: N of cases, N / 2 of a second step, N / 20 notices, N / 20 canaries."""
    cases = numbers[-1]
    alerts = [*_alerts(numbers, now, ladder)]
    yield tables.AlertRow, alerts
    yield tables.DeliveryRow, (_message(each) for each in alerts)
    yield tables.DeliveryAttemptRow, (_try(each) for each in alerts)
    yield (
        tables.IncomingRow,
        (
            {
                "key": f"receipt-{each['id']}",
                "channel": _channel(each["id"]),
                "kind": "receipt",
                "at": each["raised_at"],
                "received_at": each["raised_at"],
                "delivery_id": each["id"],
                "outcome": "delivered",
                "answer": "",
            }
            for each in alerts[::2]
        ),
    )
    yield (
        tables.AcknowledgementCodeRow,
        (
            {
                "code": f"code-{each['id']}",
                "alert_id": each["id"],
                "person": "zhou",
                "expires_at": each["raised_at"] + _DAY,
                "used_at": each["acknowledged_at"],
            }
            for each in alerts
        ),
    )
    yield (
        duty.AcknowledgementRow,
        (
            {
                "ladder_key": each["ladder_key"],
                "case_id": each["case_id"],
                "alert_id": each["id"],
                "person": "zhou",
                "at": each["raised_at"],
                "through": "link",
                "channel": "mail",
            }
            for each in alerts[:cases]
            if each["acknowledged_at"]
        ),
    )
    yield duty.NoticeRow, (_notice(each) for each in alerts if each["case_id"] is None)
    yield (
        duty.CallOffRow,
        (
            {
                "ladder_key": each["ladder_key"],
                "case_id": each["case_id"],
                "at": each["raised_at"],
                "why": CallOff.CLOSED.value,
            }
            for each in alerts
            if each["state"] == AlertState.CALLED_OFF.value
        ),
    )


def _alerts(numbers: range, now: datetime, ladder: list[Any]) -> Iterator[Values]:
    cases = numbers[-1]
    for number in numbers:
        at = _spread(number, cases, now)
        yield _alert(number, ladder) | _state(number, at)
    for number in range(2, cases + 1, 2):
        at = _spread(number, cases, now)
        again = {"id": cases + number // 2, "step": 1, "duty": DutyRole.LEADER.value}
        yield _alert(number, ladder) | _state(number, at) | again | {"person": "han"}
    first = cases + cases // 2
    for place_in_row in range(1, cases // 10 + 1):
        is_canary = place_in_row % 2 == 0
        reason = AlertReason.CANARY if is_canary else AlertReason.SOURCE_FAULT
        yield (
            _alert(first + place_in_row, ladder)
            | _state(place_in_row * 7, _spread(place_in_row * 10, cases, now))
            | {
                "case_id": None,
                "ladder_key": f"{reason.value}-{place_in_row}",
                "reason": reason.value,
            }
        )


def _spread(number: int, cases: int, now: datetime) -> datetime:
    """Over three years, a higher number later."""
    return now - timedelta(minutes=1_576_800 * (cases - number) // cases + 1)


def _state(number: int, at: datetime) -> Values:
    if number % _RINGING_EVERY == 0:
        state = AlertState.SENT
    elif number % 50 == 0:
        state = AlertState.CALLED_OFF
    else:
        state = AlertState.ACKNOWLEDGED
    is_done = state is AlertState.ACKNOWLEDGED
    return {
        "state": state.value,
        "raised_at": at,
        "ladder_started_at": at,
        "sent_at": at,
        "acknowledged_at": at if is_done else None,
        "acknowledged_by": "zhou" if is_done else None,
        "through": "link" if is_done else None,
    }


def _channel(number: int) -> str:
    return CHANNELS[number % len(CHANNELS)]


def _message(alert: Values) -> Values:
    number, at = alert["id"], alert["raised_at"]
    state = DeliveryState.FAILED if number % 97 == 0 else DeliveryState.SENT
    times = {"channel": _channel(number), "due_at": at, "sent_at": at, "state": state.value}
    return _delivery(number) | times


def _try(alert: Values) -> Values:
    outcome = "failed" if alert["id"] % 97 == 0 else "sent"
    return {
        "delivery_id": alert["id"],
        "at": alert["raised_at"],
        "outcome": outcome,
        "answer": "250 taken",
    }


def _notice(alert: Values) -> Values:
    return {
        "key": alert["ladder_key"],
        "reason": alert["reason"],
        "title": "一个来源没有声音",
        "lines": ["第 3 个论坛已经 40 分钟没有读到。"],
        "path": "/sources",
        "urgent": False,
        "made_at": alert["raised_at"],
    }


# ---------------------------------------------------------------- the life of cases


def _case_life(numbers: range, now: datetime) -> Iterator[tuple[type[Any], Iterable[Values]]]:
    today = now.date()
    yield (
        ledger.OrderRow,
        (
            {
                "case_id": each,
                "number": f"监令〔2026〕{each} 号",
                "addressee": "被责令的单位",
                "ordered_on": today - 40 * _DAY,
                "pay_by": today + (each % 60 - 30) * _DAY,
                "amount_yuan": 3800.0,
                "workers": 2,
                "made_by": "zheng",
                "delivered_on": today - 39 * _DAY,
                "way": "in_person",
                "proof": "送达回证",
            }
            for each in numbers
            if each % 3 == 0
        ),
    )
    yield (
        ledger.PaymentRow,
        (
            {
                "case_id": each,
                "paid_on": today - 20 * _DAY,
                "workers": 2,
                "amount_yuan": 3800.0,
                "whose": "employer",
                "proof": "银行回单",
                "recorded_by": "zheng",
                "recorded_at": now - 20 * _DAY,
            }
            for each in numbers
            if (each - 1) % 10
        ),
    )
    yield (
        ledger.WitnessRow,
        (
            {"case_id": each, "kind": "second_officer", "by": "fuhe", "at": now, "note": "已核对"}
            for each in numbers
            if (each - 1) % 10
        ),
    )
    yield (
        ledger.ReferralRow,
        (
            {"case_id": each, "body": "court", "reason": "归法院", "by": "zheng", "at": now}
            for each in numbers
            if each % 20 == 0
        ),
    )
    yield (
        ledger.LabelRow,
        (
            {
                "document_id": each,
                "is_claim": each % 9 != 0,
                "by": "fuhe",
                "at": now - timedelta(minutes=each),
                "model": READER,
                "score": 0.4 + each % 50 / 100,
            }
            for each in range(5, numbers[-1] + 1, 10)
        ),
    )


# ---------------------------------------------------------------- the watch over sources


def _source(number: int) -> str:
    return f"forum-{number}"


def _sources(now: datetime) -> Iterator[tuple[type[Any], Iterable[Values]]]:
    every = range(SOURCES)
    yield (
        tables.SourceRow,
        (
            {
                "name": _source(n),
                "watched_since": now - DAYS * _DAY,
                "next_poll_at": now,
                "unfinished": False,
                "failures": 3 if n % 20 == 0 else 0,
                "last_attempt_at": now,
                "last_success_at": now,
                "last_new_at": now,
                "documents": 16_000,
            }
            for n in every
        ),
    )
    yield (
        watch.SourceDayRow,
        (
            {"source": _source(n), "day": now.date() - day * _DAY, "documents": 17}
            for n in every
            for day in range(DAYS)
        ),
    )
    yield (
        watch.SourceGapRow,
        (
            {
                "source": _source(n),
                "found_at": now - day * _DAY,
                "since_at": now - day * _DAY - timedelta(hours=2),
                "until_at": now - day * _DAY - timedelta(hours=1),
                "pages": 3,
            }
            for n in every
            for day in range(1, DAYS, 40)
        ),
    )
    yield (
        watch.VisitRow,
        (
            {
                "source": _source(n),
                "key": f"t{each}",
                "url": "http://127.0.0.1/thread",
                "title": "",
                "change_key": "",
                "due_at": now + _DAY,
                "tries": 0,
            }
            for n in every
            for each in range(100)
        ),
    )
    yield tables.IssueRow, _issues(now)
    yield (
        watch.IssuePageRow,
        (
            {
                "code": "S110",
                "subject": _source(n),
                "seen_at": now,
                "address": "http://127.0.0.1/list",
                "status": 200,
                "outline": "html > body > div\n" * 60,
            }
            for n in every[::3]
        ),
    )
    yield (
        tables.HeartbeatRow,
        (
            {"role": role, "host": host, "beat_at": now, "last_success_at": now}
            for role in ("collect", "work", "desk")
            for host in ("a", "b")
        ),
    )


def _issues(now: datetime) -> Iterator[Values]:
    for each in range(20_000):
        is_open = each < SOURCES // 2
        yield {
            "code": "S110",
            "subject": _source(each if is_open else each % SOURCES),
            "message": "列表页的样子变了，没有读到新帖。",
            "opened_at": now - timedelta(hours=each),
            "last_seen_at": now - timedelta(hours=each),
            "count": 3,
            "closed_at": None if is_open else now - timedelta(hours=each),
        }


# ---------------------------------------------------------------- people


def _people(now: datetime) -> Iterator[tuple[type[Any], Iterable[Values]]]:
    names = [f"officer{n}" for n in range(PEOPLE)]
    yield (
        tables.UserRow,
        (
            {
                "username": name,
                "display_name": f"第 {n} 位",
                "role": (Role.ADMINISTRATOR if name == names[0] else Role.DUTY_OFFICER).value,
                "contacts": [["mail", f"{name}@example.org"]],
                "disabled": n % 10 == 9,
                "created_at": now,
            }
            for n, name in enumerate(names)
        ),
    )
    yield (
        ledger.UserSecurityRow,
        (
            {"username": name, "totp_secret": "A" * 32, "totp_confirmed_at": now, "epoch": 3}
            for name in names
        ),
    )
    yield (
        ledger.ApiTokenRow,
        (
            {
                "name": f"省平台 {n}",
                "token_hash": f"{n:064}",
                "scopes": ["ledger"],
                "made_by": names[0],
                "made_at": now,
                "expires_at": now + 30 * _DAY,
            }
            for n in range(30)
        ),
    )
    yield (
        ledger.SavedFilterRow,
        (
            {"name": f"筛选 {n}", "query": "state=accepted", "owner": "han", "shared": n % 2 == 0}
            for n in range(30)
        ),
    )
    yield (
        tables.SignInCodeRow,
        (
            {"code_hash": f"{n:064}", "username": names[n % PEOPLE], "expires_at": now}
            for n in range(2_000)
        ),
    )
    yield (
        SessionRow,
        (
            {
                "key": f"{n:064}",
                "namespace": "sessions",
                "value": _session(names[n % PEOPLE], now),
                "expires_at": now + _DAY,
            }
            for n in range(500)
        ),
    )


def _session(username: str, now: datetime) -> bytes:
    at = now.isoformat()
    return (
        f'{{"username":"{username}","role":"duty_officer","signed_in_at":"{at}",'
        f'"seen_at":"{at}","epoch":3}}'
    ).encode()


# ---------------------------------------------------------------- duty


def _duty(now: datetime) -> Iterator[tuple[type[Any], Iterable[Values]]]:
    midnight = datetime.combine(now.date(), time(), now.tzinfo)

    def begins(day: int) -> datetime:
        return midnight + (day - DAYS) * _DAY + timedelta(hours=1)

    days = range(DAYS + 60)
    yield (
        tables.ShiftRow,
        (
            {
                "duty": role.value,
                "person": _officer(day),
                "starts_at": begins(day),
                "ends_at": begins(day + 1),
                "note": "",
            }
            for day in days
            if not DAYS - 2 < day <= DAYS + 30  # the days that the office's own shifts hold
            for role in DutyRole
        ),
    )
    yield duty.RosterChangeRow, (_change(day, begins) for day in days[::3])
    yield (
        duty.AbsenceRow,
        (
            {
                "person": _officer(day),
                "starts_at": begins(day),
                "ends_at": begins(day + 3),
                "made_by": "han",
                "made_at": begins(day),
            }
            for day in days[::10]
        ),
    )
    yield duty.SwapRow, (_swap(day, begins) for day in days)
    yield (
        duty.HandoverRow,
        (
            {
                "id": 1 + day,
                "duty": DutyRole.OFFICER.value,
                "leaving": _officer(day),
                "coming": _officer(day + 1),
                "at": begins(day),
                "note": "下午有人来单位，带工资表。",
                "noted_at": begins(day),
                "accepted_at": begins(day) if day % 3 else None,
                "accepted_by": _officer(day + 1) if day % 3 else None,
            }
            for day in range(DAYS)
        ),
    )
    yield (
        duty.HandoverItemRow,
        (
            {"handover_id": 1 + day, "case_id": 1 + each, "is_acknowledged": True}
            for day in range(DAYS)
            for each in range(40)
        ),
    )


def _officer(day: int) -> str:
    return f"officer{day % PEOPLE}"


def _change(day: int, begins: Callable[[int], datetime]) -> Values:
    return {
        "duty": DutyRole.OFFICER.value,
        "person": _officer(day + 7),
        "starts_at": begins(day),
        "ends_at": begins(day) + timedelta(hours=8),
        "made_by": "han",
        "made_at": begins(day),
        "note": "临时换班",
    }


def _swap(day: int, begins: Callable[[int], datetime]) -> Values:
    state = SwapState.PROPOSED if day > DAYS else SwapState.AGREED
    return {
        "proposer": _officer(day),
        "other": _officer(day + 1),
        "given_duty": DutyRole.OFFICER.value,
        "given_starts_at": begins(day),
        "given_ends_at": begins(day + 1),
        "state": state.value,
        "note": "",
        "proposed_at": begins(day) - 40 * _DAY,
    }


# ---------------------------------------------------------------- the watch over the watch


def _watch(now: datetime) -> Iterator[tuple[type[Any], Iterable[Values]]]:
    whole = b"\xff" * 180
    broken = (b"\xff" * 9 + b"\x00") * 18
    today = place(now)[0]
    subjects = ["duty", "collect", *(f"source:{_source(n)}" for n in range(SOURCES))]
    yield (
        duty.ContinuityRow,
        (
            {
                "day": today - day * _DAY,
                "subject": subject,
                "observed": whole,
                "good": broken if day % 5 == 0 else whole,
            }
            for day in range(92)
            for subject in subjects
        ),
    )
    yield (
        duty.WatchFindingRow,
        (
            {
                "key": f"W{n}",
                "code": "W101",
                "message": "值班表有一段没有人。",
                "first_seen_at": now - timedelta(hours=n),
                "last_seen_at": now - timedelta(hours=n),
                "told_at": now,
                "told_to": "han",
                "told_through": "mail",
                "gone_at": None if n < 20 else now,
            }
            for n in range(5_000)
        ),
    )


# ---------------------------------------------------------------- reports and readers


def _keep_reports(app: App, now: datetime) -> None:
    """Make one report of these cases, and keep it as 190 periods would be.

    Its files are stand-ins: to write them is `benchmarks.bench_reports`, and no page reads them.
    """
    week = Week(PUBLISHED.date() - PUBLISHED.weekday() * _DAY)
    with app.storage.look() as rows:
        report = ReportMaker(rows, make_office(app), now).make(period_of_week(week))
    draft = compare_kept(app.storage.look, report)
    if isinstance(draft, Kept):
        return
    file = b"\x00" * 1_000_000
    add_edition(app.storage.work, draft, EditionFiles(file, file, file, file))
    columns = [each for each in ReportEditionRow.__table__.columns if each.name != "id"]
    with app.storage.engine.begin() as connection:
        kept = dict(connection.execute(select(*columns)).mappings().one())
        no_files = dict.fromkeys(("page", "paper", "tables", "public_page"), b"")
        for number in range(1, 190):
            copy = (
                kept
                | no_files
                | {
                    "period": f"2020-X{number:03}",
                    "starts_at": kept["starts_at"] - number * _DAY,
                }
            )
            connection.execute(insert(ReportEditionRow), [copy])


def _keep_candidate(app: App) -> None:
    shelf = Shelf(app.storage, ARTEFACT_DIRECTORY)
    moved = [
        MovedDocument(
            number, DocumentKind.UNRELATED, 0.41, DocumentKind.CLAIM, 0.83, is_added=number % 2 == 0
        )
        for number in range(1, 101)
    ]
    judgement = make_judgement(READER, CANDIDATE, moved)
    with tempfile.TemporaryDirectory(prefix="qingxin-bench-reader-") as folder:
        keep_copy(shelf, Path(folder), judgement)


def _keep_drift(app: App) -> None:
    """What `work` found of the working reader when it looked last: ten words that rose."""
    before = Profile(9_000, (900,) * BINS, 0.3, 0.01, {})
    drift = compare_profiles(before, replace(before, texts=6_000, bins=(600,) * BINS))
    rises = tuple(Rise(f"新词{number}", 10, 90 - number) for number in range(10))
    report = DriftReport(READER, PUBLISHED, 6_000, replace(drift, rises=rises))
    with app.storage.work() as rows:
        rows.readers.keep_drift(READER, report.dump(), PUBLISHED)

"""A county that never was, with its truth known: years of documents, cases, steps and alerts.

Everything comes from one seed. The truth that a report must find again stands in `Truth`: a week in
which twice as many are unpaid, three days in which nobody watched (what stood there meanwhile is
read afterwards, for the most part), a project that fails, two winter campaigns. All other weeks
outside the winters have one and the same rate, so that whatever is called a rise there is false.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert

from benchmarks.simulated_ledger import LedgerWriter
from monitor.domain import (
    AlertReason,
    AlertState,
    CaseState,
    CaseStep,
    DocumentKind,
    DutyRole,
    ReferralBody,
    TimePrecision,
)
from monitor.reports.periods import Campaign, Period, PeriodKind, period_of
from monitor.storage.documents import Stage
from monitor.storage.ledger_tables import CaseClockRow, LabelRow, PaymentRow
from monitor.storage.tables import (
    AlertRow,
    AssessmentRow,
    CaseDocumentRow,
    CaseEventRow,
    CaseRow,
    DocumentRow,
    IssueRow,
    Row,
    ShiftRow,
    SourceRow,
    UserRow,
)

SOURCES = {
    "forum": "清河论坛",
    "mailbox": "县长信箱",
    "board": "阳光信箱",
    "help": "求助版",
    "news": "清河新闻",
}
_SHARES = [0.42, 0.23, 0.15, 0.14, 0.06]
TOWNS = [
    f"{name}镇" for name in ("城关", "清河", "东坡", "柳林", "石桥", "白塔", "双井", "新集")
] + [
    "河西乡",
    "马家乡",
    "城南街道",
    "经济开发区",
]
SECTORS = ["建筑", "制造", "餐饮", "物流", "家政", "教育培训"]
_TEXT = "我们在这里干了几个月的活，工资到现在还没有结清，问了几次都说再等等，请有关部门帮忙看看。"
_OTHER = "请问这条路什么时候能修好，晚上没有路灯，老人出门不方便，希望有关部门能安排。"
_FIRST_DAY = date(2024, 11, 18)
_LADDER = [[0.0, "officer", []], [300.0, "backup", []]]
_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Truth:
    """What was put in, for whoever looks whether a report finds it."""

    weeks: list[Period]
    rates: list[float]
    surge: Period
    outage: tuple[datetime, datetime]
    project: str
    project_week: Period
    campaigns: list[Campaign]


@dataclass
class Size:
    """How large the county is; `rate` is the cases of an ordinary week."""

    weeks: int = 104
    cases: int = 20_000
    documents: int = 600_000
    seed: int = 20241118

    surge_week: int = 32
    outage_week: int = 78
    project_week: int = 66
    rate: float = field(init=False, default=0.0)


def make_truth(size: Size) -> Truth:
    """Say what will be put in; needs no database."""
    weeks = [
        period_of(PeriodKind.WEEK, _FIRST_DAY + timedelta(weeks=number))
        for number in range(size.weeks)
    ]
    campaigns = [
        _campaign("2024-winter", 2024, date(2025, 1, 28)),
        _campaign("2025-winter", 2025, date(2026, 2, 16)),
    ]
    shape = [_winter(each, campaigns) for each in weeks]
    shape[size.surge_week] *= 2.0
    size.rate = size.cases / sum(shape)
    friday = weeks[size.outage_week].starts_at + timedelta(days=4, hours=12)
    return Truth(
        weeks=weeks,
        rates=[each * size.rate for each in shape],
        surge=weeks[size.surge_week],
        outage=(friday, friday + timedelta(days=3)),
        project="新城安置房三标段",
        project_week=weeks[size.project_week],
        campaigns=campaigns,
    )


def _campaign(name: str, year: int, eve: date) -> Campaign:
    return Campaign(
        name, f"{year} 年冬季专项行动", date(year, 11, 15), eve, date(year, 12, 31), eve
    )


def _winter(week: Period, campaigns: list[Campaign]) -> float:
    """In a campaign ever more come, by half in the end."""
    for each in campaigns:
        if each.starts_on <= week.starts_on <= each.ends_on:
            return 1 + 0.5 * (week.starts_on - each.starts_on) / (each.ends_on - each.starts_on)
    return 1.0


# ---------------------------------------------------------------- writing


def fill_county(engine: Engine, size: Size) -> Truth:
    """Write the county into an empty, migrated database."""
    truth = make_truth(size)
    writer = _Writer(size, truth)
    with engine.begin() as connection:
        writer.write_office(connection)
        for rows in _chunked(writer.write_cases()):
            _insert(connection, rows)
        for rows in _chunked(writer.write_others()):
            _insert(connection, rows)
    return truth


Line = tuple[type[Row], dict[str, Any]]


def _chunked(lines: Iterator[Line]) -> Iterator[list[Line]]:
    some: list[Line] = []
    for line in lines:
        some.append(line)
        if len(some) >= _CHUNK * 4:
            yield some
            some = []
    yield some


def _insert(connection: Connection, lines: list[Line]) -> None:
    tables: dict[type[Row], list[dict[str, Any]]] = {}
    for table, values in lines:
        tables.setdefault(table, []).append(values)
    for table in (
        CaseRow,
        DocumentRow,
        AssessmentRow,
        CaseDocumentRow,
        CaseEventRow,
        AlertRow,
        IssueRow,
        CaseClockRow,
        PaymentRow,
        LabelRow,
    ):
        if table in tables:
            connection.execute(insert(table), tables[table])


class _Writer:
    def __init__(self, size: Size, truth: Truth) -> None:
        self.size, self.truth = size, truth
        self.random = random.Random(size.seed)
        self.ledger = LedgerWriter(size.seed)
        self.documents = 0
        self.cases = 0
        self.alerts = 0

    # ---- who is there

    def write_office(self, connection: Connection) -> None:
        start, end = self.truth.weeks[0].starts_at, self.truth.weeks[-1].ends_at
        connection.execute(
            insert(SourceRow),
            [
                {"name": name, "watched_since": start, "next_poll_at": end, "unfinished": False}
                | {"failures": 0, "documents": 0}
                for name in SOURCES
            ],
        )
        connection.execute(
            insert(UserRow),
            [
                {"username": name, "display_name": name, "role": "duty_officer"}
                | {"contacts": [["terminal", ""]], "disabled": False, "created_at": start}
                for name in ("zhou", "zheng", "han")
            ],
        )
        days = (end - start).days
        connection.execute(
            insert(ShiftRow),
            [
                {"duty": duty.value, "person": person, "note": ""}
                | {"starts_at": start + timedelta(days=day), "ends_at": self._shift_end(start, day)}
                for duty, person in (
                    (DutyRole.OFFICER, "zhou"),
                    (DutyRole.BACKUP, "zheng"),
                    (DutyRole.LEADER, "han"),
                    (DutyRole.BUREAU_LEADER, "han"),
                )
                for day in range(days)
            ],
        )

    def _shift_end(self, start: datetime, day: int) -> datetime:
        """Once in three months somebody leaves four hours early."""
        early = timedelta(hours=4) if day % 91 == 40 else timedelta(0)
        return start + timedelta(days=day + 1) - early

    # ---- cases

    def write_cases(self) -> Iterator[Line]:
        for week, rate in zip(self.truth.weeks, self.truth.rates, strict=True):
            count = self._poisson(rate)
            moments = sorted(self._moment(week) for _ in range(count))
            for at in moments:
                yield from self._case(at)
        yield from self._failing_project()
        begun, ended = self.truth.outage
        for name in SOURCES:
            yield (
                IssueRow,
                {"code": "S410", "subject": name, "message": "", "opened_at": ended}
                | {"last_seen_at": ended, "count": 1, "closed_at": ended + timedelta(hours=3)},
            )
        del begun

    def _moment(self, week: Period) -> datetime:
        """More by day than by night."""
        while True:
            at = week.starts_at + timedelta(seconds=self.random.randrange(7 * 86_400))
            hour = (at.hour + 8) % 24
            if self.random.random() < (0.15 if hour < 7 else 1.0):
                return at

    def _read_at(self, published_at: datetime) -> datetime | None:
        """When the watch sees a post: minutes later, or after the outage; a fifth of that never."""
        read_at = published_at + timedelta(seconds=60 + self.random.expovariate(1 / 120))
        begun, ended = self.truth.outage
        if not begun <= read_at < ended:
            return read_at
        if self.random.random() < 0.2:
            return None
        return ended + timedelta(seconds=self.random.uniform(0, 3 * 3600))

    def _case(self, published_at: datetime, party: dict[str, Any] | None = None) -> Iterator[Line]:
        opened_at = self._read_at(published_at)
        if opened_at is None:
            return
        self.cases += 1
        case_id, pick = self.cases, self.random
        party = party or self._party()
        facts = self._facts(party)
        steps = [*self._steps(opened_at)]
        state = _STATE_OF[steps[-1][0]] if steps else CaseState.NEW
        level = pick.choices([1, 2, 3, 4], [0.4, 0.35, 0.2, 0.05])[0]
        yield (
            CaseRow,
            {
                "id": case_id,
                "number": f"QX{opened_at.year}-{case_id:06}",
                "state": state.value,
                "opened_at": opened_at,
                "changed_at": steps[-1][1] if steps else opened_at,
                "level": level,
                "points": level * 3,
                "reasons": [],
                **{each: party[each] for each in ("employer", "employer_key")},
                **{each: party[each] for each in ("project", "project_key", "place")},
                "workers": facts["workers"]["value"] if facts["workers"] else None,
                "amount_yuan": facts["amount_yuan"]["value"] if facts["amount_yuan"] else None,
                "danger_to_life": False,
                "owner": None,
                "model": "simulated",
                "threshold": 0.5,
                "version": 1,
                "ladders": 1,
                "referred_to": None,
            },
        )
        extra = pick.choices([0, 1, 2], [0.8, 0.15, 0.05])[0]
        for number in range(1 + extra):
            said_at = published_at + timedelta(hours=30 * number)
            read_at = opened_at if number == 0 else self._read_at(said_at)
            if read_at is not None and read_at < self.truth.weeks[-1].ends_at:
                yield from self._document(
                    said_at, read_at, DocumentKind.CLAIM, facts, case_id, is_first=number == 0
                )
        for step, at, note in steps:
            yield (
                CaseEventRow,
                {"case_id": case_id, "at": at, "actor": "zhou", "action": step, "note": note},
            )
        yield from self.ledger.write_clocks(case_id, opened_at, steps)
        yield from self.ledger.write_payments(
            case_id,
            steps,
            *(facts[each]["value"] if facts[each] else None for each in ("workers", "amount_yuan")),
        )
        yield from self._alert(case_id, opened_at, level)

    def _party(self) -> dict[str, Any]:
        pick = self.random
        number = int(9_000 * pick.random() ** 1.5)
        employer = (
            f"{_EMPLOYER[number % len(_EMPLOYER)]}{number}公司" if pick.random() < 0.8 else None
        )
        sector = pick.choices(SECTORS, [0.5, 0.2, 0.1, 0.1, 0.05, 0.05])[0]
        project = f"{pick.choice(TOWNS)[:2]}{number}号楼" if sector == "建筑" else None
        return {
            "employer": employer,
            "employer_key": employer,
            "project": project,
            "project_key": project,
            "place": pick.choices([*TOWNS, None], [9, 8, 6, 5, 5, 4, 4, 3, 2, 2, 6, 7, 5])[0],
            "sector": sector if pick.random() < 0.8 else None,
            "public": (pick.random() < 0.3) if project and pick.random() < 0.7 else None,
        }

    def _facts(self, party: dict[str, Any]) -> dict[str, Any]:
        pick = self.random
        workers = max(1, int(pick.lognormvariate(1.6, 1.0))) if pick.random() < 0.6 else None
        amount = (
            round((workers or 3) * pick.uniform(3_000, 25_000), 2) if pick.random() < 0.6 else None
        )
        return {
            name: None if value is None else {"value": value, "span": [0, 2]}
            for name, value in (
                ("employer", party["employer"]),
                ("project", party["project"]),
                ("place", party["place"]),
                ("sector", party["sector"]),
                ("workers", workers),
                ("amount_yuan", amount),
                ("public_project", party["public"]),
            )
        }

    def _steps(self, opened_at: datetime) -> Iterator[tuple[str, datetime, str]]:
        pick, end = self.random, self.truth.weeks[-1].ends_at

        def after(at: datetime, hours: float) -> datetime:
            return at + timedelta(hours=pick.expovariate(1 / hours))

        at = after(opened_at, 0.8)
        chance = pick.random()
        plan: list[tuple[CaseStep, float, str]]
        if chance < 0.07:
            plan = [(CaseStep.NOT_A_CLAIM, 0.1, "误报")]
        elif chance < 0.15:
            body = pick.choice([*ReferralBody]).value
            plan = [(CaseStep.REFER, 0.1, f"{body}：职责在该部门")]
            if pick.random() < 0.7:
                plan += [(CaseStep.ACCEPT, 200, "转回"), (CaseStep.CLOSE, 300, "")]
        else:
            plan = [
                (CaseStep.ACCEPT, 0.1, ""),
                (CaseStep.ORDER, 120, ""),
                (CaseStep.RECORD_PAID, 300, ""),
                (CaseStep.CLOSE, 48, ""),
            ]
            if pick.random() < 0.06:
                plan = plan[: pick.randrange(4)]
        for step, hours, note in plan:
            at = after(at, hours)
            if at >= end:
                return
            yield step.value, at, note

    def _alert(self, case_id: int, opened_at: datetime, level: int) -> Iterator[Line]:
        pick = self.random
        sent_at = opened_at + timedelta(seconds=pick.uniform(1, 4))
        answered_at = sent_at + timedelta(minutes=pick.expovariate(1 / 2.2))
        climbed_at = opened_at + timedelta(minutes=5)
        for step, raised_at in enumerate((opened_at, climbed_at)):
            if step and answered_at < climbed_at:
                return
            self.alerts += 1
            yield (
                AlertRow,
                {
                    "id": self.alerts,
                    "case_id": case_id,
                    "ladder_key": f"case-{case_id}-1",
                    "reason": AlertReason.CASE_OPENED.value,
                    "step": step,
                    "duty": ("officer", "backup")[step],
                    "person": ("zhou", "zheng")[step],
                    "level": level,
                    "ladder": _LADDER,
                    "state": AlertState.ACKNOWLEDGED.value,
                    "raised_at": raised_at,
                    "ladder_started_at": opened_at,
                    "sent_at": sent_at if step == 0 else raised_at + timedelta(seconds=2),
                    "acknowledged_at": answered_at,
                    "acknowledged_by": "zhou",
                    "through": "link",
                },
            )

    def _failing_project(self) -> Iterator[Line]:
        """Six messages about one project in its week, then some every week for two months."""
        begun = self.truth.project_week.starts_at
        party = {
            "employer": "鼎立建设公司",
            "employer_key": "鼎立建设公司",
            "project": self.truth.project,
            "project_key": self.truth.project,
            "place": TOWNS[0],
            "sector": "建筑",
            "public": True,
        }
        for hours in (20, 31, 50, 75, 100, 120, 190, 260, 350, 500, 700, 900, 1200):
            yield from self._case(begun + timedelta(hours=hours), party)

    # ---- documents

    def write_others(self) -> Iterator[Line]:
        """Everything else that people write, spread evenly over the weeks."""
        each_week = (self.size.documents - self.documents) / len(self.truth.weeks)
        kinds = [DocumentKind.UNRELATED, DocumentKind.QUESTION, DocumentKind.OTHER_DEBT]
        for number, week in enumerate(self.truth.weeks):
            count = round(each_week * (number + 1)) - round(each_week * number)
            for published_at in sorted(self._moment(week) for _ in range(count)):
                read_at = self._read_at(published_at)
                kind = self.random.choices(kinds, [0.94, 0.04, 0.02])[0]
                if read_at is not None:
                    yield from self._document(published_at, read_at, kind, {}, None)

    def _document(
        self,
        published_at: datetime,
        read_at: datetime,
        kind: DocumentKind,
        facts: dict[str, Any],
        case_id: int | None,
        *,
        is_first: bool = False,
    ) -> Iterator[Line]:
        self.documents += 1
        number, pick = self.documents, self.random
        source = pick.choices([*SOURCES], _SHARES)[0]
        yield (
            DocumentRow,
            {
                "id": number,
                "source": source,
                "key": f"t{number}/p1",
                "revision": 1,
                "item_key": f"t{number}",
                "address": f"http://127.0.0.1/t{number}",
                "role": "post",
                "title": "求助",
                "text": _TEXT if case_id else _OTHER,
                "text_hash": f"{number:064}",
                "published_at": published_at,
                "precision": TimePrecision.SECOND.value,
                "fetched_at": read_at,
                "masked": {},
                "extraction": "rules",
                "stage": Stage.DONE,
            },
        )
        yield (
            AssessmentRow,
            {
                "document_id": number,
                "model": "simulated",
                "kind": kind.value,
                "score": 0.95 if case_id else 0.02,
                "sentiment": "complaint",
                "facts": facts,
                "why": [],
                "level": 1,
                "points": 1,
                "reasons": [],
                "assessed_at": read_at,
            },
        )
        yield from self.ledger.write_label(number, read_at, kind)
        if case_id is not None:
            yield (
                CaseDocumentRow,
                {"document_id": number, "case_id": case_id, "joined_at": read_at}
                | {"because": "opened" if is_first else "same_party"},
            )

    def _poisson(self, rate: float) -> int:
        """Count what comes in a week at a rate, one after another."""
        count, time = 0, self.random.expovariate(rate)
        while time < 1:
            count += 1
            time += self.random.expovariate(rate)
        return count


_EMPLOYER = ["宏图", "鼎盛", "华信", "金泰", "恒远", "天成", "顺达", "兴隆", "中和", "百川", "长宏"]
_STATE_OF = {
    CaseStep.ACCEPT.value: CaseState.ACCEPTED,
    CaseStep.REFER.value: CaseState.REFERRED,
    CaseStep.NOT_A_CLAIM.value: CaseState.NOT_A_CLAIM,
    CaseStep.ORDER.value: CaseState.ORDERED,
    CaseStep.RECORD_PAID.value: CaseState.PAID,
    CaseStep.CLOSE.value: CaseState.CLOSED,
}

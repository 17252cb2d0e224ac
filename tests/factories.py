"""Nouns for tests: every field has a default, a test names only what matters to it."""

from datetime import UTC, datetime
from typing import Any

from monitor.domain import (
    Assessment,
    Case,
    CaseFacts,
    CaseState,
    Document,
    DocumentKind,
    DocumentRole,
    Fact,
    Facts,
    LikelyCase,
    Reading,
    Sentiment,
    TimePrecision,
    Urgency,
    UrgencyLevel,
)

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def make_document(**changes: Any) -> Document:
    fields: dict[str, Any] = {
        "source": "forum",
        "key": "t1/p1",
        "item_key": "t1",
        "address": "http://127.0.0.1/t1",
        "role": DocumentRole.POST,
        "title": "老板不发工资",
        "text": "我们十五个人在宏图工地干了三个月，一分钱没有拿到，请帮帮我们。",
        "published_at": NOON,
        "precision": TimePrecision.SECOND,
        "fetched_at": NOON,
        "masked": {},
        "extraction": "rules",
    }
    return Document(**(fields | changes))


def make_reading(kind: DocumentKind = DocumentKind.CLAIM, **facts: Any) -> Reading:
    return Reading(
        kind=kind,
        score=0.95 if kind is DocumentKind.CLAIM else 0.1,
        sentiment=Sentiment.COMPLAINT,
        facts=Facts(**{name: Fact(value, (0, 2)) for name, value in facts.items()}),
        why=(),
        model="test-1",
    )


def make_assessment(
    document_id: int = 1,
    kind: DocumentKind = DocumentKind.CLAIM,
    *,
    level: UrgencyLevel = UrgencyLevel.RAISED,
    points: int = 4,
    **facts: Any,
) -> Assessment:
    return Assessment(
        document_id,
        make_reading(kind, **facts),
        Urgency(level, points, ("涉及 15 人（+3）",)),
        NOON,
    )


def make_case(**changes: Any) -> Case:
    fields: dict[str, Any] = {
        "case_id": 1,
        "number": "QX2026-000001",
        "state": CaseState.NEW,
        "opened_at": NOON,
        "changed_at": NOON,
        "level": UrgencyLevel.RAISED,
        "points": 4,
        "reasons": ("涉及 15 人（+3）",),
        "employer": "宏图建筑公司",
        "project": None,
        "place": None,
        "workers": 15,
        "amount_yuan": 80_000.0,
        "danger_to_life": False,
        "owner": None,
        "model": "test-1",
        "threshold": 0.5,
        "version": 1,
    }
    return Case(**(fields | changes))


def make_likely(
    employer_key: str | None = "宏图", project_key: str | None = None, **changes: Any
) -> LikelyCase:
    return LikelyCase(make_case(**changes), employer_key, project_key)


def make_case_facts(**changes: Any) -> CaseFacts:
    fields: dict[str, Any] = {"level": UrgencyLevel.RAISED, "points": 4, "reasons": ()}
    return CaseFacts(**(fields | changes))

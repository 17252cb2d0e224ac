"""Nouns to columns and back: the JSON that some columns hold."""

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping

from monitor.domain import (
    Alert,
    AlertCard,
    AlertReason,
    AlertState,
    Assessment,
    CardEntry,
    Case,
    CaseState,
    Contact,
    Document,
    DocumentKind,
    DocumentRole,
    DutyRole,
    Evidence,
    Fact,
    Facts,
    LadderStep,
    NewAlert,
    Person,
    Reading,
    ReferralBody,
    Role,
    Sentiment,
    ShortWords,
    StoredDocument,
    Through,
    TimePrecision,
    Urgency,
    UrgencyLevel,
)


def dump_facts(facts: Facts) -> dict[str, Any]:
    """Facts as JSON: for each {"value", "span"} or null, as in `qingxin assess`."""
    dumped: dict[str, Any] = {}
    for column in fields(facts):
        fact = getattr(facts, column.name)
        dumped[column.name] = None if fact is None else {"value": fact.value, "span": [*fact.span]}
    return dumped


def load_facts(dumped: dict[str, Any]) -> Facts:
    """The inverse of `dump_facts`."""
    return Facts(
        **{
            name: None if fact is None else Fact(fact["value"], (fact["span"][0], fact["span"][1]))
            for name, fact in dumped.items()
        }
    )


def load_document(row: RowMapping) -> StoredDocument:
    """A row of `documents` as a noun."""
    return StoredDocument(
        document_id=row["id"],
        revision=row["revision"],
        document=Document(
            source=row["source"],
            key=row["key"],
            item_key=row["item_key"],
            address=row["address"],
            role=DocumentRole(row["role"]),
            title=row["title"],
            text=row["text"],
            published_at=row["published_at"],
            precision=TimePrecision(row["precision"]),
            fetched_at=row["fetched_at"],
            masked=row["masked"],
            extraction=row["extraction"],
        ),
    )


def load_assessment(row: RowMapping) -> Assessment:
    """A row of `assessments` as a noun."""
    return Assessment(
        document_id=row["document_id"],
        reading=Reading(
            kind=DocumentKind(row["kind"]),
            score=row["score"],
            sentiment=Sentiment(row["sentiment"]),
            facts=load_facts(row["facts"]),
            why=tuple(Evidence(text, weight) for text, weight in row["why"]),
            model=row["model"],
        ),
        urgency=Urgency(UrgencyLevel(row["level"]), row["points"], tuple(row["reasons"])),
        assessed_at=row["assessed_at"],
    )


def load_case(row: RowMapping) -> Case:
    """A row of `cases` as a noun."""
    return Case(
        case_id=row["id"],
        number=row["number"],
        state=CaseState(row["state"]),
        opened_at=row["opened_at"],
        changed_at=row["changed_at"],
        level=UrgencyLevel(row["level"]),
        points=row["points"],
        reasons=tuple(row["reasons"]),
        employer=row["employer"],
        project=row["project"],
        place=row["place"],
        workers=row["workers"],
        amount_yuan=row["amount_yuan"],
        danger_to_life=row["danger_to_life"],
        owner=row["owner"],
        model=row["model"],
        threshold=row["threshold"],
        version=row["version"],
        referred_to=ReferralBody(row["referred_to"]) if row["referred_to"] else None,
    )


def dump_ladder(ladder: tuple[LadderStep, ...]) -> list[Any]:
    """A ladder as JSON: [[wait in seconds, duty, [channel, …], person], …]."""
    return [
        [step.wait.total_seconds(), step.duty.value, [*step.channels], step.person]
        for step in ladder
    ]


def load_ladder(dumped: list[Any]) -> tuple[LadderStep, ...]:
    """The inverse of `dump_ladder`."""
    return tuple(
        LadderStep(timedelta(seconds=wait), DutyRole(duty), tuple(channels), *named)
        # Ladders that were stamped before steps could name a person end with the channels.
        for wait, duty, channels, *named in dumped
    )


def load_alert(row: RowMapping) -> Alert:
    """A row of `alerts` as a noun."""
    return Alert(
        alert_id=row["id"],
        new=NewAlert(
            case_id=row["case_id"],
            ladder_key=row["ladder_key"],
            reason=AlertReason(row["reason"]),
            step=row["step"],
            person=row["person"],
            duty=DutyRole(row["duty"]),
            ladder=load_ladder(row["ladder"]),
            raised_at=row["raised_at"],
            level=UrgencyLevel(row["level"]),
        ),
        state=AlertState(row["state"]),
        ladder_started_at=row["ladder_started_at"],
        sent_at=row["sent_at"],
        acknowledged_at=row["acknowledged_at"],
        acknowledged_by=row["acknowledged_by"],
        through=Through(row["through"]) if row["through"] else None,
    )


def dump_card(card: AlertCard) -> dict[str, Any]:
    """A card as JSON."""
    short = card.short
    return {
        "title": card.title,
        "lines": [*card.lines],
        "link": card.link,
        "urgent": card.urgent,
        "made_at": card.made_at.isoformat() if card.made_at else None,
        "short": [short.level, short.subject, short.detail, short.number] if short else None,
        "entries": [[each.text, each.link] for each in card.entries],
        "danger_to_life": card.danger_to_life,
    }


def load_card(dumped: dict[str, Any]) -> AlertCard:
    """The inverse of `dump_card`."""
    made_at = dumped.get("made_at")
    return AlertCard(
        dumped["title"],
        tuple(dumped["lines"]),
        dumped["link"],
        dumped["urgent"],
        made_at=datetime.fromisoformat(made_at) if made_at else None,
        short=ShortWords(*dumped["short"]) if dumped.get("short") else None,
        entries=tuple(CardEntry(text, link) for text, link in dumped.get("entries", ())),
        danger_to_life=dumped.get("danger_to_life", False),
    )


def load_person(row: RowMapping) -> Person:
    """A row of `users` as a noun."""
    return Person(
        username=row["username"],
        display_name=row["display_name"],
        role=Role(row["role"]),
        contacts=tuple(Contact(channel, address) for channel, address in row["contacts"]),
        disabled=row["disabled"],
    )

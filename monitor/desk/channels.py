"""The channels as the desk shows them, and the test that anybody can send to himself."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from alerts.wording import word_test
from monitor.domain import (
    AlertReason,
    AlertState,
    DutyRole,
    Issue,
    NewAlert,
    Person,
    UrgencyLevel,
)
from monitor.errors import InputError
from monitor.storage.channels import TEST_LADDER, ChannelCounts, TestLine
from monitor.storage.session import Storage

COUNTED_FOR = timedelta(hours=24)
_TESTS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class ChannelView:
    """One channel: what went through it in the last 24 hours, and what is wrong with it.

    `rests_until` is None unless its vendor refused or did not answer. `is_mine` says that the
    person who looks is reached through it.
    """

    name: str
    kind: str
    counts: ChannelCounts
    rests_until: datetime | None
    issues: tuple[Issue, ...]
    is_mine: bool


class ChannelBoard(Protocol):
    """What the page of the channels asks and does."""

    def list_channels(self, person: Person, now: datetime) -> list[ChannelView]:
        """Every channel of the settings."""
        ...

    def list_tests(self) -> list[TestLine]:
        """The newest test messages, newest first."""
        ...

    def send_test(self, person: Person, now: datetime) -> int:
        """Put a marked test message into the outbox for each of a person's channels; how many.

        Raises:
            InputError: The person has no channel.
        """
        ...


class StoredChannelBoard:
    """`ChannelBoard` on our storage; a test takes the same way as an urgent alert."""

    def __init__(self, storage: Storage, kinds: Mapping[str, str], desk_url: str) -> None:
        """Keep the collaborators; `kinds` names the kind of each channel of the settings."""
        self._storage = storage
        self._kinds = kinds
        self._desk_url = desk_url

    def list_channels(self, person: Person, now: datetime) -> list[ChannelView]:
        """Every channel of the settings, in their order."""
        mine = {contact.channel for contact in person.contacts}
        with self._storage.look() as rows:
            issues = rows.operations.list_open_issues()
            return [
                ChannelView(
                    name=name,
                    kind=kind,
                    counts=rows.channels.count(name, now - COUNTED_FOR),
                    rests_until=_later(rows.buckets.look(name).rests_until, now),
                    issues=_issues_of(name, issues),
                    is_mine=name in mine,
                )
                for name, kind in self._kinds.items()
            ]

    def list_tests(self) -> list[TestLine]:
        """The newest test messages, newest first."""
        with self._storage.look() as rows:
            return rows.channels.list_tests(_TESTS_SHOWN)

    def send_test(self, person: Person, now: datetime) -> int:
        """Put a marked test message into the outbox for each of a person's channels."""
        if not person.contacts:
            raise InputError("您还没有任何通知渠道，请管理员用 qingxin user contact 添加。")
        card = replace(
            word_test(desk_url=self._desk_url, now=now, shown_person_name=person.display_name),
            urgent=True,  # in the lane in which it matters
        )
        token = secrets.token_hex(8)
        new = NewAlert(
            case_id=None,
            ladder_key=f"{TEST_LADDER}{token}",
            reason=AlertReason.TEST,
            step=0,
            person=person.username,
            duty=DutyRole.OFFICER,
            ladder=(),
            raised_at=now,
            level=UrgencyLevel.ROUTINE,
        )
        with self._storage.work() as rows:
            alert_id = rows.alerts.add(new, now, AlertState.DUE)
            for number, contact in enumerate(person.contacts):
                rows.alerts.add_delivery(
                    alert_id=alert_id,
                    person=person.username,
                    contact=contact,
                    card=card,
                    idempotency_key=f"test-{token}-{number}",
                    due_at=now,
                )
        return len(person.contacts)


def _later(at: datetime | None, now: datetime) -> datetime | None:
    return at if at is not None and at > now else None


def _issues_of(name: str, issues: Sequence[Issue]) -> tuple[Issue, ...]:
    return tuple(each for each in issues if each.subject == f"channel {name}")

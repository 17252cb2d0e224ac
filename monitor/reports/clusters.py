"""Employers and projects of which several messages tell: named in the period that shows it first.

Only parties are counted. Who wrote a message is not known here and may not be.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from monitor.reports.counts import Cluster

WINDOW = timedelta(days=28)


class Message(Protocol):
    """A message about a party, as storage gives it."""

    @property
    def case_id(self) -> int:
        """The case it joined."""

    @property
    def employer(self) -> str | None:
        """The employer's name."""

    @property
    def employer_key(self) -> str | None:
        """The name by which employers are compared."""

    @property
    def project(self) -> str | None:
        """The project's name."""

    @property
    def project_key(self) -> str | None:
        """The name by which projects are compared."""

    @property
    def source(self) -> str:
        """Where it stood."""

    @property
    def item_key(self) -> str:
        """The thread or letter."""

    @property
    def joined_at(self) -> datetime:
        """When it joined its case."""


def find_clusters(
    messages: Sequence[Message], since: datetime, *, cluster_at: int
) -> list[Cluster]:
    """Find the parties whose messages reached the number in this period and not before.

    A thread or letter counts once, however often it was edited or answered.

    Args:
        messages: Those of the four weeks before `since` and of the period, oldest first.
        since: The beginning of the period.
        cluster_at: From how many threads or letters within four weeks on it is a cluster.

    Returns:
        Most messages first.
    """
    parties: dict[tuple[bool, str], list[Message]] = {}
    for each in messages:
        if each.employer_key:
            parties.setdefault((False, each.employer_key), []).append(each)
        if each.project_key:
            parties.setdefault((True, each.project_key), []).append(each)
    found = [
        cluster
        for (is_project, key), told in parties.items()
        if len(told) >= cluster_at
        and (cluster := _cluster(told, key, since, cluster_at, is_project=is_project))
    ]
    return sorted(found, key=lambda each: (-each.messages, each.reached_at, each.name))


def _cluster(
    told: Sequence[Message], key: str, since: datetime, cluster_at: int, *, is_project: bool
) -> Cluster | None:
    first: dict[tuple[str, str], Message] = {}
    for each in told:
        first.setdefault((each.source, each.item_key), each)
    threads = sorted(first.values(), key=lambda each: each.joined_at)
    reached = _reached(threads, cluster_at)
    if reached is None or reached < since:
        return None
    inside = [each for each in threads if each.joined_at > threads[-1].joined_at - WINDOW]
    named = threads[-1].project if is_project else threads[-1].employer
    return Cluster(
        name=named or key,
        is_project=is_project,
        messages=len(inside),
        sources=len({each.source for each in inside}),
        case_ids=sorted({each.case_id for each in inside}),
        first_at=inside[0].joined_at,
        reached_at=reached,
    )


def _reached(threads: Sequence[Message], cluster_at: int) -> datetime | None:
    """When so many had come within four weeks for the first time."""
    for number in range(cluster_at - 1, len(threads)):
        last = threads[number].joined_at
        if last - threads[number - cluster_at + 1].joined_at < WINDOW:
            return last
    return None

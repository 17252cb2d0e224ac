"""A small real sink for tests of `collect`: it keeps every promise of the port in one file.

Each change is one line of JSON, so a process that is killed leaves at most a torn last line, and
the next process carries on from the rest: what a database transaction does, without a database.
"""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.domain import ListedItem
from monitor.errors import StorageError
from spiders.ports import Claim, Gap, ItemReading, KnownItem, PollOutcome, SeenPage, Visit


@dataclass(slots=True)
class SourceState:
    """What is remembered of one source."""

    next_poll_at: datetime
    watched_since: datetime
    unfinished: bool = False
    ever_claimed: bool = False
    failures: int = 0
    last_new_at: datetime | None = None
    last_success_at: datetime | None = None
    interval: timedelta | None = None
    shape: frozenset[int] = frozenset()
    posts: dict[date, int] = field(default_factory=dict)


@dataclass(slots=True)
class JournalSink:
    """Keeps documents, items, polls and issues in memory and in a journal.

    `fail_with` makes every write raise that error, as a locked or full database does.
    """

    path: Path
    fail_with: type[StorageError] | None = None
    sources: dict[str, SourceState] = field(default_factory=dict)
    items: dict[tuple[str, str], KnownItem] = field(default_factory=dict)
    documents: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    issues: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    visits: dict[tuple[str, str], Visit] = field(default_factory=dict)
    gaps: list[dict[str, Any]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _replaying: bool = False
    _polled: set[str] = field(default_factory=set)

    @classmethod
    def open(cls, path: Path) -> "JournalSink":
        """Open a journal, and carry on where it ends; a torn last line never happened."""
        sink = cls(path)
        if path.exists():
            sink._replaying = True
            for line in path.read_text("utf-8").split("\n"):
                try:
                    entry = json.loads(line)
                except json.JSONDecodeError:
                    continue
                sink._apply(entry)
            sink._replaying = False
        with path.open("a", encoding="utf-8") as journal:
            journal.write("\n")
        return sink

    def claim_due_sources(
        self,
        names: Sequence[str],
        now: datetime,
        lease: timedelta,
        hosts: Mapping[str, str] | None = None,
    ) -> list[Claim]:
        del hosts  # one process has a journal to itself
        with self._lock:
            claims = []
            for name in names:
                known = self.sources.get(name)
                if known is not None and known.next_poll_at > now:
                    continue
                unfinished = known is not None and known.unfinished
                due_at = known.next_poll_at if known is not None else now
                self._write({"op": "claim", "source": name, "now": now, "until": now + lease})
                self._polled.add(name)
                state = self.sources[name]
                claims.append(
                    Claim(
                        name,
                        unfinished,
                        state.failures,
                        state.watched_since,
                        state.last_new_at,
                        state.last_success_at,
                        state.interval,
                        state.posts,
                        state.shape,
                        due_at,
                    )
                )
            return claims

    def extend_claims(self, sources: Sequence[str], now: datetime, lease: timedelta) -> None:
        with self._lock:
            for source in self._polled & set(sources):
                self._write({"op": "extend", "source": source, "until": now + lease})

    def find_known_items(self, source: str, keys: Sequence[str]) -> dict[str, KnownItem]:
        with self._lock:
            known = {}
            for key in keys:
                place = (source, key)
                visit = self.visits.get(place)
                failed = visit if visit is not None and visit.tries else None
                if place in self.items or failed is not None:
                    item = self.items.get(place, KnownItem(None, None, None))
                    known[key] = replace(
                        item,
                        tries=failed.tries if failed else 0,
                        retry_at=failed.due_at if failed else None,
                    )
            return known

    def store_items(self, readings: Sequence[ItemReading]) -> list[int]:
        with self._lock:
            return [self._store(reading) for reading in readings]

    def _store(self, reading: ItemReading) -> int:
        fresh = [d for d in map(asdict, reading.documents) if self._is_new(d)]
        visit = reading.visit
        self._write(
            {
                "op": "item",
                "source": reading.source,
                "key": reading.item.key,
                "change_key": reading.item.change_key,
                "now": reading.read_at,
                "documents": fresh,
                "is_seen": reading.is_seen,
                "visit": None if visit is None else asdict(visit),
            }
        )
        return len(fresh)

    def list_due_visits(self, source: str, now: datetime, limit: int) -> list[Visit]:
        with self._lock:
            due = [v for (s, _), v in self.visits.items() if s == source and v.due_at <= now]
            return sorted(due, key=lambda visit: visit.due_at)[:limit]

    def record_gap(self, gap: Gap) -> None:
        with self._lock:
            self._write({"op": "gap", "gap": asdict(gap)})

    def finish_poll(self, outcome: PollOutcome, now: datetime, next_poll_at: datetime) -> None:
        with self._lock:
            self._polled.discard(outcome.source)
            self._write(
                {"op": "finish", "outcome": asdict(outcome), "now": now, "next": next_poll_at}
            )

    def record_issue(
        self,
        code: str,
        subject: str,
        message: str,
        now: datetime,
        page: SeenPage | None = None,
    ) -> None:
        seen = None if page is None else asdict(page)
        with self._lock:
            self._write(
                {
                    "op": "issue",
                    "code": code,
                    "subject": subject,
                    "message": message,
                    "now": now,
                    "page": seen,
                }
            )

    def close_issues(self, subject: str, codes: Sequence[str], now: datetime) -> None:
        with self._lock:
            self._write({"op": "close", "subject": subject, "codes": list(codes), "now": now})

    def _is_new(self, document: dict[str, Any]) -> bool:
        revisions = self.documents.get((document["source"], document["key"]), [])
        return not revisions or any(
            revisions[-1][name] != document[name] for name in ("title", "text")
        )

    def _write(self, entry: dict[str, Any]) -> None:
        if self.fail_with is not None:
            raise self.fail_with
        line = json.dumps(entry, ensure_ascii=False, default=_to_json)
        with self.path.open("a", encoding="utf-8") as journal:
            journal.write(line + "\n")
        self._apply(json.loads(line))

    def _apply(self, entry: dict[str, Any]) -> None:
        apply: Callable[[dict[str, Any]], None] = getattr(self, f"_apply_{entry['op']}")
        apply(entry)

    def _apply_claim(self, entry: dict[str, Any]) -> None:
        now, until = _at(entry["now"]), _at(entry["until"])
        state = self.sources.setdefault(entry["source"], SourceState(until, now))
        state.next_poll_at = until
        state.unfinished = state.ever_claimed = True

    def _apply_extend(self, entry: dict[str, Any]) -> None:
        self.sources[entry["source"]].next_poll_at = _at(entry["until"])

    def _apply_item(self, entry: dict[str, Any]) -> None:
        now = _at(entry["now"])
        place = (entry["source"], entry["key"])
        first = self.items[place].first_read_at if place in self.items else now
        if entry["is_seen"]:
            self.items[place] = KnownItem(entry["change_key"], first, now)
        visit = entry["visit"]
        if visit is None:
            self.visits.pop(place, None)
        else:
            self.visits[place] = Visit(
                ListedItem(**visit["item"]), _at(visit["due_at"]), visit["tries"]
            )
        for document in entry["documents"]:
            self.documents.setdefault((document["source"], document["key"]), []).append(document)
        if entry["documents"]:
            self.sources[entry["source"]].last_new_at = now

    def _apply_finish(self, entry: dict[str, Any]) -> None:
        outcome = entry["outcome"]
        state = self.sources[outcome["source"]]
        state.next_poll_at = _at(entry["next"])
        state.unfinished = not outcome["complete"]
        if outcome["failed_with"] is None:
            state.last_success_at = _at(entry["now"])
        if outcome["interval"] is not None:
            state.interval = timedelta(seconds=outcome["interval"])
        if outcome["shape"] is not None:
            state.shape = frozenset(outcome["shape"])
        state.failures = state.failures + 1 if outcome["failed_with"] else 0
        self.outcomes.append(outcome)

    def _apply_gap(self, entry: dict[str, Any]) -> None:
        self.gaps.append(entry["gap"])

    def _apply_issue(self, entry: dict[str, Any]) -> None:
        place = (entry["code"], entry["subject"])
        known = self.issues.setdefault(place, {"count": 0})
        known |= {"message": entry["message"], "count": known["count"] + 1, "open": True}
        known["page"] = entry["page"]

    def _apply_close(self, entry: dict[str, Any]) -> None:
        for code in entry["codes"]:
            if (code, entry["subject"]) in self.issues:
                self.issues[code, entry["subject"]]["open"] = False


def _to_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(type(value).__name__)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)

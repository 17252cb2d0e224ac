"""Forgetting what retention has reached, and what somebody asked to have removed.

Every batch is a transaction of its own: whoever is interrupted has forgotten what was reported, and
the next run goes on where this one stopped. Running it twice does nothing twice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from monitor.domain import CaseEvent, Forgotten, Hold, Person, Removal, Role
from monitor.errors import InputError, LeaseLostError, NotAllowedError
from monitor.retention import RetentionPolicy, check_hold, find_cutoffs, is_active
from monitor.storage.repositories import Rows
from monitor.storage.retention import REST, TEXTS
from monitor.storage.scrubbing import scrub
from monitor.storage.session import Storage
from spiders.masking import mask

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)

PURGE_LEASE = "purge"
LEASE = timedelta(minutes=10)
BATCH = 500
MAY_FORGET = frozenset({Role.CASE_OFFICER, Role.LEADER, Role.ADMINISTRATOR})
"""Who may place and lift holds and remove a text on request."""

UnitOfWork = Callable[[], AbstractContextManager[Rows]]
OnProgress = Callable[[Forgotten, int, int], None]
"""Called after each batch with the rule, how many are done and how many there are."""


@dataclass(frozen=True, slots=True)
class Purged:
    """What a run forgot, by rule; `scrubbed` is False when the disk must be overwritten later."""

    counts: Mapping[Forgotten, int]
    scrubbed: bool

    @property
    def total(self) -> int:
        """Everything together."""
        return sum(self.counts.values())


def count_due(look: UnitOfWork, policy: RetentionPolicy, now: datetime) -> dict[Forgotten, int]:
    """What a run would forget now; changes nothing."""
    cutoffs = find_cutoffs(policy, now)
    with look() as rows:
        texts = {
            rule: rows.retention.count_due_texts(rule, cutoffs.get(rule, now), now)
            for rule in TEXTS
        }
        rest = {rule: rows.retention.count_due_rest(rule, cutoffs[rule]) for rule in REST}
    return texts | rest


def purge(
    storage: Storage,
    policy: RetentionPolicy,
    now: datetime,
    *,
    holder: str,
    on_progress: OnProgress = lambda _rule, _done, _all: None,
) -> Purged:
    """Forget everything that is due.

    Raises:
        LeaseLostError: Another process is at it.
        StorageError: The database did not take it; what was done stays done.
    """
    holder = f"{holder}-{PURGE_LEASE}"  # so that giving it back gives back nothing else
    run = _Run(storage.work, policy, now, holder, on_progress)
    due = count_due(storage.look, policy, now)
    counts = {rule: run.forget_texts(rule, due[rule]) for rule in TEXTS if due[rule]}
    counts |= {rule: run.forget_rest(rule) for rule in REST if due[rule]}
    if counts:
        with storage.work() as rows:
            rows.operations.release_leases(holder)
    scrubbed = scrub(storage)  # also what a removal had no time for
    if counts:
        _log.info(
            "retention.purged",
            scrubbed=scrubbed,
            **{rule.value: count for rule, count in counts.items()},
        )
    return Purged(counts, scrubbed)


_PATIENCE = timedelta(seconds=5)
"""How long an officer's form waits for the disk; `purge` ends what was left."""


class _Run:
    """One run: the lease is renewed inside each batch's transaction."""

    def __init__(
        self,
        work: UnitOfWork,
        policy: RetentionPolicy,
        now: datetime,
        holder: str,
        on_progress: OnProgress,
    ) -> None:
        self._work = work
        self._cutoffs = find_cutoffs(policy, now)
        self._now = now
        self._holder = holder
        self._tell = on_progress

    @contextmanager
    def _batch(self) -> Iterator[Rows]:
        with self._work() as rows:
            if not rows.operations.take_lease(PURGE_LEASE, self._holder, self._now, LEASE):
                raise LeaseLostError("另一个进程正在清除，稍后再试。")
            yield rows

    def forget_texts(self, rule: Forgotten, due: int) -> int:
        done = 0
        cutoff = self._cutoffs.get(rule, self._now)
        while True:
            with self._batch() as rows:
                batch = rows.retention.list_due_texts(rule, cutoff, self._now, BATCH)
                if not batch:
                    return done
                forgotten = rows.retention.forget_texts(batch)
                rows.retention.count_up({rule: forgotten}, self._now)
            done += forgotten
            self._tell(rule, done, max(done, due))

    def forget_rest(self, rule: Forgotten) -> int:
        with self._batch() as rows:
            count = rows.retention.forget_rest(rule, self._cutoffs[rule])
            rows.retention.count_up({rule: count}, self._now)
        return count


# ---------------------------------------------------------------- on request


def check_may_forget(person: Person) -> None:
    """Let pass who may hold and remove.

    Raises:
        NotAllowedError: This role may not.
    """
    if person.disabled or person.role not in MAY_FORGET:
        raise NotAllowedError("只有承办人、带班领导和管理员可以删除原文或登记保留。")


def remove_document(
    storage: Storage, document_id: int, person: Person, now: datetime, *, whole_item: bool = False
) -> int:
    """Remove a text at once, and never read it again; return how many documents lost their words.

    Who asked is written nowhere.

    Raises:
        NotAllowedError: This person's role may not.
        NotFoundError: There is no such document.
        InputError: A hold keeps the texts of its case.
    """
    check_may_forget(person)
    with storage.look() as rows:
        source, key, item_key, _ = rows.removals.find_place(document_id)
    removal = Removal(source, item_key if whole_item else key, whole_item, now, person.username)
    return remove(storage, removal)


def remove(storage: Storage, removal: Removal) -> int:
    """Carry a removal out, whether its text was ever read or not.

    Raises:
        InputError: A hold keeps the texts of a case that it is in.
    """
    now = removal.removed_at
    with storage.work() as rows:
        cases = rows.removals.list_cases_of(removal)
        for case_id in cases:
            for hold in rows.holds.list_all(case_id):
                if is_active(hold, now):
                    raise InputError(
                        f"这个线索的原文正在保留中（{hold.reason}，到 "
                        f"{hold.until_at:%Y-%m-%d}）；先解除保留，再删除。"
                    )
        rows.removals.register(removal)
        rows.removals.drop_visits(removal)
        forgotten = 0
        while batch := rows.retention.list_due_texts(Forgotten.REMOVAL, now, now, BATCH):
            forgotten += rows.retention.forget_texts(batch)
        rows.retention.count_up({Forgotten.REMOVAL: forgotten}, now)
        for case_id in cases:
            rows.cases.add_event(CaseEvent(case_id, now, removal.removed_by, "removed"))
        rows.audit.add(
            removal.removed_by, "removal.made", f"source:{removal.source}"[:80], now, removal.key
        )
    if forgotten and not scrub(storage, at_most=_PATIENCE):
        _log.warning("retention.not_scrubbed")
    return forgotten


def register_again(storage: Storage, removals: Sequence[Removal]) -> None:
    """Write removals into a database that was restored from before them; `purge` does the rest."""
    with storage.work() as rows:
        for removal in removals:
            rows.removals.register(removal)


def place_hold(
    storage: Storage,
    case_id: int,
    person: Person,
    now: datetime,
    *,
    reason: str,
    until: datetime,
    policy: RetentionPolicy,
) -> Hold:
    """Keep the texts of a case beyond their time.

    Raises:
        NotAllowedError: This person's role may not.
        NotFoundError: There is no such case.
        InputError: No reason, or an end that cannot be.
    """
    check_may_forget(person)
    written = mask(check_hold(reason, until, now, policy.longest_hold)).text
    with storage.work() as rows:
        rows.cases.get(case_id)
        hold = rows.holds.place(case_id, written, until, by=person.username, now=now)
        rows.cases.add_event(CaseEvent(case_id, now, person.username, "held", written))
        rows.audit.add(person.username, "case.held", f"case:{case_id}", now, written)
    return hold


def lift_holds(storage: Storage, case_id: int, person: Person, now: datetime) -> int:
    """End the holds of a case; return how many there were.

    Raises:
        NotAllowedError: This person's role may not.
        NotFoundError: There is no such case.
    """
    check_may_forget(person)
    with storage.work() as rows:
        rows.cases.get(case_id)
        lifted = rows.holds.lift(case_id, by=person.username, now=now)
        if lifted:
            rows.cases.add_event(CaseEvent(case_id, now, person.username, "hold_lifted"))
            rows.audit.add(person.username, "case.hold_lifted", f"case:{case_id}", now)
    return lifted

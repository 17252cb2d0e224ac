"""The frame of every act on a case: check, do, move, write down, in one transaction."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from monitor.desk import acknowledging
from monitor.desk.registering import RegisterRules, register_case
from monitor.domain import (
    AlertReason,
    Case,
    CaseEvent,
    CaseState,
    CaseStep,
    Person,
    ReferralBody,
    Through,
)
from monitor.duty_nouns import CallOff
from monitor.errors import IllegalStepError
from monitor.steps import (
    check_step,
    owner_after,
)
from monitor.storage.repositories import Rows
from monitor.storage.session import Storage

RaiseAlert = Callable[[Rows, Case, AlertReason, datetime], None]


_ENDS: Mapping[CaseState, CallOff] = {
    CaseState.MERGED: CallOff.MERGED,
    CaseState.CLOSED: CallOff.CLOSED,
    CaseState.NOT_A_CLAIM: CallOff.NOT_A_CLAIM,
}
"""The states after which nobody is to be called about the case, and why."""


def raise_nothing(_rows: Rows, _case: Case, _reason: AlertReason, _now: datetime) -> None:
    """Stand in where no duty policy is at hand."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts on which version of which case, and when."""

    case_id: int
    person: Person
    version: int
    now: datetime


class CaseActs:
    """The frame of every act: one transaction, the history, the audit, the deadlines."""

    def __init__(
        self,
        storage: Storage,
        rules: RegisterRules | None = None,
        raise_alert: RaiseAlert = raise_nothing,
    ) -> None:
        """Keep the collaborators; nothing is opened until something is asked."""
        self._storage = storage
        self.rules = rules or RegisterRules()
        self._raise_alert = raise_alert

    # ---- the frame of every act

    def _step(
        self,
        act: Act,
        step: CaseStep,
        note: str = "",
        *,
        do: Callable[[Rows, Case], None] | None = None,
        body: ReferralBody | None = None,
        tell: AlertReason | None = None,
    ) -> None:
        """Make a step: check, do what belongs to it, move the state, write it down, tell of it.

        All in one transaction: a step of which somebody must hear never stands without its alert.
        """
        with self._storage.work() as rows:
            case = rows.cases.take(act.case_id)
            check_version(case, act)
            state = check_step(case, step, act.person)
            if do is not None:
                do(rows, case)
            changed = rows.cases.change_state(
                act.case_id,
                expected_version=act.version,
                state=state,
                now=act.now,
                owner=owner_after(case, step, act.person),
                referred_to=body if state is CaseState.REFERRED else None,
            )
            self._after(rows, changed, act, step.value, note)
            # Whoever decides on a case has seen it: that is an acknowledgement.
            acknowledging.acknowledge_case(
                rows, act.case_id, act.person.username, Through.DESK, act.now
            )
            if state in _ENDS:
                call_off_waiting(rows, act.case_id, _ENDS[state], act.now)
            if tell is not None:
                self._raise_alert(rows, changed, tell, act.now)

    @contextmanager
    def _change(self, act: Act, action: str, note: str) -> Iterator[tuple[Rows, Case]]:
        """Change something that is not the state; the version still counts up."""
        with self._storage.work() as rows:
            case = rows.cases.take(act.case_id)
            check_version(case, act)
            yield rows, case
            changed = rows.cases.change_state(
                act.case_id,
                expected_version=act.version,
                state=case.state,
                now=act.now,
                owner=case.owner,
                referred_to=case.referred_to,
            )
            self._after(rows, changed, act, action, note)

    def _after(self, rows: Rows, case: Case, act: Act, action: str, note: str) -> None:
        rows.cases.add_event(CaseEvent(act.case_id, act.now, act.person.username, action, note))
        rows.audit.add(act.person.username, f"case.{action}", f"case:{act.case_id}", act.now, note)
        register_case(rows, case, self.rules, act.now)


def call_off_waiting(rows: Rows, case_id: int, why: CallOff, now: datetime) -> None:
    """End all that waits about a case that is put down: what is to be sent, and what is held.

    For whoever changes the case, in the same transaction. What a sender has claimed at this moment
    is read again before it goes out.
    """
    rows.alerts.call_off_case(case_id, why, now)
    rows.notices.drop_held(case_id)


def check_version(case: Case, act: Act) -> None:
    """Refuse an act on what somebody has changed since it was looked at.

    Raises:
        IllegalStepError: The case is not of that version any more.
    """
    if case.version != act.version:
        raise IllegalStepError("这个线索刚刚被别人改动过，请刷新后再操作。")

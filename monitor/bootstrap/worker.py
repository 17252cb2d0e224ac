"""The steps of `work`, bound to one process."""

from collections.abc import Callable
from dataclasses import asdict, astuple, replace
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from models.party import normalise_party
from monitor import canary, dead_man
from monitor.bootstrap.app import App, make_holder, read_clock
from monitor.bootstrap.channels import make_deliverer, make_receiver
from monitor.bootstrap.collecting import list_enabled_sources, make_canary_source
from monitor.bootstrap.duty import read_duty_policy, read_watch_policy
from monitor.bootstrap.keeping import read_retention_policy
from monitor.bootstrap.ledger import read_register_rules
from monitor.bootstrap.reading import find_model_pages, make_scorer, make_shelf
from monitor.bootstrap.reports import has_due_report, make_due_reports
from monitor.bootstrap.sources import load_sources
from monitor.casework import ClockKind, PartyClass
from monitor.clocks import day_of
from monitor.desk.registering import register_changed
from monitor.domain import SHANGHAI, AlertReason, CaseEvent, Contact
from monitor.duty_watch import watch_duty
from monitor.errors import LeaseLostError, StorageError
from monitor.learning.drifting import watch_drift
from monitor.learning.page import refresh_pages
from monitor.learning.working import WorkingReader
from monitor.pipeline import (
    CasePolicy,
    Decided,
    DutyPolicy,
    Turn,
    assess_documents,
    decide_cases,
    escalate_alerts,
    make_raiser,
)
from monitor.purging import purge
from monitor.source_alerts import alert_faults
from monitor.storage.repositories import Rows

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)

_REGISTER_AT_ONCE = 200
_OFFICE_HOURS = range(9, 17)
_NEWS_FOR = timedelta(days=7)
_SEAL_EVERY = timedelta(minutes=10)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Worker:
    """The steps of `work`, bound to one process."""

    def __init__(self, app: App, is_stopping: Callable[[], bool]) -> None:
        """Load the model and make the channels; raises ModelError when the reader cannot load."""
        self._app = app
        self._is_stopping = is_stopping
        self._holder = make_holder()
        self._reader = WorkingReader(make_shelf(app), app.record_issue, app.close_issues)
        self._scorer = make_scorer(app.settings)
        self._duty = read_duty_policy(app.settings)
        self._watched = read_watch_policy(app.settings)
        self._register_rules = read_register_rules(app.settings)
        self._registered_at: datetime | None = None
        self._sealed: tuple[int, datetime] = (0, _EVER)
        self._deliverer = make_deliverer(app)
        self._receiver = make_receiver(app)
        self._policy = CasePolicy(
            threshold=self._reader.working_threshold,
            same_text_at=app.settings.cases.same_text_at,
            normalise=normalise_party,
        )
        self._began = read_clock()
        settings = app.settings.canary
        self._canary = canary.CanaryPolicy(
            Contact(settings.channel, settings.address), normalise_party
        )

    def _turn(self) -> Turn:
        return Turn(self._holder, read_clock(), self._app.settings.work.lease)

    def digest(self) -> None:
        """Assess and decide until nothing waits."""
        batch = self._app.settings.work.batch
        while not self._is_stopping():
            with self._app.storage.look() as rows:
                if not rows.documents.has_waiting():
                    return  # the usual answer costs no writer's lock
                known_c = rows.parties.list_keys_of_class(PartyClass.C)
            self._change_reader()
            assess_documents(
                self._app.storage.work,
                self._reader,
                partial(self._scorer.score, known_c=known_c),
                self._turn(),
                limit=batch,
            )
            canary.pass_canaries(self._app.storage.work, self._canary, self._turn())
            for decided in decide_cases(
                self._app.storage.work,
                self._policy,
                self._duty,
                self._turn(),
                limit=batch,
            ):
                _log_decision(decided)

    def _change_reader(self) -> None:
        """Between two batches: whoever was promoted meanwhile reads the next one."""
        if self._reader.refresh():
            threshold = self._reader.working_threshold
            self._policy = replace(self._policy, threshold=threshold)

    def deliver(self) -> None:
        """Send what is due, every channel beside the others."""
        if self._deliverer.start_round().failed:
            self.escalate()  # somebody cannot be reached that way: the ladder does not wait

    def register(self) -> None:
        """Bring parties, classes, deadlines and visits up to date; tell of deadlines."""
        now = read_clock()
        since = self._registered_at or _EVER
        with self._app.storage.work() as rows:
            if not rows.operations.take_lease("register", self._holder, now, self._turn().lease):
                raise LeaseLostError("Another process registers.")
            done = register_changed(rows, self._register_rules, since, now, _REGISTER_AT_ONCE)
            remind_of_deadlines(
                rows, self._duty, now, days_before=self._app.settings.clocks.remind_days_before
            )
            self._log_seal(rows, now)
        if done < _REGISTER_AT_ONCE:
            # Clocks of several hosts may differ a little; what was seen already is not taken twice.
            self._registered_at = now - timedelta(minutes=10)

    def _log_seal(self, rows: Rows, now: datetime) -> None:
        """Log where the audit ends: whoever cuts it short, head and all, is given away by the log.

        At most once in ten minutes, and only when lines have come.
        """
        entries, seal = rows.audit.find_head()
        known, at = self._sealed
        if entries != known and now - at >= _SEAL_EVERY:
            _log.info("audit.head", entries=entries, seal=seal)
            self._sealed = (entries, now)

    def receive(self) -> None:
        """Ask the vendors what arrived and what was answered."""
        if self._receiver.receive().failed:
            self.escalate()

    def escalate(self) -> None:
        """Tell the next wherever nobody acknowledged."""
        with self._app.storage.look() as rows:
            if not rows.alerts.has_open():
                return
        raised = escalate_alerts(self._app.storage.work, self._duty, self._turn())
        if raised:
            _log.info("alerts.escalated", raised=raised)

    def purge(self) -> None:
        """Forget what retention has reached, and write anew the pages that quote it."""
        policy = read_retention_policy(self._app.settings)
        purge(self._app.storage, policy, read_clock(), holder=self._holder)
        refresh_pages(self._app.storage, self._app.desk_url, find_model_pages(self._app.settings))

    def watch_drift(self) -> None:
        """Look whether scores and words still are like those that the reader began with."""
        watch_drift(self._app.storage, self._reader.version, self._turn())

    def alert_faults(self) -> None:
        """Call somebody when a source has been unwell for too long."""
        sources, _ = load_sources(self._app)
        watched = [*sources, make_canary_source(self._app)]
        raised = alert_faults(self._app.storage.work, watched, self._duty, self._turn())
        if raised:
            _log.info("alerts.faults", raised=raised)

    def return_canaries(self) -> None:
        """Take back the messages that we wrote to ourselves, and miss those that are lost."""
        if self._app.settings.canary.enabled:
            canary.return_canaries(self._app.storage.work, self._turn(), since=self._began)

    def ping(self) -> None:
        """Tell the address outside how the watch is."""
        health = self._app.settings.health
        if health.ping_url is None:
            return
        roles = dead_man.needed_roles(list_enabled_sources(self._app))
        with self._app.storage.look() as rows:
            verdict = dead_man.judge_watch(rows, read_clock(), health.role_late_after, roles)
        dead_man.ping(health.ping_url.get_secret_value(), verdict)

    def report(self) -> None:
        """Make the reports that are due."""
        if has_due_report(self._app):
            make_due_reports(self._app, self._holder)

    def watch(self) -> None:
        """Tell what has become due although no document came."""
        told = watch_duty(self._app.storage.work, self._duty, self._watched, self._turn())
        if any(astuple(told)):
            _log.info("duty.told", **asdict(told))

    def close(self) -> None:
        """Finish what is being sent, and give back the leases: the next worker need not wait."""
        self._deliverer.close()
        try:
            with self._app.storage.work() as rows:
                rows.operations.release_leases(self._holder)
        except StorageError as error:
            _log.warning("lease.not_released", error=str(error))


def remind_of_deadlines(rows: Rows, policy: DutyPolicy, now: datetime, *, days_before: int) -> None:
    """Tell whoever is on duty of the deadlines that are near or past, once for each."""
    today = day_of(now)
    if now.astimezone(SHANGHAI).hour not in _OFFICE_HOURS:
        return  # a deadline has days: nobody is woken for it
    ahead = timedelta(days=days_before)
    told: set[int] = set()
    for case_id, clock in rows.casework.list_running_until(today + ahead, _REGISTER_AT_ONCE):
        rows.casework.mark_reminded(case_id, clock.kind, today)
        is_old = clock.due_on < today - _NEWS_FOR
        if case_id in told or clock.kind is ClockKind.ACCEPT or is_old:
            continue  # what nobody has accepted rings already; what is long past stands on the desk
        told.add(case_id)
        case = rows.cases.get(case_id)
        note = f"{clock.kind.value} {clock.due_on}"
        rows.cases.add_event(CaseEvent(case_id, now, "system", "deadline_near", note))
        make_raiser(rows, policy, now).raise_for(case, AlertReason.DEADLINE_NEAR)


def _log_decision(decided: Decided) -> None:
    if decided.opened:
        _log.info("case.opened", case=decided.case_number, document=decided.document_id)
    elif decided.case_id is not None:
        _log.info(
            "case.joined",
            case=decided.case_number,
            document=decided.document_id,
            because=decided.because,
        )

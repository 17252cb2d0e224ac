"""The one place that picks implementations and reads the clock."""

import secrets
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path

import structlog

from alerts.channels.port import Channel
from alerts.channels.sms_aliyun import parse_push
from alerts.channels.wecom_callback import CallbackBox
from alerts.day_calendar import DayCalendar
from alerts.ladder import Ladders
from alerts.quiet import QuietHours
from alerts.settling import RosterRules
from models.party import normalise_party
from models.reader import ClaimReader, ReadingInput
from models.urgency import UrgencyCard, score_urgency
from monitor import canary, dead_man
from monitor.audit_look import AuditPolicy
from monitor.auditing import Auditor
from monitor.casework import ClockKind, PartyClass, PartyKind
from monitor.clocks import ClockRules, WorkCalendar, day_of, find_campaign_deadline
from monitor.collecting import StoringSink
from monitor.delivering import Deliverer
from monitor.desk.casework import Casework
from monitor.desk.channels import StoredChannelBoard
from monitor.desk.office import LedgerOffice, open_office
from monitor.desk.pressing import PressButton, Pressing
from monitor.desk.registering import RegisterRules, register_changed
from monitor.desk.stored_desk import DeskPolicy, StoredDesk, hash_code
from monitor.desk.stored_duty import StoredDutyDesk
from monitor.domain import (
    SHANGHAI,
    AlertReason,
    Case,
    CaseEvent,
    Contact,
    Document,
    Facts,
    LadderStep,
    Person,
    Problem,
    Reading,
    Role,
    Shift,
    Source,
    Urgency,
    UrgencyLevel,
)
from monitor.duty_watch import WatchPolicy, watch_duty
from monitor.errors import LeaseLostError, StorageError
from monitor.learning.board import ModelBoard
from monitor.learning.drifting import watch_drift
from monitor.learning.page import refresh_pages
from monitor.learning.working import WorkingReader
from monitor.outlets import list_callbacks, list_push_secrets, make_channels, make_rules
from monitor.parties import ClassRules, LargeRules
from monitor.pipeline import (
    CasePolicy,
    Decided,
    DutyPolicy,
    Turn,
    assess_documents,
    decide_cases,
    escalate_alerts,
    make_raiser,
    responsible_by_name,
)
from monitor.pulse import Pulse
from monitor.purging import purge
from monitor.receiving import Receiver
from monitor.reporting.making import Office
from monitor.reporting.schedule import list_due
from monitor.reports.material import Standard
from monitor.reports.periods import Campaign, PeriodKind
from monitor.responsible import responsible_by_register
from monitor.retention import RetentionPolicy
from monitor.sending import StoringOutbox
from monitor.settings import Settings, load_settings
from monitor.shelf import Shelf
from monitor.source_alerts import alert_faults
from monitor.storage.repositories import Rows
from monitor.storage.session import Storage
from spiders.catalogue import load_sources
from spiders.manners import user_agent

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)

SIGN_IN_CODE_VALID_FOR = timedelta(hours=12)
SAMPLE_ROSTER_DAYS = 90
_REGISTER_AT_ONCE = 200
_OFFICE_HOURS = range(9, 17)

KnownParties = frozenset[tuple[str, str]]
"""Kinds and normalised names."""

_NEWS_FOR = timedelta(days=7)
_SEAL_EVERY = timedelta(minutes=10)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def read_clock() -> datetime:
    """The time now, in UTC. Everybody else is handed it."""
    return datetime.now(UTC)


def find_settings_file(named: Path | None) -> Path:
    """The file that was named, else `settings.toml` here, else the one beside the code."""
    if named is not None:
        return named
    here = Path("settings.toml")
    return here if here.is_file() else Path(__file__).resolve().parent.parent / "settings.toml"


def build(settings_file: Path | None = None) -> "App":
    """Read the settings and put everything together; nothing is opened yet.

    Raises:
        SettingsError: With every problem of the settings at once.
    """
    path = find_settings_file(settings_file)
    return App(load_settings(path), path)


class App:
    """What every way in starts from."""

    def __init__(self, settings: Settings, settings_file: Path) -> None:
        """Keep the settings; collaborators are made when they are first asked for."""
        self.settings = settings
        self.settings_file = settings_file

    # ---- storage

    @cached_property
    def storage(self) -> Storage:
        """The database, not yet migrated."""
        return Storage(self.settings.database.address.get_secret_value())

    def prepare(self) -> None:
        """Bring the database up to date and, with the sample county, add its invented officers."""
        self.settings.data.folder.mkdir(parents=True, exist_ok=True)
        self.storage.migrate()
        if self.settings.sample.enabled:
            self._add_sample_people(read_clock())

    def _add_sample_people(self, now: datetime) -> None:
        with self.storage.work() as rows:
            if rows.users.count() == 0:
                for each in self.settings.sample.people:
                    person = Person(
                        each.username, each.display_name, each.role, (Contact("terminal"),)
                    )
                    rows.users.add(person, None, now)
            today = now.astimezone(SHANGHAI).date()
            ahead = rows.duty.list_between(now, now + timedelta(days=2))
            if not ahead:
                first = datetime.combine(
                    today - timedelta(days=1), self.settings.roster.day_starts, SHANGHAI
                )
                rows.duty.replace(
                    [
                        Shift(
                            each.duty,
                            each.username,
                            first + timedelta(days=day),
                            first + timedelta(days=day + 1),
                            "样例",
                        )
                        for each in self.settings.sample.people
                        if each.duty is not None
                        for day in range(SAMPLE_ROSTER_DAYS)
                    ]
                )

    def make_sign_in(self, now: datetime, username: str | None = None) -> str | None:
        """Make a one-time sign-in, for the first duty officer if nobody is named; None if none."""
        with self.storage.work() as rows:
            people = [each for each in rows.users.list_all() if not each.disabled]
            named = [each for each in people if each.username == username]
            officers = [each for each in people if each.role is Role.DUTY_OFFICER]
            wanted = named if username else officers or people
            if not wanted:
                return None
            code = secrets.token_urlsafe(18)
            rows.users.add_sign_in_code(
                hash_code(code), wanted[0].username, now + SIGN_IN_CODE_VALID_FOR
            )
        return f"{self.settings.desk.base_url.rstrip('/')}/sign-in/once/{code}"

    # ---- sources

    def load_sources(self) -> tuple[list[Source], list[Problem]]:
        """Read the source files anew; sample sources only while the sample county is on."""
        sample = f"http://{self.settings.sample.host}:{self.settings.sample.port}"
        sources, problems = load_sources(
            self.settings.sources.folder, {"http://127.0.0.1:18930": sample}
        )
        if not self.settings.sample.enabled:
            sources = [each for each in sources if not each.url.startswith(sample)]
        return sources, problems

    def list_enabled_sources(self) -> list[Source]:
        """The sources to watch now; a broken file is an issue and stops no other."""
        sources, problems = self.load_sources()
        for problem in problems:
            self.record_issue(problem.code, problem.where[:120], str(problem))
        ours = [self.canary_source] if self.settings.canary.enabled else []
        return [*(each for each in sources if each.enabled), *ours]

    @property
    def canary_source(self) -> Source:
        """The place where our own messages are found: the desk."""
        return canary.make_source(self.settings.desk.port)

    def make_sink(self, holder: str = "") -> StoringSink:
        """The collector's port; `holder` is the name under which it holds hosts."""
        return StoringSink(self.storage, holder)

    @property
    def user_agent(self) -> str:
        """How the collector names itself.

        Raises:
            MonitorError: The contact holds a word by which forums take us for a phone or a robot.
        """
        return user_agent(self.settings.collect.contact)

    # ---- reading

    @cached_property
    def reader(self) -> "DocumentReader":
        """The trained reader.

        Raises:
            ModelError: It is missing, of another format, or its checksum differs.
        """
        return DocumentReader(self.shelf.load_working().reader)

    @cached_property
    def shelf(self) -> Shelf:
        """The readers that there are."""
        return Shelf(self.storage, self.settings.model.folder)

    @property
    def model_pages(self) -> Path:
        """Where the pages of candidates are kept."""
        return self.settings.data.folder / "models"

    @property
    def desk_url(self) -> str:
        """Where the desk is, without a slash at the end."""
        return self.settings.desk.base_url.rstrip("/")

    @cached_property
    def urgency_card(self) -> UrgencyCard:
        """The score card, from the settings."""
        card = self.settings.urgency
        return UrgencyCard(
            worker_steps=tuple((int(least), points) for least, points in card.worker_steps),
            amount_steps=card.amount_steps,
            month_steps=card.month_steps,
            deadline_steps=tuple((int(most), points) for most, points in card.deadline_steps),
            public_project=card.public_project,
            employer_fled=card.employer_fled,
            employer_class_c=card.employer_class_c,
            danger_to_life=card.danger_to_life,
            raised_at=card.raised_at,
            high_at=card.high_at,
            critical_at=card.critical_at,
        )

    def score_urgency(
        self,
        facts: Facts,
        document: Document,
        now: datetime,
        *,
        known_c: KnownParties = frozenset(),
    ) -> Urgency:
        """Score one document's facts.

        Args:
            facts: What the document says.
            document: Tells when it was said.
            now: From here the days to the campaign's deadline are counted.
            known_c: Kinds and normalised names of the parties in class C.
        """
        today = day_of(now)
        is_public = bool(facts.public_project and facts.public_project.value)
        deadline = find_campaign_deadline(
            today, public_money=is_public, rules=self.register_rules.clocks
        )
        return score_urgency(
            facts,
            published_at=document.published_at or document.fetched_at,
            card=self.urgency_card,
            days_to_deadline=(deadline - today).days,
            employer_known_c=is_known(facts, known_c),
        )

    def make_worker(self, is_stopping: Callable[[], bool]) -> "Worker":
        """Everything that `work` does, bound together."""
        return Worker(self, is_stopping)

    # ---- the ledger

    @cached_property
    def register_rules(self) -> RegisterRules:
        """Deadlines, classes and large cases, from the settings."""
        return read_register_rules(self.settings)

    @cached_property
    def casework(self) -> Casework:
        """Everything that officers do to a case."""
        return Casework(self.storage, self.register_rules, self._raise_alert)

    def _raise_alert(self, rows: Rows, case: Case, reason: AlertReason, now: datetime) -> None:
        make_raiser(rows, self.duty_policy, now).raise_for(case, reason)

    # ---- duty

    @cached_property
    def ladders(self) -> Ladders:
        """The ladder of each level."""
        return {
            level: tuple(
                LadderStep(step.wait, step.duty, step.channels)
                for step in self.settings.ladder_of(level)
            )
            for level in UrgencyLevel
        }

    @cached_property
    def duty_policy(self) -> DutyPolicy:
        """What raising alerts depends on."""
        alerts = self.settings.alerts
        return DutyPolicy(
            ladders=self.ladders,
            repeat_every=alerts.repeat_every,
            fallback_person=alerts.fallback_person,
            code_valid_for=alerts.code_valid_for,
            desk_url=self.settings.desk.base_url.rstrip("/"),
            rules=self.roster_rules,
            quiet=QuietHours(
                frozenset(UrgencyLevel[name.upper()] for name in alerts.quiet.levels),
                alerts.quiet.starts,
                alerts.quiet.ends,
            ),
            responsible=responsible_by_register(
                normalise_party, responsible_by_name(alerts.responsible)
            ),
            calm_repeat_every=alerts.calm_repeat_every,
        )

    @cached_property
    def roster_rules(self) -> RosterRules:
        """How the duty table is understood."""
        roster = self.settings.roster
        calendar = DayCalendar(frozenset(roster.rest_days), frozenset(roster.work_days))
        return RosterRules(calendar, roster.day_starts)

    @cached_property
    def watch_policy(self) -> WatchPolicy:
        """What the duty step depends on."""
        roster, quiet = self.settings.roster, self.settings.alerts.quiet
        return WatchPolicy(
            needed=roster.required,
            look_ahead=roster.look_ahead,
            near=roster.near,
            untouched_after={
                UrgencyLevel[name.upper()]: after
                for name, after in self.settings.alerts.untouched_after.items()
            },
            handed_over=roster.handed_over,
            sheet_before=roster.sheet_before,
            accept_within=roster.accept_within,
            night=QuietHours(frozenset(UrgencyLevel), quiet.starts, quiet.ends),
        )

    def make_auditor(self, role: str) -> Auditor:
        """The auditor of one role; it sends through channels of its own, past the outbox."""
        watch = self.settings.watch
        sources = self.list_enabled_sources()
        return Auditor(
            self.storage,
            self.make_channels(),
            self.duty_policy,
            AuditPolicy(
                grace=watch.grace,
                stuck_after=watch.stuck_after,
                silent_after=dead_man.allow_silence(
                    {str(role): after for role, after in watch.silent_after.items()}, sources
                ),
                tell_again=watch.tell_again,
                sources={
                    # One reading may fail and one may be under way.
                    each.name: 3 * each.poll_every + timedelta(minutes=2)
                    for each in sources
                },
            ),
            holder=f"{role}-{socket.gethostname()}-{secrets.token_hex(6)}",
            clock=read_clock,
        )

    @cached_property
    def retention_policy(self) -> RetentionPolicy:
        """How long things are kept."""
        kept = self.settings.retention
        return RetentionPolicy(
            closed_texts=kept.closed_texts,
            not_a_claim_texts=kept.not_a_claim_texts,
            no_claim_texts=kept.no_claim_texts,
            sent_messages=kept.sent_messages,
            closed_issues=kept.closed_issues,
            longest_hold=kept.longest_hold,
        )

    @staticmethod
    def make_holder() -> str:
        """A name under which this process takes leases."""
        return f"{socket.gethostname()}-{secrets.token_hex(6)}"

    def make_channels(self) -> dict[str, Channel]:
        """Every channel of the settings, by its name."""
        return make_channels(self.settings, read_clock)

    def make_outbox(self) -> StoringOutbox:
        """The sender's port, for all channels and with their vendors' limits."""
        return StoringOutbox(self.storage, make_rules(self.settings, self.make_channels()))

    def make_deliverer(self) -> Deliverer:
        """The sender, with a thread for every channel."""
        channels = self.make_channels()
        return Deliverer(
            self.storage,
            channels,
            make_rules(self.settings, channels),
            clock=read_clock,
            lease=self.settings.alerts.lease,
        )

    def make_receiver(self) -> Receiver:
        """Who asks the vendors what arrived and what was answered."""
        return Receiver(self.storage, self.make_channels(), read_clock)

    def make_presses(self) -> dict[str, tuple[CallbackBox, str, PressButton]]:
        """The buttons of every application that calls back: what opens a call, and who acts."""
        return {
            name: (box, corp_id, Pressing(self.storage, name).press)
            for name, (box, corp_id) in list_callbacks(self.settings).items()
        }

    def make_pushes(self) -> dict[str, tuple[str, Callable[[object], None]]]:
        """What SMS vendors may push to the desk: of each channel its secret and who acts on it."""
        receiver = self.make_receiver()

        def taking(name: str) -> Callable[[object], None]:
            def take(pushed: object) -> None:
                receiver.take(name, *parse_push(pushed, read_clock()))

            return take

        return {
            name: (secret, taking(name))
            for name, secret in list_push_secrets(self.settings).items()
        }

    # ---- desk

    def make_desk(self) -> StoredDesk:
        """What the pages ask."""
        sources, _ = self.load_sources()
        return StoredDesk(self.storage, sources, self.desk_policy, self.casework)

    def make_ledger_office(self) -> LedgerOffice:
        """The ledger's parts of the pages."""
        return open_office(
            self.storage,
            self.casework,
            base_url=self.settings.desk.base_url.rstrip("/"),
            find_threshold=self.shelf.find_working_threshold,
            hotline=self.settings.desk.hotline,
            repeat_of=self.duty_policy.repeat_of,
        )

    def make_duty_desk(self) -> StoredDutyDesk:
        """What the duty pages ask."""
        return StoredDutyDesk(self.storage, self.desk_policy)

    @cached_property
    def desk_policy(self) -> DeskPolicy:
        """What the desk's judgements depend on."""
        return DeskPolicy(
            triage_within=self.settings.cases.triage_within,
            role_late_after=self.settings.health.role_late_after,
            rules=self.roster_rules,
            needed=self.settings.roster.required,
            look_ahead=self.settings.roster.look_ahead,
            desk_url=self.settings.desk.base_url.rstrip("/"),
        )

    def make_model_board(self) -> ModelBoard:
        """What the pages of the model ask and do."""
        return ModelBoard(self.storage, self.shelf)

    def make_channel_board(self) -> StoredChannelBoard:
        """What the page of the channels asks and does."""
        kinds = {name: each.kind for name, each in self.settings.channels.items()}
        return StoredChannelBoard(self.storage, kinds, self.settings.desk.base_url.rstrip("/"))

    def get_desk_secret(self) -> bytes:
        """The key that signs CSRF tokens: from the environment, else made once and kept."""
        if self.settings.desk.secret is not None:
            return self.settings.desk.secret.get_secret_value().encode()
        path = self.settings.data.folder / "desk.key"
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("xb") as file:
                path.chmod(0o600)
                file.write(secrets.token_hex(32).encode())
        except FileExistsError:
            pass
        return path.read_bytes()

    # ---- reports

    def make_office(self) -> Office:
        """What the settings say of reports, and what the sources are called."""
        sources, _ = self.load_sources()
        report = self.settings.report
        return Office(
            name=report.office,
            titles={each.name: each.title for each in sources if each.enabled},
            campaigns=[Campaign(**each.model_dump()) for each in report.campaigns],
            standard=Standard(report.confidence, report.most_missing, report.cluster_at),
            triage_within=self.settings.cases.triage_within,
            roster=self.roster_rules,
        )

    def make_due_reports(self, holder: str) -> None:
        """Make, keep and send the reports that are due."""
        # Loads Word, spreadsheets and pictures, which a worker needs once a week.
        from monitor.reporting.archive import Press  # noqa: PLC0415
        from monitor.reporting.working import Schedule, make_due_reports  # noqa: PLC0415

        report = self.settings.report
        made = make_due_reports(
            self.storage.work,
            self.storage.look,
            self.make_office(),
            Press(self.settings.desk.base_url.rstrip("/"), report.template),
            Schedule([PeriodKind(each) for each in report.kinds], report.at, report.people),
            holder=holder,
            now=read_clock(),
        )
        for name in made:
            _log.info("report.made", report=name)

    def has_due_report(self) -> bool:
        """Say whether a report is due; costs no writer's lock and loads nothing."""
        report = self.settings.report
        kinds = [PeriodKind(each) for each in report.kinds]
        with self.storage.look() as rows:
            return bool(list_due(rows, kinds, report.at, read_clock()))

    # ---- issues and signs of life

    def record_issue(self, code: str, subject: str, message: str) -> None:
        """Open an issue; when even that fails the log has it."""
        try:
            with self.storage.work() as rows:
                rows.operations.record_issue(code, subject, message, read_clock())
        except StorageError as error:
            _log.warning("issue.not_stored", code=code, subject=subject, error=str(error))

    def close_issues(self, subject: str, codes: Sequence[str]) -> None:
        """Close issues of a subject, if any is open; costs no writer's lock when none is."""
        try:
            with self.storage.look() as rows:
                is_open = any(
                    each.subject == subject and each.code in codes
                    for each in rows.operations.list_open_issues()
                )
            if is_open:
                with self.storage.work() as rows:
                    rows.operations.close_issues(subject, tuple(codes), read_clock())
        except StorageError as error:
            _log.warning("issue.not_closed", subject=subject, error=str(error))

    def make_pulse(self, role: str, needed: Iterable[str] = ()) -> Pulse:
        """A sign of life for a role, written every few seconds."""
        return Pulse(self.storage, role, frozenset(needed), read_clock)


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """The claim reader, as the pipeline asks it."""

    reader: ClaimReader

    @property
    def working_threshold(self) -> float:
        """Share in [0, 1] from which a text counts as a claim."""
        return self.reader.working_threshold

    def read(self, documents: Sequence[Document]) -> list[Reading]:
        """Read several documents."""
        return self.reader.assess_many(
            [ReadingInput(each.title, each.text, each.published_at) for each in documents]
        )


class Worker:
    """The steps of `work`, bound to one process."""

    def __init__(self, app: App, is_stopping: Callable[[], bool]) -> None:
        """Load the model and make the channels; raises ModelError when the reader cannot load."""
        self._app = app
        self._is_stopping = is_stopping
        self._holder = app.make_holder()
        self._reader = WorkingReader(app.shelf, app.record_issue, app.close_issues)
        self._registered_at: datetime | None = None
        self._sealed: tuple[int, datetime] = (0, _EVER)
        self._deliverer = app.make_deliverer()
        self._receiver = app.make_receiver()
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
                partial(self._app.score_urgency, known_c=known_c),
                self._turn(),
                limit=batch,
            )
            canary.pass_canaries(self._app.storage.work, self._canary, self._turn())
            for decided in decide_cases(
                self._app.storage.work,
                self._policy,
                self._app.duty_policy,
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
            done = register_changed(rows, self._app.register_rules, since, now, _REGISTER_AT_ONCE)
            remind_of_deadlines(rows, self._app, now)
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
        raised = escalate_alerts(self._app.storage.work, self._app.duty_policy, self._turn())
        if raised:
            _log.info("alerts.escalated", raised=raised)

    def purge(self) -> None:
        """Forget what retention has reached, and write anew the pages that quote it."""
        purge(self._app.storage, self._app.retention_policy, read_clock(), holder=self._holder)
        refresh_pages(self._app.storage, self._app.desk_url, self._app.model_pages)

    def watch_drift(self) -> None:
        """Look whether scores and words still are like those that the reader began with."""
        watch_drift(self._app.storage, self._reader.version, self._turn())

    def alert_faults(self) -> None:
        """Call somebody when a source has been unwell for too long."""
        sources, _ = self._app.load_sources()
        watched = [*sources, self._app.canary_source]
        raised = alert_faults(self._app.storage.work, watched, self._app.duty_policy, self._turn())
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
        roles = dead_man.needed_roles(self._app.list_enabled_sources())
        with self._app.storage.look() as rows:
            verdict = dead_man.judge_watch(rows, read_clock(), health.role_late_after, roles)
        dead_man.ping(health.ping_url.get_secret_value(), verdict)

    def report(self) -> None:
        """Make the reports that are due."""
        if self._app.has_due_report():
            self._app.make_due_reports(self._holder)

    def watch(self) -> None:
        """Tell what has become due although no document came."""
        told = watch_duty(
            self._app.storage.work, self._app.duty_policy, self._app.watch_policy, self._turn()
        )
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


def is_known(facts: Facts, parties: KnownParties) -> bool:
    """Say whether the employer or the project that a text names is among these parties."""
    said = ((PartyKind.EMPLOYER, facts.employer), (PartyKind.PROJECT, facts.project))
    return any(
        (kind.value, normalise_party(fact.value)[:200]) in parties
        for kind, fact in said
        if fact is not None
    )


def remind_of_deadlines(rows: Rows, app: App, now: datetime) -> None:
    """Tell whoever is on duty of the deadlines that are near or past, once for each."""
    today = day_of(now)
    if now.astimezone(SHANGHAI).hour not in _OFFICE_HOURS:
        return  # a deadline has days: nobody is woken for it
    ahead = timedelta(days=app.settings.clocks.remind_days_before)
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
        make_raiser(rows, app.duty_policy, now).raise_for(case, AlertReason.DEADLINE_NEAR)


def read_register_rules(settings: Settings) -> RegisterRules:
    """Take what the ledger depends on from the settings."""
    clocks, ledger = settings.clocks, settings.ledger
    return RegisterRules(
        clocks=ClockRules(
            accept_days=clocks.accept_days,
            investigate_days=clocks.investigate_days,
            extension_days=clocks.extension_days,
            public_deadline=(clocks.public_month, clocks.public_day),
            spring_festival_days_before=clocks.spring_festival_days_before,
        ),
        calendar=WorkCalendar(
            DayCalendar(frozenset(settings.roster.rest_days), frozenset(settings.roster.work_days)),
            frozenset(clocks.entered_years),
        ),
        classes=ClassRules(**ledger.model_dump(exclude={"large_workers", "large_amount_yuan"})),
        large=LargeRules(ledger.large_workers, ledger.large_amount_yuan),
        normalise=normalise_party,
    )


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

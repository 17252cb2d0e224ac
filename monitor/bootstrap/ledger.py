"""The ledger: what officers do to a case, and the rules that parties and deadlines follow."""

from datetime import datetime

from models.party import normalise_party
from monitor.bootstrap.app import App
from monitor.bootstrap.calendars import read_clock_rules, read_work_calendar
from monitor.bootstrap.duty import read_duty_policy
from monitor.desk.casework import Casework
from monitor.desk.registering import RegisterRules
from monitor.domain import AlertReason, Case
from monitor.parties import ClassRules, LargeRules
from monitor.pipeline import make_raiser
from monitor.settings import Settings
from monitor.storage.repositories import Rows


def make_casework(app: App) -> Casework:
    """Everything that officers do to a case."""
    policy = read_duty_policy(app.settings)

    def raise_alert(rows: Rows, case: Case, reason: AlertReason, now: datetime) -> None:
        make_raiser(rows, policy, now).raise_for(case, reason)

    return Casework(app.storage, read_register_rules(app.settings), raise_alert)


def read_register_rules(settings: Settings) -> RegisterRules:
    """Deadlines, classes and large cases, from the settings."""
    ledger = settings.ledger
    return RegisterRules(
        clocks=read_clock_rules(settings),
        calendar=read_work_calendar(settings),
        classes=ClassRules(**ledger.model_dump(exclude={"large_workers", "large_amount_yuan"})),
        large=LargeRules(ledger.large_workers, ledger.large_amount_yuan),
        normalise=normalise_party,
    )

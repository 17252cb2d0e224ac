"""The page of all alerts: state, step, who was told, since when it waits."""

from collections.abc import Mapping
from urllib.parse import urlencode

from litestar import get
from litestar.response import Template

from monitor.desk.alert_board import LISTED_STATES, AlertFilter
from monitor.domain import AlertReason, AlertState
from monitor.errors import InputError
from monitor.web.entry import could_be_ours
from monitor.web.ledger_filter import parse_choice, parse_level, parse_page
from monitor.web.pages import LEVELS
from monitor.web.visit import Here

EVERY = "all"
_LAST_PAGE = 2_000


def parse_alert_filter(query: Mapping[str, str]) -> AlertFilter:
    """Read a filter from an address's query: what waits, unless it says otherwise.

    Raises:
        InputError: A value is none of those that the page writes.
    """
    written = query.get("state", "")
    state = None if written == EVERY else parse_choice(AlertState, written) or AlertState.SENT
    if state is not None and state not in LISTED_STATES:
        raise InputError(written)
    person = query.get("person", "")
    page = parse_page(query.get("page", ""))
    if (person and not could_be_ours(person)) or page > _LAST_PAGE:
        raise InputError(person)
    return AlertFilter(
        state=state,
        level=parse_level(query.get("level", "")),
        reason=parse_choice(AlertReason, query.get("reason", "")),
        person=person,
        page=page,
    )


def alerts_address(wanted: AlertFilter, page: int = 1) -> str:
    """The address under which this filter's list stands."""
    state = EVERY if wanted.state is None else wanted.state.value
    pairs = {
        "state": "" if wanted.state is AlertState.SENT else state,
        "level": str(int(wanted.level)) if wanted.level else "",
        "reason": wanted.reason.value if wanted.reason else "",
        "person": wanted.person,
        "page": str(page) if page > 1 else "",
    }
    query = urlencode({name: value for name, value in pairs.items() if value})
    return f"/alerts?{query}" if query else "/alerts"


@get("/alerts", sync_to_thread=True)
def list_alerts(visit: Here) -> Template:
    """Every alert, one line a matter; the address holds the filter."""
    wanted = parse_alert_filter(visit.request.query_params)
    return visit.page(
        "alerts.html",
        wanted=wanted,
        list=visit.office.alerts.list_alerts(wanted),
        states=LISTED_STATES,
        levels=LEVELS,
        reasons=tuple(AlertReason),
        alerts_address=alerts_address,
    )


ALERTS = [list_alerts]

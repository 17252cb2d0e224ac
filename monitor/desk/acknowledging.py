"""Acknowledging: from the desk, from a link; who, when, through what."""

from collections.abc import Sequence
from datetime import datetime

from monitor.cases import ACTING_ROLES
from monitor.desk.views import AcknowledgementView, CodeState, DeliveryLine
from monitor.domain import (
    Alert,
    AlertState,
    CaseEvent,
    Delivery,
    DeliveryState,
    Person,
    Through,
)
from monitor.errors import NotAllowedError, NotFoundError
from monitor.storage.alerts import AcknowledgementCode
from monitor.storage.repositories import Rows

_WAITING = frozenset({AlertState.DUE, AlertState.SENT})


def view_delivery(delivery: Delivery) -> DeliveryLine:
    """Show a message without the address that it went to."""
    sent = delivery.state is DeliveryState.SENT
    return DeliveryLine(
        channel=delivery.contact.channel,
        state=delivery.state,
        tries=delivery.tries,
        sent_at=delivery.due_at if sent else None,
    )


def may_acknowledge(person: Person, alerts: Sequence[Alert]) -> bool:
    """Say whether something waits that this person may acknowledge."""
    return person.role in ACTING_ROLES and any(each.state in _WAITING for each in alerts)


def check_may_act(person: Person) -> None:
    """Refuse somebody who only reads.

    Raises:
        NotAllowedError: This person only reads.
    """
    if person.role not in ACTING_ROLES:
        raise NotAllowedError("您的角色只能查看。")


def acknowledge_case(
    rows: Rows,
    case_id: int,
    username: str,
    through: Through,
    now: datetime,
    *,
    alert_id: int | None = None,
    channel: str = "",
) -> int:
    """Acknowledge every ladder of a case that waits; return how many alerts that were.

    Args:
        rows: An open transaction.
        case_id: The case.
        username: Who acknowledges.
        through: How.
        now: When.
        alert_id: The alert whose link or reply it was; None from the desk.
        channel: The channel that carried it; empty from the desk.
    """
    waiting = {
        each.new.ladder_key for each in rows.alerts.list_of_case(case_id) if each.state in _WAITING
    }
    acknowledged = 0
    for key in sorted(waiting):
        acknowledged += rows.alerts.acknowledge_ladder(key, username, through, now)
        rows.notices.record_acknowledgement(
            key,
            username,
            case_id=case_id,
            alert_id=alert_id,
            through=through,
            channel=channel,
            now=now,
        )
    # Whoever takes a case up has taken it over from the one who left it behind.
    rows.handovers.take_case(case_id, username, now)
    if acknowledged:
        person = rows.users.find(username)
        # First-asked responsibility: whoever hears first has it until somebody else takes it over.
        if person and person.role in ACTING_ROLES and rows.cases.take_first(case_id, username):
            rows.cases.add_event(CaseEvent(case_id, now, username, "first_asked"))
        rows.cases.add_event(CaseEvent(case_id, now, username, "acknowledged", through.value))
    return acknowledged


def view_code(rows: Rows, code: str, now: datetime) -> AcknowledgementView | None:
    """Say what a link's code stands for; None when it is unknown."""
    known = rows.alerts.find_code(code)
    return None if known is None else _view(rows, known, now, acted=False)


def acknowledge_by_code(
    rows: Rows, code: str, now: datetime, through: Through = Through.LINK
) -> AcknowledgementView:
    """Acknowledge once, as the person whom the message was sent to.

    Raises:
        NotFoundError: The code is unknown.
    """
    known = rows.alerts.find_code(code)
    if known is None:
        raise NotFoundError("没有这个确认链接。")
    alert = _get_alert(rows, known)
    person = rows.users.find(known.person)
    if person is None or person.disabled:
        return _view(rows, known, now, acted=False)
    acted = alert.state in _WAITING and rows.alerts.use_code(code, now)
    if acted:
        channel = rows.notices.find_channel_of_code(known.alert_id, code)
        if alert.new.case_id is None:
            acknowledge_notice(rows, alert, known.person, through, now, channel=channel)
        else:
            acknowledge_case(
                rows,
                alert.new.case_id,
                known.person,
                through,
                now,
                alert_id=known.alert_id,
                channel=channel,
            )
    return _view(rows, known, now, acted=acted)


def acknowledge_notice(
    rows: Rows,
    alert: Alert,
    username: str,
    through: Through,
    now: datetime,
    *,
    channel: str = "",
) -> int:
    """Acknowledge what belongs to no case (a notice, a test); return how many alerts."""
    key = alert.new.ladder_key
    acknowledged = rows.alerts.acknowledge_ladder(key, username, through, now)
    if acknowledged:
        rows.notices.record_acknowledgement(
            key,
            username,
            case_id=None,
            alert_id=alert.alert_id,
            through=through,
            channel=channel,
            now=now,
        )
    return acknowledged


def _get_alert(rows: Rows, code: AcknowledgementCode) -> Alert:
    alert = rows.alerts.find(code.alert_id)
    if alert is None:
        raise NotFoundError("没有这个确认链接。")
    return alert


def _view(
    rows: Rows, code: AcknowledgementCode, now: datetime, *, acted: bool
) -> AcknowledgementView:
    alert = _get_alert(rows, code)
    person = rows.users.find(code.person)
    by = rows.users.find(alert.acknowledged_by) if alert.acknowledged_by else None
    return AcknowledgementView(
        state=_state(alert, code, now, is_able=person is not None and not person.disabled),
        case=rows.cases.get(alert.new.case_id) if alert.new.case_id is not None else None,
        person_name=person.display_name if person else code.person,
        raised_at=alert.new.raised_at,
        acknowledged_at=alert.acknowledged_at,
        acknowledged_by=by.display_name if by else alert.acknowledged_by,
        acted=acted,
        notice=rows.notices.find(alert.new.ladder_key) if alert.new.case_id is None else None,
    )


def _state(alert: Alert, code: AcknowledgementCode, now: datetime, *, is_able: bool) -> CodeState:
    if alert.state is AlertState.ACKNOWLEDGED:
        return CodeState.ACKNOWLEDGED
    if alert.state is AlertState.CALLED_OFF:
        return CodeState.CALLED_OFF
    if code.used_at is not None or code.expires_at <= now or not is_able:
        return CodeState.EXPIRED
    return CodeState.OPEN

"""Puts alerts with one message each into a database's outbox, as the pipeline would."""

from datetime import datetime

from monitor.domain import (
    AlertCard,
    AlertReason,
    AlertState,
    Contact,
    DutyRole,
    NewAlert,
    ShortWords,
    UrgencyLevel,
)
from monitor.storage.repositories import Rows


def put_message(
    rows: Rows,
    number: int,
    *,
    now: datetime,
    channel: str = "bot",
    address: str = "wang",
    urgent: bool = True,
    key: str | None = None,
) -> int:
    """Write an alert about the case of a number, and its message; return the alert's number.

    The link ends in the number with 24 figures, so that a text tells which alerts it names.
    """
    subject = f"清河县第{number}建筑劳务公司"
    alert_id = rows.alerts.add(
        NewAlert(
            case_id=None,
            ladder_key=f"case-{key or number}",
            reason=AlertReason.CASE_OPENED,
            step=0,
            person="wang",
            duty=DutyRole.OFFICER,
            ladder=(),
            raised_at=now,
            level=UrgencyLevel.HIGH if urgent else UrgencyLevel.RAISED,
        ),
        now,
        AlertState.DUE,
    )
    rows.alerts.add_delivery(
        alert_id=alert_id,
        person="wang",
        contact=Contact(channel, address),
        card=AlertCard(
            f"【清薪】新发现欠薪：第{number}公司",
            (f"用人单位：{subject}", "地点：宝丰镇", "涉及人数：23 人", "拖欠金额：45 万元"),
            link_of(number),
            urgent=urgent,
            made_at=now,
            short=ShortWords(
                "紧急" if urgent else "较急", subject, "宝丰镇 23人 45万元", f"QX2026-{number:06}"
            ),
        ),
        idempotency_key=f"key-{key or number}",
        due_at=now,
    )
    return alert_id


def link_of(number: int) -> str:
    """The link by which the alert of a number is acknowledged."""
    return f"https://desk.example/a/{number:024}"

"""Tell the people whom the settings name that a report is there, through the outbox.

The card carries the leader's sentences and a link to the desk: they are made from figures and hold
no word of a message. It is sent at least once, like every alert, and a channel that refuses is an
issue.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from alerts.wording import MARK, plain
from monitor.domain import (
    AlertCard,
    AlertReason,
    AlertState,
    DutyRole,
    LadderStep,
    NewAlert,
    UrgencyLevel,
)
from monitor.storage.editions import Edition
from monitor.storage.repositories import Rows

NOBODY_CODE = "R702"
"""The issue of a person whom the settings name and who cannot be told."""

_MOST_LINES = 8
_LONGEST_LINE = 160


def word_report(edition: Edition, desk_url: str, now: datetime) -> AlertCard:
    """Write the message that a report is there."""
    title = f"【{MARK}】{' '.join(edition.title.split())}"
    if edition.edition > 1:
        title += f"（第 {edition.edition} 版）"
    lines = [*edition.changes, *edition.content["leader"]][:_MOST_LINES]
    return AlertCard(
        title=title,
        lines=tuple(plain(line, _LONGEST_LINE) for line in lines),
        link=f"{desk_url}/reports/{edition.period}/{edition.edition}",
        urgent=False,
        made_at=now,
    )


def mail_report(
    rows: Rows, edition: Edition, people: Sequence[str], desk_url: str, now: datetime
) -> int:
    """Put an edition's messages into the outbox; return how many.

    To be called in the transaction that follows the keeping; a second call for one edition and one
    person adds nothing.
    """
    known = {each.username: each for each in rows.users.list_all() if not each.disabled}
    card = word_report(edition, desk_url, now)
    queued = 0
    for name in people:
        person = known.get(name)
        if person is None or not person.contacts:
            why = "没有这个人" if person is None else "没有登记渠道"
            rows.operations.record_issue(
                NOBODY_CODE, f"report {name}", f"报告送不到 {name}：{why}", now
            )
            continue
        key = f"report-{_short(f'{edition.period} {edition.edition} {name}')}"
        if rows.alerts.has_ladder(key):
            continue
        alert_id = rows.alerts.add(_alert(key, name, now), now, AlertState.DUE)
        for contact in person.contacts:
            rows.alerts.add_delivery(
                alert_id=alert_id,
                person=name,
                contact=contact,
                card=card,
                idempotency_key=f"{key}-{_short(f'{contact.channel} {contact.address}')}",
                due_at=now,
            )
            queued += 1
    return queued


def _alert(key: str, person: str, now: datetime) -> NewAlert:
    """An alert about no case: it has one step and nobody above it."""
    step = LadderStep(now - now, DutyRole.OFFICER)
    return NewAlert(
        case_id=None,
        ladder_key=key,
        reason=AlertReason.REPORT,
        step=0,
        person=person,
        duty=DutyRole.OFFICER,
        ladder=(step,),
        raised_at=now,
        level=UrgencyLevel.ROUTINE,
    )


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]

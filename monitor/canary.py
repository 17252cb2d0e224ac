"""A message of our own that travels the whole chain every half hour, and is gone when it returns.

    desk (a page) → collect → documents → assess → decide (never written) → alert → channel → back

It is read like any other page, masked, stored, assessed and put to the deciding function; where
that would open a case, an alert to a test channel is raised instead, which acknowledges itself. No
case is ever made of it, and what it left in documents and alerts is removed when it has returned,
so that neither ledger nor report can count it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from alerts.fault_wording import word_canary
from monitor.cases import Candidates, OpenCase, decide_case, read_case_facts
from monitor.domain import (
    SHANGHAI,
    AlertReason,
    AlertState,
    Assessment,
    Basis,
    Contact,
    DutyRole,
    Expectations,
    Family,
    LadderStep,
    NewAlert,
    Source,
    StoredDocument,
    Through,
    UrgencyLevel,
)
from monitor.duty_nouns import CallOff
from monitor.pipeline import Turn, UnitOfWork
from monitor.storage.canaries import CANARY_SOURCE, LOST, Canary
from monitor.storage.documents import Stage
from monitor.storage.repositories import Rows

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)

EVERY = timedelta(minutes=30)
"""How often a canary is written."""

LOST_AFTER = EVERY + timedelta(minutes=25)
"""A canary that was to be written so long ago and has not returned is lost: C501."""

LEASE = "canary"
_KEPT = timedelta(days=30)
_READ_EVERY = timedelta(seconds=30)
"""A source's pause after an error grows from this: `collect` often starts before the desk listens,
and with minutes here the first canary after a start came twenty minutes late."""
_TITLE = "自检测试建筑劳务有限公司拖欠工资"
_TEXT = (
    "我们12个人在自检测试建筑劳务有限公司干活，公司拖欠我们3个月工资，一共86400元，"
    "找了很多次都不给，请劳动监察帮我们要回工资。（系统自检第{key}号）"
)


@dataclass(frozen=True, slots=True)
class CanaryPolicy:
    """The test channel that a canary is sent to."""

    contact: Contact
    normalise: Callable[[str], str]


# ---------------------------------------------------------------- the page


def make_source(port: int) -> Source:
    """The place where `collect` finds canaries: the desk's own port on this host."""
    return Source(
        name=CANARY_SOURCE,
        title="全程自检",
        family=Family.NEWS_LIST,
        basis=Basis.NEWS,
        url=f"http://127.0.0.1:{port}/canary/index.html",
        poll_every=_READ_EVERY,
        delay=timedelta(0),
        local=True,
        # Silence is judged here, by what returns.
        expect=Expectations(quiet_after=timedelta(days=90)),
        rules={"row": "ul.canaries li", "body": "div.canary", "title": "h1"},
    )


def key_at(now: datetime) -> str:
    """The key of the canary of this half hour, by the clock in Shanghai, such as 202611251030."""
    local = now.astimezone(SHANGHAI)
    minutes = EVERY // timedelta(minutes=1)
    return f"{local:%Y%m%d%H}{local.minute // minutes * minutes:02d}"


def list_page(now: datetime) -> str:
    """The list with the canary of this half hour."""
    key = key_at(now)
    day = f"{now.astimezone(SHANGHAI):%Y-%m-%d}"
    row = f'<li><a href="{key}.html">{_TITLE} {key}</a><span>{day}</span></li>'
    return _page("自检", f'<ul class="canaries">{row}</ul>')


def message_page(key: str, now: datetime) -> str | None:
    """The page of a canary; None when it is not the one of this half hour."""
    if key != key_at(now):
        return None
    at = f"{key[:4]}-{key[4:6]}-{key[6:8]} {key[8:10]}:{key[10:12]}"
    body = f'<h1>{_TITLE}</h1><div class="canary">{_TEXT.format(key=key)}</div>'
    return _page(_TITLE, body, f'<meta name="PubDate" content="{at}">')


def _page(title: str, body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="robots" content="noindex">{head}</head><body>{body}</body></html>'
    )


# ---------------------------------------------------------------- the way through `work`


def pass_canaries(work: UnitOfWork, policy: CanaryPolicy, turn: Turn) -> int:
    """Take the canaries that wait for a decision, and raise their alerts; return how many.

    The decision is made by the same function as for everybody, and is not written.
    """
    with work() as rows:
        waiting = rows.canaries.list_assessed()
        if not waiting:
            return 0
        if not rows.operations.take_lease(LEASE, turn.holder, turn.now, turn.lease):
            return 0
        for stored, assessment in waiting:
            if _would_open(assessment, policy):
                _raise(rows, stored, policy, turn.now)
            else:
                # It does not return, and is missed.
                _log.warning("canary.misread", kind=assessment.reading.kind.value)
        rows.documents.move_to_stage([stored.document_id for stored, _ in waiting], Stage.DONE)
        return len(waiting)


def _would_open(assessment: Assessment, policy: CanaryPolicy) -> bool:
    facts = assessment.reading.facts
    told = read_case_facts(
        assessment,
        employer_key=policy.normalise(facts.employer.value) or None if facts.employer else None,
        project_key=None,
    )
    nothing = Candidates(same_document=None, same_item=[], same_party=[], same_sum=[], same_text=[])
    decision = decide_case(assessment.reading.kind, told, nothing, same_text_at=1.0)
    return isinstance(decision, OpenCase)


def _raise(rows: Rows, stored: StoredDocument, policy: CanaryPolicy, now: datetime) -> None:
    key = stored.document.item_key.removeprefix("a")
    new = NewAlert(
        case_id=None,
        ladder_key=f"canary-{key}",
        reason=AlertReason.CANARY,
        step=0,
        person=None,
        duty=DutyRole.OFFICER,
        ladder=(LadderStep(timedelta(0), DutyRole.OFFICER, (policy.contact.channel,)),),
        raised_at=now,
        level=UrgencyLevel.ROUTINE,
    )
    alert_id = rows.alerts.add(new, now, AlertState.DUE)
    rows.alerts.add_delivery(
        alert_id=alert_id,
        person=CANARY_SOURCE,
        contact=policy.contact,
        card=word_canary(key, now=now),
        idempotency_key=f"canary-{key}-{stored.document_id}",
        due_at=now,
    )
    rows.canaries.keep(
        Canary(
            key=key,
            written_at=stored.document.published_at or stored.document.fetched_at,
            stored_at=stored.document.fetched_at,
            alert_id=alert_id,
            alerted_at=now,
        )
    )


def return_canaries(work: UnitOfWork, turn: Turn, *, since: datetime) -> None:
    """Acknowledge the canaries that were sent, remove what they left, and miss those that are lost.

    Args:
        work: Opens a transaction.
        turn: Who does it, and when.
        since: When this process began to look: nothing is missed before.
    """
    with work() as rows:
        if not rows.operations.take_lease(LEASE, turn.holder, turn.now, turn.lease):
            return
        for canary in rows.canaries.list_sent():
            rows.alerts.acknowledge_ladder(
                f"canary-{canary.key}", CANARY_SOURCE, Through.LINK, turn.now
            )
            rows.canaries.bring_back(canary, turn.now)
            seconds = (turn.now - canary.written_at).total_seconds()
            _log.info("canary.returned", canary=canary.key, seconds=round(seconds, 1))
        for canary in rows.canaries.list_lost(turn.now - LOST_AFTER):
            rows.alerts.call_off_ladder(f"canary-{canary.key}", CallOff.OVER, turn.now)
            rows.canaries.remove(canary)
        newest = rows.canaries.find_newest_return()
        expected = max(since, newest.written_at if newest is not None else since)
        if turn.now - expected <= LOST_AFTER:
            rows.operations.close_issues(CANARY_SOURCE, (LOST,), turn.now)
        else:
            message = f"{rows.canaries.describe_lost(expected)}；上一条到过的是 {_shown(newest)}"
            rows.operations.record_issue(LOST, CANARY_SOURCE, message, turn.now)
        rows.canaries.forget(turn.now - _KEPT)
        rows.canaries.drop_documents(turn.now - LOST_AFTER)


def _shown(canary: Canary | None) -> str:
    return "（没有）" if canary is None else canary.key

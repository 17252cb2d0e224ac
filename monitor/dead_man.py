"""The dead-man's switch: tells an address outside that the watch lives, as long as it does.

A service such as healthchecks waits for the ping and calls somebody when it does not come. It is
sent only while every role works and canaries return; when something is wrong, `/fail` is pinged
with what it is. A watch that is dead pings nothing, and that is what is noticed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import structlog

from monitor.domain import Heartbeat, Source
from monitor.storage.canaries import CANARY_SOURCE, LOST
from monitor.storage.repositories import Rows

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)

ROLES = ("collect", "work", "desk")
BROWSER = "browser"
"""The role that reads what only a script fills; looked at where a source needs it."""

_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with the watch; empty when nothing is. Holds no one's words."""

    faults: tuple[str, ...] = ()


def needed_roles(sources: Iterable[Source]) -> tuple[str, ...]:
    """Return the roles without which these sources are not watched."""
    return (*ROLES, BROWSER) if any(each.enabled and each.browser for each in sources) else ROLES


def allow_silence(
    silent_after: Mapping[str, timedelta], sources: Iterable[Source]
) -> dict[str, timedelta]:
    """Return how long each role may be silent: the browser's, where it is needed, as `collect`."""
    allowed = dict(silent_after)
    if BROWSER in needed_roles(sources) and "collect" in allowed:
        allowed.setdefault(BROWSER, allowed["collect"])
    return allowed


def judge_watch(
    rows: Rows, now: datetime, late_after: timedelta, roles: Sequence[str] = ROLES
) -> Verdict:
    """Look at the newest success of every role that is needed, and at the canaries."""
    faults = [
        f"{role}: no success for {late_after}"
        for role in roles
        if is_late(rows.operations.list_heartbeats(), role, now, late_after)
    ]
    issues = rows.operations.list_open_issues()
    if any(each.code == LOST and each.subject == CANARY_SOURCE for each in issues):
        faults.append("canary: lost")
    return Verdict(tuple(faults))


def is_late(beats: Sequence[Heartbeat], role: str, now: datetime, late_after: timedelta) -> bool:
    """Tell whether a role has had no success for too long, on any host."""
    newest = max(
        (each.last_success_at for each in beats if each.role == role and each.last_success_at),
        default=None,
    )
    return newest is None or now - newest > late_after


def ping(url: str, verdict: Verdict) -> bool:
    """Ping the address, or its `/fail`; False when it could not be reached, which is only logged.

    Args:
        url: As healthchecks gives it, without a slash at the end; it is a secret.
        verdict: What is wrong.
    """
    target = f"{url.rstrip('/')}/fail" if verdict.faults else url
    try:
        answer = httpx.post(target, content="\n".join(verdict.faults), timeout=_TIMEOUT_SECONDS)
        answer.raise_for_status()
    except httpx.HTTPStatusError as error:
        _log.warning("ping.refused", status=error.response.status_code)
        return False
    except (httpx.TransportError, httpx.InvalidURL) as error:
        _log.warning("ping.not_sent", error=type(error).__name__)
        return False
    return True

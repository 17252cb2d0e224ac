"""Did this poll keep what the source promises? Pure."""

from datetime import datetime
from typing import NamedTuple

from monitor.domain import Source
from spiders.ports import Claim, PollOutcome

BROKEN, QUIET, GAP = "S408", "S414", "S410"

_FEWEST_READ = 5


class BrokenPromise(NamedTuple):
    """A promise that was not kept: the issue's code and what happened, without a page's words."""

    code: str
    message: str


def broken_promises(
    source: Source, claim: Claim, outcome: PollOutcome, now: datetime
) -> list[BrokenPromise]:
    """Return what a finished poll did not keep; empty when all is well.

    Shares are judged only from five on, because one bad post proves nothing. A source
    that never brought anything is quiet since it was first watched.
    """
    broken: list[BrokenPromise] = []
    expect = source.expect
    if outcome.pages and outcome.listed < expect.list_min_items:
        broken.append(
            BrokenPromise(
                BROKEN, f"列表只有 {outcome.listed} 条，应不少于 {expect.list_min_items} 条"
            )
        )
    if outcome.read >= _FEWEST_READ:
        text_share = outcome.with_text / outcome.read
        if text_share < expect.text_share:
            message = f"有正文的占 {text_share:.0%}，应不少于 {expect.text_share:.0%}"
            broken.append(BrokenPromise(BROKEN, message))
    if outcome.documents >= _FEWEST_READ:
        time_share = outcome.with_time / outcome.documents
        if time_share < expect.published_share:
            message = f"有时间的占 {time_share:.0%}，应不少于 {expect.published_share:.0%}"
            broken.append(BrokenPromise(BROKEN, message))
    newest = claim.last_new_at or claim.watched_since
    if not outcome.stored and now - newest > expect.quiet_after:
        hours = (now - newest).total_seconds() / 3600
        broken.append(BrokenPromise(QUIET, f"已有 {hours:.0f} 小时没有新内容"))
    return broken

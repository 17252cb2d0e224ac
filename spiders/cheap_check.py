"""The cheapest question a forum answers: has anything been posted since? 66 bytes, not 47 KB.

Discuz! answers `forumchecknew` for a board with 0 or 1. A file asks for it with `check =
"forumchecknew"`. The list is read all the same every quarter of an hour: a post that a moderator
lets through bears the time at which it was written, and a board that was closed would say 0.
"""

import re
from datetime import datetime, timedelta
from urllib.parse import urljoin

from monitor.domain import Family, Page, Source

LIST_AT_LEAST_EVERY = timedelta(minutes=15)
_CLOCKS_DIFFER_BY = timedelta(minutes=2)
_BOARD = re.compile(r"[?&]fid=(\d+)|/forum-(\d+)-|/archiver/\?fid-(\d+)|/fid-(\d+)\.html")
_ANSWER = re.compile(rb"<!\[CDATA\[\s*([01])\s*\]\]>|^\s*([01])\s*$")


def question(source: Source, listed_at: datetime | None, now: datetime) -> str | None:
    """Return the address that tells whether there is anything new; None to read the list.

    Args:
        source: The board; its rule `check` must ask for it.
        listed_at: When its list was last read by this process; None for never.
        now: The time, UTC.
    """
    wanted = source.family is Family.DISCUZ and source.rules.get("check") == "forumchecknew"
    if not wanted or listed_at is None or now - listed_at >= LIST_AT_LEAST_EVERY:
        return None
    board = _BOARD.search(source.url)
    if board is None:
        return None
    number = next(filter(None, board.groups()))
    since = int((listed_at - _CLOCKS_DIFFER_BY).timestamp())
    before_archiver, _, _ = source.url.partition("archiver/")
    return urljoin(
        before_archiver,
        f"forum.php?mod=ajax&action=forumchecknew&fid={number}&time={since}&inajax=yes",
    )


def says_nothing_new(page: Page) -> bool:
    """Tell whether the answer is a plain no; anything else than 0 or 1 is none."""
    found = _ANSWER.search(page.body[:500])
    return page.status == 200 and found is not None and b"0" in found.groups()  # noqa: PLR2004

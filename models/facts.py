"""The facts of a message, each with the characters that it was read from; nothing is guessed."""

from datetime import datetime
from typing import Final

from models.flags import find_danger, find_fled, find_place, find_public, find_sector
from models.money import OwedSum, rank_owed
from models.normalise import normalise
from models.party import Named, find_employer, find_project
from models.period import find_period
from models.workers import Headcount, find_workers
from monitor.domain import Fact, Facts

FACTS_LIMIT: Final = 20_000
"""Characters that are searched for facts; the reader's kind and score look at the whole text."""


def read_facts(title: str, text: str, published_at: datetime | None) -> Facts:
    r"""Read what a message says of the wages.

    Args:
        title: May be empty.
        text: The message.
        published_at: When it was written, aware; relative times need it.

    Returns:
        Facts whose spans are characters of `title + "\n" + text`.
    """
    raw = f"{title}\n{text}"[:FACTS_LIMIT]
    full = normalise(raw)
    headcount = find_workers(full)
    period = find_period(full, published_at)
    amount, workers = _amount(full, headcount)
    return Facts(
        employer=_name(raw, find_employer(full)),
        project=_name(raw, find_project(full)),
        place=find_place(full),
        sector=find_sector(full),
        workers=workers,
        amount_yuan=amount,
        owed_from=period.owed_from,
        owed_to=period.owed_to,
        months=period.months,
        public_project=find_public(full),
        employer_fled=find_fled(full),
        danger_to_life=find_danger(full),
    )


def _name(raw: str, named: Named | None) -> Fact[str] | None:
    """Give a name as it stands in the text as it came."""
    if named is None:
        return None
    return Fact(raw[named.start : named.end], (named.start, named.end))


def _amount(full: str, headcount: Headcount | None) -> tuple[Fact[float] | None, Fact[int] | None]:
    """Give the sum owed and the workers; a sum a head times the heads is the sum."""
    workers = None
    if headcount is not None:
        workers = Fact(headcount.people, (headcount.start, headcount.end))
    ranked = rank_owed(full)
    total = next((owed for owed in ranked if not owed.per_head), None)
    if total is not None:
        return Fact(total.sum.yuan, (total.sum.start, total.sum.end)), workers
    if ranked and headcount is not None:
        return _times(ranked[0], headcount), workers
    return None, workers


def _times(owed: OwedSum, headcount: Headcount) -> Fact[float]:
    """Multiply a sum a head by the heads; the span reaches over both."""
    start = min(owed.sum.start, headcount.start)
    end = max(owed.sum.end, headcount.end)
    return Fact(owed.sum.yuan * headcount.people, (start, end))


__all__ = ["FACTS_LIMIT", "read_facts"]

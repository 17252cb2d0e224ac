"""What happens next in the county: a deterministic author of events from (seed, step).

The same seed, step and state of the county give the same event. Chance never sees the clock.
"""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from sample_county.nouns import Item, Kind, Site


class Happening(StrEnum):
    """What one step does."""

    CLAIM = "claim"
    CROSS_POST = "cross_post"
    THIRD_PARTY = "third_party"
    PAID = "paid"
    QUESTION = "question"
    OTHER_DEBT = "other_debt"
    LIFE = "life"
    NEWS = "news"
    REPLY = "reply"
    WORKMATE = "workmate"
    PAID_REPLY = "paid_reply"
    EDIT = "edit"
    ANSWER = "answer"
    DELETE = "delete"


_WEIGHTS = {
    Happening.CLAIM: 24,
    Happening.CROSS_POST: 5,
    Happening.THIRD_PARTY: 3,
    Happening.PAID: 4,
    Happening.QUESTION: 7,
    Happening.OTHER_DEBT: 6,
    Happening.LIFE: 20,
    Happening.NEWS: 4,
    Happening.REPLY: 10,
    Happening.WORKMATE: 2,
    Happening.PAID_REPLY: 2,
    Happening.EDIT: 5,
    Happening.ANSWER: 6,
    Happening.DELETE: 2,
}
_CLAIM_SITES = (Site.FORUM,) * 5 + (Site.MAILBOX,) * 3 + (Site.OLDBBS,) * 2
_TALK_SITES = (Site.FORUM,) * 5 + (Site.MAILBOX,) * 2 + (Site.OLDBBS,) * 3

BACKLOG: tuple[tuple[Happening, int], ...] = (
    (Happening.CLAIM, 18),
    (Happening.CROSS_POST, 3),
    (Happening.THIRD_PARTY, 2),
    (Happening.QUESTION, 6),
    (Happening.OTHER_DEBT, 5),
    (Happening.LIFE, 20),
    (Happening.NEWS, 8),
    (Happening.PAID, 2),
    (Happening.ANSWER, 5),
    (Happening.REPLY, 22),
)
"""How many of each stand in the county when it opens: 64 items and what was said to them."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what happens, and the chance it is made with."""

    number: int
    happening: Happening
    rng: Random


def make_step(seed: int, number: int, happening: Happening | None = None) -> Step:
    """Return step `number` of this seed; `happening` sets what it does instead of chance."""
    rng = Random(f"{seed}:step:{number}")
    drawn = rng.choices(list(_WEIGHTS), weights=list(_WEIGHTS.values()))[0]
    return Step(number, happening or drawn, rng)


def backlog_steps(seed: int) -> list[Step]:
    """Return the steps before the first start, shuffled, claims before what follows them."""
    kinds = [kind for kind, count in BACKLOG for _ in range(count)]
    late = {Happening.CROSS_POST, Happening.PAID, Happening.ANSWER, Happening.REPLY}
    first = [kind for kind in kinds if kind not in late]
    then = [kind for kind in kinds if kind in late]
    order = Random(f"{seed}:backlog")
    order.shuffle(first)
    order.shuffle(then)
    half = len(first) // 2
    mixed = first[half:] + then
    order.shuffle(mixed)
    return [make_step(seed, -number - 1, kind) for number, kind in enumerate(first[:half] + mixed)]


def site_for(rng: Random, kind: Kind) -> Site:
    """Choose the site where a text of this kind is posted."""
    if kind in (Kind.CLAIM, Kind.PAID):
        return rng.choice(_CLAIM_SITES)
    return Site.NEWS if kind is Kind.THIRD_PARTY else rng.choice(_TALK_SITES)


def board_for(rng: Random, site: Site, kind: Kind) -> int:
    """Choose the board: help or chat on the forum, the one board of the old forum, else 0."""
    if site is Site.FORUM:
        chat = kind is Kind.UNRELATED and rng.random() < 0.4  # noqa: PLR2004 - share of chat
        return 3 if chat else 2
    return 2 if site is Site.OLDBBS else 0


def choose_group_target(rng: Random, items: list[Item], sites: tuple[Site, ...]) -> Item | None:
    """Choose a recent claim of these sites to follow up; None when there is none yet."""
    found = [
        item
        for item in items
        if item.site in sites
        and not item.deleted
        and item.first.truth is not None
        and item.first.truth.kind is Kind.CLAIM
    ]
    return rng.choice(found[-25:]) if found else None


def choose_open_thread(rng: Random, items: list[Item]) -> Item | None:
    """Choose a recent thread that takes replies; None when there is none yet."""
    found = [
        item
        for item in items
        if item.site in (Site.FORUM, Site.OLDBBS)
        and not (item.deleted or item.closed or item.pinned or item.read_level or item.moved_to)
        and item.board in (2, 3)
    ]
    return rng.choice(found[-30:]) if found else None


def choose_unanswered(rng: Random, items: list[Item]) -> Item | None:
    """Choose a letter that waits for its answer; None when all are answered."""
    found = [item for item in items if item.site is Site.MAILBOX and item.answer is None]
    return rng.choice(found[:10]) if found else None


def choose_deletable(rng: Random, items: list[Item]) -> Item | None:
    """Choose something ordinary to delete; a claim is never deleted by the county's own life."""
    found = [
        item
        for item in items
        if item.site in (Site.FORUM, Site.OLDBBS)
        and not (item.deleted or item.pinned or item.closed or item.read_level or item.moved_to)
        and item.board in (2, 3)
        and item.first.truth is not None
        and item.first.truth.kind in (Kind.UNRELATED, Kind.QUESTION)
        and all(p.truth is None or p.truth.kind is Kind.UNRELATED for p in item.posts[1:])
    ]
    return rng.choice(found[-40:]) if found else None

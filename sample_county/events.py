"""Carries out what `life` decided: one function per happening, on a county given from outside."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Protocol

from sample_county import claim_texts, other_texts
from sample_county.backlog import make_specials
from sample_county.life import (
    Happening,
    Step,
    backlog_steps,
    board_for,
    choose_deletable,
    choose_group_target,
    choose_open_thread,
    choose_unanswered,
    site_for,
)
from sample_county.nouns import Item, Kind, Person, PostedItem, Secret, Site, Truth, Written
from sample_county.people import make_name
from sample_county.writing import (
    Trouble,
    fill,
    write_article,
    write_claim,
    write_cross_post,
    write_news,
    write_ordinary,
    write_paid,
)

CATEGORIES = {
    Kind.CLAIM: "投诉",
    Kind.PAID: "感谢",
    Kind.QUESTION: "咨询",
    Kind.OTHER_DEBT: "投诉",
    Kind.UNRELATED: "求助",
}
_THREAD_SITES = (Site.FORUM, Site.OLDBBS)
_LETTER_AND_THREADS = (*_THREAD_SITES, Site.MAILBOX)
_BACKLOG_SPAN = timedelta(days=9)


class County(Protocol):
    """What an event needs of the county it happens in."""

    seed: int

    def new_trouble(self, now: datetime) -> Trouble:
        """Return an employer that nobody has named yet."""

    def trouble_of(self, truth: Truth, now: datetime) -> Trouble:
        """Return the trouble that a text was about."""

    def new_person(self) -> Person:
        """Return somebody who has not written yet."""

    def post(
        self, site: Site, written: Written, author: Person, now: datetime, *, board: int = 2,
        **marks: Any,
    ) -> Item:  # fmt: skip
        """Open an item."""

    def post_reply(
        self, site: Site, item_id: int, text: str, now: datetime, *, truth: Truth | None = None,
        secrets: Iterable[Secret] = (), author: Person | None = None, quote_of: int | None = None,
    ) -> PostedItem:  # fmt: skip
        """Add a reply."""

    def edit(self, site: Site, item_id: int, text: str, now: datetime) -> PostedItem:
        """Replace the text of the first post."""

    def delete(self, site: Site, item_id: int, now: datetime) -> None:
        """Delete an item."""

    def answer(self, item_id: int, office: str, text: str, now: datetime) -> PostedItem:
        """Answer a letter."""

    def save(self, item: Item) -> Item:
        """Write an item's newest state."""

    def list_items(self, site: Site | None = None) -> list[Item]:
        """List items in the order of their making."""


def carry_out(county: County, step: Step, now: datetime) -> None:
    """Let the step happen; what finds nothing to happen to becomes a message of ordinary life."""
    if not _EVENTS[step.happening](county, step.rng, now):
        _ordinary(county, step.rng, now, Kind.UNRELATED)


def open_backlog(county: County, now: datetime) -> None:
    """Fill a new county with about 64 items of the nine days before `now`, oldest first."""
    make_specials(county, now)
    steps = backlog_steps(county.seed)
    for place, step in enumerate(steps):
        left = 1 - (place + 1) / (len(steps) + 1)
        carry_out(county, step, now - _BACKLOG_SPAN * left**1.5)


def _claim(county: County, rng: Random, now: datetime) -> bool:
    site = site_for(rng, Kind.CLAIM)
    trouble, writer = county.new_trouble(now), county.new_person()
    written = write_claim(rng, trouble, writer, official=site is Site.MAILBOX)
    _open(county, site, written, writer, now, rng=rng)
    return True


def _cross_post(county: County, rng: Random, now: datetime) -> bool:
    origin = choose_group_target(rng, county.list_items(), _LETTER_AND_THREADS)
    if origin is None or origin.first.truth is None:
        return False
    others = [site for site in _LETTER_AND_THREADS if site is not origin.site]
    first = Written(origin.title, origin.first.text, origin.first.truth, origin.first.secrets)
    written = write_cross_post(rng, first, county.trouble_of(origin.first.truth, now))
    _open(county, rng.choice(others), written, origin.first.author, now, rng=rng)
    return True


def _third_party(county: County, rng: Random, now: datetime) -> bool:
    trouble = county.new_trouble(now)
    while trouble.project is None or trouble.workers == 1:  # the papers write of building sites
        trouble = county.new_trouble(now)
    article = write_article(rng, trouble)
    _publish(county, article, now, rng)
    return True


def _news(county: County, rng: Random, now: datetime) -> bool:
    _publish(county, write_news(rng), now, rng)
    return True


def _paid(county: County, rng: Random, now: datetime) -> bool:
    origin = choose_group_target(rng, county.list_items(), _THREAD_SITES)
    if origin is None or origin.first.truth is None:
        return False
    written = write_paid(rng, county.trouble_of(origin.first.truth, now))
    _open(county, origin.site, written, origin.first.author, now, rng=rng)
    return True


def _ordinary(county: County, rng: Random, now: datetime, kind: Kind) -> bool:
    site = site_for(rng, kind)
    writer = county.new_person()
    lender = Trouble(county.seed, 900_000 + rng.randint(0, 9999), now.month)
    _open(county, site, write_ordinary(rng, kind, lender, writer), writer, now, rng=rng)
    return True


def _reply(county: County, rng: Random, now: datetime) -> bool:
    thread = choose_open_thread(rng, county.list_items())
    if thread is None:
        return False
    text = rng.choice(other_texts.REPLIES)
    quote = thread.last.pid if rng.random() < 0.25 and len(thread.posts) > 1 else None  # noqa: PLR2004 - one reply in four quotes
    truth = Truth(Kind.UNRELATED)
    county.post_reply(thread.site, thread.item_id, text, now, truth=truth, quote_of=quote)
    return True


def _workmate(county: County, rng: Random, now: datetime) -> bool:
    thread = choose_group_target(rng, county.list_items(), _THREAD_SITES)
    if thread is None or thread.first.truth is None:
        return False
    trouble = county.trouble_of(thread.first.truth, now)
    slots = trouble.slots(rng)
    text = fill(rng.choice(claim_texts.WORKMATES), slots)
    truth = trouble.truth(Kind.CLAIM, text, slots)
    county.post_reply(thread.site, thread.item_id, text, now, truth=truth)
    return True


def _paid_reply(county: County, rng: Random, now: datetime) -> bool:
    thread = choose_group_target(rng, county.list_items(), _THREAD_SITES)
    if thread is None or thread.first.truth is None:
        return False
    trouble = county.trouble_of(thread.first.truth, now)
    slots = trouble.slots(rng)
    text = fill(rng.choice(other_texts.PAID_REPLIES), slots)
    truth = trouble.truth(Kind.PAID, text, slots)
    county.post_reply(
        thread.site, thread.item_id, text, now, truth=truth, author=thread.first.author
    )
    return True


def _edit(county: County, rng: Random, now: datetime) -> bool:
    thread = choose_open_thread(rng, county.list_items())
    if thread is None or thread.first.truth is None:
        return False
    text = rng.choice(other_texts.EDITS_OTHER)
    if thread.first.truth.kind is Kind.CLAIM:
        slots = county.trouble_of(thread.first.truth, now).slots(rng)
        text = fill(rng.choice(claim_texts.FOLLOW_UPS), slots)
    county.edit(thread.site, thread.item_id, f"{thread.first.text}\n{text}", now)
    return True


def _answer(county: County, rng: Random, now: datetime) -> bool:
    letter = choose_unanswered(rng, county.list_items())
    if letter is None or letter.first.truth is None:
        return False
    is_claim = letter.first.truth.kind is Kind.CLAIM
    bank: tuple[str, ...] = other_texts.ANSWERS_PAY if is_claim else other_texts.ANSWERS_OTHER
    if is_claim and rng.random() < 0.3:  # noqa: PLR2004 - share that is paid when answered
        bank = other_texts.ANSWERS_PAID
    office = other_texts.OFFICES[0] if is_claim else rng.choice(other_texts.OFFICES[1:])
    text = fill(rng.choice(bank), {"n": str(rng.randint(2, 9))})
    name = letter.first.author.name
    # Offices do write the sender's name into the public answer; the reader has to cope.
    greeting = rng.choice(("", f"{name[0]}先生/女士：", f"{name}网友："))
    county.answer(letter.item_id, office, greeting + text, now)
    return True


def _delete(county: County, rng: Random, now: datetime) -> bool:
    item = choose_deletable(rng, county.list_items())
    if item is None:
        return False
    county.delete(item.site, item.item_id, now)
    return True


def _open(
    county: County, site: Site, written: Written, writer: Person, now: datetime, *, rng: Random
) -> Item:
    kind = written.truth.kind if written.truth is not None else Kind.UNRELATED
    if site is Site.MAILBOX and rng.random() < 0.25:  # noqa: PLR2004 - one letter in four is signed
        signed = Secret("name_in_text", writer.name)
        written = replace(
            written,
            text=f"{written.text}\n反映人：{writer.name}",
            secrets=(*written.secrets, signed),
        )
    return county.post(
        site,
        written,
        writer,
        now,
        board=board_for(rng, site, kind),
        category=CATEGORIES.get(kind, "其他"),
        views=rng.randint(3, 900),
    )


def _publish(county: County, article: Written, now: datetime, rng: Random) -> Item:
    reporter, editor = make_name(rng), make_name(rng)
    author = county.new_person()
    return county.post(Site.NEWS, article, author, now, editor=editor, reporter=reporter)


def _of_kind(kind: Kind) -> Callable[[County, Random, datetime], bool]:
    return lambda county, rng, now: _ordinary(county, rng, now, kind)


_EVENTS: dict[Happening, Callable[[County, Random, datetime], bool]] = {
    Happening.CLAIM: _claim,
    Happening.CROSS_POST: _cross_post,
    Happening.THIRD_PARTY: _third_party,
    Happening.PAID: _paid,
    Happening.QUESTION: _of_kind(Kind.QUESTION),
    Happening.OTHER_DEBT: _of_kind(Kind.OTHER_DEBT),
    Happening.LIFE: _of_kind(Kind.UNRELATED),
    Happening.NEWS: _news,
    Happening.REPLY: _reply,
    Happening.WORKMATE: _workmate,
    Happening.PAID_REPLY: _paid_reply,
    Happening.EDIT: _edit,
    Happening.ANSWER: _answer,
    Happening.DELETE: _delete,
}

"""The county itself: all that was ever posted, and the ways in which it changes.

No clock inside: everything that changes the county is told `now` (aware, UTC). A world may be
shared by threads; each change is written to the journal before it can be read.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from threading import RLock
from typing import Any

from sample_county.events import carry_out, open_backlog
from sample_county.journal import Journal
from sample_county.life import Happening, make_step
from sample_county.nouns import (
    Answer,
    Item,
    Kind,
    Person,
    Post,
    PostedItem,
    Secret,
    Site,
    Truth,
    Written,
    item_from_json,
    item_to_json,
)
from sample_county.people import make_person, person_secrets
from sample_county.views import posted_item
from sample_county.writing import Trouble, write_claim

FIRST_IDS = {Site.FORUM: 1200, Site.OLDBBS: 48000, Site.MAILBOX: 3100, Site.NEWS: 1004500}
FIRST_PIDS = {Site.FORUM: 56000, Site.OLDBBS: 310000, Site.MAILBOX: 0, Site.NEWS: 0}
"""Where the ids of each site begin; they only ever grow."""
VISITOR_UID = 19999
FIRST_EVENT_AFTER = timedelta(seconds=4)
FIRST_CLAIM_AFTER = timedelta(seconds=8)


class World:
    """The sample county; open it with `World.open`, or look at it with `World.read`."""

    def __init__(self, journal: Journal, seed: int) -> None:
        self.seed = seed
        self.step = 0
        self.pace = timedelta(seconds=12)
        self.version = 0
        self._journal = journal
        self._lock = RLock()
        self._items: dict[tuple[Site, int], Item] = {}
        self._next_id = dict(FIRST_IDS)
        self._next_pid = dict(FIRST_PIDS)
        self._troubles = 0
        self._people = 0
        self._served: set[Secret] = set()
        self._due: list[tuple[datetime, Happening | None]] = []

    # ------------------------------------------------------------ opening

    @classmethod
    def open(
        cls, folder: Path, seed: int, now: datetime, *, pace: timedelta = timedelta(seconds=12),
        backlog: bool = True,
    ) -> "World":  # fmt: skip
        """Open the county in `folder`, making it and its backlog where there is none yet.

        A county that exists keeps the seed it was made with. Its life goes on from `now`: what
        would have happened while nobody looked does not happen.
        """
        journal = Journal(folder)
        journal.cut_torn_line()
        world = cls(journal, seed)
        known = world._replay()
        world.pace = pace
        if not known:
            journal.append({"county": {"seed": seed}})
            if backlog:
                open_backlog(world, now)
        world.resume(now)
        return world

    @classmethod
    def read(cls, folder: Path) -> "World":
        """Load the county as it stands in the journal, without changing anything."""
        world = cls(Journal(folder), 0)
        world._replay()
        return world

    def _replay(self) -> bool:
        known = False
        for record in self._journal.read():
            known = True
            self._note(record)
        return known

    def _note(self, record: dict[str, Any]) -> None:
        if "county" in record:
            self.seed = record["county"]["seed"]
        if "step" in record:
            self.step = max(self.step, record["step"])
        if "item" in record:
            self._keep(item_from_json(record["item"]))

    # ------------------------------------------------------------ life

    def resume(self, now: datetime) -> None:
        """Start the life of the county at `now`: an event within 4 s, a claim within 8 s."""
        self._due = [
            (now + min(FIRST_EVENT_AFTER, self.pace / 3), Happening.LIFE),
            (now + min(FIRST_CLAIM_AFTER, self.pace * 2 / 3), Happening.CLAIM),
        ]

    def advance(self, now: datetime) -> int:
        """Let everything happen that is due until `now`, each at its own time; return how many."""
        count = 0
        with self._lock:
            while self._due and self._due[0][0] <= now:
                due_at, happening = self._due.pop(0)
                if not self._due:
                    self._due.append((due_at + self.pace, None))
                self.happen(due_at, happening)
                count += 1
        return count

    def is_behind(self, now: datetime) -> bool:
        """Whether more than a minute of events is overdue, as after the machine slept."""
        return bool(self._due) and now - self._due[0][0] > max(timedelta(minutes=1), 5 * self.pace)

    def happen(self, now: datetime, happening: Happening | None = None) -> None:
        """Take the next step of the county's life at `now`."""
        with self._lock:
            self.step += 1
            self._journal.append({"step": self.step})
            carry_out(self, make_step(self.seed, self.step, happening), now)

    # ------------------------------------------------------------ changing by hand

    def post_claim(
        self, site: Site, now: datetime, *, title: str | None = None, text: str | None = None,
        secrets: Iterable[Secret] = (),
    ) -> PostedItem:  # fmt: skip
        """Post a claim about an employer that no text named before; return it with its truth.

        Its words are plain, so that a test of what follows is no test of how well claims are
        read; the county's own people write in harder ways.

        Args:
            site: Where; `Site.NEWS` takes no claims and is refused with ValueError.
            now: When.
            title: Own title; then the truth holds no facts beyond the kind and the group.
            text: Own text, likewise.
            secrets: Personal values in the own text, for `served_secrets`.
        """
        if site is Site.NEWS:
            raise ValueError("the news site takes no claims")
        with self._lock:
            trouble, writer = self.new_trouble(now), self.new_person()
            rng = Random(f"{self.seed}:by-hand:{trouble.number}")
            written = write_claim(rng, trouble, writer, official=site is Site.MAILBOX, plain=True)
            if title is not None or text is not None:
                written = Written(
                    written.title if title is None else title,
                    written.text if text is None else text,
                    Truth(Kind.CLAIM, trouble.group),
                    tuple(secrets) if text is not None else written.secrets,
                )
            return posted_item(self.post(site, written, writer, now))

    def post_visitor(self, title: str, text: str, now: datetime) -> PostedItem:
        """Post what a visitor of the sample county wrote, on the help board of the forum."""
        visitor = Person(
            VISITOR_UID, "visitor8816", "访客本人", "IP属地：本机", "127.0.0.1", "本机"
        )
        return posted_item(self.post(Site.FORUM, Written(title, text, None), visitor, now))

    def post_reply(
        self, site: Site, item_id: int, text: str, now: datetime, *, truth: Truth | None = None,
        secrets: Iterable[Secret] = (), author: Person | None = None, quote_of: int | None = None,
    ) -> PostedItem:  # fmt: skip
        """Add a reply to a thread; the thread moves to the top of its board."""
        with self._lock:
            item = self.get(site, item_id)
            pid = self._next_pid[site]
            post = Post(
                pid, author or self.new_person(), text, now, truth, tuple(secrets),
                quote_of=quote_of,
            )  # fmt: skip
            kept = self.save(replace(item, posts=(*item.posts, post)))
            return posted_item(kept, pid)

    def edit(self, site: Site, item_id: int, text: str, now: datetime) -> PostedItem:
        """Replace the text of the first post; a forum shows who edited it and when."""
        with self._lock:
            item = self.get(site, item_id)
            first = replace(
                item.first, text=text, edited_at=now, edited_by=item.first.author.handle
            )
            return posted_item(self.save(replace(item, posts=(first, *item.posts[1:]))))

    def delete(self, site: Site, item_id: int, now: datetime) -> None:  # noqa: ARG002 - same shape
        """Delete an item; its id is never used again."""
        with self._lock:
            self.save(replace(self.get(site, item_id), deleted=True))

    def answer(self, item_id: int, office: str, text: str, now: datetime) -> PostedItem:
        """Answer a letter of the mailbox."""
        with self._lock:
            item = self.get(Site.MAILBOX, item_id)
            return posted_item(self.save(replace(item, answer=Answer(office, text, now))))

    # ------------------------------------------------------------ building blocks

    def post(
        self, site: Site, written: Written, author: Person, now: datetime, *, board: int = 2,
        **marks: Any,
    ) -> Item:  # fmt: skip
        """Open an item with this text; `marks` are further fields of `Item`."""
        with self._lock:
            post = Post(
                self._next_pid[site], author, written.text, now, written.truth, written.secrets
            )
            board = board if site in (Site.FORUM, Site.OLDBBS) else 0
            item = Item(site, self._next_id[site], board, written.title, (post,), **marks)
            return self.save(item)

    def save(self, item: Item) -> Item:
        """Write the item's newest state; it is served from then on."""
        with self._lock:
            self._journal.append({"item": item_to_json(item)})
            return self._keep(item)

    def _keep(self, item: Item) -> Item:
        key = (item.site, item.item_id)
        self._items[key] = item
        self._next_id[item.site] = max(self._next_id[item.site], item.item_id + 1)
        newest = max(post.pid for post in item.posts)
        self._next_pid[item.site] = max(self._next_pid[item.site], newest + 1)
        for post in item.posts:
            self._served.update(person_secrets(post.author))
            self._served.update(post.secrets)
            if post.truth is not None and post.truth.group.startswith("trouble-"):
                number = int(post.truth.group.removeprefix("trouble-"))
                self._troubles = max(self._troubles, number + 1)
            if post.author.uid >= make_person(self.seed, 0).uid:
                self._people = max(
                    self._people, post.author.uid - make_person(self.seed, 0).uid + 1
                )
        for name in filter(None, (item.editor, item.reporter)):
            self._served.add(Secret("name", name))
        self.version += 1
        return item

    def new_trouble(self, now: datetime) -> Trouble:
        """Return an employer that nobody has named yet."""
        with self._lock:
            self._troubles += 1
            return Trouble(self.seed, self._troubles - 1, now.month)

    def trouble_of(self, truth: Truth, now: datetime) -> Trouble:
        """Return the trouble that a text was about."""
        return Trouble(self.seed, int(truth.group.removeprefix("trouble-")), now.month)

    def new_person(self) -> Person:
        """Return somebody who has not written yet."""
        with self._lock:
            self._people += 1
            return make_person(self.seed, self._people - 1)

    # ------------------------------------------------------------ looking

    def get(self, site: Site, item_id: int) -> Item:
        """Return an item, deleted ones too; KeyError when it never existed."""
        return self._items[site, item_id]

    def find(self, site: Site, item_id: int) -> Item | None:
        """Return an item that can be seen, None when it never existed or is deleted."""
        item = self._items.get((site, item_id))
        return None if item is None or item.deleted else item

    def list_items(self, site: Site | None = None) -> list[Item]:
        """List items in the order of their making, deleted ones too; of one site or of all."""
        with self._lock:
            return [item for item in self._items.values() if site in (None, item.site)]

    def posted_items(self) -> list[PostedItem]:
        """List every text that stands or stood in the county, replies too, oldest item first."""
        return [posted_item(item, p.pid) for item in self.list_items() for p in item.posts]

    def posted_claims(self) -> list[PostedItem]:
        """List every text that is a claim; texts of one group belong to one case."""
        return [posted for posted in self.posted_items() if posted.is_claim]

    def served(self) -> frozenset[Secret]:
        """Return every personal value that was ever served, edited and deleted texts included."""
        with self._lock:
            return frozenset(self._served)

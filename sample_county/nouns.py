"""The nouns of the sample county: sites, people, posts, items and the truth about them.

Everything here is invented. Times (`…_at`) are aware datetimes in UTC.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Site(StrEnum):
    """The four sites of the county; the value is also the path prefix."""

    FORUM = "forum"
    OLDBBS = "oldbbs"
    MAILBOX = "mailbox"
    NEWS = "news"


class Kind(StrEnum):
    """What a text is; the words are those of the watching side, so that tests can compare."""

    CLAIM = "claim"
    THIRD_PARTY = "third_party"
    PAID = "paid"
    QUESTION = "question"
    OTHER_DEBT = "other_debt"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True)
class Secret:
    """One personal value that a page served and that must not be found anywhere else.

    `kind` is one of: handle, name, name_in_text, avatar, profile, home, ip, address, signature,
    phone, identity, card, wechat.
    """

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes in the county; `name` is a real-looking name, `handle` a nickname."""

    uid: int
    handle: str
    name: str
    home: str
    ip: str
    address: str
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Truth:
    """What a text says, known because we wrote it.

    `group` names one trouble: texts of the same group (cross-posts, follow-ups, a reply by a
    workmate) belong to one case. Each fact is None where the text does not state it.
    `amount_yuan` is the sum as stated, for all the workers named; months count months of pay.
    `employer` is the full name, `employer_short` what people say; a text has one of them at least.
    """

    kind: Kind
    group: str = ""
    employer: str | None = None
    employer_short: str | None = None
    project: str | None = None
    place: str | None = None
    sector: str | None = None
    amount_yuan: int | None = None
    workers: int | None = None
    months: int | None = None
    public_project: bool = False
    employer_fled: bool = False
    danger_to_life: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """One message of a thread, a letter, or the text of an article.

    `text` has lines parted by a newline; lines that start with `> ` quote an earlier post.
    `blocked` is a post that a moderator hid; `hidden_tail` is text shown only to who replied.
    `truth` is None for what a visitor wrote.
    """

    pid: int
    author: Person
    text: str
    posted_at: datetime
    truth: Truth | None = None
    secrets: tuple[Secret, ...] = ()
    edited_at: datetime | None = None
    edited_by: str = ""
    quote_of: int | None = None
    anonymous: bool = False
    blocked: bool = False
    hidden_tail: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply of an office to a letter, with its own date."""

    office: str
    text: str
    answered_at: datetime
    satisfaction: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A thread, a letter or an article, with all its posts; the first post opens it.

    `board` is the forum's `fid`, or 0 on the mailbox and the news site. `read_level` above zero
    hides the thread from guests. `editor` and `reporter` are bylines of articles.
    """

    site: Site
    item_id: int
    board: int
    title: str
    posts: tuple[Post, ...]
    answer: Answer | None = None
    category: str = ""
    editor: str = ""
    reporter: str = ""
    pinned: bool = False
    closed: bool = False
    deleted: bool = False
    moved_to: int | None = None
    read_level: int = 0
    views: int = 0

    @property
    def first(self) -> Post:
        """The post that opened the item."""
        return self.posts[0]

    @property
    def last(self) -> Post:
        """The newest post; the first one where nobody has replied."""
        return self.posts[-1]


@dataclass(frozen=True, slots=True)
class PostedItem:
    """One text as it was posted, with its truth, for tests that compare.

    `path` is the path and query of its page on the server; `pid` tells a reply from its thread.
    """

    site: Site
    item_id: int
    pid: int
    path: str
    title: str
    text: str
    posted_at: datetime
    truth: Truth | None
    is_reply: bool = False

    @property
    def is_claim(self) -> bool:
        """Whether the text says that its writer, or those it speaks for, are unpaid."""
        return self.truth is not None and self.truth.kind is Kind.CLAIM


@dataclass(frozen=True, slots=True)
class Written:
    """A text before it is posted."""

    title: str
    text: str
    truth: Truth | None
    secrets: tuple[Secret, ...] = field(default=())


def item_to_json(item: Item) -> dict[str, Any]:
    """Return the item as values that JSON knows; times as ISO 8601 text."""
    return _plain(asdict(item))  # type: ignore[no-any-return]


def item_from_json(values: dict[str, Any]) -> Item:
    """Return the item that `item_to_json` wrote."""
    answer = values["answer"]
    return Item(
        **{
            **values,
            "site": Site(values["site"]),
            "posts": tuple(_post_from_json(post) for post in values["posts"]),
            "answer": None
            if answer is None
            else Answer(**{**answer, "answered_at": datetime.fromisoformat(answer["answered_at"])}),
        }
    )


def _post_from_json(values: dict[str, Any]) -> Post:
    truth, edited_at = values["truth"], values["edited_at"]
    return Post(
        **{
            **values,
            "author": Person(**values["author"]),
            "posted_at": datetime.fromisoformat(values["posted_at"]),
            "edited_at": None if edited_at is None else datetime.fromisoformat(edited_at),
            "truth": None if truth is None else Truth(**{**truth, "kind": Kind(truth["kind"])}),
            "secrets": tuple(Secret(**secret) for secret in values["secrets"]),
        }
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value

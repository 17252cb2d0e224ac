"""What an adapter reads out of a page, and how a document is made without its author."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitor.domain import Document, DocumentRole, ListedItem, Source
from spiders.masking import mask, mask_together
from spiders.times import Moment

LONGEST_TEXT = 100_000
"""Characters of one message that are kept; a longer one is no message, and masking takes time."""

LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class ListPage:
    """The rows of a list page in the page's order, and the address of the next page.

    `documents` holds, by item key, what the list already tells in full (feeds with whole texts);
    such an item is not fetched.
    """

    items: list[ListedItem]
    next_url: str | None = None
    documents: Mapping[str, list[Document]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemPage:
    """The documents of one page of an item.

    `next_url` is the item's next page; `last_url` its last one, when that is further away.
    """

    documents: list[Document]
    next_url: str | None = None
    last_url: str | None = None


def list_item(
    key: str, url: str, title: str, *, change_key: str = "", pinned: bool = False
) -> ListedItem:
    """Make a row of a list; its title is masked, because titles are shown and logged."""
    masked = mask(title[:LONGEST_TITLE]).text
    return ListedItem(key=key, url=url, title=masked, change_key=change_key, pinned=pinned)


def make_document(
    source: Source,
    item: ListedItem,
    *,
    key: str,
    address: str,
    role: DocumentRole,
    title: str,
    text: str,
    published: Moment,
    fetched_at: datetime,
    extraction: str = "rules",
    names: Sequence[str] = (),
) -> Document:
    """Mask title and text, and make the document; nothing unmasked leaves this function.

    `names` are persons whom the page names beside the text; they are replaced in it too.
    """
    (clean_title, clean_text), counts = mask_together(
        [title[:LONGEST_TITLE], text[:LONGEST_TEXT]], names
    )
    published_at, precision = published
    masked: Mapping[str, int] = {str(kind): count for kind, count in counts.items()}
    return Document(
        source=source.name,
        key=key,
        item_key=item.key,
        address=address,
        role=role,
        title=clean_title,
        text=clean_text,
        published_at=published_at,
        precision=precision,
        fetched_at=fetched_at,
        masked=masked,
        extraction=extraction,
    )

"""What an adapter reads out of a page, and how a document is made without its author."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitor.domain import Document, DocumentRole, ListedItem, Source
from spiders.masking import mask, mask_together
from spiders.times import Moment

LONGEST_TEXT = 20_000
"""Characters of one message that are kept. The longest of 1,431 real letters has 8,905; what is
longer is cut, because masking a text made to be slow takes up to a tenth of a second for 1,000."""

TOLD_CUT = "〔原文共 {length} 字，这里只存前 {kept} 字，其余请打开原网页看〕"

_ENDS_OF_SENTENCES = "\n。！？；!?;"
_LAST_SENTENCE = 500
# What may be the beginning of a number or an account whose end is cut off.
_HALF_A_NUMBER = re.compile(r"[^\u3400-\u9fff]{0,60}[零〇一幺二两三四五六七八九]{0,20}\Z")

LONGEST_TITLE = 300


def keep_beginning(text: str) -> tuple[str, str]:
    """Cut a text that is too long for a message, where a sentence ends.

    Returns:
        What is kept, and a line for its reader that says what is missing; empty when nothing is.
    """
    if len(text) <= LONGEST_TEXT:
        return text, ""
    at = max(
        text.rfind(sign, LONGEST_TEXT - _LAST_SENTENCE, LONGEST_TEXT) for sign in _ENDS_OF_SENTENCES
    )
    kept = text[: at + 1] if at >= 0 else _HALF_A_NUMBER.sub("", text[:LONGEST_TEXT], count=1)
    return kept, TOLD_CUT.format(length=len(text), kept=len(kept))


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

    A text longer than `LONGEST_TEXT` is cut before it is masked, and says so at its end.
    `names` are persons whom the page names beside the text; they are replaced in it too.
    """
    kept, told = keep_beginning(text)
    (clean_title, clean_text), counts = mask_together([title[:LONGEST_TITLE], kept], names)
    published_at, precision = published
    masked: Mapping[str, int] = {str(kind): count for kind, count in counts.items()}
    return Document(
        source=source.name,
        key=key,
        item_key=item.key,
        address=address,
        role=role,
        title=clean_title,
        text=f"{clean_text}\n{told}" if told else clean_text,
        published_at=published_at,
        precision=precision,
        fetched_at=fetched_at,
        masked=masked,
        extraction=extraction,
    )

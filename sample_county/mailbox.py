"""The county mailbox: a list of letters, and a table of labels and values for each."""

from collections.abc import Mapping
from math import ceil

from sample_county.nouns import Item, Site
from sample_county.served import TEMPLATES, Served, Visit, redirect
from sample_county.views import CHINA
from sample_county.world import World

LETTERS_PER_PAGE = 10
_SHORT_TEXT = 60


def letter_number(item: Item) -> str:
    """Return the number that the office gives a letter: year, month, and the letter's id."""
    return f"QHXZ{item.first.posted_at.astimezone(CHINA):%Y%m}{item.item_id:05}"


def letter_state(item: Item) -> str:
    """Return how far the letter has come, in the office's words."""
    if item.answer is not None:
        return "已办结"
    return "办理中" if item.item_id % 3 else "待受理"


class MailboxSite:
    """县长信箱: newest letter first, answered later."""

    def __init__(self, world: World) -> None:
        self._world = world

    def list_page(self, query: Mapping[str, str]) -> Served:
        """Answer index.html; a page beyond the end is an empty table."""
        letters = [i for i in self._world.list_items(Site.MAILBOX) if not i.deleted]
        letters.reverse()
        pages = max(1, ceil(len(letters) / LETTERS_PER_PAGE))
        asked = query.get("page", "1")
        page = max(1, int(asked)) if asked.isascii() and asked.isdigit() else 1
        shown = letters[(page - 1) * LETTERS_PER_PAGE : page * LETTERS_PER_PAGE]
        rows = [
            {
                "id": item.item_id,
                "number": letter_number(item),
                "title": item.title,
                "category": item.category,
                "day": f"{item.first.posted_at.astimezone(CHINA):%Y-%m-%d}",
                "state": letter_state(item),
                "hits": item.views,
            }
            for item in shown
        ]
        text = TEMPLATES.get_template("mailbox_list.html").render(
            rows=rows, page=page, pages=pages, count=len(letters)
        )
        return Served(text.encode())

    def letter_page(self, query: Mapping[str, str], visit: Visit) -> Served:  # noqa: ARG002 - all sites alike
        """Answer letter.html; an unknown letter leads back to the list, as many boards do."""
        asked = query.get("id", "")
        number = int(asked) if asked.isascii() and asked.isdigit() else 0
        item = self._world.find(Site.MAILBOX, number)
        if item is None:
            return redirect("/mailbox/index.html")
        answer = item.answer
        text = TEMPLATES.get_template("mailbox_letter.html").render(
            item=item,
            number=letter_number(item),
            state=letter_state(item),
            written=f"{item.first.posted_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
            answer=answer,
            answered=f"{answer.answered_at.astimezone(CHINA):%Y-%m-%d %H:%M}" if answer else "",
        )
        return Served(text.encode())

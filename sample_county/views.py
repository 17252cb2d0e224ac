"""Where an item stands on the server, and how a test sees it."""

from zoneinfo import ZoneInfo

from sample_county.nouns import Item, PostedItem, Site

CHINA = ZoneInfo("Asia/Shanghai")
"""The clock that every site of the county shows."""


def path_of(item: Item) -> str:
    """Return the path and query of the item's page."""
    match item.site:
        case Site.FORUM | Site.OLDBBS:
            return f"/{item.site}/forum.php?mod=viewthread&tid={item.item_id}"
        case Site.MAILBOX:
            return f"/mailbox/letter.html?id={item.item_id}"
        case Site.NEWS:
            day = item.first.posted_at.astimezone(CHINA)
            return f"/news/{day:%Y%m}/t{day:%Y%m%d}_{item.item_id}.html"


def posted_item(item: Item, pid: int | None = None) -> PostedItem:
    """Return one text of the item with its truth; the opening one unless `pid` says which."""
    post = item.first if pid is None else next(p for p in item.posts if p.pid == pid)
    return PostedItem(
        site=item.site,
        item_id=item.item_id,
        pid=post.pid,
        path=path_of(item),
        title=item.title,
        text=post.text,
        posted_at=post.posted_at,
        truth=post.truth,
        is_reply=post is not item.first,
    )

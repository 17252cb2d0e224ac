"""A card as the text that a channel takes: limits in bytes, cuts between lines. Pure."""

from html import escape

from monitor.domain import AlertCard

TEXT_LIMIT_BYTES = 2_048
"""WeCom bot, text message. Source: the vendor's page on group bots."""

MARKDOWN_LIMIT_BYTES = 4_096
"""WeCom bot, markdown message. Source: the vendor's page on group bots."""

_MORE = "…（其余见链接）"
# WeCom's markdown has no escape character, so what would be read as a mark becomes its wide twin.
_WIDE = str.maketrans("<>[]`*_#", "＜＞［］｀＊＿＃")


def render_text(card: AlertCard, *, limit_bytes: int | None = None) -> str:
    """Write a card as plain lines: title, lines, link.

    Args:
        card: The card.
        limit_bytes: The most bytes of UTF-8 that may be used; None for no limit.

    Returns:
        At most `limit_bytes`. The title and the link are kept for as long as anything can be;
        lines are dropped whole, the last first, and a mark says so.
    """
    tail = [f"查看并确认：{card.link}"] if card.link else []
    entries = [
        _joined(each.text, f"确认：{each.link}" if each.link else "") for each in card.entries
    ]
    return _fitted([card.title], [*card.lines, *entries], tail, limit_bytes)


def render_markdown(
    card: AlertCard, *, mention: str = "", limit_bytes: int | None = MARKDOWN_LIMIT_BYTES
) -> str:
    """Write a card in the markdown that WeCom's group bot reads.

    Args:
        card: The card; characters with a meaning in markdown lose it.
        mention: The member who is called on, by user id; empty for none.
        limit_bytes: As in `render_text`.

    Returns:
        At most `limit_bytes` bytes of UTF-8.
    """
    title = card.title.translate(_WIDE)
    marked = f'<font color="warning">**{title}**</font>' if card.urgent else f"**{title}**"
    lines = [f"> {line.translate(_WIDE)}" for line in card.lines]
    lines += [_joined(f"> {each.text.translate(_WIDE)}", _link(each.link)) for each in card.entries]
    tail = [f"[查看并确认]({card.link})"] if card.link else []
    if mention:
        tail.append(f"<@{mention.translate(_WIDE)}>")
    return _fitted([marked], lines, tail, limit_bytes)


def render_paragraphs(
    card: AlertCard,
    *,
    mention: str = "",
    with_title: bool = True,
    with_link: bool = True,
    limit_bytes: int | None = None,
) -> str:
    """Write a card in plain Markdown, a paragraph for every line (DingTalk, Feishu).

    Args:
        card: The card; characters with a meaning in Markdown lose it.
        mention: What calls on a member, as this vendor writes it; not changed.
        with_title: False where the title stands above the text.
        with_link: False where the card's own link becomes a button.
        limit_bytes: As in `render_text`.

    Returns:
        At most `limit_bytes` bytes of UTF-8; lines are divided by an empty one.
    """
    head = [f"**{card.title.translate(_WIDE)}**\n"] if with_title else []
    lines = [f"{line.translate(_WIDE)}\n" for line in card.lines]
    lines += [f"{_joined(each.text.translate(_WIDE), _link(each.link))}\n" for each in card.entries]
    tail = [f"{_link(card.link, '查看并确认')}\n"] if card.link and with_link else []
    if mention:
        tail.append(mention)
    return _fitted(head, lines, tail, limit_bytes).rstrip("\n")


def render_html(card: AlertCard) -> str:
    """Write a card as a small page of HTML for e-mail: no pictures, no style sheet, no tracking."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in card.lines)
    for entry in card.entries:
        shown = f'<a href="{escape(entry.link)}">确认</a>' if entry.link else ""
        lines += f"<p>{escape(entry.text)} {shown}</p>"
    link = f'<p><a href="{escape(card.link)}">查看并确认</a></p>' if card.link else ""
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{escape(card.title)}</title></head><body>"
        f"<h2>{escape(card.title)}</h2>{lines}{link}</body></html>"
    )


def count_bytes(text: str) -> int:
    """Count the bytes of a text in UTF-8, as the vendors do."""
    return _size(text)


def fit_bytes(text: str, limit_bytes: int) -> str:
    """Cut a text to a number of bytes of UTF-8, never inside a character."""
    return text.encode("utf-8")[: max(0, limit_bytes)].decode("utf-8", errors="ignore")


def _fitted(head: list[str], lines: list[str], tail: list[str], limit_bytes: int | None) -> str:
    whole = "\n".join([*head, *lines, *tail])
    if limit_bytes is None or _size(whole) <= limit_bytes:
        return whole
    for kept in range(len(lines) - 1, -1, -1):
        shorter = "\n".join([*head, *lines[:kept], _MORE, *tail])
        if _size(shorter) <= limit_bytes:
            return shorter
    # Not even the title and the link fit together: the link is worth more than the title's end.
    ending = "".join(f"\n{line}" for line in tail)
    return fit_bytes(fit_bytes("\n".join(head), limit_bytes - _size(ending)) + ending, limit_bytes)


def _joined(text: str, link: str) -> str:
    return f"{text} {link}" if link else text


def _link(address: str, shown: str = "确认") -> str:
    return f"[{shown}]({address})" if address else ""


def _size(text: str) -> int:
    return len(text.encode("utf-8"))

"""What a new source may promise, from what one reading of it showed, and the file that says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from monitor.domain import Basis, Document, DocumentRole, Source
from spiders.asking import form_of

_OPENINGS = frozenset({DocumentRole.POST, DocumentRole.LETTER, DocumentRole.ARTICLE})
_SHORTEST, _LONGEST = timedelta(days=1), timedelta(days=60)
_QUIET_GAPS = 10
_MARGIN = 0.1
_LEAST_TIMES = 3


@dataclass(frozen=True, slots=True)
class Promises:
    """The numbers for `[expect]` and `poll_every`, and how they came about."""

    quiet_after: timedelta
    text_share: float
    published_share: float
    list_min_items: int
    poll_every: timedelta
    median_gap: timedelta | None


def promises_of(
    *,
    rows: int,
    read: int,
    with_text: int,
    documents: Sequence[Document],
    may_be_empty: bool,
) -> Promises:
    """Derive promises that a healthy source of this kind keeps, with room for holidays.

    Args:
        rows: Rows on the first list page.
        read: Items of it that were read.
        with_text: Those of them that gave a document.
        documents: What they gave.
        may_be_empty: True for lists that only show what changed lately.
    """
    times = sorted(
        each.published_at
        for each in documents
        if each.role in _OPENINGS and each.published_at is not None
    )
    gap = _median_gap(times)
    quiet = timedelta(days=14) if gap is None else min(max(gap * _QUIET_GAPS, _SHORTEST), _LONGEST)
    timed = sum(each.published_at is not None for each in documents)
    return Promises(
        quiet_after=timedelta(days=-(-quiet // timedelta(days=1))),
        text_share=_rounded(with_text, read),
        published_share=_rounded(timed, len(documents)),
        list_min_items=0 if may_be_empty else max(1, rows // 2),
        poll_every=_pace(gap),
        median_gap=gap,
    )


def _median_gap(times: Sequence[datetime]) -> timedelta | None:
    if len(times) < _LEAST_TIMES:
        return None
    gaps = [later - earlier for earlier, later in pairwise(times)]
    return timedelta(seconds=median(gap.total_seconds() for gap in gaps))


def _rounded(part: int, whole: int) -> float:
    """Return the share that was seen, less a margin, in steps of 0.05."""
    seen = part / whole if whole else 0.0
    return max(0.0, int((seen - _MARGIN) * 20) / 20)


def _pace(gap: timedelta | None) -> timedelta:
    """Return how often to look; a place where somebody writes daily is looked at every 5 min."""
    if gap is None or gap <= timedelta(days=2):
        return timedelta(minutes=5)
    return timedelta(minutes=15) if gap <= timedelta(days=7) else timedelta(minutes=30)


def source_file(source: Source, promises: Promises, why: Sequence[str], on: str) -> str:
    """Write the TOML of a new source.

    Args:
        source: As it was read; its title and basis are the administrator's.
        promises: What it may promise.
        why: Why it was taken for this family.
        on: The day of writing, for the comment.
    """
    url, form = form_of(source.url)
    gap = promises.median_gap
    seen = "发文间隔不明" if gap is None else f"读到的内容间隔中位数 {_spoken(gap)}"
    lines = [
        f"# {on} 由 qingxin source add 写成。{'；'.join(why)}。",
        *_pairs(
            {
                "title": source.title,
                "family": source.family.value,
                "basis": Basis(source.basis).value,
                "url": url,
                "form": form,
                "poll_every": _iso(promises.poll_every),
            }
        ),
        *(["local = true"] if source.local else []),
        *(["browser = true"] if source.browser else []),
        *(_pairs({"charset": source.charset}) if source.charset else []),
        "",
        f"[expect]                # {seen}；按十倍间隔和所见比例留了余地",
        f'quiet_after = "{_iso(promises.quiet_after)}"',
        f"text_share = {promises.text_share}",
        f"published_share = {promises.published_share}",
        f"list_min_items = {promises.list_min_items}",
    ]
    if source.rules:
        lines += ["", "[rules]", *_pairs(source.rules)]
    return "\n".join(lines) + "\n"


def _pairs(fields: Mapping[str, str]) -> list[str]:
    return [f"{name} = {_quoted(value)}" for name, value in fields.items() if value]


def _quoted(value: str) -> str:
    told = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else " " for c in told) + '"'


def _iso(span: timedelta) -> str:
    if span >= timedelta(days=1):
        return f"P{span.days}D"
    return f"PT{int(span.total_seconds() // 60)}M"


def _spoken(gap: timedelta) -> str:
    hours = gap.total_seconds() / 3600
    return f"{hours / 24:.1f} 天" if hours >= 24 else f"{hours:.1f} 小时"  # noqa: PLR2004

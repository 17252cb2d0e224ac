"""Personal data in a text → typed marks, before anything is written anywhere.

A mark replaces the value and nothing else: 〔电话〕〔身份证〕〔银行卡〕〔车牌〕〔微信〕〔QQ〕
〔账号〕〔邮箱〕〔住址〕〔姓名〕. Employers, projects, sums, dates and letter numbers stay, because
a case is made of them. Numbers are in `masking_numbers`, addresses in `masking_homes`, names in
`masking_names`, what people call each other in `masking_nicknames`.

Every pattern is bounded (no repetition inside a repetition without a limit), so that a hostile page
costs time in proportion to its length.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from spiders.masking_accounts import find_accounts
from spiders.masking_homes import find_homes
from spiders.masking_names import (
    find_introduced,
    find_names,
    find_repeated,
    looks_like_name,
    names_in,
)
from spiders.masking_numbers import find_numbers
from spiders.masking_spans import Kind, Reading, Span

_MARKS = {
    Kind.PHONE: "〔电话〕",
    Kind.IDENTITY: "〔身份证〕",
    Kind.BANK_CARD: "〔银行卡〕",
    Kind.PLATE: "〔车牌〕",
    Kind.WECHAT: "〔微信〕",
    Kind.QQ: "〔QQ〕",
    Kind.ACCOUNT: "〔账号〕",
    Kind.EMAIL: "〔邮箱〕",
    Kind.HOME: "〔住址〕",
    Kind.NAME: "〔姓名〕",
}

# Replacing one value may uncover another beside it; each round shortens the text, few need two.
_MOST_ROUNDS = 12

Finder = Callable[[Reading, Sequence[str]], Iterator[Span]]


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data, and how many values of each kind were replaced."""

    text: str
    counts: dict[str, int] = field(default_factory=dict)


def mask(text: str) -> Masked:
    """Replace personal data by marks; masking a masked text changes nothing."""
    masked, counts = mask_together([text])
    return Masked(masked[0], counts)


def mask_numbers(text: str) -> str:
    """Replace numbers and accounts only: for what officers write, where names are of the office."""
    return _mask_one(text, (), {}, _NUMBERS_ONLY)[0]


def mask_together(
    texts: Sequence[str], names: Sequence[str] = ()
) -> tuple[list[str], dict[str, int]]:
    """Mask texts that belong together: a name introduced in one is replaced in all.

    Args:
        texts: Title and text of one document, say.
        names: Names of persons that the page tells beside the text (来信人); anything that does
            not look like a name is left alone, because firms write letters too.

    Returns:
        The masked texts in the same order, and the replacements of all of them by kind.
    """
    counts: dict[str, int] = {}
    # Numbers first: a phone beside it is one of the signs by which a name is known.
    numberless = [_mask_one(text, (), counts, _NUMBERS) for text in texts]
    readings = [reading for _, reading, _ in numberless]
    introduced = [find_introduced(reading) for reading in readings]
    told = [name for name in names if looks_like_name(name)]
    named = [*told, *names_in(zip(readings, introduced, strict=True))]
    masked = []
    for (text, reading, is_settled), found in zip(numberless, introduced, strict=True):
        # No number is left in it, and its names are known by now: nothing is looked for again
        # unless something was replaced.
        spans = [*found, *find_repeated(reading, named)]
        if spans or not is_settled:
            replaced = _replace(text, spans, counts)
            masked.append(_mask_one(replaced, named, counts, _EVERYTHING)[0])
        else:
            masked.append(text)
    return masked, counts


def _find_numbers(reading: Reading, _named: Sequence[str]) -> Iterator[Span]:
    yield from find_accounts(reading)
    yield from find_numbers(reading)
    yield from find_homes(reading)


def _find_numbers_only(reading: Reading, _named: Sequence[str]) -> Iterator[Span]:
    yield from find_accounts(reading)
    yield from find_numbers(reading)


_NUMBERS_ONLY: tuple[Finder, ...] = (_find_numbers_only,)
_NUMBERS: tuple[Finder, ...] = (_find_numbers,)
_EVERYTHING: tuple[Finder, ...] = (_find_numbers, find_names)


def _mask_one(
    text: str, named: Sequence[str], counts: dict[str, int], finders: Sequence[Finder]
) -> tuple[str, Reading, bool]:
    """Replace what is found until nothing is; give the reading too, and whether it came to that."""
    reading = Reading.of(text)
    for _ in range(_MOST_ROUNDS):
        spans = [span for find in finders for span in find(reading, named)]
        if not spans:
            return text, reading, True
        text = _replace(text, spans, counts)
        reading = Reading.of(text)
    return text, reading, False


def _replace(text: str, spans: Iterable[Span], counts: dict[str, int]) -> str:
    """Put marks in the place of spans; of two that overlap the earlier and longer one wins."""
    pieces: list[str] = []
    done = 0
    for span in sorted(spans, key=lambda found: (found.start, -found.end)):
        if span.start < done:
            continue
        pieces += [text[done : span.start], _MARKS[span.kind]]
        counts[span.kind] = counts.get(span.kind, 0) + 1
        done = span.end
    if not pieces:
        return text
    return "".join([*pieces, text[done:]])

"""Find the names of natural persons where the text itself introduces them (我叫、联系人：、工友…).

Names of employers, foremen's firms, those who pay, and officials acting in office stay. A name that
is introduced once is replaced wherever it stands again, unless as part of a firm.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from spiders.masking_name_shapes import (
    Sign,
    begins_as_name,
    find_dotted_names,
    is_before_firm,
    is_free_after,
    is_free_before,
    is_of_firm,
    is_often_a_name,
    is_word,
    looks_like_name,
    name_like,
    read_name,
    read_name_before,
)
from spiders.masking_name_signs import (
    ADDRESSED,
    AFTER_NUMBER,
    ALONE,
    AMOUNT,
    ASK_FOR,
    BELONGS,
    BESIDE_NUMBER,
    CALLED,
    COUNTED,
    DOES,
    ENDS_LETTER,
    IN_BRACKETS,
    ITEM,
    LABEL,
    LAST_LINES,
    LIST_SIGN,
    MORE,
    NAMED_ONE,
    OF_A_PEOPLE,
    OF_PERSON,
    PART,
    PAYS,
    POLITELY,
    SAID_OF_PERSON,
    SELF,
    TRADE,
    WEAK,
)
from spiders.masking_nicknames import find_nicknames
from spiders.masking_spans import Kind, Reading, Span

__all__ = ["find_introduced", "find_names", "find_repeated", "looks_like_name", "names_in"]

_SHORTEST_REPEATED = 2
_NAMES_REPLACED_ELSEWHERE = 50


def find_introduced(reading: Reading) -> list[Span]:
    """Find names that the text introduces."""
    return [*_introduced(reading.plain)]


def names_in(found: Iterable[tuple[Reading, Sequence[Span]]]) -> tuple[str, ...]:
    """Return the names that were found in any of these texts, the longest first."""
    names = {reading.plain[span.start : span.end] for reading, spans in found for span in spans}
    kept = [name for name in names if len(name) >= _SHORTEST_REPEATED]
    return tuple(sorted(kept, key=lambda name: (-len(name), name))[:_NAMES_REPLACED_ELSEWHERE])


def find_names(reading: Reading, named: Sequence[str]) -> Iterator[Span]:
    """Find names that the text introduces, and those already known from elsewhere in it."""
    yield from _introduced(reading.plain)
    yield from find_repeated(reading, named)


def find_repeated(reading: Reading, named: Sequence[str]) -> Iterator[Span]:
    """Find names that are already known from elsewhere."""
    plain = reading.plain
    for name in named:
        at = plain.find(name)
        while at >= 0:
            end = at + len(name)
            is_sure = len(name) > _SHORTEST_REPEATED or read_name(plain, at) == end
            if is_sure and plain[at - 1 : at] != "〔" and not is_before_firm(plain, end):
                yield Span(at, end, Kind.NAME)
            at = plain.find(name, end)


def _introduced(plain: str) -> Iterator[Span]:
    paying = _names_of_office(plain)
    sure = _after_labels(plain)
    likely = (
        _after_words(plain),
        _ending_a_letter(plain),
        _numbered(plain),
        _before_words(plain),
        _listed(plain),
        _alone(plain),
        _told_whole(plain),
        find_nicknames(plain),
    )
    for span in chain(sure, chain.from_iterable(likely)):
        is_mark = plain[max(0, span.start - 1)] == "〔" or "〔" in plain[span.start : span.end]
        if not is_mark and plain[span.start : span.end] not in paying:
            yield span


def _names_of_office(plain: str) -> frozenset[str]:
    """The names of those who pay or hold an office: they stay wherever they stand."""
    ends = (
        (match.end(), read_name(plain, match.end(), Sign.LABEL)) for match in PAYS.finditer(plain)
    )
    return frozenset(plain[start:end] for start, end in ends if end is not None)


def _alone(plain: str) -> Iterator[Span]:
    """Names that stand alone between two signs, or at the end of “the … of”."""
    for match in ALONE.finditer(plain):
        if is_often_a_name(match[0]) and read_name(plain, match.start()) == match.end():
            yield Span(*match.span(), Kind.NAME)
    if "·" in plain or "•" in plain or "・" in plain:
        for start, end in find_dotted_names(plain):
            yield Span(start, end, Kind.NAME)
    for match in BELONGS.finditer(plain):
        name_end = read_name(plain, match.end())
        if name_end is not None and is_free_after(plain, name_end):
            name = plain[match.end() : name_end]
            if is_often_a_name(name) and name_like(name):
                yield Span(match.end(), name_end, Kind.NAME)


def _after_labels(plain: str) -> Iterator[Span]:
    """Names that follow words which introduce a person, and those strung to them."""
    for pattern, sign in ((LABEL, Sign.LABEL), (CALLED, Sign.LABEL), (PART, Sign.PART)):
        done = 0
        for match in pattern.finditer(plain):
            if match.end() < done:
                continue  # within a string of names that was followed to its end
            end = read_name(plain, match.end(), sign)
            if end is not None:
                for span in _strung(plain, match.end(), end):
                    done = span.end
                    yield span


def _after_words(plain: str) -> Iterator[Span]:
    """Names that follow words which say less, or a number, or the end of a letter."""
    for match in WEAK.finditer(plain):
        end = read_name(plain, match.end())
        if end is None:
            continue
        is_asked_for = is_free_after(plain, end) and ASK_FOR.fullmatch(match[0])
        if is_asked_for or SAID_OF_PERSON.match(plain, end):
            yield Span(match.end(), end, Kind.NAME)
    for match in AFTER_NUMBER.finditer(plain):
        end = read_name(plain, match.end())
        if end is not None and is_free_after(plain, end):
            yield Span(match.end(), end, Kind.NAME)
    for pattern in (TRADE, SELF):
        for match in pattern.finditer(plain):
            end = read_name(plain, match.end())
            if end is None or plain[match.end()] == plain[match.end() + 1]:
                continue  # 我伯伯
            if is_free_after(plain, end) or pattern is SELF:
                yield Span(match.end(), end, Kind.NAME)


def _ending_a_letter(plain: str) -> Iterator[Span]:
    """The name with which a letter ends."""
    for match in LAST_LINES.finditer(plain):
        end = read_name(plain, match.end())
        if end is not None and (is_free_after(plain, end) or ENDS_LETTER.match(plain, end)):
            yield Span(match.end(), end, Kind.NAME)


def _numbered(plain: str) -> Iterator[Span]:
    """Names in a list that counts them."""
    items = [match.end() for match in ITEM.finditer(plain)]
    if len(items) > 1:
        for start in items:
            end = read_name(plain, start, Sign.PART)
            if end is not None and is_free_after(plain, end):
                yield Span(start, end, Kind.NAME)


def _told_whole(plain: str) -> Iterator[Span]:
    """Names that the words around enclose, so that none of a name's rules is needed."""
    for pattern in (OF_A_PEOPLE, NAMED_ONE, BESIDE_NUMBER, POLITELY, IN_BRACKETS):
        for match in pattern.finditer(plain):
            name = match["name"]
            is_sure = pattern in (OF_A_PEOPLE, NAMED_ONE) or (
                begins_as_name(name) and not is_word(name)
            )
            if is_sure and not is_word(name, Sign.LABEL) and not is_of_firm(name):
                yield Span(*match.span("name"), Kind.NAME)


def _strung(plain: str, start: int, end: int) -> Iterator[Span]:
    """A name and those that are strung to it by 、 or 和."""
    yield Span(start, end, Kind.NAME)
    while (more := MORE.match(plain, end)) is not None:
        following = read_name(plain, more.end(), Sign.PART)
        is_loose = more[0].strip() in {",", "", ";", "/"}
        if following is None or (is_loose and not is_free_after(plain, following)):
            return
        yield Span(more.end(), following, Kind.NAME)
        end = following


def _before_words(plain: str) -> Iterator[Span]:
    """Names that stand before words which are said of a person."""
    for match in ADDRESSED.finditer(plain):
        yield from _ending_at(plain, match.start(), free=not match[0])
    for pattern in (COUNTED, DOES):
        for match in pattern.finditer(plain):
            yield from _ending_at(plain, match.start(), free=False)
    for pattern in (OF_PERSON, AMOUNT):
        for match in pattern.finditer(plain):
            yield from _ending_at(plain, match.start(), free=True)


def _ending_at(plain: str, end: int, *, free: bool) -> Iterator[Span]:
    """The name that ends here; `free` asks that nothing but a sign stands before it."""
    if end < _SHORTEST_REPEATED or is_free_before(plain, end):
        return
    start = read_name_before(plain, end)
    if start is not None and (not free or is_free_before(plain, start)):
        yield Span(start, end, Kind.NAME)


def _listed(plain: str) -> Iterator[Span]:
    """Two names side by side with a list sign between them speak for each other."""
    for sign in LIST_SIGN.finditer(plain):
        if is_free_before(plain, sign.start()):
            continue
        right_end = read_name(plain, sign.end())
        if right_end is None:
            continue
        left = read_name_before(plain, sign.start())
        if left is None:
            continue
        if sign[0] == ",":
            is_pair = is_free_before(plain, left) and is_free_after(plain, right_end)
        else:
            both = (plain[left : sign.start()], plain[sign.end() : right_end])
            is_pair = sign[0] == "、" or all(map(is_often_a_name, both))
        if is_pair:
            yield Span(left, sign.start(), Kind.NAME)
            yield Span(sign.end(), right_end, Kind.NAME)

"""What looks like the name of a natural person, and where such a name begins and ends.

Chinese has no spaces and most family names are words too. So a name is taken for one only when it
has the shape (family name, one or two characters), is no word of the dictionary, and cuts no word
in two. The dictionary is jieba's.
"""

import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache

import rjieba

from spiders.masking_words import (
    COMMON,
    COUNTED_AFTER,
    DOUBLE,
    ENDS_OFFICE,
    FIRM_AFTER,
    FIRM_AHEAD,
    FUNCTION,
    GIVEN,
    NAME_ENDS_NOT,
    NUMERALS,
    OFFICE_BEFORE,
    OFTEN_AFTER,
    OFTEN_NO_NAME,
    ONLY_LABELLED,
    PARTICLES,
    PREPOSITIONS,
    SINGLE,
    TITLE,
    WORDS,
    WORDS_AFTER,
)


class Sign(Enum):
    """How surely the words around say that a person's name stands here.

    The value holds the kinds of dictionary words that may all the same be a name (jieba's tags:
    nr person, nz other name, ns place, n any noun).
    """

    WEAK = ("nr",)
    PART = ("nr", "nz", "ns")
    LABEL = ("n",)


_MINORITY = re.compile(
    r"[\u4e00-\u9fa5]{2,8}[·•・](?:(?![在的是和等有没被说给去到从要我你他她们于与跟反投联这收就不最])[\u4e00-\u9fa5]){2,8}"
)
_MIDDLE_DOT = re.compile("[·•・]")
_DOTS = frozenset("·•・")
_HAN = re.compile(r"[\u3400-\u9fff]{1,10}")

SHAPE = re.compile(r"[\u3400-\u9fff]{2,4}|[\u4e00-\u9fa5]{2,8}[·•・][\u4e00-\u9fa5]{2,10}")
_LOOK_BACK = 10


@lru_cache(maxsize=4096)
def _pieces(window: str) -> frozenset[int]:
    """Where the words of a short Chinese text end."""
    ends, at = set(), 0
    for word in rjieba.cut(window, hmm=False):
        at += len(word)
        ends.add(at)
    return frozenset(ends)


@lru_cache(maxsize=8192)
def is_word(word: str, sign: Sign = Sign.WEAK) -> bool:
    """Tell whether this is an ordinary word, or begins as one (银行卡), rather than a name."""
    if word in WORDS:
        return True
    cut = rjieba.tag(word, hmm=False)
    if len(cut) == 1 and not str(cut[0][1]).startswith(sign.value):
        return True
    if sign is not Sign.WEAK or len(word) <= 2 or word[:2] in DOUBLE:  # noqa: PLR2004
        return False
    return len(_pieces(word[:2])) == 1 and not _may_begin_name(word[:2])


def is_before_firm(plain: str, end: int) -> bool:
    """Tell whether what follows makes the name part of a firm's."""
    return FIRM_AFTER.match(plain, end) is not None


def is_of_office(plain: str, start: int) -> bool:
    """Tell whether the words in front say who pays or holds an office: those names stay."""
    if start == 0 or not (plain[start - 1] in ENDS_OFFICE or plain[start - 1].isspace()):
        return False
    return OFFICE_BEFORE.search(plain, max(0, start - _LOOK_BACK), start) is not None


def _family(plain: str, at: int) -> int:
    """How long the family name is that stands here; 0 when none does."""
    if plain[at : at + 2] in DOUBLE:
        return 2
    return 1 if plain[at : at + 1] and plain[at] in SINGLE else 0


def begins_as_name(word: str) -> bool:
    """Tell whether a family name, however rare, stands at the beginning."""
    return bool(_family(word, 0)) and not TITLE.match(word, _family(word, 0))


def is_of_firm(word: str) -> bool:
    """Tell whether a word speaks of a firm or a place rather than a person."""
    return FIRM_AFTER.search(word) is not None or word[-1] in NAME_ENDS_NOT


def looks_like_name(word: str) -> bool:
    """Tell whether a word has the shape of a person's name, as in a field 来信人."""
    if _MINORITY.fullmatch(word):
        return True
    family = _family(word, 0)
    return (
        bool(family)
        and 1 <= len(word) - family <= 2  # noqa: PLR2004 - a given name has one or two characters
        and SHAPE.fullmatch(word) is not None
        and word[-1] not in NAME_ENDS_NOT
    )


def read_name(plain: str, at: int, sign: Sign = Sign.WEAK) -> int | None:
    """Find the end of the name that begins here; None when none does.

    Args:
        plain: The text.
        at: Where the name would begin.
        sign: How surely one stands here. After a label (姓名：) whatever stands alone between two
            signs is a name, unless it is a word.
    """
    run = _HAN.match(plain, at)
    if run is None:
        return None
    # Characters before a dot are the whole run, so that nothing else can be such a name.
    minority = _MINORITY.match(plain, at) if plain[run.end() : run.end() + 1] in _DOTS else None
    family = _family(plain, at)
    if minority or (sign is not Sign.LABEL and (not family or is_of_office(plain, at))):
        return minority.end() if minority else None
    window = run[0]
    if sign is Sign.LABEL and 2 <= len(window) <= 4 and _stands_as_name(window):  # noqa: PLR2004
        return run.end()
    if not family or TITLE.match(window, family):
        return None
    ends = _pieces(window)
    for given in (2, 1):
        end = family + given
        if end <= len(window) and _is_name(window, family, end, ends, sign):
            return None if _is_of_firm(plain, at, at + end, sign) else at + end
    return None


def _is_of_firm(plain: str, at: int, end: int, sign: Sign) -> bool:
    """Tell whether what was read is the beginning of a firm's name."""
    if is_before_firm(plain, end):
        return True
    if sign is Sign.LABEL or not FIRM_AHEAD.match(plain, end):
        return False
    begins_as_place = len(_pieces(plain[at : at + 2])) == 1 and plain[at : at + 2] not in DOUBLE
    return sign is Sign.WEAK or begins_as_place or plain[at] in OFTEN_NO_NAME


def _stands_as_name(word: str) -> bool:
    family = _family(word, 0)
    if is_word(word, Sign.LABEL) or (family and TITLE.fullmatch(word, family)):
        return False
    if family and len(word) - family <= 2:  # noqa: PLR2004
        return FIRM_AFTER.search(word) is None
    # A family name that is not in the list, or a name of four characters.
    return len(word) <= 3 and word[-1] not in NAME_ENDS_NOT and len(_pieces(word)) > 1  # noqa: PLR2004


def _is_name(window: str, family: int, end: int, ends: frozenset[int], sign: Sign) -> bool:
    name, given = window[:end], window[family:end]
    is_alone = end == len(window)
    if (name[-1] in NAME_ENDS_NOT and not (sign is Sign.LABEL and is_alone)) or is_word(name, sign):
        return False
    if not is_alone and end not in ends and not _begins_new_word(window, end):
        return False
    is_closed = is_alone or (sign is Sign.PART and end in ends and _begins_new_word(window, end))
    if sign is not Sign.LABEL and not _is_sure_family(window, end, ends, is_closed=is_closed):
        return False
    after = window[end : end + 1]
    if given[-1] in NUMERALS and after in COUNTED_AFTER and after:
        return False  # 王芳三万
    if len(given) == 2 and given[1] in OFTEN_AFTER and not is_alone:  # noqa: PLR2004
        return len(_pieces(given)) == 1
    is_free = is_alone and (sign is not Sign.WEAK or window[0] in COMMON)
    return _is_given(given, is_alone=is_free)


def _is_sure_family(window: str, end: int, ends: frozenset[int], *, is_closed: bool) -> bool:
    """Tell whether the family name is none of the words that begin with the same character."""
    if window[:2] in DOUBLE:
        return True
    first = min(ends)
    is_noun_of_name = GIVEN.issuperset(window[1:end]) and _is_kind(window[:first], "n")
    if 1 < first != end and not (_may_begin_name(window[:first]) or is_noun_of_name):
        return False  # 毕业|回, 万科|金
    if window[0] in ONLY_LABELLED or window[0] not in OFTEN_NO_NAME:
        return window[0] not in ONLY_LABELLED
    return _goes_with_word(window[0], window[1:end], is_cut=end in ends, is_closed=is_closed)


def _goes_with_word(family: str, given: str, *, is_cut: bool, is_closed: bool) -> bool:
    """Tell whether a family name that is often a word is one here, by what follows it."""
    is_word_of_two = len(given) > 1 and len(_pieces(given)) == 1
    is_name_like = GIVEN.issuperset(given)
    if family in PREPOSITIONS and is_word_of_two:  # 向|领导, 于|腊月
        return _is_kind(given, "nr", "nz") or (is_name_like and not _is_kind(given, "t"))
    if (is_closed and given[0] not in FUNCTION) or (is_cut and is_name_like):
        return True
    return len(given) > 1 and (not is_word_of_two or _is_kind(given, "n"))


def _may_begin_name(piece: str) -> bool:
    return _is_kind(piece, "nr", "ns") or (piece[0] in COMMON and _is_kind(piece, "n"))


@lru_cache(maxsize=4096)
def _is_kind(word: str, *kinds: str) -> bool:
    cut = rjieba.tag(word, hmm=False)
    return len(cut) == 1 and str(cut[0][1]).startswith(kinds)


def _is_given(given: str, *, is_alone: bool) -> bool:
    if given in WORDS_AFTER:
        return False
    if not FUNCTION.intersection(given):
        return True
    if len(given) == 1:
        return False
    return is_alone or len(_pieces(given)) == 1  # 和平, 向阳, 万里


def _begins_new_word(window: str, end: int) -> bool:
    """Cut again from the end of the name: 福贵在家 may have been cut as 福 贵在 家."""
    return window[end] in PARTICLES or window[end : end + 2] in WORDS_AFTER


def find_dotted_names(plain: str) -> Iterator[tuple[int, int]]:
    """Find names with a dot inside that stand free: 阿不都·热合曼."""
    for match in _MINORITY.finditer(plain):
        if is_free_before(plain, match.start()):
            yield match.span()


def name_like(word: str) -> bool:
    """Tell whether the given name is made of the characters of given names alone."""
    return GIVEN.issuperset(word[_family(word, 0) :])


def is_often_a_name(word: str) -> bool:
    """Tell whether a word that stands alone between two signs is more likely a name than not.

    Measured on the 1,431 letters of the development data: about four of five were.
    """
    if word[:2] in DOUBLE:
        return True
    if word[0] in COMMON:
        return len(word) > 2 or word[0] not in "高余周康"  # noqa: PLR2004
    return word[0] not in ONLY_LABELLED and GIVEN.issuperset(word[1:])


def read_name_before(plain: str, end: int) -> int | None:
    """Find the beginning of the name that ends here; None when none does."""
    minority = _minority_before(plain, end)
    if minority is not None:
        return minority
    found: int | None = None
    for length in (4, 3, 2):
        start = end - length
        if start < 0:
            continue
        name = plain[start:end]
        if not _ends_as_name(plain, start, name):
            continue
        if found is not None and plain[found] not in OFTEN_NO_NAME:
            break  # the longer one holds, unless its family name is rather 和, 向 …
        found = start
    return None if found is None or is_of_office(plain, found) else found


def _ends_as_name(plain: str, start: int, name: str) -> bool:
    family = _family(name, 0)
    if not family or not 1 <= len(name) - family <= 2:  # noqa: PLR2004
        return False
    if not looks_like_name(name) or is_word(name) or TITLE.match(name, family):
        return False
    if not _is_given(name[family:], is_alone=False):
        return False
    is_alone = is_free_before(plain, start)
    if not _is_sure_family(name, len(name), _pieces(name), is_closed=is_alone):
        return False
    if is_alone:
        return True
    window = plain[max(0, start - 5) : start + len(name)]
    offset = min(5, start)
    return offset in _pieces(window) or len(_pieces(plain[start : start + len(name)])) == 1


def _minority_before(plain: str, end: int) -> int | None:
    if not _MIDDLE_DOT.search(plain, max(0, end - 12), end):
        return None
    for match in _MINORITY.finditer(plain, max(0, end - 20), end):
        if match.end() == end:
            return match.start()
    return None


def is_free_before(plain: str, start: int) -> bool:
    """Tell whether a sign or the beginning of the text stands before this place."""
    return start == 0 or _HAN.match(plain[start - 1]) is None


def is_free_after(plain: str, end: int) -> bool:
    """Tell whether a sign, a digit or the end of the text stands at this place."""
    return end >= len(plain) or _HAN.match(plain[end]) is None

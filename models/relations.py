"""What makes a sentence a claim, as an expert would say it: patterns over concept letters, weighed.

The weights are a starting point in log-odds, chosen by hand; `models.training` fits how far to
trust their sum and everything beside it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

_BETWEEN: Final = "[^.,RSHLJYXd]"
_UNPAID: Final = "(?:[nkwO]|N~{0,2}G|NZ)"


_NOUNS: Final = frozenset("PAaVvWdhe")
"""Letters of pay and money; most patterns need one of their own to be there."""
_SIGNS: Final = frozenset("nkwOoNBqmxuZ")
"""Letters of not being paid; each branch of most patterns needs one of its own to be there."""
_LOOKED_FOR: Final = _NOUNS | _SIGNS


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and what it says for a claim, in log-odds.

    `literal` is set where the pattern stands for nothing but itself; `needed` is a letter without
    which it cannot match, if there is one; `nouns` and `signs` are those of which it needs one
    each, empty when it needs none.
    """

    name: str
    weight: float
    pattern: re.Pattern[str]
    literal: str
    needed: str
    nouns: frozenset[str]
    signs: frozenset[str]

    def matches(self, sentence: str) -> bool:
        """Say whether the pattern is in a sentence of concept letters."""
        if self.literal:
            return self.literal in sentence
        return self.pattern.search(sentence) is not None


def _signs_of(pattern: str) -> frozenset[str]:
    """List the signs of which a text needs one to match; empty when a branch has none."""
    branches = re.sub(r"\(\?[=!<][^()]*\)|\[\^[^\]]*\]", "", pattern).split("|")
    if all(_SIGNS.intersection(branch) for branch in branches):
        return _SIGNS.intersection(pattern)
    return frozenset()


_SPECIAL: Final = frozenset("[](){}|?*+.^$@~")


def _needed_of(pattern: str) -> str:
    """Give a letter that every match of a pattern holds; empty when it is not easily told."""
    plain = re.sub(r"\(\?[^()]*\)|\[[^\]]*\]|\w\?|\{[^}]*\}|\w\{0", "", pattern)
    if _SPECIAL.intersection(plain) - set("|?*^$~"):
        return ""
    needed = set.intersection(*map(set, plain.split("|")))
    return min(filter(str.isalpha, needed), default="")


def _compile(rows: tuple[tuple[str, float, str], ...]) -> tuple[Rule, ...]:
    """Compile patterns in which `@` stands for words of non-payment and `~` for words between."""
    return tuple(
        Rule(
            name,
            weight,
            re.compile(pattern.replace("@", _UNPAID).replace("~", _BETWEEN)),
            "" if _SPECIAL.intersection(pattern) else pattern,
            _needed_of(pattern),
            _NOUNS.intersection(pattern),
            _signs_of(pattern.replace("@", _UNPAID)),
        )
        for name, weight, pattern in rows
    )


RELATIONS: Final = _compile(
    (
        ("owes pay", 5.0, "O~{0,9}P|OJ-{0,3}P"),
        ("owes somebody's pay", 0.8, "O-{0,2}[IK]~{0,6}P"),
        ("pay not paid", 4.5, "[nk]~{0,5}P|P~{0,7}[nk]|P~{0,4}NZ"),
        ("pay, and in the next clause not paid", 3.0, "P~{0,10},~{0,8}(?:[nkO]|N~{0,2}G)"),
        (
            "pay, and in the next clause held back",
            2.4,
            "[PA]~{0,10},~{0,8}(?:[wo]|N~{0,2}[GZ])",
        ),
        ("not paid, and in the next clause pay", 2.2, "(?:[nkO]|N~{0,2}G)~{0,6},~{0,8}[PA]"),
        (
            "pay, and two clauses on not paid",
            1.2,
            "[PA]~{0,10},~{0,10},~{0,8}(?:[nkO]|N~{0,2}[GZ])",
        ),
        ("pay is not given", 4.0, "N~{0,2}G~{0,4}P|P~{0,6}N~{0,2}G"),
        ("pay is held back", 2.4, "P~{0,6}[ow]|[ow]~{0,5}P"),
        ("pay itself held back", 3.2, "P~{0,2}[ow](?![^.,]{0,5}[SHYU])"),
        ("pay there is none", 2.5, "P-?N(?=[.,]|$)"),
        (
            "workers' money held back",
            2.4,
            "[KD][^.]{0,20}(?:W~{0,3}[ow]|[ow]~{0,3}W)|K~{0,3}W~{0,4}[owk]",
        ),
        ("worked and is owed", 2.2, "D[^.]{0,20}O(?![^.,]{0,6}[SJYHRL])"),
        ("an employer owes for months", 1.5, "E~{0,3}O~{0,3}#?M"),
        (
            "others were paid",
            1.8,
            "[AaP][^.]{0,20}u[^.]{0,8}[ZG]|u[^.]{0,10}[ZG][^.]{0,14}[IKEAaP]",
        ),
        ("held back somebody's pay", 3.6, "o-{0,2}I~{0,6}P|O-{0,2}I~{0,6}[PA]"),
        (
            "owes me a sum for work",
            2.8,
            "[KDE][^.]{0,20}[Oo]-?I-?#(?![^.,]{0,6}[SJYHRL])|[Oo]-?I-?#(?![^.,]{0,6}[SJYHRL])[^.]{0,15}[KD]",
        ),
        ("pay is owed", 3.5, "P~{0,5}O"),
        ("asks for pay back", 3.6, "B~{0,5}P|P~{0,4}B"),
        ("when will pay come", 3.0, "[PA]~{0,4}q~{0,3}[GB]|q~{0,6}G~{0,3}[PA]"),
        ("allowance not paid", 4.0, "[Onk]~{0,5}A|A~{0,6}[Onk]|A~{0,10},~{0,8}[nkO]"),
        ("allowance not fulfilled", 3.2, "A~{0,6}(?:w|N~{0,2}G|NZ)|(?:w|o|N~{0,2}G)~{0,4}A"),
        ("no allowance", 3.0, "N~?A"),
        ("pay not by the rules", 3.0, "N~?m~{0,5}[PAV]"),
        ("why workers have no allowance", 3.2, "[KDE][^.]{0,10}q~?N~?[aA]"),
        ("benefits kept back", 2.4, "O~{0,6}e|e~{0,6}[Onk]"),
        ("no pay", 2.0, "N~{0,2}P"),
        ("asks for an allowance back", 2.6, "B~{0,4}A|A~{0,4}B"),
        (
            "workers' subsidy not paid",
            2.8,
            "[KD][^.]{0,10}a~{0,6}@|@~{0,5}[KD]~{0,4}a|[KD][^.]{0,10}@~{0,4}a",
        ),
        ("workers have no subsidy", 2.4, "[KD][^.]{0,10}N~?a"),
        (
            "employer has not paid a subsidy",
            2.0,
            "E[^.,]{0,8}@~{0,6}a|E[^.,]{0,6}a~{0,6}@|[oO]~{0,2}K~{0,3}[aA]|a~{0,5}q~{0,2}[GBn]",
        ),
        ("subsidy not paid", 1.2, "a~{0,6}@|@~{0,5}a"),
        (
            "severance not paid",
            3.2,
            "[DxK][^.]{0,30}(?:V~{0,8}@|@~{0,5}V|N~{0,4}V)|(?:V~{0,8}@|@~{0,5}V|N~?V)[^.]{0,10}[DxK]",
        ),
        (
            "dismissed, and compensation not paid",
            2.6,
            "x[^.]{0,18}(?:v~{0,8}@|@~{0,5}v|N~?v)|(?:v~{0,8}@|@~{0,5}v|N~?v)[^.]{0,10}x",
        ),
        ("compensation not paid", 0.5, "[vV]~{0,8}@|@~{0,5}[vV]|N~?[vV]"),
        ("dismissed, and severance", 2.2, "x[^.]{0,16}[Vv]|[Vv][^.]{0,12}x"),
        ("workers ask for a subsidy back", 2.2, "[KD][^.]{0,14}(?:B~{0,4}a|a~{0,6}B)"),
        ("pay is due", 1.8, "m~{0,5}G~{0,5}[PAV]"),
        ("an employer owes hard-earned money", 3.4, "E[^.]{0,8}[On]-{0,3}I?h"),
        ("hard-earned money not paid", 2.4, "h~{0,6}@|@~{0,5}h|B~{0,4}h"),
        (
            "worked, and hard-earned money not paid",
            2.4,
            "[KD][^.]{0,14}(?:h~{0,6}@|@~{0,5}h|B~{0,4}h)",
        ),
        ("worked and got no money", 3.6, "D~{0,8}W~{0,3}[nk]|D~{0,8}[nk]~{0,2}W"),
        ("worked, and no money", 2.8, "D[^.]{0,14}@~{0,3}W|D[^.]{0,14}W~{0,5}@"),
        ("I got no money", 2.0, "I[^.]{0,14}(?:W~{0,5}[nk]|[nk]~{0,3}W)"),
        ("for months not paid", 2.0, "[IK]~{0,5}M~{0,3}(?:n|N~?G)"),
        ("money held back", 0.8, "W~{0,3}o|o~{0,2}W"),
        ("no money", 1.0, "W~{0,5}@|@~{0,3}W"),
        (
            "owes a worker",
            1.6,
            "O-{0,2}[IK](?![^.,]{0,6}[SJYHRL])|[IK]-{0,2}O(?![^.,]{0,6}[SJYHRLX])",
        ),
        ("deposit kept", 1.5, "d~{0,6}[wnkOB]|[onO]~{0,4}d"),
        ("pay, and far off not paid", 1.5, "P[^.RSHLJYX]{0,25}[nO]|[nO][^.RSHLJYX]{0,25}P"),
    )
)
"""Ways of saying that pay is not paid; the strongest counts in full, the next two by a third."""

BESIDE_PAY: Final = _compile(
    (
        ("for a time not paid", 2.4, "M~{0,8}[nk]|[nk]~{0,6}M"),
        ("a time, and not paid", 1.8, "M~{0,10},~{0,6}[nk]"),
        ("a sum not paid", 2.2, "#y?~{0,5}[nk]|[nk]~{0,4}#"),
        ("a sum, and not paid", 1.5, "#y?~{0,6},~{0,4}[nk]"),
        ("the rest not paid", 1.8, "W~{0,8}[nkow]"),
        ("until now not paid", 2.0, "t[^.,]{0,4}[nk]"),
        ("short of a sum", 1.5, "o-{0,2}I~{0,6}#|o#y?"),
        ("only so much given", 1.2, "o~{0,6}#?M"),
        ("a time, and not given", 1.5, "M~{0,10},~{0,6}N~{0,2}G"),
        ("the rest not given", 1.8, "W~{0,8}N~{0,2}G"),
        ("until now not given", 2.0, "t[^.,]{0,4}N~{0,2}G"),
        ("worked, and not given", 1.3, "D[^.]{0,16}N~{0,2}G"),
    )
)
"""What says that pay is not paid without naming it: only where the text names pay elsewhere."""

SUPPORTS: Final = _compile(
    (
        ("a worker", 0.6, "K"),
        ("the writer's own", 0.2, "I"),
        ("an employer", 0.4, "E"),
        ("work done", 0.5, "D"),
        ("until now", 0.3, "[tT]"),
        ("a sum", 0.3, "#y"),
        ("a time", 0.3, "M"),
        ("an employer that owes", 0.8, "E[^.]{0,10}[Oo]"),
    )
)

DOUBTS: Final = _compile(
    (
        ("not owed, or forbidden to owe", -3.5, "[NF]-{0,2}O|F[^.]{0,8}O"),
        ("an authority speaks of owing", -1.5, "[Cc]-{0,2}O"),
        ("no rise of pay", -2.0, "N-?U-?P|NUP|N-{0,2}PU"),
        ("supposed", -1.5, "f"),
        ("pension", -2.5, "R(?![^.]{0,6}S)"),
        ("insurance", -0.7, "S"),
        ("housing", -1.2, "H"),
        ("land", -2.0, "L"),
        ("project money", -1.0, "J"),
        ("a loan, goods or fees", -1.5, "Y"),
        ("injury", -1.0, "X"),
        ("level of pay", -0.8, "U"),
        ("a question", -0.6, "Q"),
        ("an authority is named", -0.3, "C"),
        ("told as news", -1.0, "c"),
        ("heard or seen", -1.2, "z"),
        ("a question of nobody's case", -2.0, "^[^IM#]*Q[^IM#]*$"),
        ("done", -1.5, "(?<![uN])(?<!u.)(?<!u..)(?<!u...)(?<!u....)Z"),
    )
)


_PAY: Final = frozenset("PAVh")


def names_pay(letters: str) -> bool:
    """Say whether a text, in concept letters, names pay anywhere."""
    return not _PAY.isdisjoint(letters)


_Search = Callable[[str], object]


@cache
def _relations_with(
    letters: frozenset[str], *, beside_pay: bool
) -> tuple[tuple[float, str, str, _Search, Rule], ...]:
    """List the relations that a sentence with these nouns and signs can hold, to be searched."""
    return tuple(
        (rule.weight, rule.name, rule.needed, rule.pattern.search, rule)
        for rule in (*RELATIONS, *(BESIDE_PAY if beside_pay else ()))
        if (not rule.nouns or rule.nouns & letters) and (not rule.signs or rule.signs & letters)
    )


_LITERALS_FOR: Final = tuple((rule.literal, rule.weight) for rule in SUPPORTS if rule.literal)
_PATTERNS_FOR: Final = tuple(
    (rule.needed, rule.pattern.search, rule.weight) for rule in SUPPORTS if not rule.literal
)

_DOUBTS: Final = tuple(
    (rule.literal or rule.needed, not rule.literal, rule.pattern.search, rule.weight, rule.name)
    for rule in DOUBTS
)


def find_rules(sentence: str, *, beside_pay: bool = False) -> list[Rule]:
    """Find what is in one sentence of concept letters; empty when nothing says that pay is due."""
    possible = _relations_with(_LOOKED_FOR.intersection(sentence), beside_pay=beside_pay)
    found = [rule for _, _, _, search, rule in possible if search(sentence)]
    return (
        found + [rule for rule in (*SUPPORTS, *DOUBTS) if rule.matches(sentence)] if found else []
    )


@lru_cache(maxsize=20_000)
def weigh(sentence: str, *, beside_pay: bool = False) -> tuple[float, tuple[str, ...]]:
    """Weigh one sentence of concept letters: a sum in log-odds, and the names of what was found.

    Args:
        sentence: Concept letters.
        beside_pay: The text that holds it names pay somewhere.
    """
    possible = _relations_with(_LOOKED_FOR.intersection(sentence), beside_pay=beside_pay)
    found = [
        (weight, name)
        for weight, name, needed, search, _ in possible
        if needed in sentence and search(sentence)
    ]
    supports = sum([weight for literal, weight in _LITERALS_FOR if literal in sentence])
    supports += sum(
        [
            weight
            for needed, search, weight in _PATTERNS_FOR
            if needed in sentence and search(sentence)
        ]
    )
    if not found:
        return -1.0 + 0.3 * supports, ()
    found.sort(reverse=True)
    # Written out, because calling a method for each rule costs as much as looking.
    doubts = [
        (weight, name)
        for needed, looks, search, weight, name in _DOUBTS
        if needed in sentence and not (looks and search(sentence) is None)
    ]
    total = found[0][0] + 0.3 * sum([weight for weight, _ in found[1:3]])
    total += supports + sum([weight for weight, _ in doubts])
    return total, (*[name for _, name in found], *[name for _, name in doubts])


SECOND_SHARE: Final = 0.2
TITLE_SHARE: Final = 0.3

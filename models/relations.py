"""What makes a sentence a claim, as an expert would say it: patterns over concept letters, weighed.

The weights are a starting point in log-odds, chosen by hand; `models.training` fits how far to
trust their sum and everything beside it.
"""

import re
from functools import lru_cache
from typing import Final

_BETWEEN: Final = "[^.,RSHLJYXd]"
_UNPAID: Final = "(?:[nwO]|N~{0,2}G)"


def _compile(
    rows: tuple[tuple[str, float, str], ...],
) -> tuple[tuple[str, float, re.Pattern[str]], ...]:
    """Compile patterns in which `@` stands for words of non-payment and `~` for words between."""
    return tuple(
        (name, weight, re.compile(pattern.replace("@", _UNPAID).replace("~", _BETWEEN)))
        for name, weight, pattern in rows
    )


RELATIONS: Final = _compile(
    (
        ("owes pay", 5.0, "O~{0,5}P"),
        ("owes somebody's pay", 0.8, "O-{0,2}[IK]~{0,6}P"),
        ("pay not paid", 4.5, "n~{0,5}P|P~{0,7}n"),
        ("pay, and in the next clause not paid", 3.0, "P~{0,10},~{0,8}(?:n|O|N~{0,2}G)"),
        ("pay is not given", 4.0, "N~{0,2}G~{0,4}P|P~{0,6}N~{0,2}G"),
        ("pay is held back", 3.5, "P~{0,6}[ow]|[ow]~{0,5}P"),
        ("pay is owed", 3.5, "P~{0,5}O"),
        ("asks for pay back", 3.0, "B~{0,5}P|P~{0,4}B"),
        ("allowance not paid", 4.0, "[On]~{0,5}A|A~{0,6}[On]"),
        ("allowance not fulfilled", 3.2, "A~{0,6}(?:w|N~{0,2}G)|(?:w|o|N~{0,2}G)~{0,4}A"),
        ("no allowance", 3.0, "N~?A"),
        ("no pay", 2.0, "N~?P"),
        ("asks for an allowance back", 2.6, "B~{0,4}A|A~{0,4}B"),
        ("workers' subsidy not paid", 2.2, "K~{0,8}a~{0,6}@|@~{0,5}K~{0,4}a"),
        ("subsidy not paid", 1.2, "a~{0,6}@|@~{0,5}a"),
        ("severance not paid", 3.2, "V~{0,8}@|@~{0,5}V"),
        ("worked, and no money", 2.8, "D[^.]{0,14}@~{0,3}W|D[^.]{0,14}W~{0,5}@"),
        ("no money", 1.0, "W~{0,5}@|@~{0,3}W"),
        ("owes a worker", 1.6, "O-{0,2}[IK]|[IK]-{0,2}[nO]"),
        ("deposit kept", 1.5, "d~{0,6}[wnOB]|[onO]~{0,4}d"),
    )
)
"""Ways of saying that pay is not paid; the strongest counts in full, the next two by a third."""

SUPPORTS: Final = _compile(
    (
        ("a worker", 0.5, "K"),
        ("the writer's own", 0.4, "I"),
        ("an employer", 0.4, "E"),
        ("work done", 0.4, "D"),
        ("until now", 0.3, "t"),
        ("a sum", 0.3, "#y"),
        ("a time", 0.3, "M"),
        ("an employer that owes", 0.8, "E[^.]{0,10}[Oo]"),
    )
)

DOUBTS: Final = _compile(
    (
        ("pension", -2.5, "R"),
        ("insurance", -1.0, "S"),
        ("housing", -1.0, "H"),
        ("land", -2.0, "L"),
        ("project money", -1.5, "J"),
        ("a loan, goods or fees", -1.5, "Y"),
        ("injury", -1.0, "X"),
        ("level of pay", -0.8, "U"),
        ("a question", -0.5, "Q"),
        ("an authority acts", -0.6, "C"),
        ("done", -1.5, "Z"),
    )
)


@lru_cache(maxsize=20_000)
def weigh(sentence: str) -> tuple[float, tuple[str, ...]]:
    """Weigh one sentence of concept letters: a sum in log-odds, and the names of what was found."""
    found = sorted(
        ((weight, name) for name, weight, pattern in RELATIONS if pattern.search(sentence)),
        reverse=True,
    )
    supports = [(weight, name) for name, weight, pattern in SUPPORTS if pattern.search(sentence)]
    if not found:
        return -1.0 + 0.3 * sum(weight for weight, _ in supports), ()
    doubts = [(weight, name) for name, weight, pattern in DOUBTS if pattern.search(sentence)]
    total = found[0][0] + 0.3 * sum(weight for weight, _ in found[1:3])
    total += sum(weight for weight, _ in supports) + sum(weight for weight, _ in doubts)
    return total, tuple(name for _, name in (*found, *doubts))

"""What a whole text is about: whatever speaks for or against a claim outside its best sentence.

Each doubt is a way in which letters about something else come to hold a sentence that looks like a
claim: a pensioner who calls his pension his pay, a home buyer's hard-earned money, a tenant who
mentions his landlord's unpaid staff, a complaint about the level of pay.
"""

import re
from collections.abc import Mapping
from math import log
from typing import Final

BALANCE_SHARE: Final = 0.5
"""For each doubling-like step (natural log) by which pay is named oftener than other subjects."""
LABOUR_SHARE: Final = 0.7
"""What each different word of a job that is argued about says, for `MOST_LABOUR` of them."""
MOST_LABOUR: Final = 3
OFTEN: Final = 3
NAMED_OFTEN: Final = {"R": -1.0, "H": -0.7, "L": -0.7, "Y": -0.4}
"""What `OFTEN` mentions of pension, housing, land or loans and fees say against a claim."""
MOSTLY_PENSION: Final = -1.0
"""At most so much, reached where pension is named as often as pay."""
PENSION_TITLE: Final = -1.0
OTHER_TITLE: Final = -0.5
"""The title names another subject and no pay."""
OTHER_ROLE: Final = -0.5
"""The writer speaks of a home, land, a loan or a pension as "mine"."""
MONEY_WITHOUT_PAY: Final = -1.5
"""Money is owed and another subject is named, but nowhere pay."""
POLICY_STEP: Final = -0.3
MOST_POLICY: Final = 3.0
"""Words of pay level and policy, for each word of pay; at most so often."""
NUMBER_STEP: Final = -0.3
"""For each natural log of the number of sentences about pay or money: of many, one looks like a
claim by chance. Other sentences are not counted, so that adding them changes nothing."""

_PAY: Final = "PAaVh"
_OTHERS: Final = "HLYRS"
_WAGES: Final = "PAV"
_NOT_WAGES: Final = "JYHL"
_MINE: Final = re.compile("I[^.,]{0,8}[HLRY]")


def pay_balance(speaking: str, counts: Mapping[str, int]) -> float:
    """Give the log of how often pay is named in `speaking` over other subjects in the whole."""
    pay = sum([speaking.count(letter) for letter in _PAY])
    other = sum([counts[letter] for letter in _OTHERS])
    return log((pay + 1) / (other + 1))


def weigh_subject(
    head: str, letters: str, speaking: str, counts: Mapping[str, int], *, labour: int, number: int
) -> float:
    """Weigh a text as a whole, in log-odds for a claim.

    Args:
        head: Concept letters of the title.
        letters: Of title and text.
        speaking: Of the sentences that name pay, money or owing, in a row.
        counts: How often title and text name each other subject, by its letter.
        labour: How many different words of a job that is argued about there are.
        number: How many sentences name pay, money or owing.
    """
    total = BALANCE_SHARE * pay_balance(speaking, counts)
    total += LABOUR_SHARE * min(labour, MOST_LABOUR)
    total += NUMBER_STEP * log(number + 1)
    total += sum([doubt for letter, doubt in NAMED_OFTEN.items() if counts[letter] >= OFTEN])
    wages = sum([letters.count(letter) for letter in _WAGES])
    total += MOSTLY_PENSION * min(1.0, counts["R"] / (wages + 1))
    total += POLICY_STEP * min(MOST_POLICY, counts["U"] / (wages + 1))
    if not wages and any(letter in letters for letter in _NOT_WAGES):
        total += MONEY_WITHOUT_PAY
    if _MINE.search(letters) is not None:
        total += OTHER_ROLE
    return total + _weigh_title(head)


def _weigh_title(head: str) -> float:
    """Weigh what the title says of the subject."""
    total = PENSION_TITLE if "R" in head else 0.0
    names_other = any(letter in head for letter in "HLYJSR")
    if names_other and not any(letter in head for letter in "PAVO"):
        total += OTHER_TITLE
    return total

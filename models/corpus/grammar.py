"""The grammar of the corpus: banks of templates, and how one is expanded."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from monitor.domain import DocumentKind, Sentiment

CORPUS_DIRECTORY: Final = Path(__file__).parent
FOLDS: Final = 4
"""Into how many parts the templates are cut when some must be held back."""

SENTENCE_FILES: Final = (
    "sentences.txt",
    "claims_by_trade.txt",
    "claims_official.txt",
    "neighbours.txt",
    "posts_claims.txt",
    "posts_others.txt",
)

_CHOICE: Final = re.compile(r"\[([^\[\]]*)\]")
_SLOT: Final = re.compile(r"\{(\w+)\}")

Bank = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence of a message and what it says of wages."""

    text: str
    kind: DocumentKind


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the corpus: `style` says how it was made, `pieces` what each sentence is.

    `pieces` is empty for a message that was written by hand as a whole.
    """

    title: str
    text: str
    kind: DocumentKind
    sentiment: Sentiment
    style: str
    pieces: tuple[Piece, ...] = ()


@cache
def load_bank(name: str) -> dict[str, tuple[str, ...]]:
    """Read a file of alternatives: "@name" opens a list, then one a line; "#" opens a comment."""
    bank: dict[str, list[str]] = {}
    current: list[str] = []
    for line in (CORPUS_DIRECTORY / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("@"):
            current = bank.setdefault(line[1:].strip(), [])
        else:
            current.append(line)
    return {key: tuple(lines) for key, lines in bank.items()}


@cache
def load_sentences() -> dict[str, tuple[str, ...]]:
    """Read every file of sentence templates: family to its templates, files in a fixed order."""
    families: dict[str, tuple[str, ...]] = {}
    for name in SENTENCE_FILES:
        for family, lines in load_bank(name).items():
            families[family] = families.get(family, ()) + lines
    return families


class Grammar:
    """Expands templates with one stream of chance."""

    def __init__(
        self,
        chance: random.Random,
        without_fold: int | None = None,
        only_fold: int | None = None,
    ) -> None:
        """Read the slots, sentences and letters of the corpus directory.

        A template's fold is its place in its list modulo `FOLDS`; `without_fold` leaves one fold's
        templates out and `only_fold` keeps no others, so that templates can be held back.
        """
        self._chance = chance
        self._slots = load_bank("slots.txt")
        self.sentences = {
            family: [
                line
                for at, line in enumerate(lines)
                if at % FOLDS != without_fold and only_fold in (None, at % FOLDS)
            ]
            for family, lines in load_sentences().items()
        }
        self.letters = load_bank("letters.txt")

    def expand(self, template: str) -> str:
        """Draw every choice and slot of a template."""
        text, before = template, None
        while text != before:
            before = text
            text = _CHOICE.sub(lambda match: self._chance.choice(match[1].split("|")), text)
            text = _SLOT.sub(lambda match: self._chance.choice(self._slots[match[1]]), text)
        return text

    def sentence(self, family: str) -> str:
        """Draw one sentence of a family."""
        return self.expand(self._chance.choice(self.sentences[family]))

    def slot(self, name: str) -> str:
        """Draw one filling of a slot."""
        return self.expand(self._chance.choice(self._slots[name]))

    def letter(self, topic: str, count: int) -> list[str]:
        """Draw up to `count` different sentences of one topic of ordinary letters."""
        lines = self.letters[topic]
        return [self.expand(line) for line in self._chance.sample(lines, min(count, len(lines)))]

    def topic(self) -> str:
        """Draw a topic of ordinary letters."""
        return self._chance.choice(tuple(self.letters))


Composer = Callable[[Grammar, random.Random], Message]


def happens(chance: random.Random, share: float) -> bool:
    """Say whether something happens that happens in a share of the messages, in [0, 1]."""
    return chance.random() < share


_TYPING_ERRORS: Final = (
    ("工资", "公资"),
    ("工资", "工姿"),
    ("拖欠", "托欠"),
    ("拖欠", "脱欠"),
    ("的", "得"),
    ("在", "再"),
    ("做", "作"),
    ("账", "帐"),
    ("没", "没有"),
    ("老板", "老版"),
    ("未", "末"),
    ("钱", "銭"),
)


def mistype(text: str, chance: random.Random) -> str:
    """Put in one typing error of the common kinds."""
    right, wrong = chance.choice(_TYPING_ERRORS)
    return text.replace(right, wrong, 1)


def draw_mood(chance: random.Random) -> Sentiment:
    """Draw how an unpaid person writes."""
    return Sentiment.DISTRESS if happens(chance, 0.4) else Sentiment.COMPLAINT

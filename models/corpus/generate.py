"""The corpus: messages that the project writes itself, from its own grammar, the same each time."""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from monitor.domain import DocumentKind, Sentiment

CORPUS_DIRECTORY: Final = Path(__file__).parent
DEFAULT_MESSAGES: Final = 18_000
DEFAULT_SEED: Final = 20_261_123
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
_NONE: Final = DocumentKind.UNRELATED


def _happens(chance: random.Random, share: float) -> bool:
    """Say whether something happens that happens in a share of the messages, in [0, 1]."""
    return chance.random() < share


SHORT: Final = 6
"""Messages of fewer sentences are punctuated more freely."""


def _write(
    chance: random.Random,
    pieces: Sequence[Piece],
    kind: DocumentKind,
    sentiment: Sentiment,
    *,
    style: str,
    title: str = "",
) -> Message:
    """Join sentences into a message in one of the ways in which people punctuate."""
    joiner = chance.choice(
        ("。", "。", "。", "，", "，", "！", "\n", " ", "")
        if len(pieces) < SHORT
        else ("。", "。", "。", "，")
    )
    text = joiner.join(piece.text.rstrip("，") for piece in pieces if piece.text)
    if _happens(chance, 0.08):
        text = text.replace("，", "").replace("。", "")
    if _happens(chance, 0.06):
        text += chance.choice(
            ("😭", "😭😭", "🙏🙏🙏", "[流泪]", "😡", "！！！！", "？？？", "。。。")
        )
    if _happens(chance, 0.05):
        text = _mistype(text, chance)
    return Message(title, text, kind, sentiment, style, tuple(pieces))


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


def _mistype(text: str, chance: random.Random) -> str:
    """Put in one typing error of the common kinds."""
    right, wrong = chance.choice(_TYPING_ERRORS)
    return text.replace(right, wrong, 1)


def _mood(chance: random.Random) -> Sentiment:
    """Draw how an unpaid person writes."""
    return Sentiment.DISTRESS if _happens(chance, 0.4) else Sentiment.COMPLAINT


def _claim_short(grammar: Grammar, chance: random.Random) -> Message:
    """One to three sentences, as on a forum."""
    claim = DocumentKind.CLAIM
    pieces = [Piece(grammar.sentence("claim"), claim)]
    if _happens(chance, 0.4):
        pieces.insert(0, Piece(grammar.sentence("claim_context"), _NONE))
    if _happens(chance, 0.4):
        pieces.append(Piece(grammar.slot("plead"), _NONE))
    title = grammar.sentence("claim") if _happens(chance, 0.3) else ""
    return _write(chance, pieces, claim, _mood(chance), style="claim_short", title=title)


def _claim_letter(grammar: Grammar, chance: random.Random) -> Message:
    """A complaint of four to twelve sentences."""
    claim = DocumentKind.CLAIM
    pieces = [Piece(grammar.slot("hello"), _NONE)]
    pieces += [Piece(grammar.sentence("claim_context"), _NONE) for _ in range(chance.randint(1, 5))]
    claims = [Piece(grammar.sentence("claim"), claim) for _ in range(chance.randint(1, 3))]
    for piece in claims:
        pieces.insert(chance.randint(1, len(pieces)), piece)
    pieces += [Piece(grammar.slot("neutral"), _NONE) for _ in range(chance.randint(0, 2))]
    pieces.append(Piece(grammar.slot("plead"), _NONE))
    title = grammar.sentence("claim") if _happens(chance, 0.6) else ""
    return _write(chance, pieces, claim, _mood(chance), style="claim_letter", title=title)


def _claim_hidden(grammar: Grammar, chance: random.Random) -> Message:
    """A long letter about something else with a claim in one sentence of up to forty."""
    claim = DocumentKind.CLAIM
    pieces: list[Piece] = []
    topics = [grammar.topic() for _ in range(chance.randint(1, 3))]
    for topic in topics:
        pieces += [Piece(line, _NONE) for line in grammar.letter(topic, chance.randint(3, 9))]
    if _happens(chance, 0.4):
        pieces += [Piece(grammar.sentence("hot_none"), _NONE) for _ in range(chance.randint(1, 3))]
        chance.shuffle(pieces)
    place = len(pieces) if _happens(chance, 0.5) else chance.randint(0, len(pieces))
    pieces.insert(place, Piece(grammar.sentence("claim"), claim))
    title = grammar.letter(topics[0], 1)[0] if _happens(chance, 0.6) else ""
    return _write(chance, pieces, claim, Sentiment.COMPLAINT, style="claim_hidden", title=title)


def _simple(kind: DocumentKind, family: str, sentiment: Sentiment) -> Composer:
    """Make a composer of short and middling messages of one family."""

    def compose(grammar: Grammar, chance: random.Random) -> Message:
        pieces = [Piece(grammar.slot("hello"), _NONE)] if _happens(chance, 0.4) else []
        pieces += [
            Piece(grammar.sentence(family), kind) for _ in range(chance.choice((1, 1, 1, 2, 3)))
        ]
        if _happens(chance, 0.3):
            pieces.append(Piece(grammar.sentence("hot_none"), _NONE))
        if _happens(chance, 0.3):
            lines = grammar.letter(grammar.topic(), chance.randint(1, 3))
            pieces += [Piece(line, _NONE) for line in lines]
        if _happens(chance, 0.3) and kind is not DocumentKind.PAID:
            pieces.append(Piece(grammar.slot("plead"), _NONE))
        title = grammar.sentence(family) if _happens(chance, 0.4) else ""
        return _write(chance, pieces, kind, sentiment, style=family, title=title)

    return compose


def _ordinary(grammar: Grammar, chance: random.Random) -> Message:
    """A citizen's letter about roads, schools or housing."""
    topic = grammar.topic()
    pieces = [Piece(grammar.slot("hello"), _NONE)]
    pieces += [Piece(line, _NONE) for line in grammar.letter(topic, chance.randint(1, 7))]
    if _happens(chance, 0.3):
        pieces += [Piece(line, _NONE) for line in grammar.letter(grammar.topic(), 2)]
    if _happens(chance, 0.4):
        pieces.append(Piece(grammar.slot("neutral"), _NONE))
    title = grammar.letter(topic, 1)[0] if _happens(chance, 0.7) else ""
    return _write(chance, pieces, _NONE, Sentiment.NEUTRAL, style="ordinary", title=title)


def _hot_none(grammar: Grammar, chance: random.Random) -> Message:
    """Words of pay, and no claim: pensions, policy, recruitment, home buyers."""
    pieces = [Piece(grammar.sentence("hot_none"), _NONE) for _ in range(chance.randint(1, 4))]
    if _happens(chance, 0.6):
        lines = grammar.letter(grammar.topic(), chance.randint(1, 6))
        pieces += [Piece(line, _NONE) for line in lines]
        chance.shuffle(pieces)
    if _happens(chance, 0.3):
        pieces.append(Piece(grammar.slot("neutral"), _NONE))
    title = grammar.sentence("hot_none") if _happens(chance, 0.4) else ""
    return _write(chance, pieces, _NONE, Sentiment.NEUTRAL, style="hot_none", title=title)


def _neutral_only(grammar: Grammar, chance: random.Random) -> Message:
    """Protest and nothing of wages: always unrelated."""
    pieces = [Piece(grammar.sentence("neutral_only"), _NONE) for _ in range(chance.randint(1, 3))]
    return _write(chance, pieces, _NONE, Sentiment.NEUTRAL, style="neutral_only")


_POST_FORMS: Final[tuple[tuple[int, tuple[str, ...]], ...]] = (
    (5, ("post_work", "post_unpaid")),
    (4, ("post_work", "post_unpaid_work")),
    (4, ("post_unpaid_work",)),
    (2, ("post_fled", "post_unpaid_work")),
    (2, ("post_work", "post_fled")),
    (1, ("post_work", "post_fled", "post_unpaid")),
    (10, ("post_claim",)),
    (1, ("post_unpaid", "post_work")),
    (1, ("post_fled", "post_claim")),
)
"""Of which families a short post of an unpaid person is put together: share, then families."""


def _short(
    grammar: Grammar,
    chance: random.Random,
    families: Sequence[str],
    *,
    kind: DocumentKind,
    sentiment: Sentiment,
) -> Message:
    """Put a short post together; no sentence is labelled, because posts are learned as a whole."""
    lines = [grammar.sentence(family) for family in families]
    joiner = chance.choice(("，", "，", "，", "。", "。", " ", " ", "", "！", "\n"))
    text = joiner.join(lines)
    if _happens(chance, 0.15):
        text = re.sub("[，。：？“”]", chance.choice(("", " ")), text)
    if _happens(chance, 0.05):
        text = _mistype(text, chance)
    if _happens(chance, 0.06):
        text += chance.choice(("😭", "🙏", "[流泪]", "！！！", "？？？", "。。。", "~"))
    return Message("", text, kind, sentiment, f"post_{kind}")


def _post_claim(grammar: Grammar, chance: random.Random) -> Message:
    """A short post, a reply or a title alone of somebody who is unpaid."""
    forms = [families for share, families in _POST_FORMS for _ in range(share)]
    families = list(chance.choice(forms))
    if _happens(chance, 0.1):
        families.insert(0, "post_reply")
    if _happens(chance, 0.2):
        families.append("post_tail")
    claim = DocumentKind.CLAIM
    post = _short(grammar, chance, families, kind=claim, sentiment=_mood(chance))
    if _happens(chance, 0.2):
        return replace(post, title=grammar.sentence("post_title"))
    return replace(post, title=post.text, text="如题") if _happens(chance, 0.05) else post


def _post_of(kind: DocumentKind, forms: Sequence[Sequence[str]]) -> Composer:
    """Make a composer of short posts that are no claims, of one of the forms."""

    def compose(grammar: Grammar, chance: random.Random) -> Message:
        families = list(chance.choice(forms))
        if _happens(chance, 0.08):
            families.insert(0, "post_reply")
        post = _short(grammar, chance, families, kind=kind, sentiment=Sentiment.NEUTRAL)
        if _happens(chance, 0.25):
            return replace(post, title=grammar.sentence(families[-1]))
        return replace(post, title=post.text, text="") if _happens(chance, 0.05) else post

    return compose


_OTHER_FORMS: Final = (
    ("post_debt", "post_unpaid"),
    ("post_debt", "post_unpaid"),
    ("post_debt", "post_fled"),
    ("post_other_debt",),
    ("post_other_debt", "post_tail"),
)

_RECIPE: Final[tuple[tuple[int, Composer], ...]] = (
    (16, _claim_short),
    (14, _claim_letter),
    (8, _claim_hidden),
    (6, _simple(DocumentKind.THIRD_PARTY, "third", Sentiment.NEUTRAL)),
    (5, _simple(DocumentKind.PAID, "paid", Sentiment.THANKS)),
    (9, _simple(DocumentKind.QUESTION, "question", Sentiment.NEUTRAL)),
    (12, _simple(DocumentKind.OTHER_DEBT, "other_debt", Sentiment.NEUTRAL)),
    (15, _ordinary),
    (13, _hot_none),
    (2, _neutral_only),
    (24, _post_claim),
    (12, _post_of(DocumentKind.OTHER_DEBT, _OTHER_FORMS)),
    (22, _post_of(_NONE, (("post_none",), ("post_none",), ("post_none", "post_none")))),
    (14, _post_of(_NONE, (("post_formal",), ("post_formal",), ("hot_none",)))),
    (5, _post_of(DocumentKind.QUESTION, (("post_question",),))),
    (4, _post_of(DocumentKind.THIRD_PARTY, (("post_third",),))),
    (3, _post_of(DocumentKind.PAID, (("post_paid",),))),
)


def generate_messages(
    count: int = DEFAULT_MESSAGES,
    seed: int = DEFAULT_SEED,
    *,
    without_fold: int | None = None,
    only_fold: int | None = None,
) -> Iterator[Message]:
    """Write `count` messages; the same arguments give the same messages."""
    chance = random.Random(seed)
    grammar = Grammar(chance, without_fold, only_fold)
    composers = [composer for weight, composer in _RECIPE for _ in range(weight)]
    for _ in range(count):
        yield chance.choice(composers)(grammar, chance)

"""The corpus: messages that the project writes itself, from its own grammar, the same each time."""

import random
from collections.abc import Iterator, Sequence
from typing import Final

from models.corpus.grammar import (
    Composer,
    Grammar,
    Message,
    Piece,
    draw_mood,
    happens,
    mistype,
)
from models.corpus.short_posts import (
    DEBT_FORMS,
    FORMAL_FORMS,
    NONE_FORMS,
    compose_claim,
    posts_of,
)
from monitor.domain import DocumentKind, Sentiment

DEFAULT_MESSAGES: Final = 24_000
DEFAULT_SEED: Final = 20_261_123
_NONE: Final = DocumentKind.UNRELATED
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
    if happens(chance, 0.08):
        text = text.replace("，", "").replace("。", "")
    if happens(chance, 0.06):
        text += chance.choice(
            ("😭", "😭😭", "🙏🙏🙏", "[流泪]", "😡", "！！！！", "？？？", "。。。")
        )
    if happens(chance, 0.05):
        text = mistype(text, chance)
    return Message(title, text, kind, sentiment, style, tuple(pieces))


def _claim_short(grammar: Grammar, chance: random.Random) -> Message:
    """One to three sentences, as on a forum."""
    claim = DocumentKind.CLAIM
    pieces = [Piece(grammar.sentence("claim"), claim)]
    if happens(chance, 0.4):
        pieces.insert(0, Piece(grammar.sentence("claim_context"), _NONE))
    if happens(chance, 0.4):
        pieces.append(Piece(grammar.slot("plead"), _NONE))
    title = grammar.sentence("claim") if happens(chance, 0.3) else ""
    return _write(chance, pieces, claim, draw_mood(chance), style="claim_short", title=title)


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
    title = grammar.sentence("claim") if happens(chance, 0.6) else ""
    return _write(chance, pieces, claim, draw_mood(chance), style="claim_letter", title=title)


def _claim_hidden(grammar: Grammar, chance: random.Random) -> Message:
    """A long letter about something else with a claim in one sentence of up to forty."""
    claim = DocumentKind.CLAIM
    pieces: list[Piece] = []
    topics = [grammar.topic() for _ in range(chance.randint(1, 3))]
    for topic in topics:
        pieces += [Piece(line, _NONE) for line in grammar.letter(topic, chance.randint(3, 9))]
    if happens(chance, 0.4):
        pieces += [Piece(grammar.sentence("hot_none"), _NONE) for _ in range(chance.randint(1, 3))]
        chance.shuffle(pieces)
    place = len(pieces) if happens(chance, 0.5) else chance.randint(0, len(pieces))
    pieces.insert(place, Piece(grammar.sentence("claim"), claim))
    title = grammar.letter(topics[0], 1)[0] if happens(chance, 0.6) else ""
    return _write(chance, pieces, claim, Sentiment.COMPLAINT, style="claim_hidden", title=title)


def _simple(kind: DocumentKind, family: str, sentiment: Sentiment) -> Composer:
    """Make a composer of short and middling messages of one family."""

    def compose(grammar: Grammar, chance: random.Random) -> Message:
        pieces = [Piece(grammar.slot("hello"), _NONE)] if happens(chance, 0.4) else []
        pieces += [
            Piece(grammar.sentence(family), kind) for _ in range(chance.choice((1, 1, 1, 2, 3)))
        ]
        if happens(chance, 0.3):
            pieces.append(Piece(grammar.sentence("hot_none"), _NONE))
        if happens(chance, 0.3):
            lines = grammar.letter(grammar.topic(), chance.randint(1, 3))
            pieces += [Piece(line, _NONE) for line in lines]
        if happens(chance, 0.3) and kind is not DocumentKind.PAID:
            pieces.append(Piece(grammar.slot("plead"), _NONE))
        title = grammar.sentence(family) if happens(chance, 0.4) else ""
        return _write(chance, pieces, kind, sentiment, style=family, title=title)

    return compose


def _ordinary(grammar: Grammar, chance: random.Random) -> Message:
    """A citizen's letter about roads, schools or housing."""
    topic = grammar.topic()
    pieces = [Piece(grammar.slot("hello"), _NONE)]
    pieces += [Piece(line, _NONE) for line in grammar.letter(topic, chance.randint(1, 7))]
    if happens(chance, 0.3):
        pieces += [Piece(line, _NONE) for line in grammar.letter(grammar.topic(), 2)]
    if happens(chance, 0.4):
        pieces.append(Piece(grammar.slot("neutral"), _NONE))
    title = grammar.letter(topic, 1)[0] if happens(chance, 0.7) else ""
    return _write(chance, pieces, _NONE, Sentiment.NEUTRAL, style="ordinary", title=title)


def _hot_none(grammar: Grammar, chance: random.Random) -> Message:
    """Words of pay, and no claim: pensions, policy, recruitment, home buyers."""
    pieces = [Piece(grammar.sentence("hot_none"), _NONE) for _ in range(chance.randint(1, 4))]
    if happens(chance, 0.6):
        lines = grammar.letter(grammar.topic(), chance.randint(1, 6))
        pieces += [Piece(line, _NONE) for line in lines]
        chance.shuffle(pieces)
    if happens(chance, 0.3):
        pieces.append(Piece(grammar.slot("neutral"), _NONE))
    title = grammar.sentence("hot_none") if happens(chance, 0.4) else ""
    return _write(chance, pieces, _NONE, Sentiment.NEUTRAL, style="hot_none", title=title)


def _neutral_only(grammar: Grammar, chance: random.Random) -> Message:
    """Protest and nothing of wages: always unrelated."""
    pieces = [Piece(grammar.sentence("neutral_only"), _NONE) for _ in range(chance.randint(1, 3))]
    return _write(chance, pieces, _NONE, Sentiment.NEUTRAL, style="neutral_only")


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
    (24, compose_claim),
    (12, posts_of(DocumentKind.OTHER_DEBT, DEBT_FORMS)),
    (22, posts_of(_NONE, NONE_FORMS)),
    (14, posts_of(_NONE, FORMAL_FORMS)),
    (5, posts_of(DocumentKind.QUESTION, (("post_question",), ("question",)))),
    (4, posts_of(DocumentKind.THIRD_PARTY, (("post_third",), ("third",)))),
    (3, posts_of(DocumentKind.PAID, (("post_paid",), ("paid",)))),
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

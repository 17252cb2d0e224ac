"""Short posts: how the corpus puts together what people write on forums in a line or two."""

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from models.corpus.grammar import Composer, Grammar, Message, draw_mood, happens, mistype
from monitor.domain import DocumentKind, Sentiment

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
    (8, ("claim",)),
    (2, ("claim_context", "claim")),
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
    if happens(chance, 0.15):
        text = re.sub("[，。：？“”]", chance.choice(("", " ")), text)
    if happens(chance, 0.05):
        text = mistype(text, chance)
    if happens(chance, 0.06):
        text += chance.choice(("😭", "🙏", "[流泪]", "！！！", "？？？", "。。。", "~"))
    return Message("", text, kind, sentiment, f"post_{kind}")


def compose_claim(grammar: Grammar, chance: random.Random) -> Message:
    """A short post, a reply or a title alone of somebody who is unpaid."""
    forms = [families for share, families in _POST_FORMS for _ in range(share)]
    families = list(chance.choice(forms))
    if happens(chance, 0.1):
        families.insert(0, "post_reply")
    if happens(chance, 0.2):
        families.append("post_tail")
    claim = DocumentKind.CLAIM
    post = _short(grammar, chance, families, kind=claim, sentiment=draw_mood(chance))
    if happens(chance, 0.2):
        return replace(post, title=grammar.sentence("post_title"))
    return replace(post, title=post.text, text="如题") if happens(chance, 0.05) else post


def posts_of(kind: DocumentKind, forms: Sequence[Sequence[str]]) -> Composer:
    """Make a composer of short posts that are no claims, of one of the forms."""

    def compose(grammar: Grammar, chance: random.Random) -> Message:
        families = list(chance.choice(forms))
        if happens(chance, 0.08):
            families.insert(0, "post_reply")
        post = _short(grammar, chance, families, kind=kind, sentiment=Sentiment.NEUTRAL)
        if happens(chance, 0.25):
            return replace(post, title=grammar.sentence(families[-1]))
        return replace(post, title=post.text, text="") if happens(chance, 0.05) else post

    return compose


DEBT_FORMS: Final[tuple[tuple[str, ...], ...]] = (
    ("post_debt", "post_unpaid"),
    ("post_debt", "post_unpaid"),
    ("post_debt", "post_fled"),
    ("post_other_debt",),
    ("post_other_debt", "post_tail"),
    ("other_debt",),
    ("other_debt",),
)
"""Of which families a short post about another debt is put together."""
NONE_FORMS: Final[tuple[tuple[str, ...], ...]] = (
    ("post_none",),
    ("post_none",),
    ("post_none", "post_none"),
    ("post_none", "post_none", "post_none"),
    ("post_none", "post_tail"),
)
"""Of which families a post about ordinary life is put together, up to some eighty characters."""
FORMAL_FORMS: Final[tuple[tuple[str, ...], ...]] = (
    ("post_formal",),
    ("post_formal",),
    ("post_formal", "post_none"),
    ("hot_none",),
)
"""Of which families a short formal letter is put together."""

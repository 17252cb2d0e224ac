"""Writes a message of each kind, with the truth about it; chance comes from the caller."""

import re
from random import Random

from sample_county import claim_texts, life_texts, other_texts
from sample_county.names import PUBLIC_TAILS, TOWNS, Firm, make_firm, make_project
from sample_county.nouns import Kind, Person, Secret, Truth, Written
from sample_county.people import make_card, make_identity, make_phone, make_wechat, spell_phone
from sample_county.spellings import spell_months, spell_sum, spell_workers
from sample_county.trades import TRADES, Trade

Slots = dict[str, str]

_FLED_SHARE, _DANGER_SHARE, _BESIDE_SHARE = 0.12, 0.04, 0.3
"""Shares of claims: the employer is gone, a life may be in danger, pay by another name."""

_CONTACT_SHARE = 0.4
"""Share of claims whose writer leaves a phone, a name or a number."""
_PLAIN_CONTACT_SHARE = 0.12
"""The same share of ordinary messages."""
_COUNTED_SHARE = 0.85
"""Share of claims that state a sum."""
_GROUP_SHARE = 0.6
"""Share of claims that speak for more than one worker."""


class Trouble:
    """One employer that owes wages: what every text of the same group agrees on."""

    def __init__(self, seed: int, number: int, month: int) -> None:
        rng = Random(f"{seed}:trouble:{number}")
        self.number = number
        self.trade: Trade = rng.choice(TRADES)
        self.firm: Firm = make_firm(number, self.trade.ending, self.trade.spoken)
        public = rng.random() < 0.4  # noqa: PLR2004 - two sites in five are public works
        self.project = make_project(number, public=public) if self.trade.on_site else None
        self.town = rng.choice(TOWNS)
        self.workers = rng.choice((2, 3, 5, 6, 8, 11, 12, 15, 18, 23, 27, 36, 45))
        if rng.random() > _GROUP_SHARE:
            self.workers = 1
        self.months = rng.randint(1, 6)
        self.counted = rng.random() < _COUNTED_SHARE
        pay = rng.randint(*self.trade.pay) * 100
        self.amount = pay * self.months * self.workers
        self.last_month = (month - 2) % 12 + 1

    @property
    def group(self) -> str:
        """The name that every text about this trouble shares."""
        return f"trouble-{self.number}"

    def truth(self, kind: Kind, said: str, slots: Slots) -> Truth:
        """Return what a text of `kind` states: a fact only where its words stand in `said`."""
        return Truth(
            kind=kind,
            group=self.group,
            employer=self.firm.full,
            employer_short=self.firm.short,
            project=self.project if self.project and self.project in said else None,
            place=self.town if self.town in said else None,
            sector=self.trade.sector,
            amount_yuan=self.amount if slots["sum"] in said else None,
            workers=self.workers if self.workers > 1 and slots["workers"] in said else None,
            months=self.months if slots["months"] in said else None,
            public_project=self.project is not None
            and self.project in said
            and is_public(self.project),
            employer_fled=any(words in said for words in claim_texts.FLED),
            danger_to_life=any(words in said for words in claim_texts.DANGER),
        )

    def slots(self, rng: Random) -> Slots:
        """Return the words by which texts speak of this trouble, spelt anew at every call."""
        return {
            "employer": self.firm.full,
            "short": self.firm.short,
            "project": self.project or self.firm.short,
            "at": rng.choice((self.project, f"{self.firm.short}{self.project}"))
            if self.project
            else self.firm.short,
            "town": self.town,
            "work": self.trade.work,
            "worker": self.trade.worker,
            "crew": self.trade.crew,
            "workers": spell_workers(rng, max(self.workers, 2)),
            "sum": spell_sum(rng, self.amount),
            "months": spell_months(rng, self.months, self.last_month),
            "detail": rng.choice(self.trade.details),
        }


def fill(text: str, slots: Slots) -> str:
    """Fill the slots of a text; a filling may itself have slots."""
    while "{" in text:
        text = text.format_map(slots)
    return text


def write_claim(
    rng: Random, trouble: Trouble, writer: Person, *, official: bool, plain: bool = False
) -> Written:
    """Write a message that says that this employer owes wages.

    The employer's name stands in every such text, in title or body, so that a reader can tell
    two troubles apart.

    Args:
        rng: The chance by which words are chosen.
        trouble: Who owes what.
        writer: Whose name may stand under it.
        official: In the voice of a letter to the county.
        plain: Only in words that nobody can mistake, in title and text: 工资 that is owed.
    """
    slots = trouble.slots(rng)
    many = trouble.workers > 1
    slots["lead"] = rng.choice(claim_texts.LEADS_MANY if many else claim_texts.LEADS_ONE)
    slots["asked"] = rng.choice(claim_texts.ASKED)
    fled, danger = rng.random() < _FLED_SHARE, rng.random() < _DANGER_SHARE
    slots["excuse"] = rng.choice(claim_texts.FLED if fled else claim_texts.EXCUSES)
    slots["plea"] = rng.choice(claim_texts.DANGER if danger else claim_texts.PLEAS)
    titles = _fitting(claim_texts.TITLES, trouble)
    title = fill(rng.choice(_plain(titles) if plain else titles), slots)
    frame = _choose_frame(rng, trouble, official=official)
    told_number = "{workers}" in frame.replace("{lead}", slots["lead"])
    owed = list(_owed(rng, trouble, told_number=told_number, beside=not plain))
    if frame in claim_texts.FAMILY_FRAMES:
        owed = [words for words in owed if "我" not in words]
    slots["owed"] = rng.choice(_plain(owed) if plain else owed)
    text = _tidy(fill(frame, slots))
    if trouble.firm.short not in title + text and trouble.firm.full not in title + text:
        endings = ("\n公司叫{employer}。", "\n用工单位：{employer}", "老板是{short}的。")
        text += fill(rng.choice(endings), slots)
    truth = trouble.truth(Kind.CLAIM, f"{title}\n{text}", slots)
    contact, secrets = write_contact(rng, writer)
    if rng.random() < _CONTACT_SHARE:
        return Written(title, text + contact, truth, secrets)
    return Written(title, text, truth)


def _choose_frame(rng: Random, trouble: Trouble, *, official: bool) -> str:
    if official:
        return rng.choice(_fitting(claim_texts.OFFICIAL_FRAMES, trouble))
    family = claim_texts.FAMILY_FRAMES if trouble.workers == 1 else ()
    return rng.choice(_fitting(claim_texts.FRAMES + family, trouble))


def _owed(rng: Random, trouble: Trouble, *, told_number: bool, beside: bool) -> tuple[str, ...]:
    if not trouble.counted:
        return claim_texts.OWED_UNCOUNTED
    if trouble.workers == 1:
        other = beside and not trouble.trade.on_site and rng.random() < _BESIDE_SHARE
        return claim_texts.OWED_BESIDE if other else claim_texts.OWED_ONE
    return claim_texts.OWED_TOGETHER if told_number else claim_texts.OWED_MANY


def _plain(texts: list[str]) -> list[str]:
    """Keep the texts that say outright that wages are owed."""
    said = ("拖欠", "没发", "欠了", "欠我", "还欠", "欠工资", "不发", "扣着")
    return [text for text in texts if "工资" in text and any(words in text for words in said)]


def _tidy(text: str) -> str:
    """Mend the punctuation where an empty filling left two marks beside each other."""
    lines = [re.sub(r"[，]+(?=[，。！？]|$)", "", line) for line in text.split("\n")]
    return "\n".join(line for line in lines if line)


def _fitting(texts: tuple[str, ...], trouble: Trouble) -> list[str]:
    """Leave out texts that state what this trouble does not have."""
    missing = [] if trouble.workers > 1 else ["{workers}"]
    missing += [] if trouble.counted else ["{sum}"]
    return [text for text in texts if not any(slot in text for slot in missing)]


def write_contact(
    rng: Random, writer: Person, patterns: tuple[str, ...] = claim_texts.CONTACTS
) -> tuple[str, tuple[Secret, ...]]:
    """Write how to reach the writer, and list every personal value in those words."""
    digits = make_phone(rng)
    values = {
        "phone": spell_phone(rng, digits),
        "wechat": make_wechat(rng),
        "card": make_card(rng),
        "identity": make_identity(rng),
        "name": writer.name,
    }
    pattern = rng.choice(patterns)
    secrets = [
        Secret("name_in_text" if slot == "name" else slot, value)
        for slot, value in values.items()
        if "{" + slot + "}" in pattern
    ]
    if "{phone}" in pattern and values["phone"] != digits:
        secrets.append(Secret("phone", digits))
    return fill(pattern, values), tuple(secrets)


def write_cross_post(rng: Random, first: Written, trouble: Trouble) -> Written:
    """Write the same trouble again for another site: nearly the same words, another title."""
    slots = trouble.slots(rng)
    endings = ("", "\n已在别处发过，这里也反映一下。", "\n请予以关注。", "\n望尽快答复。")
    title = fill(rng.choice(("反映{short}拖欠工资问题", "{at}工资没发", "{short}欠薪求助")), slots)
    return Written(title, first.text + rng.choice(endings), first.truth, first.secrets)


def write_paid(rng: Random, trouble: Trouble) -> Written:
    """Write that this employer has now paid."""
    slots = trouble.slots(rng)
    text = fill(rng.choice(other_texts.PAID_TEXTS), slots)
    if trouble.firm.short not in text and trouble.firm.full not in text:
        text += f"（{trouble.firm.short}）"
    title = fill(rng.choice(other_texts.PAID_TITLES), slots)
    return Written(title, text, trouble.truth(Kind.PAID, f"{title}\n{text}", slots))


def write_article(rng: Random, trouble: Trouble) -> Written:
    """Write a news article that says that workers of this employer are unpaid."""
    slots = trouble.slots(rng)
    title, text = (fill(words, slots) for words in rng.choice(other_texts.THIRD_PARTY))
    return Written(title, text, trouble.truth(Kind.THIRD_PARTY, f"{title}\n{text}", slots))


def write_ordinary(rng: Random, kind: Kind, trouble: Trouble, writer: Person) -> Written:
    """Write a question, another debt, or ordinary life.

    `trouble` only lends names, and must be one that no claim is about.
    """
    bank = {
        Kind.QUESTION: other_texts.QUESTIONS,
        Kind.OTHER_DEBT: other_texts.OTHER_DEBTS,
    }.get(kind, life_texts.LIFE)
    slots = trouble.slots(rng) | {
        "n": str(rng.randint(2, 9)),
        "month": str(rng.randint(1, 12)),
        "town": rng.choice(TOWNS),
        "sum": spell_sum(rng, rng.randint(8, 300) * 100),
        "estate": make_project(trouble.number, public=False),
        "builder": make_firm(trouble.number, "建筑工程有限公司", "建筑").short,
        "decorator": make_firm(trouble.number, "装饰工程有限公司", "装饰").short,
    }
    title, text = (fill(words, slots) for words in rng.choice(bank))
    text = rng.choice(other_texts.OPENERS) + text + rng.choice(other_texts.CLOSERS)
    secrets: tuple[Secret, ...] = ()
    if rng.random() < _PLAIN_CONTACT_SHARE:
        contact, secrets = write_contact(rng, writer, claim_texts.PLAIN_CONTACTS)
        text += contact
    return Written(title, text, Truth(kind), secrets)


def write_news(rng: Random) -> Written:
    """Write a news article about ordinary life."""
    slots = {"n": str(rng.randint(2, 9)), "town": rng.choice(TOWNS)}
    title, text = rng.choice(other_texts.NEWS)
    return Written(fill(title, slots), fill(text, slots), Truth(Kind.UNRELATED))


def is_public(project: str) -> bool:
    """Whether public money pays for the project, as its name tells."""
    return any(tail in project for tail in PUBLIC_TAILS)

"""The forms in which people write personal data; each form is a function of a random generator.

Every form belongs to one part: `seen` was looked at while the rules of the mask were written, of
`apart` only totals were. All numbers are drawn; none is anybody's on purpose.
"""

# ruff: noqa: E501 - the linter counts a Chinese character as two columns

from collections.abc import Callable
from random import Random

from sample_county.people import make_card, make_identity, make_phone

Form = Callable[[Random], str]
SEEN, APART = "seen", "apart"

_ZERO = str.maketrans("0123456789", "零一二三四五六七八九")
_CIRCLE = str.maketrans("0123456789", "〇一二三四五六七八九")
_YAO = str.maketrans("0123456789", "零幺二三四五六七八九")
_GRAND = str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")
_ARMY = str.maketrans("0123456789", "洞幺两三四五六拐八勾")
_WIDE = str.maketrans("0123456789XxＡ", "０１２３４５６７８９ＸｘＡ")
_RINGED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
_BOLD = str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")


def grouped(digits: str, sizes: tuple[int, ...], sign: str) -> str:
    """Cut digits into groups of these sizes and join them by a sign."""
    pieces, at = [], 0
    for size in sizes:
        pieces.append(digits[at : at + size])
        at += size
    return sign.join([*pieces, digits[at:]] if at < len(digits) else pieces)


def _phone(change: Callable[[str], str]) -> Form:
    return lambda rng: change(make_phone(rng))


def _identity(change: Callable[[str], str]) -> Form:
    return lambda rng: change(make_identity(rng))


def _card(change: Callable[[str], str]) -> Form:
    return lambda rng: change(make_card(rng))


def _local(rng: Random) -> str:
    return str(rng.randint(2, 8)) + "".join(str(rng.randint(0, 9)) for _ in range(7))


def _letters(rng: Random, least: int, most: int) -> str:
    return "".join(rng.choice("abcdefghkmnpqrstuvwxyz") for _ in range(rng.randint(least, most)))


def _digits(rng: Random, count: int) -> str:
    return str(rng.randint(1, 9)) + "".join(str(rng.randint(0, 9)) for _ in range(count - 1))


def _plate(sign: str = "", *, lower: bool = False, green: bool = False) -> Form:
    def form(rng: Random) -> str:
        place = rng.choice("豫浙苏皖川贵鄂赣京沪粤") + rng.choice("ABCDEHJ")
        tail = (
            rng.choice("DF") + _digits(rng, 5) if green else rng.choice("ABKX9") + _digits(rng, 4)
        )
        plate = f"{place}{sign}{tail}"
        return plate.lower() if lower else plate

    return form


def _wechat(make: Callable[[Random], str]) -> Form:
    return make


def _mail(pattern: str) -> Form:
    return lambda rng: pattern.format(_letters(rng, 4, 8) + _digits(rng, 3))


PHONES: dict[str, tuple[tuple[str, Form], ...]] = {
    SEEN: (
        ("plain", _phone(str)),
        ("plain", _phone(str)),
        ("spaces", _phone(lambda n: grouped(n, (3, 4), " "))),
        ("dashes", _phone(lambda n: grouped(n, (3, 4), "-"))),
        ("dots", _phone(lambda n: grouped(n, (3, 4), "."))),
        ("spread", _phone(" ".join)),
        ("wide", _phone(lambda n: n.translate(_WIDE))),
        ("chinese", _phone(lambda n: n.translate(_ZERO))),
        ("yao", _phone(lambda n: n.translate(_YAO))),
        ("mixed", _phone(lambda n: n[:3] + n[3:7].translate(_ZERO) + n[7:])),
        ("country", _phone(lambda n: f"+86 {n}")),
        ("lines", _phone(lambda n: f"{n[:6]}\n{n[6:]}")),
        ("keycaps", _phone(lambda n: "".join(f"{digit}\ufe0f\u20e3" for digit in n))),
        ("country 0086", _phone(lambda n: f"0086-{n}")),
        ("slashes", _phone(lambda n: grouped(n, (3, 4), "/"))),
        ("grand", _phone(lambda n: n.translate(_GRAND))),
        ("ringed", _phone(lambda n: n.translate(_RINGED))),
        ("bold", _phone(lambda n: n.translate(_BOLD))),
        ("army", _phone(lambda n: n.translate(_ARMY))),
        ("spread chinese", _phone(lambda n: " ".join(n.translate(_YAO)))),
        ("chinese groups", _phone(lambda n: grouped(n.translate(_ZERO), (3, 4), "，"))),
        ("em dashes", _phone(lambda n: grouped(n, (3, 4), "—"))),
        ("underscores", _phone(lambda n: grouped(n, (3, 4), "_"))),
        ("brackets", _phone(lambda n: f"{n[:3]}（{n[3:7]}）{n[7:]}")),
        ("wide spaces", _phone(lambda n: grouped(n.translate(_WIDE), (3, 4), "\u3000"))),
        ("zero width", _phone("\u200b".join)),
        ("three lines", _phone(lambda n: grouped(n, (3, 4), "\n"))),
        ("two signs", _phone(lambda n: f"{n[:3]}-{n[3:7]} {n[7:]}")),
        ("half hidden", _phone(lambda n: f"{n[:3]}****{n[7:]}")),
        ("three eight", _phone(lambda n: grouped(n, (3,), "-"))),
        ("five six", _phone(lambda n: grouped(n, (5,), " "))),
        ("seven four", _phone(lambda n: grouped(n, (7,), "-"))),
        ("chinese dashes", _phone(lambda n: grouped(n.translate(_YAO), (3, 4), "-"))),
        ("chinese stops", _phone(lambda n: grouped(n.translate(_CIRCLE), (3, 4), "、"))),
        ("wide dashes", _phone(lambda n: grouped(n.translate(_WIDE), (3, 4), "－"))),
        ("stars between", _phone(lambda n: grouped(n, (3, 4), "*"))),
        ("country in brackets", _phone(lambda n: f"(+86){n}")),
        ("letters o", _phone(lambda n: f"{n[:3]}{n[3:].replace('0', 'o')}")),
        ("half chinese", _phone(lambda n: n[:5].translate(_ZERO) + n[5:])),
        ("pairs", _phone(lambda n: grouped(n, (3, 2, 2, 2), " "))),
    ),
    APART: (
        ("plain", _phone(str)),
        ("four three four", _phone(lambda n: grouped(n, (4, 3), " "))),
        ("chinese spaced", _phone(lambda n: grouped(n.translate(_ZERO), (3, 4), " "))),
        ("ringed groups", _phone(lambda n: grouped(n.translate(_RINGED), (3, 4), " "))),
        ("broken twice", _phone(lambda n: f"{n[:3]}\n{n[3:7]}\n{n[7:]}")),
        ("country spread", _phone(lambda n: f"+86-{grouped(n, (3, 4), '-')}")),
        ("wide dots", _phone(lambda n: grouped(n.translate(_WIDE), (3, 4), "．"))),
        ("yao mixed", _phone(lambda n: "幺" + n[1:])),
        ("commas", _phone(lambda n: grouped(n, (3, 4), "，"))),
    ),
}

LANDLINES: dict[str, tuple[tuple[str, Form], ...]] = {
    SEEN: (
        ("dash", lambda rng: f"0{rng.choice((371, 575, 851))}-{_local(rng)}"),
        ("spaces", lambda rng: f"0{rng.choice((371, 575, 851))} {_local(rng)}"),
        ("local", _local),
        ("brackets", lambda rng: f"（0{rng.choice((371, 575, 851))}）{_local(rng)}"),
        ("wide", lambda rng: f"0{rng.choice((371, 575))}-{_local(rng)}".translate(_WIDE)),
        (
            "spaces inside",
            lambda rng: f"0{rng.choice((371, 851))}-{grouped(_local(rng), (4,), ' ')}",
        ),
        ("no sign", lambda rng: f"0{rng.choice((371, 851))}{_local(rng)}"),
    ),
    APART: (("dash", lambda rng: f"0{rng.choice((371, 851))}-{_local(rng)}"),),
}

IDENTITIES: dict[str, tuple[tuple[str, Form], ...]] = {
    SEEN: (
        ("plain", _identity(str)),
        ("x", _identity(lambda n: n[:17] + "X")),
        ("spaces", _identity(lambda n: grouped(n, (6, 8), " "))),
        ("wide", _identity(lambda n: n.translate(_WIDE))),
        ("lines", _identity(lambda n: f"{n[:10]}\n{n[10:]}")),
        ("old", _identity(lambda n: n[:6] + n[8:17])),
        ("hidden", _identity(lambda n: f"{n[:6]}********{n[14:]}")),
        ("chinese", _identity(lambda n: n[:17].translate(_ZERO) + "三")),
        ("dashes", _identity(lambda n: grouped(n, (6, 4, 4), "-"))),
        ("fours", _identity(lambda n: grouped(n, (4, 4, 4, 4), " "))),
        ("small x", _identity(lambda n: n[:17] + "x")),
        ("wide x", _identity(lambda n: n[:17].translate(_WIDE) + "Ｘ")),
        ("spread", _identity(lambda n: " ".join(n[:17] + "8"))),
        ("dots", _identity(lambda n: grouped(n, (6, 8), "."))),
        ("bold", _identity(lambda n: n[:17].translate(_BOLD) + "4")),
        ("six eight", _identity(lambda n: grouped(n, (6, 8), "-"))),
        ("wide spaces", _identity(lambda n: grouped(n.translate(_WIDE), (6, 8), "\u3000"))),
        ("threes", _identity(lambda n: grouped(n[:17] + "6", (3, 3, 4, 4), " "))),
        ("circle", _identity(lambda n: n[:17].translate(_CIRCLE) + "二")),
    ),
    APART: (
        ("plain", _identity(str)),
        ("lower x spaced", _identity(lambda n: grouped(n[:17] + "x", (6, 4, 4), " "))),
        ("yao", _identity(lambda n: n[:17].translate(_YAO) + "五")),
        ("new line", _identity(lambda n: f"{n[:14]}\n{n[14:]}")),
        ("stars", _identity(lambda n: f"{n[:6]}********{n[14:17]}X")),
    ),
}

CARDS: dict[str, tuple[tuple[str, Form], ...]] = {
    SEEN: (
        ("plain", _card(str)),
        ("fours", _card(lambda n: grouped(n, (4, 4, 4, 4), " "))),
        ("wide", _card(lambda n: n.translate(_WIDE))),
        ("lines", _card(lambda n: f"{n[:8]}\n{n[8:]}")),
        ("mistyped", _card(lambda n: n[:-1] + str((int(n[-1]) + 1) % 10))),
        ("dashes", _card(lambda n: grouped(n, (4, 4, 4, 4), "-"))),
        ("chinese", _card(lambda n: n.translate(_YAO))),
        ("six", _card(lambda n: grouped(n, (6, 5), " "))),
        ("wide spaces", _card(lambda n: grouped(n.translate(_WIDE), (4, 4, 4, 4), "\u3000"))),
        ("lines of fours", _card(lambda n: grouped(n, (4, 4, 4, 4), "\n"))),
        ("dots", _card(lambda n: grouped(n, (4, 4, 4, 4), "."))),
        ("two halves", _card(lambda n: grouped(n, (6, 6), " "))),
    ),
    APART: (
        ("plain", _card(str)),
        ("fives", _card(lambda n: grouped(n, (5, 5, 5), " "))),
        ("fours by dash", _card(lambda n: grouped(n, (4, 4, 4, 4), "－"))),
    ),
}

PLATES: dict[str, tuple[tuple[str, Form], ...]] = {
    SEEN: (
        ("plain", _plate()),
        ("dot", _plate("·")),
        ("green", _plate(green=True)),
        ("lower", _plate(lower=True)),
        ("space", _plate(" ")),
        ("dash", _plate("-")),
        ("wide", lambda rng: _plate()(rng).translate(_WIDE)),
        ("green dot", _plate("•", green=True)),
        ("space and dot", lambda rng: _plate("·")(rng).replace("·", " · ")),
        ("lower green", _plate(lower=True, green=True)),
    ),
    APART: (
        ("plain", _plate()),
        ("dot", _plate("·")),
    ),
}

WECHATS: dict[str, tuple[tuple[str, Form], ...]] = {
    SEEN: (
        ("letters", lambda rng: _letters(rng, 6, 12)),
        ("mixed", lambda rng: f"{_letters(rng, 2, 6)}_{_digits(rng, 4)}"),
        ("wxid", lambda rng: f"wxid_{_letters(rng, 8, 12)}22"),
        ("phone", make_phone),
        ("dash", lambda rng: f"{_letters(rng, 3, 5)}-{_digits(rng, 5)}"),
        ("capitals", lambda rng: f"{_letters(rng, 3, 4).upper()}{_digits(rng, 6)}"),
        ("spaced", lambda rng: f" {_letters(rng, 3, 5)}{_digits(rng, 4)} "),
        ("wide", lambda rng: "".join(chr(ord(c) + 0xFEE0) for c in f"{_letters(rng, 4, 5)}520")),
        ("long", lambda rng: f"{_letters(rng, 8, 10)}{_digits(rng, 6)}"),
        ("marks", lambda rng: f"：{_letters(rng, 3, 5)}_{_letters(rng, 3, 5)}"),
    ),
    APART: (
        ("letters", lambda rng: f"{_letters(rng, 7, 9)}"),
        ("year", lambda rng: f"{_letters(rng, 4, 6)}{rng.randint(1970, 2005)}"),
    ),
}

QQS: dict[str, tuple[tuple[str, Form], ...]] = {
    SEEN: (
        ("plain", lambda rng: _digits(rng, rng.randint(6, 10))),
        ("wide", lambda rng: _digits(rng, 9).translate(_WIDE)),
        ("chinese", lambda rng: _digits(rng, 9).translate(_CIRCLE)),
        ("spaces", lambda rng: grouped(_digits(rng, 9), (3, 3), " ")),
        ("grand", lambda rng: _digits(rng, 8).translate(_GRAND)),
        ("spread", lambda rng: " ".join(_digits(rng, 8))),
        ("marks", lambda rng: f"：{_digits(rng, 10)}"),
        ("dashes", lambda rng: grouped(_digits(rng, 9), (3, 3), "-")),
    ),
    APART: (
        ("plain", lambda rng: _digits(rng, 9)),
        ("colon", lambda rng: f":{_digits(rng, 8)}"),
    ),
}

EMAILS: dict[str, tuple[tuple[str, Form], ...]] = {
    SEEN: (
        ("plain", _mail("{}@163.com")),
        ("qq", lambda rng: f"{_digits(rng, 9)}@qq.com"),
        ("wide at", _mail("{}＠126.com")),
        ("spaces", _mail("{} @ sina.cn")),
        ("at in brackets", _mail("{}(at)163.com")),
        ("hash", _mail("{}#qq.com")),
        ("wide dots", _mail("{}@163。com")),
        ("dots inside", _mail("wang.{}@mail.sina.com.cn")),
        ("capitals", lambda rng: _mail("{}@QQ.COM")(rng).upper()),
        ("dot in words", _mail("{}@163点com")),
    ),
    APART: (
        ("plain", _mail("{}@foxmail.com")),
        ("spelt", _mail("{}艾特qq点com")),
    ),
}

DOORS: dict[str, tuple[tuple[str, Form], ...]] = {
    SEEN: (
        ("group", lambda rng: f"{rng.randint(1, 12)}组{rng.randint(1, 99)}号"),
        ("number", lambda rng: f"{rng.randint(1, 399)}号"),
        (
            "room",
            lambda rng: (
                f"{rng.randint(1, 28)}栋{rng.randint(1, 4)}单元{rng.randint(1, 18)}0{rng.randint(1, 4)}室"
            ),
        ),
        (
            "house",
            lambda rng: (
                f"{rng.randint(1, 28)}号楼{rng.randint(1, 4)}单元{rng.randint(1, 18)}0{rng.randint(1, 4)}"
            ),
        ),
        ("lane", lambda rng: f"{rng.randint(1, 28)}巷{rng.randint(1, 60)}号"),
        (
            "dashes",
            lambda rng: (
                f"{rng.randint(1, 28)}-{rng.randint(1, 4)}-{rng.randint(1, 18)}0{rng.randint(1, 4)}"
            ),
        ),
        (
            "chinese",
            lambda rng: (
                f"{rng.choice('一二三五六')}组{rng.choice('一二三五六')}十{rng.choice('一二三五六')}号"
            ),
        ),
        (
            "court",
            lambda rng: (
                f"{rng.randint(2, 300)}号院{rng.randint(1, 9)}号楼{rng.randint(1, 4)}单元{rng.randint(1, 6)}0{rng.randint(1, 4)}户"
            ),
        ),
        ("team", lambda rng: f"第{rng.randint(1, 9)}村民小组{rng.randint(1, 99)}号"),
        (
            "wide",
            lambda rng: (
                f"{rng.randint(1, 28)}幢{rng.randint(1, 18)}0{rng.randint(1, 4)}室".translate(_WIDE)
            ),
        ),
        (
            "letter",
            lambda rng: (
                f"{rng.randint(1, 28)}幢{rng.choice('AB')}单元{rng.randint(1, 18)}0{rng.randint(1, 4)}"
            ),
        ),
        (
            "floor",
            lambda rng: (
                f"{rng.randint(1, 28)}号楼{rng.randint(1, 4)}单元{rng.randint(2, 18)}楼{rng.choice('东西')}户"
            ),
        ),
        ("attached", lambda rng: f"{rng.randint(1, 12)}组附{rng.randint(1, 99)}号"),
        ("row", lambda rng: f"{rng.randint(1, 28)}排{rng.randint(1, 20)}号"),
    ),
    APART: (
        ("group", lambda rng: f"{rng.randint(1, 12)}社{rng.randint(1, 99)}号"),
        ("house", lambda rng: f"{rng.randint(1, 28)}栋{rng.randint(1, 18)}0{rng.randint(1, 4)}"),
        ("number", lambda rng: f"{rng.randint(1, 300)}号附{rng.randint(1, 9)}号"),
        (
            "wide",
            lambda rng: (
                f"{rng.randint(1, 28)}－{rng.randint(1, 4)}－{rng.randint(1, 18)}0{rng.randint(1, 4)}".translate(
                    _WIDE
                )
            ),
        ),
    ),
}
"""What follows a street or an estate; the forms that name a room follow an estate."""

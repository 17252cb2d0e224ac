"""Invented people of the county, and the numbers by which one could find them.

Nobody here exists. The numbers are drawn from a seed and have valid check digits, because a
mask that only works on broken numbers would look right in tests and fail in life.
"""

from random import Random

from sample_county.nouns import Person, Secret

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN_FIRST = "建国志秀桂玉春文海永德金明晓丽红兰凤庆福长树立学东少宏伟新世光俊"
_GIVEN_SECOND = "国强军华英芳梅兰平生林山峰涛超辉斌刚勇琴珍萍莲娟霞敏静燕波亮旺贵"
_HANDLE_HEADS = (
    "云淡风轻", "河畔老树", "清河打工人", "一路向北", "柳河散人", "漂泊的砖", "安静的扳手",
    "东岭一棵松", "三块五的烟", "半夜的灯", "下雨不带伞", "搬砖小能手", "老家在南塬", "茶凉了再续",
    "石桥钓鱼佬", "风吹麦浪", "平凡的螺丝", "糖醋排骨", "小镇青年", "等车的人", "追风骑手",
    "胖丁妈妈", "白马渡口", "卖豆腐的猫", "秋天的大枣", "努力的蜗牛",
)  # fmt: skip
_HOMES = ("河南", "河北", "湖北", "安徽", "山东", "四川", "贵州", "江西", "甘肃", "陕西", "广西")
_SIGNATURES = (
    "", "", "", "日子慢慢过，账要一笔一笔算", "少说话，多干活", "生活不易，且行且珍惜",
    "家有小儿，努力挣奶粉钱", "专业水电维修，随叫随到",
)  # fmt: skip
_VILLAGES = ("东街", "西街", "大杨树", "前进", "河湾", "石磨", "上寨", "新桥", "后坡", "双井")
_REGIONS = ("411422", "420624", "341221", "371727", "511321", "522422", "361128", "620522")
_MOBILE_HEADS = ("133", "135", "136", "137", "138", "139", "150", "151", "155", "158", "159",
                 "176", "177", "180", "182", "186", "187", "188", "189", "191", "199")  # fmt: skip
_CARD_HEADS = ("622848", "621700", "622202", "621661", "622180", "621799")
_CHINESE_DIGITS = "零一二三四五六七八九"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def make_name(rng: Random) -> str:
    """Return a name of three characters, so that it is rarely part of another word."""
    return rng.choice(_SURNAMES) + rng.choice(_GIVEN_FIRST) + rng.choice(_GIVEN_SECOND)


def make_person(seed: int, number: int) -> Person:
    """Return the county's person `number`: always the same one for the same seed."""
    rng = Random(f"{seed}:person:{number}")
    village = rng.choice(_VILLAGES)
    return Person(
        uid=20000 + number,
        handle=f"{rng.choice(_HANDLE_HEADS)}{rng.randint(100, 9999)}",
        name=make_name(rng),
        home=f"IP属地：{rng.choice(_HOMES)}",
        ip=f"203.0.113.{rng.randint(2, 250)}",
        address=f"{village}村{rng.randint(1, 12)}组{rng.randint(100, 299)}号",
        signature=rng.choice(_SIGNATURES),
    )


def person_secrets(person: Person) -> list[Secret]:
    """List what the sites serve of a person beside the text."""
    secrets = [
        Secret("handle", person.handle),
        Secret("name", person.name),
        Secret("home", person.home),
        Secret("ip", person.ip),
        Secret("address", person.address),
        Secret("avatar", f"avatar.php?uid={person.uid}"),
        Secret("profile", f"uid={person.uid}"),
    ]
    if person.signature:
        secrets.append(Secret("signature", person.signature))
    return secrets


def make_phone(rng: Random) -> str:
    """Return eleven digits that look like a mobile number."""
    return rng.choice(_MOBILE_HEADS) + "".join(str(rng.randint(0, 9)) for _ in range(8))


def spell_phone(rng: Random, digits: str) -> str:
    """Write a mobile number the way people do: plain mostly, else broken up or disguised."""
    spaced = f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    spellings = (
        digits, digits, digits, spaced, spaced.replace(" ", "-"), f"+86 {digits}",
        digits.translate(_FULL_WIDTH), spaced.replace(" ", "."),
        "".join(_CHINESE_DIGITS[int(digit)] for digit in digits),
    )  # fmt: skip
    return rng.choice(spellings)


def make_identity(rng: Random) -> str:
    """Return an identity number of eighteen places whose check digit is valid.

    Source:
        GB 11643-1999: weights 2^(17-i) mod 11, check characters 10X98765432.
    """
    born = f"{rng.randint(1964, 2003)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    body = rng.choice(_REGIONS) + born + f"{rng.randint(1, 998):03}"
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def make_card(rng: Random) -> str:
    """Return a bank card number of sixteen or nineteen places that passes the Luhn check."""
    length = rng.choice((16, 19))
    body = rng.choice(_CARD_HEADS)
    body += "".join(str(rng.randint(0, 9)) for _ in range(length - 1 - len(body)))
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 - digit sum
    return body + str(-total % 10)


def make_wechat(rng: Random) -> str:
    """Return a WeChat id."""
    heads = ("qhgr", "laowang", "xiaoli", "wxid_q", "mugong", "dagong")
    tail = "".join(rng.choice("abcdefghkmnpqrstuvwxyz23456789") for _ in range(6))
    return rng.choice(heads) + tail

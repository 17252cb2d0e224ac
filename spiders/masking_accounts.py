"""Find e-mail addresses and the names of WeChat and QQ accounts in a text."""

import re
from collections.abc import Iterator

from spiders.masking_spans import Kind, Reading, Span

_MAIL_HOUSES = (
    "qq|163|126|139|189|sina|sohu|gmail|outlook|hotmail|foxmail|aliyun|yeah|tom|21cn|icloud"
    "|live|msn"
)
_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}\s?@\s?[A-Za-z0-9-]{1,63}"
    r"(?:\s?[.。]\s?[A-Za-z0-9-]{1,63}){1,4}",
    re.ASCII,
)
# Written so that no program sees an address: wang(at)163点com, wang#qq.com, wang艾特163点com.
_EMAIL_DISGUISED = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}\s?"
    r"(?:[(\[{<]\s?at\s?[)\]}>]|\sat\s|#|@|艾特|圈a|AT)\s?"
    rf"(?:vip\s?[.。点]\s?)?(?:{_MAIL_HOUSES})\s?(?:[.。点]|dot|\(dot\))\s?"
    r"(?:com|cn|net|org)(?:\s?[.。点]\s?cn)?(?![A-Za-z0-9])",
    re.ASCII | re.IGNORECASE,
)
_HAS_LATIN = re.compile("[A-Za-z]")
_MAY_HAVE_EMAIL = re.compile(r"[@#]|艾特|圈a|at|dot", re.IGNORECASE)
_HAS_MAIL_END = re.compile(r"com|cn|net|org", re.IGNORECASE)

# Signs that stand between the word and the account: emoji and arrows (planes above ASCII) too.
_JOIN = r"[\s:;,是为叫就(\[\"“【~\-=>＞→❤\u2600-\u27bf\ufe0f\U0001f300-\U0001faff]{0,4}"
_WECHAT = re.compile(
    r"(?:[微薇威维卫][ ]{0,2}(?:[信x]|星号)|绿泡泡|薇|[微w]ei[信xX]n?|we\s?chat"
    r"|(?<![A-Za-z])(?:v[ ]?信|v[ ]?x|w[ ]?x|v)|[加➕+][ ]?[vV微薇卫])"
    r"(?:[ ]?(?:同?号码?|账号|帐号|id|号))?"
    r"(?:收款|付款|转账|也行|也可以?|都行|联系|找我?|搜索?一?下?|加我?|[,\s]{0,2}号码?|名|昵称){0,3}"
    rf"{_JOIN}(?P<value>[A-Za-z][A-Za-z0-9_-]{{5,19}}|(?<![0-9])[0-9]{{5,12}})(?![A-Za-z0-9_-])",
    re.IGNORECASE,
)
# The other places where one is known by a name: a handle there leads to the person as surely.
_HANDLE = re.compile(
    r"(?:抖音|快手|小红书|微博|视频号|哔哩哔哩|[bB]站|贴吧|头条|钉钉|陌陌|支付宝|tiktok|telegram|skype)"
    r"(?:账号|帐号|号码?|id|名|用户名?)?"
    rf"{_JOIN}(?P<value>[A-Za-z][A-Za-z0-9_-]{{4,24}}|(?<![0-9])[0-9]{{6,12}})(?![A-Za-z0-9_-])",
    re.IGNORECASE,
)
_WXID = re.compile(r"wxid_[A-Za-z0-9]{4,30}", re.IGNORECASE)
_QQ = re.compile(
    r"(?:(?<![A-Za-z])q[ ]?q|(?<![A-Za-z0-9])q(?=[号:]|\s?[1-9][0-9 ]{4})"
    r"|扣扣|抠抠|扣号|球球|秋秋|企鹅)"
    rf"(?:群|号码|号|邮箱)?(?:也行|也可以?|都行)?{_JOIN}"
    r"(?P<value>[1-9](?:[ \-]{0,2}[0-9]){4,11})(?![0-9])",
    re.IGNORECASE,
)
# Every account that is found holds these (İ, ı, ſ and the sign of the kelvin are letters without
# regard to case); most texts hold none.
_MAY_HAVE_HANDLE = re.compile(
    r"[A-Za-z0-9\u0130\u0131\u017f\u212a][A-Za-z0-9_\-\u0130\u0131\u017f\u212a]{4}"
)
_MAY_BEGIN_QQ = re.compile("[qQ扣抠球秋企]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")


def find_accounts(reading: Reading) -> Iterator[Span]:
    """Find e-mail addresses and the names of WeChat and QQ accounts."""
    plain = reading.plain
    if _HAS_LATIN.search(plain) and _MAY_HAVE_EMAIL.search(plain) and _HAS_MAIL_END.search(plain):
        for pattern in (_EMAIL, _EMAIL_DISGUISED):
            for match in pattern.finditer(plain):
                yield Span(match.start(), match.end(), Kind.EMAIL)
    elif "@" in plain:
        for match in _EMAIL.finditer(plain):
            yield Span(match.start(), match.end(), Kind.EMAIL)
    if _MAY_HAVE_HANDLE.search(plain):
        yield from _find_handles(plain)
    if _MAY_BEGIN_QQ.search(reading.spoken):
        for match in _QQ.finditer(reading.spoken):
            yield Span(*match.span("value"), Kind.QQ)


def _find_handles(plain: str) -> Iterator[Span]:
    """Find the names of accounts that have letters."""
    for match in _WECHAT.finditer(plain):
        start, end = match.span("value")
        is_phone = _MOBILE.fullmatch(plain, start, end) is not None
        yield Span(start, end, Kind.PHONE if is_phone else Kind.WECHAT)
    for match in _HANDLE.finditer(plain):
        start, end = match.span("value")
        is_phone = _MOBILE.fullmatch(plain, start, end) is not None
        yield Span(start, end, Kind.PHONE if is_phone else Kind.ACCOUNT)
    for match in _WXID.finditer(plain):
        yield Span(*match.span(), Kind.WECHAT)

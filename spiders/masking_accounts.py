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
# Written so that no program sees an address: wang(at)163点com, wang#qq.com, wang艾特163.com.
_EMAIL_DISGUISED = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}\s?"
    r"(?:[(\[{<]\s?at\s?[)\]}>]|\sat\s|#|@|艾特|圈a|AT)\s?"
    rf"(?:vip\s?[.。点]\s?)?(?:{_MAIL_HOUSES})\s?(?:[.。点]|dot|\(dot\))\s?"
    r"(?:com|cn|net|org)(?:\s?[.。点]\s?cn)?(?![A-Za-z0-9])",
    re.ASCII | re.IGNORECASE,
)
_MAY_HAVE_EMAIL = re.compile(r"[@#]|艾特|圈a|at|dot", re.IGNORECASE)
_HAS_MAIL_END = re.compile(r"com|cn|net|org", re.IGNORECASE)

_JOIN = r"[\s:;,是为叫就(\[\"“【~\-=]{0,4}"
_WECHAT = re.compile(
    r"(?:微信|薇信|威信|维信|微 信|卫星号|绿泡泡|薇|weixin|wechat"
    r"|(?<![A-Za-z])(?:v信|vx|wx|v)|[加➕+][vV微薇卫])"
    r"(?:同?号码?|账号|帐号|id|号)?(?:也行|也可以?|都行|联系|找我?|搜索?|加我?)?"
    rf"{_JOIN}(?P<value>[A-Za-z][A-Za-z0-9_-]{{5,19}}|(?<![0-9])[0-9]{{5,12}})(?![A-Za-z0-9_-])",
    re.IGNORECASE,
)
_WXID = re.compile(r"wxid_[A-Za-z0-9]{4,30}", re.IGNORECASE)
_QQ = re.compile(
    rf"(?:(?<![A-Za-z])qq|扣扣|抠抠|企鹅)(?:群|号码|号|邮箱)?(?:也行|也可以?|都行)?{_JOIN}"
    r"(?P<value>[1-9](?:[ \-]?[0-9]){4,11})(?![0-9])",
    re.IGNORECASE,
)
_MOBILE = re.compile(r"1[3-9][0-9]{9}")


def find_accounts(reading: Reading) -> Iterator[Span]:
    """Find e-mail addresses and the names of WeChat and QQ accounts."""
    plain = reading.plain
    if _MAY_HAVE_EMAIL.search(plain) and _HAS_MAIL_END.search(plain):
        for pattern in (_EMAIL, _EMAIL_DISGUISED):
            for match in pattern.finditer(plain):
                yield Span(match.start(), match.end(), Kind.EMAIL)
    elif "@" in plain:
        for match in _EMAIL.finditer(plain):
            yield Span(match.start(), match.end(), Kind.EMAIL)
    for match in _WECHAT.finditer(plain):
        start, end = match.span("value")
        is_phone = _MOBILE.fullmatch(plain, start, end) is not None
        yield Span(start, end, Kind.PHONE if is_phone else Kind.WECHAT)
    for match in _WXID.finditer(plain):
        yield Span(*match.span(), Kind.WECHAT)
    for match in _QQ.finditer(reading.spoken):
        yield Span(*match.span("value"), Kind.QQ)

"""Pages that come instead of the one that was asked for: sign-in forms and challenges."""

import re

from selectolax.lexbor import LexborHTMLParser

from monitor.domain import Page, Source
from monitor.errors import NotContentError
from spiders.markup import one_line

CHALLENGE = "S405"

_CHALLENGE = re.compile(
    r"__jsl_clearance|acw_sc__v2|_dsign=|滑动验证|安全验证|访问验证|人机验证|请完成验证|请输入验证码|"
    r"checking your browser|cf-browser-verification|正在进行安全检测|访问过于频繁|"
    r"频繁刷新限制|页面重载开启",
    re.IGNORECASE,
)
_SIGN_IN = re.compile(r"登录|登陆|sign ?in|log ?in", re.IGNORECASE)
_LOOKED_AT = 20_000
_SHORT_PAGE = 400


def refuse_gates(page: Page, source: Source, text: str, tree: LexborHTMLParser) -> None:
    """Refuse a sign-in form or a challenge page.

    A page with much text may have a sign-in box in its corner; one that has nothing else is a gate.

    Raises:
        NotContentError: It is a sign-in form (S404) or a challenge (S405).
    """
    shown = one_line(tree.css_first("body"))
    short = len(shown) < _SHORT_PAGE
    if short and _CHALLENGE.search(text[:_LOOKED_AT]):
        raise NotContentError(source.name, f"{page.url}: a challenge page", code=CHALLENGE)
    asks = tree.css_first("input[type=password]") is not None
    if short and asks:
        raise NotContentError(source.name, f"{page.url}: a sign-in page")
    if asks and _SIGN_IN.search(one_line(tree.css_first("title"))):
        raise NotContentError(source.name, f"{page.url}: a sign-in page")

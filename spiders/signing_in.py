"""Refuse a place that would be read with a name, a password or somebody's session. Pure.

A source file has no key for them; here they are looked for where they could hide: in the address,
in its fragment, in a form that a list is asked by, percent-encoded or escaped.
"""

import re
from urllib.parse import unquote, urlsplit

from monitor.refusals import SIGN_IN

_PLACES = re.compile(r"login|log-in|logging|sign-?in|passport|denglu|oauth|(?<![a-z])sso(?![a-z])")
_NAMES = re.compile(
    r"(?:^|[?&#:{,;\"'\s])(?:\w*(?:password|passwd|passwort|mima|captcha|session_?id|access_?token)\w*"
    r"|pass|pwd|user_?pwd|user_?pass|kouling|token|session|cookie|yzm|verify_?code|user_?name|yonghu(?:ming)?|uname"
    r"|auth|authorization|bearer|credentials?|secret|api_?key)[\"']?\s*[=:]"
)
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
_TIMES_ENCODED = 3


class SignInError(ValueError):
    """What was given signs in; the message is the refusal's own sentence."""

    def __init__(self, what: str) -> None:
        """Say what was given, what is refused, and why."""
        super().__init__(f"{what}：清薪不做这个。{SIGN_IN.sentence}{SIGN_IN.why}")


def refuse_sign_in(url: str) -> str:
    """Return an address that anybody may read.

    Raises:
        SignInError: It holds a name or password, or leads to a sign-in.
        ValueError: It is no http or https address.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = "要写 http:// 或 https:// 开头的完整地址"
        raise ValueError(message)
    if parts.username or parts.password:
        raise SignInError("网址里有用户名或口令")
    rest = plain(f"{parts.path}?{parts.query}#{parts.fragment}")
    if _PLACES.search(rest) or _NAMES.search(rest):
        raise SignInError("网址通向登录，或者带着登录的凭据")
    return url


def refuse_sign_in_form(form: str) -> str:
    """Return a form that asks for a list and signs nobody in.

    Raises:
        SignInError: A field of it is a name, a password, a session or a captcha.
    """
    written = plain(form)
    if _PLACES.search(written) or _NAMES.search(written):
        raise SignInError("表单里有登录的凭据")
    return form


def plain(written: str) -> str:
    """Undo percent-encoding and JSON escapes, which would hide a word; in small letters."""
    for _ in range(_TIMES_ENCODED):
        written = unquote(written)
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), written.lower())

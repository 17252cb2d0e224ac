"""What goes wrong with real sites, to be switched on for a whole site or asked for by address.

`/faults/NAME/forum.php?mod=…` answers like the forum with fault NAME; `Faults.set` makes a whole
site of the county behave so from then on.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from litestar.types import ASGIApp, Receive, Scope, Send

from sample_county.nouns import Site
from sample_county.responses import respond
from sample_county.served import Served, redirect

HUGE_BYTES = 200 * 1024 * 1024
_CHUNK = b"<tr><td>" + b"x" * 65_520 + b"</td></tr>"
_SLOW_SECONDS, _MOST_SLOW_SECONDS = 30.0, 600.0
_METADATA_ADDRESS = "http://169.254.169.254/latest/meta-data/"


class Fault(StrEnum):
    """One way of going wrong; the value is its name in addresses."""

    LOGIN = "members"
    EMPTY = "empty"
    REDESIGN = "redesign"
    HUGE = "huge"
    REDIRECT = "redirect"
    WRONG_CHARSET = "wrong-charset"
    SLOW = "slow"
    CHALLENGE = "challenge"
    SERVER_ERROR = "500"
    BUSY = "503"
    CLOSED = "closed"
    DENIED = "denied"


class Faults:
    """Which sites are broken now, and how; all are whole at the start."""

    def __init__(self) -> None:
        self._active: dict[Site, Fault] = {}

    def set(self, site: Site, fault: Fault) -> None:
        """Break a site until `clear`."""
        self._active[site] = fault

    def clear(self, site: Site) -> None:
        """Make a site whole again; harmless when it is."""
        self._active.pop(site, None)

    def of(self, site: Site) -> Fault | None:
        """Return how the site is broken, None when it is whole."""
        return self._active.get(site)


_LOGIN = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>登录 - 清河论坛</title></head>"
    "<body id='nv_member' class='pg_logging'><h3>用户登录</h3><form method='post' "
    "action='member.php?mod=logging&amp;action=login'>用户名 <input name='username'> 密码 "
    "<input name='password' type='password'><button>登录</button></form></body></html>"
)
_CHALLENGE = (
    "<html><head><title>请稍候</title><script>var arg1='A3F1';function go(){document.cookie="
    "'acw_sc__v2='+arg1;location.reload();}setTimeout(go,2);</script></head><body></body></html>"
)
_EMPTY = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>民生求助 - 清河论坛 - "
    "Powered by Discuz!</title></head><body id='nv_forum' class='pg_forumdisplay'><div id='pt'>"
    "<a href='forum.php'>论坛</a></div><div id='threadlist'>"
    "<table summary='forum_2' id='threadlisttableid'></table></div></body></html>"
)
_REDESIGN = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>清河社区全新改版</title></head><body>"
    "<main id='app'><article class='card'><a class='card-link' href='/forum/t/1'>社区改版公告</a>"
    "</article><article class='card'><a class='card-link' href='/forum/t/2'>今日话题</a></article>"
    "</main></body></html>"
)
_CLOSED = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>提示信息 - 清河论坛</title></head>"
    "<body id='nv_forum'><div id='messagetext' class='alert_info'><p>本站升级维护中，请稍后再来</p>"
    "</div></body></html>"
)
_BROKEN = (
    "<html><head><title>清河论坛 - System Error</title>"
    "<meta name='ROBOTS' content='NOINDEX'></head>"
    "<body><h1>Discuz! System Error</h1><p>(2003) notconnect</p></body></html>"
)

_PAGES = {
    Fault.LOGIN: (_LOGIN, 200),
    Fault.EMPTY: (_EMPTY, 200),
    Fault.REDESIGN: (_REDESIGN, 200),
    Fault.CHALLENGE: (_CHALLENGE, 200),
    Fault.CLOSED: (_CLOSED, 200),
    Fault.SERVER_ERROR: (_BROKEN, 500),
    Fault.BUSY: (_BROKEN, 503),
}


async def answer_fault(fault: Fault, query: Mapping[str, str], served: Served) -> ASGIApp:
    """Answer as a site with this fault does.

    Args:
        fault: What is wrong.
        query: The query of the address; `to` is where a redirect leads, `seconds` how long a slow
            answer takes (at most 600).
        served: What the site would answer if it were whole.
    """
    if fault in _PAGES:
        text, status = _PAGES[fault]
        return respond(Served(text.encode(), status=status))
    match fault:
        case Fault.HUGE:
            return _send_huge
        case Fault.REDIRECT:
            return respond(redirect(query.get("to", _METADATA_ADDRESS)))
        case Fault.WRONG_CHARSET:
            return respond(_in_wrong_charset(served))
        case Fault.SLOW:
            await asyncio.sleep(min(_seconds(query), _MOST_SLOW_SECONDS))
        case _:
            # What robots.txt denies is whole; it is only not to be asked for.
            pass
    return respond(served)


def _in_wrong_charset(served: Served) -> Served:
    """Encode a UTF-8 page in GB18030, and a GBK page in UTF-8, without saying so."""
    if "gbk" in served.content_type:
        return replace(served, body=served.body.decode("gbk").encode())
    return replace(served, body=served.body.decode().encode("gb18030"))


def _seconds(query: Mapping[str, str]) -> float:
    asked = query.get("seconds", "")
    return float(asked) if asked.replace(".", "", 1).isdigit() else _SLOW_SECONDS


async def _send_huge(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI
    """Stream 200 MB without saying how long it is."""
    headers = [(b"content-type", b"text/html; charset=utf-8")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    sent = 0
    while sent < HUGE_BYTES:
        sent += len(_CHUNK)
        await send({"type": "http.response.body", "body": _CHUNK, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})

"""What robots.txt says of the lists that we watch, asked apart from the collector: for `check`.

The collector asks again by itself (`guards.py`); this is the answer before anything is started.
"""

import socket
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urljoin, urlsplit

import httpx
from protego import Protego

from monitor.domain import Problem, Severity, Source
from spiders.addresses import endpoint_of, is_private, is_private_name, own_endpoint
from spiders.asking import form_of

FORBIDDEN, UNREADABLE = "S409", "S193"

_TIMEOUT_SECONDS = 5.0
_AT_ONCE = 8
_MOST_BYTES = 512 * 1024
_MOST_HOPS = 5
_NOT_FOUND, _SERVER_ERROR, _REDIRECT = 400, 500, 300


def find_forbidden(sources: Iterable[Source], user_agent: str) -> list[Problem]:
    """Ask each host once for its robots.txt, and return what it forbids or cannot answer.

    A host that cannot be reached is only told for public sources: the sample county need not run.
    """
    by_root: dict[str, list[Source]] = {}
    for source in sources:
        if source.enabled:
            parts = urlsplit(source.url)
            by_root.setdefault(f"{parts.scheme}://{parts.netloc}", []).append(source)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(lambda root: _judge(root, by_root[root], user_agent), by_root)
        return [problem for problems in found for problem in problems]


def _judge(root: str, sources: Sequence[Source], user_agent: str) -> list[Problem]:
    try:
        rules = _read_robots(f"{root}/robots.txt", sources[0], user_agent)
    except (httpx.HTTPError, OSError, ValueError) as error:
        message = f"{root}/robots.txt 现在读不到（{type(error).__name__}）"
        cure = "采集也会先等它读得到；看看网站能不能打开"
        return [
            Problem(UNREADABLE, f"{each.name}.toml: url", message, cure, Severity.WARNING)
            for each in sources
            if not each.local
        ]
    if rules is None:
        return []
    return [
        Problem(
            FORBIDDEN,
            f"{each.name}.toml: url",
            f"{root}/robots.txt 不许读这个列表",
            "换一个来源，或请网站允许；不绕过",
        )
        for each in sources
        if not rules.can_fetch(form_of(each.url)[0], user_agent)
    ]


def _read_robots(url: str, source: Source, user_agent: str) -> Protego | None:
    """Return the rules; None when there are none. A server's error raises."""
    with httpx.Client(
        timeout=_TIMEOUT_SECONDS,
        headers={"User-Agent": user_agent},
        verify=source.verify_tls,
        trust_env=False,
    ) as client:
        for _ in range(_MOST_HOPS):
            _refuse_private(url, source)
            with client.stream("GET", url) as answer:
                if answer.is_redirect:
                    url = urljoin(url, answer.headers.get("location", ""))
                    continue
                if answer.status_code >= _SERVER_ERROR:
                    answer.raise_for_status()
                if answer.status_code >= _NOT_FOUND:
                    return None
                body = b""
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > _MOST_BYTES:
                        break
                return Protego.parse(body[:_MOST_BYTES].decode("utf-8", errors="ignore"))
    raise httpx.TooManyRedirects("robots.txt")


def _refuse_private(url: str, source: Source) -> None:
    endpoint = endpoint_of(url)
    if endpoint is None:
        message = "not an http(s) address"
        raise ValueError(message)
    if endpoint == own_endpoint(source):
        return
    host, port = endpoint
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if is_private_name(host) or any(is_private(str(each[4][0])) for each in found):
        message = "a private address"
        raise ValueError(message)

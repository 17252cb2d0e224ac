"""Sends through Apprise's plug-ins to a gateway on loopback; run by another environment's Python.

Reads one order a line (JSON: `url` for Apprise, `origin` of the gateway, `bodies`) and answers with
what Apprise said of each message. Only the vendor's host is changed, below Apprise; nothing of ours
is imported, so that the environment needs Apprise and nothing else.
"""

import json
import logging
import sys
from urllib.parse import urlsplit, urlunsplit

import apprise  # type: ignore[import-not-found, unused-ignore]
import requests

_send = requests.adapters.HTTPAdapter.send


def send_to(origin: str) -> None:
    """Send every request to the gateway, whatever host it names."""
    target = urlsplit(origin)

    def redirected(
        self: requests.adapters.HTTPAdapter,
        request: requests.PreparedRequest,
        *args: object,
        **more: object,
    ) -> requests.Response:
        asked = urlsplit(str(request.url))
        request.url = urlunsplit((target.scheme, target.netloc, asked.path, asked.query, ""))
        return _send(self, request, *args, **more)  # type: ignore[arg-type]

    requests.adapters.HTTPAdapter.send = redirected  # type: ignore[method-assign]
    requests.Session.get_adapter = lambda self, url: requests.adapters.HTTPAdapter()  # type: ignore[method-assign]  # noqa: ARG005


def main() -> None:
    """Answer every order."""
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        order = json.loads(line)
        send_to(order["origin"])
        sender = apprise.Apprise()
        is_known = sender.add(order["url"])
        said = [bool(is_known and sender.notify(body=body)) for body in order["bodies"]]
        print(json.dumps({"known": bool(is_known), "said": said}), flush=True)


if __name__ == "__main__":
    main()

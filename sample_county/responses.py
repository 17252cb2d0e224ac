"""From an answer of the county to an answer of the web framework."""

from litestar.response.base import ASGIResponse

from sample_county.served import Served


def respond(served: Served) -> ASGIResponse:
    """Return the framework's response, with exactly the type and charset that was declared."""
    headers = [*served.headers.items(), ("content-type", served.content_type)]
    headers += [("set-cookie", cookie) for cookie in served.cookies]
    return ASGIResponse(body=served.body, status_code=served.status, headers=headers)

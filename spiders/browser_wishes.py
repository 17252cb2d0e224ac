"""What the scripts of a page may ask for while it is shown in the browser. Pure."""

from dataclasses import dataclass, field

from monitor.domain import Source
from monitor.errors import SourceError
from spiders.fetch import site_of
from spiders.signing_in import refuse_sign_in, refuse_sign_in_form

_MOST_FORM = 20_000
_SCRIPTS = frozenset({"script"})
_DATA = frozenset({"xhr", "fetch"})
_PAGES = frozenset({"document"})


@dataclass(slots=True)
class Wishes:
    """What one page asked for while it was loaded."""

    count: int = 0
    bytes: int = 0
    refused: list[str] = field(default_factory=list)
    too_large: bool = False
    last_error: SourceError | None = None


def why_refused(source: Source, kind: str, method: str, url: str, body: str = "") -> str:
    """Say why something that a page asks for is not asked of anybody; empty: it is.

    A page's own site may give scripts and data; other sites only scripts. Nothing is posted but
    what asks for data, to the site itself. Pictures, styles and the rest say nothing to a reader.

    Args:
        source: Whose page it is.
        kind: What the browser wants it for: `script`, `xhr`, `fetch`, `document`, `image` …
        method: GET, POST …
        url: The address.
        body: What would be posted.
    """
    if kind not in _SCRIPTS | _DATA | _PAGES:
        return f"{kind} is not needed"
    if _signs_in(url, body):
        return "leads to a sign-in"
    own = _is_own(source, url)
    if kind not in _SCRIPTS and not own:
        return "another site's"
    if method == "GET":
        return ""
    if method != "POST" or kind not in _DATA or len(body) > _MOST_FORM:
        return f"{method} changes something"
    return ""


def _signs_in(url: str, body: str) -> bool:
    try:
        refuse_sign_in(url)
        refuse_sign_in_form(body)
    except ValueError:
        return True
    return False


def _is_own(source: Source, url: str) -> bool:
    own, other = site_of(source.url), site_of(url)
    return own == other or other.endswith(f".{own}")

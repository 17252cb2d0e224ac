"""The two languages of the desk: Chinese, in which the pages are written, and English.

The catalogues are read from their `.po` files at start, so that a bureau can change a word with a
text editor and there is no compiled file that could be older than its source.
"""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from litestar import Request

LOCALE_FOLDER = Path(__file__).parent.parent / "locale"
DOMAIN = "desk"
DEFAULT_LANGUAGE = "zh"
FOLDERS: Mapping[str, str] = {"zh": "zh_CN", "en": "en"}
"""Each language's name in addresses and cookies, and its catalogue's folder."""

LANGUAGE_COOKIE = "qingxin_language"


class Language:
    """One language: its name (`zh` or `en`) and its catalogue."""

    def __init__(self, name: str, catalogue: Translations) -> None:
        """Keep the catalogue under the language's name."""
        self.name = name
        self.catalogue = catalogue

    @property
    def tag(self) -> str:
        """The tag for the page's `lang` attribute."""
        return "zh-CN" if self.name == "zh" else self.name

    def gettext(self, message: str) -> str:
        """Translate; what the catalogue does not have stays Chinese."""
        return str(self.catalogue.ugettext(message))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Translate what depends on a number."""
        return str(self.catalogue.ungettext(singular, plural, number))


@cache
def load_language(name: str) -> Language:
    """Read one catalogue from its `.po` file."""
    path = LOCALE_FOLDER / FOLDERS[name] / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as po_file:
        catalogue = read_po(po_file, locale=FOLDERS[name])
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(name, Translations(compiled, domain=DOMAIN))


def load_languages() -> dict[str, Language]:
    """Read every catalogue."""
    return {name: load_language(name) for name in FOLDERS}


def asked_language(request: Request[Any, Any, Any]) -> str | None:
    """The language that the address asks for (`?lang=en`), None when it asks for none of ours."""
    asked = request.query_params.get("lang")
    return asked if asked in FOLDERS else None


def choose_language(request: Request[Any, Any, Any]) -> str:
    """The address decides, then the cookie of an earlier choice, then Chinese."""
    remembered = request.cookies.get(LANGUAGE_COOKIE, DEFAULT_LANGUAGE)
    return asked_language(request) or (remembered if remembered in FOLDERS else DEFAULT_LANGUAGE)

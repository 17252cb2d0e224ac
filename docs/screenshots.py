"""Takes the pictures of the pages: `make screenshots`, in a county of its own.

    python -m docs.screenshots            the pages that docs/ shows, small, into docs/images
    python -m docs.screenshots FOLDER     every page, as it is, into a folder, to be looked at

Needs Debian's chromium and a Chinese font (fonts-noto-cjk).
"""

import re
import sys
import tempfile
from pathlib import Path

from PIL import Image

from docs.county_life import ADMINISTRATOR, CountyLife
from monitor.bootstrap.sign_in import make_sign_in
from monitor.domain import OPEN_STATES
from monitor.storage.case_lists import CaseQuery
from sample_county.nouns import Site
from tests.browser.screens import take_screens
from tests.installation import Installation, clock, open_installation, wait_for

IMAGES = Path(__file__).parent / "images"
SHOWN = frozenset(
    ("sign-in", "link", "waiting", "ledger", "case", "case-pay", "party", "parties", "towns")
) | frozenset(("search", "review", "audit", "reply", "sources", "duty", "alerts"))
"""The pictures that the documents show; the others are for whoever works on the pages."""

_ENOUGH = 16
"""Open cases from which the pages show what they show in an office."""

_LONGEST = {"wide": 1800, "phone": 1900}
"""How much of a long page is kept, in the pixels of the page."""

_COLOURS = 96
PATHS = {
    "parties": "/parties",
    "towns": "/towns",
    "search": "/search?q=工资",
    "search-none": "/search?q=火星移民",
    "review": "/review",
    "audit": "/audit",
    "alerts": "/alerts?state=all",
    "model": "/model",
    "account": "/account",
    "roster": "/duty/roster",
    "swaps": "/duty/swaps",
    "handovers": "/duty/handovers",
    "continuity": "/duty/continuity",
    "channels": "/channels",
    "reports": "/reports",
    "refused-404": "/cases/99999",
    "refused-400": "/cases?state=nonsense",
    "waiting-english": "/?lang=en",
    "ledger-english": "/cases?lang=en",
    "back-to-chinese": "/?lang=zh",
}


def main() -> None:
    """Let a county live for a minute, let its people work, then photograph on both sizes."""
    wanted = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with (
        tempfile.TemporaryDirectory() as folder,
        open_installation(Path(folder), backlog=True, desk__second_factor="false") as office,
    ):
        office.start()
        for site in (Site.FORUM, Site.MAILBOX):
            office.county.world.post_claim(site, clock())

        def is_told() -> bool:
            with office.storage.look() as rows:
                cases = rows.case_lists.count(CaseQuery(states=tuple(OPEN_STATES)))
                is_read = not rows.documents.has_waiting() and cases >= _ENOUGH
            return is_read and bool(office.mailbox.messages)

        wait_for(is_told, seconds=240, why="the county is read")
        target = wanted or Path(folder) / "pictures"
        taken = photograph(office, target)
        if wanted is None:
            taken = [shrink(each, IMAGES) for each in taken if name_of(each) in SHOWN]
    for path in taken:
        print(path.name)


def photograph(office: Installation, folder: Path) -> list[Path]:
    """Take every page: as the leader, and the users' page as an administrator."""
    found = re.search(r"/a/([\w-]+)", office.mailbox.texts()[-1])
    states = CountyLife(office.app, clock()).live()
    paths = {name: f"/cases/{number}" for name, number in states.items()}
    paths["reply"] = f"{paths['case-accept']}/reply"
    with office.storage.look() as rows:
        first = min(rows.parties.get_many(range(1, 12)))
    base_url = office.app.settings.desk.base_url
    taken = take_screens(
        base_url,
        make_code(office, "han"),
        folder,
        link_code=found[1] if found else None,
        more=paths
        | {"party": f"/parties/{first}", "party-same": f"/parties/{first}/same?q=公司"}
        | PATHS,
    )
    return taken + take_screens(
        base_url, make_code(office, ADMINISTRATOR), folder, only={"users": "/users"}
    )


def make_code(office: Installation, username: str) -> str:
    """A one-time sign-in for somebody."""
    link = make_sign_in(office.app, clock(), username)
    assert link
    return link.rsplit("/", 1)[-1]


def name_of(path: Path) -> str:
    """The page of a picture."""
    return path.stem.rpartition("-")[0]


def shrink(path: Path, folder: Path) -> Path:
    """Save a picture with fewer colours and no longer than it need be."""
    size = path.stem.rpartition("-")[2]
    with Image.open(path) as picture:
        scale = 2 if size == "phone" else 1
        cut = picture.convert("RGB").crop(
            (0, 0, picture.width, min(picture.height, scale * _LONGEST[size]))
        )
    if size == "phone":
        cut = cut.resize((cut.width * 3 // 4, cut.height * 3 // 4), Image.Resampling.LANCZOS)
    few = cut.quantize(_COLOURS, dither=Image.Dither.NONE)
    few.save(folder / path.name, optimize=True)
    return folder / path.name


if __name__ == "__main__":
    main()

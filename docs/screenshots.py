"""Takes the pictures of the README: `make screenshots`, in a county of its own.

Needs Debian's chromium and a Chinese font (fonts-noto-cjk).
"""

import re
import tempfile
from pathlib import Path

from sample_county.nouns import Site
from tests.browser.screens import take_screens
from tests.installation import clock, open_installation, wait_for

IMAGES = Path(__file__).parent / "images"
_ENOUGH = 12


def main() -> None:
    """Let a county live for a minute, then photograph every page on both sizes."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_installation(Path(folder), backlog=True) as office,
    ):
        office.start()
        for site in (Site.FORUM, Site.MAILBOX):
            office.county.world.post_claim(site, clock())

        def is_told() -> bool:
            with office.storage.look() as rows:
                return not rows.documents.has_waiting() and len(office.mailbox.messages) >= _ENOUGH

        wait_for(is_told, seconds=240, why="the county is read")
        link = office.app.make_sign_in(clock())
        assert link
        found = re.search(r"/a/([\w-]+)", office.mailbox.texts()[-1])
        taken = take_screens(
            office.app.settings.desk.base_url,
            link.rsplit("/", 1)[-1],
            IMAGES,
            link_code=found[1] if found else None,
        )
    for path in taken:
        print(path.relative_to(IMAGES.parent.parent))


if __name__ == "__main__":
    main()

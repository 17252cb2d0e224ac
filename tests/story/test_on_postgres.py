"""The whole office on a PostgreSQL server: real processes, from a post to the officer's mail."""

import re
from pathlib import Path

import pytest

from sample_county.nouns import Site
from tests.installation import clock, open_installation, wait_for

pytestmark = [
    pytest.mark.story,
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.timeout(300),
]


def test_a_post_reaches_the_officer_through_postgresql(
    tmp_path: Path, postgres_address: str
) -> None:
    with open_installation(tmp_path, database=postgres_address) as office:
        assert office.storage.dialect == "postgresql"
        office.start()
        posted = [
            office.county.world.post_claim(site, clock())
            for site in (Site.FORUM, Site.OLDBBS, Site.MAILBOX)
        ]

        def count_told() -> int:
            # Several cases may stand in one mail.
            return len(set(re.findall(r"QX\d{4}-\d{6}", "\n".join(office.mailbox.texts()))))

        wait_for(
            lambda: count_told() >= len(posted),
            seconds=120,
            why="every claim is told to the officer",
        )
        assert not list((tmp_path / "data").glob("*.db")), "nothing fell back to SQLite"
        assert office.stop() == 0

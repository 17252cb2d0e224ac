"""SIGKILL at any moment, fifty times, while posts keep coming: nothing is lost."""

import random
import re
import time
from pathlib import Path

import pytest

from models.reader import ReadingInput
from monitor.bootstrap.reading import load_reader
from monitor.domain import CASE_KINDS, DeliveryState
from sample_county.nouns import PostedItem, Site
from tests.installation import ROLES, Installation, clock, open_installation, wait_for

pytestmark = [pytest.mark.crash, pytest.mark.slow, pytest.mark.timeout(1500)]

KILLS = 50
SURNAMES = "鸿泰瑞丰盛恒隆嘉德润达兴福宏景祥顺锦"
TRADES = ("建筑劳务", "制衣", "餐饮", "家具", "保洁", "物流")


def make_claim(number: int) -> tuple[str, str]:
    """Our own words about an employer that no other message names."""
    first, second = SURNAMES[number % 18], SURNAMES[(number // 18 + 5 + number) % 18]
    name = f"清河{first}{second}{TRADES[number % 6]}有限公司"
    workers, months = 3 + number % 40, 2 + number % 7
    text = (
        f"我们{workers}个人在{name}上班，公司拖欠我们{months}个月工资，"
        f"一共{workers * months * 4000}元，找了很多次都不给，请劳动监察帮我们要回工资。"
    )
    return f"{name}拖欠工资", text


def test_fifty_kills_lose_no_claim(tmp_path: Path) -> None:
    chance = random.Random(20261123)
    with open_installation(tmp_path) as office:
        reader = load_reader(office.app).reader
        office.start()
        wait_for(
            lambda: office.find_role("desk") and office.find_role("collect"),
            seconds=60,
            why="the roles start",
        )
        posted: list[PostedItem] = []
        killed: dict[str, int] = {}
        while sum(killed.values()) < KILLS:
            title, text = make_claim(len(posted))
            (reading,) = reader.assess_many([ReadingInput(title, text)])
            assert reading.kind in CASE_KINDS, f"the reader must know this one: {text}"
            site = (Site.FORUM, Site.OLDBBS, Site.MAILBOX)[len(posted) % 3]
            posted.append(office.county.world.post_claim(site, clock(), title=title, text=text))
            time.sleep(chance.uniform(0.05, 5.0))
            victim = chance.choice((*ROLES, "work", "collect", "parent"))
            if office.kill(victim):
                killed[victim] = killed.get(victim, 0) + 1
        settle(office, len(posted))
        check(office, posted)
        assert office.stop() == 0
        print(f"killed {killed}; {len(posted)} claims posted, none lost")


def numbers_told(office: Installation) -> set[str]:
    return set(re.findall(r"QX\d{4}-\d{6}", "\n".join(office.mailbox.texts())))


def cases_by_title(office: Installation) -> dict[str, set[int]]:
    """For each title of a post, the cases that its documents are in."""
    from sqlalchemy import text

    with office.storage.engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT d.title, c.case_id FROM documents d"
                " LEFT JOIN case_documents c ON c.document_id = d.id"
            )
        ).all()
    found: dict[str, set[int]] = {}
    for title, case_id in rows:
        found.setdefault(title, set()).add(case_id)
    return found


def settle(office: Installation, claims: int) -> None:
    def is_settled() -> bool:
        # In the order of the work: what is stored meanwhile must not be taken for decided.
        if len(cases_by_title(office)) < claims:
            return False
        with office.storage.look() as rows:
            if rows.documents.has_waiting():
                return False
            return rows.alerts.count_deliveries_by_state().get(DeliveryState.DUE, 0) == 0

    wait_for(is_settled, seconds=240, why="everything posted is read, decided and sent")


def check(office: Installation, posted: list[PostedItem]) -> None:
    found = cases_by_title(office)
    missing = [each.title for each in posted if each.title not in found]
    assert missing == [], "posts that were never stored"
    undecided = {title for title, cases in found.items() if None in cases or len(cases) != 1}
    assert undecided == set(), describe(office, undecided)
    with office.storage.look() as rows:
        for cases in found.values():
            (case_id,) = cases
            assert rows.alerts.list_of_case(case_id), f"case {case_id} has no alert"
            assert rows.cases.get(case_id).number in numbers_told(office), "nobody was told"


def describe(office: Installation, titles: set[str]) -> str:
    """The documents of these titles: what each was read as, and its case."""
    from sqlalchemy import bindparam, text

    query = text(
        "SELECT d.id, d.source, d.key, d.revision, d.role, d.stage, d.text,"
        " a.kind, a.score, c.case_id"
        " FROM documents d LEFT JOIN assessments a ON a.document_id = d.id"
        " LEFT JOIN case_documents c ON c.document_id = d.id"
        " WHERE d.title IN :titles ORDER BY d.title, d.id"
    ).bindparams(bindparam("titles", expanding=True))
    with office.storage.engine.connect() as connection:
        rows = connection.execute(query, {"titles": sorted(titles)}).all()
    return "claims without exactly one case:\n" + "\n".join(str(row) for row in rows)

"""包保: whoever the registry of parties names gets a copy; the settings come after."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.ladder import COPY
from models.party import normalise_party
from monitor.casework import PartyCard, PartyKind
from monitor.domain import Case, Contact, Person, Role
from monitor.pipeline import responsible_by_name
from monitor.responsible import find_people, responsible_by_register
from monitor.storage.session import Storage
from tests.county import START, County

PEOPLE = [
    Person("sun", "孙敏", Role.CASE_OFFICER, (Contact("phone", "sun"),)),
    Person("sun2", "孙敏", Role.CASE_OFFICER, (Contact("phone", "sun2"),)),
    Person("wu", "吴强", Role.CASE_OFFICER, (Contact("phone", "wu"),)),
    Person("gone", "钱进", Role.CASE_OFFICER, (Contact("phone", "gone"),), disabled=True),
]


@pytest.fixture
def county(storage: Storage) -> County:
    opened = County(storage)
    object.__setattr__(
        opened.duty,
        "responsible",
        responsible_by_register(normalise_party, responsible_by_name({"青禾": ["zheng"]})),
    )
    with storage.work() as rows:
        for person in PEOPLE:
            rows.users.add(person, None, START)
    return opened


def register(county: County, kind: PartyKind, name: str, inspector: str) -> int:
    with county.storage.work() as rows:
        number = rows.parties.find_or_add(kind, name, normalise_party(name), START)
        rows.parties.save_card(number, PartyCard(inspector=inspector))
    return number


def copies(county: County, employer: str) -> list[str | None]:
    county.post(f"{employer}欠我三个月，没发工资", key=employer)
    county.digest()
    with county.storage.look() as rows:
        newest = max(rows.cases.get_many(range(1, 9)), key=lambda each: each.case_id)
        alerts = rows.alerts.list_of_case(newest.case_id)
    return [each.new.person for each in alerts if each.new.step == COPY]


def test_the_inspector_of_the_register_is_copied_beside_the_first_message(county: County) -> None:
    register(county, PartyKind.EMPLOYER, "青禾公司", "吴强")
    assert copies(county, "青禾公司") == ["wu"]
    county.send()
    county.expect_message_to("zhou")
    assert any("包保" in line for line in county.expect_message_to("wu").lines)


def test_the_settings_hold_where_the_register_names_nobody_with_an_account(
    county: County,
) -> None:
    assert copies(county, "青禾公司") == ["zheng"]
    register(county, PartyKind.EMPLOYER, "青禾公司第二分公司", "钱进")  # disabled
    assert copies(county, "青禾公司第二分公司") == ["zheng"]
    register(county, PartyKind.EMPLOYER, "远山公司", "李四不在册")
    assert copies(county, "远山公司") == []


def test_two_people_of_one_name_are_both_told(county: County) -> None:
    register(county, PartyKind.EMPLOYER, "宏图公司", "孙敏、wu")
    assert copies(county, "宏图公司") == ["sun", "sun2", "wu"]


def test_the_projects_inspector_goes_before_the_employers(county: County) -> None:
    register(county, PartyKind.EMPLOYER, "宏图公司", "wu")
    project = register(county, PartyKind.PROJECT, "青禾湾二期", "sun")
    other = register(county, PartyKind.PROJECT, "青禾湾项目", "sun2")
    case = _case(county, employer="宏图公司", project="青禾湾二期")
    with county.storage.work() as rows:
        assert [*county.duty.responsible(rows, case)] == ["sun"]
        rows.parties.merge(project, other)
        assert [*county.duty.responsible(rows, case)] == ["sun2"], "merged: the one that stands"


def _case(county: County, *, employer: str, project: str) -> Case:
    county.post("某公司欠我，没发工资", key="x")
    county.digest()
    with county.storage.look() as rows:
        return replace(rows.cases.get(1), employer=employer, project=project)


@given(st.text(max_size=40))
def test_whatever_is_written_means_people_who_have_an_account_or_nobody(written: str) -> None:
    enabled = {each.username for each in PEOPLE if not each.disabled}
    assert set(find_people(written, PEOPLE)) <= enabled

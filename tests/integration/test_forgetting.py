"""Texts go after their time and on request, counts stay, holds hold, and the disk forgets too."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, inspect, update

from monitor.domain import (
    CaseState,
    DocumentKind,
    Forgotten,
    ListedItem,
    Person,
    Removal,
    Role,
)
from monitor.errors import InputError, LeaseLostError, NotAllowedError
from monitor.purging import (
    Purged,
    count_due,
    lift_holds,
    place_hold,
    purge,
    remove,
    remove_document,
)
from monitor.retention import KEEPING, RetentionPolicy
from monitor.storage.scrubbing import scrub
from monitor.storage.session import Storage
from monitor.storage.tables import CaseRow, LeaseRow
from spiders.decisions import is_changed
from tests.county import START, County
from tests.factories import make_document

POLICY = RetentionPolicy(
    closed_texts=timedelta(days=180),
    not_a_claim_texts=timedelta(days=30),
    no_claim_texts=timedelta(days=30),
    sent_messages=timedelta(days=90),
    closed_issues=timedelta(days=90),
    longest_hold=timedelta(days=365),
)
WORDS = "恒通建材没发工资，欠我们十五个人三个月，做木工的绿皮箱子还在工地"
LEADER = Person("han", "韩", Role.LEADER)
ANALYST = Person("liu", "刘", Role.ANALYST)


@pytest.fixture
def county(storage: Storage) -> County:
    """A county with one claim in a case, one text that is no claim, and a message that was sent."""
    county = County(storage)
    county.post(WORDS, key="t1")
    county.post("求推荐好吃的面馆", key="t2")
    county.forward(1)
    return county


def set_state(storage: Storage, state: CaseState, at: datetime) -> None:
    with storage.engine.begin() as connection:
        connection.execute(update(CaseRow).values(state=state.value, changed_at=at))


def run(county: County, days: float, **changes: Any) -> Purged:
    return purge(
        county.storage, POLICY, START + timedelta(days=days), **({"holder": "test"} | changes)
    )


def words_of(storage: Storage) -> str:
    """Everything that every table holds."""
    from monitor.storage.tables import Row

    with storage.engine.connect() as connection:
        rows = [
            repr(connection.execute(table.select()).fetchall())
            for table in Row.metadata.sorted_tables
        ]
    return "\n".join(rows)


def test_nothing_goes_before_its_time(county: County) -> None:
    set_state(county.storage, CaseState.CLOSED, START)
    assert run(county, 29).total == 0
    assert "绿皮箱子" in words_of(county.storage)


def test_what_is_no_claim_goes_first_and_an_open_case_keeps_its_texts(county: County) -> None:
    assert run(county, 31).counts == {Forgotten.NO_CLAIM: 1}
    assert run(county, 3000).counts.keys() <= {Forgotten.MESSAGE}
    kept = words_of(county.storage)
    assert "面馆" not in kept
    assert "绿皮箱子" in kept


def test_the_texts_of_a_closed_case_go_and_its_facts_and_counts_stay(county: County) -> None:
    set_state(county.storage, CaseState.CLOSED, START)
    with county.storage.look() as rows:
        kinds = rows.documents.count_by_kind()
        documents = rows.reporting.count_all_documents()
    purged = run(county, 181)
    assert purged.counts[Forgotten.CLOSED] == 1
    assert purged.scrubbed
    kept = words_of(county.storage)
    assert "绿皮箱子" not in kept
    assert "恒通建材" in kept, "the employer is the subject of the record"
    with county.storage.look() as rows:
        assert rows.documents.count_by_kind() == kinds
        assert rows.reporting.count_all_documents() == documents
        assert rows.retention.count_forgotten()[Forgotten.CLOSED] == 1
        assert rows.cases.list_documents(1) == []
        assert rows.likely.find_open_by_bands([1, 2, 3]) == []


def test_a_case_that_was_no_claim_loses_its_texts_sooner(county: County) -> None:
    set_state(county.storage, CaseState.NOT_A_CLAIM, START)
    assert run(county, 31).counts[Forgotten.NOT_A_CLAIM] == 1


def test_a_second_run_does_nothing(county: County) -> None:
    set_state(county.storage, CaseState.CLOSED, START)
    assert run(county, 200).total > 0
    assert run(county, 200) == Purged({}, scrubbed=True)


def test_a_dry_run_counts_the_same_and_changes_nothing(county: County) -> None:
    set_state(county.storage, CaseState.CLOSED, START)
    before = words_of(county.storage)
    due = count_due(county.storage.look, POLICY, START + timedelta(days=200))
    assert words_of(county.storage) == before
    done = run(county, 200).counts
    assert {rule: count for rule, count in due.items() if count} == done


def test_many_texts_go_in_batches_and_each_is_told(county: County) -> None:
    item = ListedItem("w", "http://127.0.0.1/w", "天气")
    wanted = [make_document(key=f"w/p{n}", item_key="w", text=f"天气不错 {n}") for n in range(520)]
    county.sink.store_item("forum", item, wanted, county.now)
    while county.digest():
        pass
    told: list[tuple[Forgotten, int, int]] = []
    run(county, 31, on_progress=lambda *each: told.append(each))
    assert [done for _, done, _ in told] == [500, 521]
    assert all(of == 521 for _, _, of in told)


def test_another_process_that_is_at_it_is_left_alone(county: County) -> None:
    with county.storage.work() as rows:
        now = START + timedelta(days=31)
        assert rows.operations.take_lease("purge", "other", now, timedelta(minutes=5))
    with pytest.raises(LeaseLostError):
        run(county, 31)
    with county.storage.engine.begin() as connection:
        connection.execute(delete(LeaseRow))
    assert run(county, 31).total == 1


def test_sent_messages_lose_words_and_addresses_and_the_alert_stays(county: County) -> None:
    case_id = 1
    with county.storage.look() as rows:
        alerts = rows.alerts.list_of_case(case_id)
        assert rows.alerts.list_deliveries([alerts[0].alert_id])
    assert run(county, 91).counts.get(Forgotten.MESSAGE) is None, "nobody has acknowledged it"
    county.desk.acknowledge_case(case_id, county.officer("zhou"), county.now)
    assert run(county, 91).counts[Forgotten.MESSAGE] >= 1
    with county.storage.look() as rows:
        assert [each.alert_id for each in rows.alerts.list_of_case(case_id)] == [
            each.alert_id for each in alerts
        ]
        assert rows.alerts.list_deliveries([each.alert_id for each in alerts]) == []


# ---------------------------------------------------------------- holds


def test_a_hold_keeps_the_texts_until_its_end(county: County) -> None:
    set_state(county.storage, CaseState.CLOSED, START)
    until = START + timedelta(days=300)
    hold(county, until=until)
    assert Forgotten.CLOSED not in run(county, 299).counts
    assert run(county, 301).counts[Forgotten.CLOSED] == 1


def test_a_hold_that_is_lifted_holds_no_longer(county: County) -> None:
    set_state(county.storage, CaseState.CLOSED, START)
    hold(county, until=START + timedelta(days=300))
    assert lift_holds(county.storage, 1, LEADER, START + timedelta(days=200)) == 1
    assert run(county, 201).counts[Forgotten.CLOSED] == 1
    actions = [each.action for each in events(county)]
    assert actions[-2:] == ["held", "hold_lifted"]


@pytest.mark.parametrize(
    ("reason", "days", "says"),
    [(" ", 30, "理由"), ("仲裁", -1, "过去"), ("仲裁", 366, "最长 365 天")],
)
def test_a_hold_without_reason_or_with_no_end_is_refused(
    county: County, reason: str, days: int, says: str
) -> None:
    with pytest.raises(InputError, match=says):
        hold(county, reason=reason, until=START + timedelta(days=days))


def test_personal_data_in_a_reason_is_masked(county: County) -> None:
    placed = hold(county, reason="仲裁，联系人：李秀英 13800138000")
    assert placed.reason == "仲裁，联系人：〔姓名〕 〔电话〕"


def test_who_only_reads_may_neither_hold_nor_remove(county: County) -> None:
    with pytest.raises(NotAllowedError, match="承办人"):
        hold(county, person=ANALYST)
    with pytest.raises(NotAllowedError):
        remove_document(county.storage, 1, ANALYST, START)


def hold(county: County, **changes: Any) -> Any:
    fields: dict[str, Any] = {
        "reason": "仲裁开庭还要用",
        "until": START + timedelta(days=60),
        "person": LEADER,
    } | changes
    return place_hold(
        county.storage,
        1,
        fields["person"],
        START,
        reason=fields["reason"],
        until=fields["until"],
        policy=POLICY,
    )


def events(county: County) -> Any:
    with county.storage.look() as rows:
        return rows.cases.list_events(1)


# ---------------------------------------------------------------- on request


def test_a_removed_text_is_gone_at_once_and_never_read_again(county: County) -> None:
    county.reply("也没发工资", key="t1")
    assert remove_document(county.storage, 1, LEADER, county.now) == 1
    kept = words_of(county.storage)
    assert "绿皮箱子" not in kept
    assert "也没发工资" in kept, "only what was asked for"
    assert county.post(WORDS + "，又改了一遍", key="t1") == 0
    county.forward(1)
    assert "绿皮箱子" not in words_of(county.storage)
    told = [each for each in events(county) if each.action == "removed"]
    assert [each.note for each in told] == [""], "who asked is written nowhere"


def test_a_removed_thread_is_not_even_fetched_again(county: County) -> None:
    removal = Removal("forum", "t1", whole_item=True, removed_at=county.now, removed_by="han")
    assert remove(county.storage, removal) == 1
    known = county.sink.find_known_items("forum", ["t1", "t2", "t9"])
    item = ListedItem("t1", "http://127.0.0.1/t1", "求助", change_key="quite new")
    assert not is_changed(item, known)
    assert county.sink.list_due_visits("forum", county.now + timedelta(days=30), 10) == []
    assert county.reply("也没发工资", key="t1") == 0


def test_a_text_may_be_removed_before_it_was_ever_read(county: County) -> None:
    removal = Removal("forum", "t9", whole_item=True, removed_at=county.now, removed_by="han")
    assert remove(county.storage, removal) == 0
    assert county.post("没发工资，红色的伞", key="t9") == 0
    assert county.sink.find_known_items("forum", ["t9"])["t9"].is_removed


def test_a_hold_stands_against_a_removal(county: County) -> None:
    hold(county)
    with pytest.raises(InputError, match="正在保留中"):
        remove_document(county.storage, 1, LEADER, START)


def test_a_forgotten_text_does_not_come_back_when_its_page_is_read_again(county: County) -> None:
    set_state(county.storage, CaseState.CLOSED, START)
    run(county, 200)
    assert county.post(WORDS, key="t1") == 0
    assert county.post(WORDS + "。", key="t1") == 0
    assert county.reply("新来的，没发工资", key="t1", post="p7") == 1
    county.forward(1)
    with county.storage.look() as rows:
        assert rows.documents.count_by_kind()[DocumentKind.CLAIM] == 2


def test_every_table_says_what_it_holds_and_so_how_long_it_is_kept(storage: Storage) -> None:
    found = set(inspect(storage.engine).get_table_names())
    assert found <= set(KEEPING), "say in monitor/retention.py what the new table holds"


# ---------------------------------------------------------------- the disk


def test_the_file_and_its_log_hold_nothing_of_what_was_forgotten(tmp_path: Path) -> None:
    storage = Storage(f"sqlite:///{tmp_path}/qingxin.db")
    storage.migrate()
    county = County(storage)
    for number in range(12):
        county.post(f"{WORDS}，紫色的梯子{number}" + "，很长的一段话" * 200, key=f"t{number}")
    county.forward(1)
    set_state(storage, CaseState.CLOSED, START)
    assert "紫色的梯子".encode() in raw(tmp_path)
    assert run(county, 400).scrubbed
    assert "紫色的梯子".encode() not in raw(tmp_path), "while the database is still open"
    storage.close()
    assert "紫色的梯子".encode() not in raw(tmp_path)


def test_the_search_index_holds_no_pair_of_characters_of_what_was_forgotten(
    tmp_path: Path,
) -> None:
    """A pair is looked for without its first bytes, which the index shares with its neighbour's."""
    pair = "㐀㐁".encode()[1:]
    storage = Storage(f"sqlite:///{tmp_path}/qingxin.db")
    storage.migrate()
    county = County(storage)
    for number in range(40):
        county.post(f"{WORDS}{number}", key=f"t{number}")
        county.forward(1)
    county.post(WORDS + "㐀㐁", key="rare")
    county.forward(1)
    assert scrub(storage)
    assert pair in raw(tmp_path), "it is found where it must be"
    with storage.look() as rows:
        assert len(rows.search.find("㐀㐁")) == 1
    remove(storage, Removal("forum", "rare", whole_item=True, removed_at=START, removed_by="han"))
    assert pair not in raw(tmp_path)
    with storage.look() as rows:
        assert rows.search.find("㐀㐁") == []
        assert len(rows.search.find(WORDS[:4])) == 40
    storage.close()


def test_a_reader_who_holds_the_log_is_said_and_the_next_run_ends_it(tmp_path: Path) -> None:
    storage = Storage(f"sqlite:///{tmp_path}/qingxin.db")
    storage.migrate()
    county = County(storage)
    county.post(WORDS, key="t1")
    county.forward(1)
    set_state(storage, CaseState.CLOSED, START)
    with storage.look() as rows:
        rows.cases.get(1)
        assert not run(county, 200).scrubbed
    remove(storage, Removal("forum", "t1", whole_item=True, removed_at=START, removed_by="han"))
    assert run(county, 201).scrubbed
    storage.close()
    assert "绿皮箱子".encode() not in raw(tmp_path)


def raw(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("qingxin.db*")))

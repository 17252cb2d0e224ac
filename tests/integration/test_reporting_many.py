"""Many reports in one command: counted here, written by processes of their own."""

import io
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from monitor.errors import InputError
from monitor.reporting.archive import keep_report
from monitor.reporting.making import Office as Settings
from monitor.reporting.making import ReportMaker
from monitor.reporting.many import keep_many
from monitor.reporting.press import Press
from monitor.reports.periods import list_weeks, period_of_week
from monitor.storage.session import Storage
from tests.integration.test_reporting import AFTER, MONDAY, TITLES, WEEK, Office

PRESS = Press("http://desk")


@pytest.fixture
def office(storage: Storage) -> Office:
    opened = Office(storage)
    opened.now = MONDAY - timedelta(days=14)
    opened.watch()
    opened.publish("甲厂欠我们没发工资", key="t1")
    opened.now = MONDAY
    opened.publish("乙厂欠我们没发工资", key="t2")
    return opened


def test_weeks_are_given_in_their_order_and_say_what_one_alone_says(office: Office) -> None:
    storage, weeks = office.storage, list_weeks(period_of_week(WEEK.before), period_of_week(WEEK))
    with storage.look() as rows:
        maker = ReportMaker(rows, Settings(titles=TITLES), AFTER)
        kept = [*keep_many(storage.work, storage.look, maker, weeks, PRESS, writers=1)]
        again = [*keep_many(storage.work, storage.look, maker, weeks, PRESS, writers=1)]

    assert [period.name for period, _ in kept] == [each.name for each in weeks]
    assert [each.is_new for _, each in kept] == [True, True]
    assert [each.is_new for _, each in again] == [False, False]
    alone = keep_report(storage.work, storage.look, office.report(), PRESS.write)
    assert not alone.is_new
    assert alone.files == kept[-1][1].files


@pytest.mark.slow
def test_a_template_that_is_broken_stops_the_many_in_one_line(
    office: Office, tmp_path: Path
) -> None:
    broken = tmp_path / "own.docx"
    broken.write_text("no Word at all")
    storage = office.storage
    with storage.look() as rows:
        maker = ReportMaker(rows, Settings(titles=TITLES), AFTER)
        press, weeks = Press("http://desk", broken), [period_of_week(WEEK)]
        made = keep_many(storage.work, storage.look, maker, weeks, press, writers=1)
        with pytest.raises(InputError, match="不是 Word 的 docx 文档"):
            next(made)
    with storage.look() as rows:
        assert rows.editions.count() == 0


def unpack(packed: bytes) -> dict[str, bytes]:
    """The parts of a docx or an xlsx; when it was packed stands beside them."""
    with ZipFile(io.BytesIO(packed)) as archive:
        names = [each for each in archive.namelist() if each != "docProps/core.xml"]
        return {each: archive.read(each) for each in names}


@pytest.mark.parametrize("cores", [1, 2])
def test_a_second_process_writes_the_same_files_as_one_alone(
    office: Office, cores: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = office.report()
    monkeypatch.setattr("os.sched_getaffinity", lambda _process: set(range(cores)))
    with PRESS.opened() as write:
        files = write(report)
    alone = PRESS.write(report)
    assert (files.page, files.public_page) == (alone.page, alone.public_page)
    assert unpack(files.paper) == unpack(alone.paper)
    assert unpack(files.tables) == unpack(alone.tables)


def test_a_template_that_is_broken_is_told_by_the_second_process_too(
    office: Office, tmp_path: Path
) -> None:
    broken = tmp_path / "own.docx"
    broken.write_text("no Word at all")
    with (
        Press("http://desk", broken).opened() as write,
        pytest.raises(InputError, match="不是 Word 的 docx 文档"),
    ):
        write(office.report())

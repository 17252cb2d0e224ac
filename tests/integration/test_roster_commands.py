"""`qingxin roster` and `qingxin continuity` as somebody types them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from openpyxl import Workbook
from typer.testing import CliRunner, Result

from monitor.bootstrap.app import build, read_clock
from monitor.bootstrap.auditing import make_auditor
from monitor.casework import PartyCard, PartyKind
from monitor.cli import app
from monitor.domain import SHANGHAI
from tests.conftest import ROOT, write_settings

NOW = datetime.now(UTC).astimezone(SHANGHAI)
DAY = timedelta(days=1)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    return write_settings(tmp_path)


def run(settings: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--settings", str(settings)])


def at(days: float) -> str:
    return (NOW + days * DAY).strftime("%Y-%m-%dT%H:%M")


def test_an_override_shows_at_once_and_is_withdrawn(settings: Path) -> None:
    when = at(1)
    put = run(settings, "roster", "put", "officer", "beiban", "--from", at(0.5), "--to", at(2))
    assert put.exit_code == 0, put.output
    shown = run(settings, "roster", "show", "--at", when, "--json")
    assert json.loads(shown.stdout)["officer"] == "beiban"
    assert run(settings, "roster", "gaps").exit_code == 1  # 郑备班 has two duties now
    assert run(settings, "roster", "withdraw", "1").exit_code == 0
    shown = run(settings, "roster", "show", "--at", when, "--json")
    assert json.loads(shown.stdout)["officer"] == "zhiban"
    assert run(settings, "roster", "gaps").exit_code == 0


def test_an_absence_leaves_a_gap_that_is_found(settings: Path) -> None:
    assert run(settings, "roster", "away", "zhiban", "--from", at(3), "--to", at(4)).exit_code == 0
    gaps = run(settings, "roster", "gaps", "--days", "10", "--json")
    assert gaps.exit_code == 1
    [gap] = [json.loads(line) for line in gaps.stdout.splitlines()]
    assert (gap["kind"], gap["duty"]) == ("gap", "officer")
    assert run(settings, "roster", "back", "1").exit_code == 0
    assert run(settings, "roster", "gaps", "--days", "10").exit_code == 0


def test_a_rotation_fills_what_the_table_leaves_open(settings: Path) -> None:
    first = (NOW + 100 * DAY).date().isoformat()
    rotated = run(settings, "roster", "rotate", "officer", "zhiban", "beiban", "--from", first)
    assert rotated.exit_code == 0, rotated.output
    shown = run(settings, "roster", "show", "--at", at(101), "--days", "4", "--json")
    people = {json.loads(line)["person"] for line in shown.stdout.splitlines()}
    assert people == {"zhiban", "beiban"}
    assert "zhiban、beiban" in run(settings, "roster", "rotations").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("put", "officer", "niemand", "--from", at(1), "--to", at(2)), "没有用户 niemand"),
        (("put", "officer", "zhiban", "--from", at(2), "--to", at(1)), "结束时间"),
        (("put", "officer", "zhiban", "--from", at(-2), "--to", at(-1)), "已经过去"),
        (("put", "officer", "zhiban", "--from", "morgen", "--to", at(1)), "看不懂"),
        (("away", "zhiban", "--from", at(1), "--to", at(2), "--substitute", "zhiban"), "不能是"),
        (("back", "9"), "没有第 9 号请假"),
        (("withdraw", "9"), "没有第 9 号调整"),
        (("rotations", "--remove", "9"), "没有第 9 号轮值"),
        (("rotate", "officer", "zhiban", "--from", "2026-12-01", "--each", "0"), "1 到 31"),
        (("calendar", "niemand", "--out", "x.ics"), "没有用户 niemand"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(
    settings: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = run(settings, "roster", *arguments)
    assert result.exit_code == 1
    assert said in str(result.exception)


def test_a_new_table_says_which_swaps_still_hold_over_it(settings: Path, tmp_path: Path) -> None:
    run(settings, "roster", "put", "officer", "beiban", "--from", at(2), "--to", at(3))
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["日期", "值班员"])
    for number in range(1, 6):
        sheet.append([(NOW + number * DAY).date(), "周值班"])
    book.save(tmp_path / "值班表.xlsx")
    done = run(settings, "roster", "import", str(tmp_path / "值班表.xlsx"))
    assert done.exit_code == 0, done.output
    assert "R311" in done.output


def test_a_persons_calendar_is_written_and_has_an_address(settings: Path, tmp_path: Path) -> None:
    out = tmp_path / "duty.ics"
    assert run(settings, "roster", "calendar", "zhiban", "--out", str(out)).exit_code == 0
    assert len(Calendar.from_ical(out.read_text("utf-8")).walk("VEVENT")) > 50
    told = run(settings, "roster", "calendar-address", "zhiban")
    assert "/calendar/" in told.stdout
    assert told.stdout.strip().endswith(".ics")


def test_continuity_is_told_by_subject(settings: Path) -> None:
    assert "还没有记录" in run(settings, "continuity").output
    built = build(settings)
    make_auditor(built, "test").audit()
    built.storage.close()
    told = run(settings, "continuity", "--json")
    subjects = {json.loads(line)["subject"] for line in told.stdout.splitlines()}
    assert {"duty", "sending", "source:sample-forum"} <= subjects
    assert run(settings, "continuity", "--breaks", "duty").exit_code == 0
    assert run(settings, "continuity", "--breaks", "nichts").exit_code == 1
    assert read_clock().tzinfo is UTC


def test_one_way_leads_from_the_tables_to_who_is_on_duty() -> None:
    """Nobody but `monitor.roster_book` reads the tables that say who is on duty."""
    allowed = {"monitor/roster_book.py", "monitor/storage/duty.py", "monitor/bootstrap/people.py"}
    for path in [*ROOT.glob("monitor/**/*.py"), *ROOT.glob("alerts/**/*.py")]:
        if "duty.list_between" in path.read_text("utf-8"):
            assert str(path.relative_to(ROOT)) in allowed, path


def test_somebody_responsible_who_does_not_exist_is_named(tmp_path: Path) -> None:
    path = write_settings(tmp_path)
    text = path.read_text("utf-8").replace(
        '# "安置房三期" = ["lisi"]', '"安置房三期" = ["lisi", "zhiban"]'
    )
    path.write_text(text, "utf-8")
    assert run(path, "roster", "show").exit_code == 0
    told = run(path, "check", "--json").stdout
    assert [each["code"] for each in json.loads(told) if "responsible" in each["where"]] == ["P203"]


def test_an_inspector_of_the_register_who_has_no_account_is_named(settings: Path) -> None:
    assert run(settings, "roster", "show").exit_code == 0
    opened = build(settings)
    with opened.storage.work() as rows:
        number = rows.parties.find_or_add(PartyKind.PROJECT, "青禾湾", "青禾湾", NOW)
        rows.parties.save_card(number, PartyCard(inspector="李四"))
    opened.storage.close()
    told = json.loads(run(settings, "check", "--json").stdout)
    assert [each["where"] for each in told if each["code"] == "P204"] == ["李四"]

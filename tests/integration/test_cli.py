"""The command line, as other programs rely on it: standard output, exit codes, bad input."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from monitor.bootstrap.app import App, build, read_clock
from monitor.cli import app
from monitor.domain import SHANGHAI
from monitor.errors import MonitorError
from tests.conftest import write_settings
from tests.county import County

CLAIM = "我们十五个人在清河金禾制衣厂做工，老板拖欠我们三个月工资，一共十二万元，请帮忙。"


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    return write_settings(tmp_path)


def qingxin(*words: str | Path, given: str | bytes = "") -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], input=given)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_assess_answers_in_the_promised_shape(settings: Path) -> None:
    line = json.dumps({"id": "a", "title": "求助", "text": CLAIM, "published_at": "2026-11-23"})
    result = qingxin("assess", "--json", "-", "--settings", settings, given=line)
    assert result.exit_code == 0, result.stderr
    (answer,) = lines(result)
    assert set(answer) == {
        "id", "kind", "claim", "score", "sentiment", "facts", "urgency", "why", "model",
    }  # fmt: skip
    assert answer["claim"] is (answer["kind"] == "claim")
    facts, text = answer["facts"], f"求助\n{CLAIM}"
    assert isinstance(facts, dict)
    assert set(facts) == {
        "employer", "project", "place", "sector", "workers", "amount_yuan", "owed_from",
        "owed_to", "months", "public_project", "employer_fled", "danger_to_life",
    }  # fmt: skip
    assert facts["workers"]["value"] == 15
    start, end = facts["amount_yuan"]["span"]
    assert "十二万" in text[start:end]
    assert facts["amount_yuan"]["value"] == 120_000


def test_a_bad_line_is_named_and_the_others_are_answered(settings: Path) -> None:
    good = json.dumps({"id": 1, "text": CLAIM})
    late = json.dumps({"id": 5, "text": "", "published_at": "x"})
    bad = [
        "{",
        "[]",
        '{"id": 2}',
        '{"id": 3, "text": 4}',
        late,
    ]
    given = "\n".join([*bad, good]).encode() + b"\n\xff\xfe\n"
    result = qingxin("assess", "--settings", settings, given=given)
    assert result.exit_code == 1
    assert [each["id"] for each in lines(result)] == [1]
    for number in (1, 2, 3, 4, 7):
        assert f"第 {number} 行" in result.stderr
    assert "published_at" in result.stderr


def test_mask_masks_as_at_the_door(settings: Path) -> None:
    line = json.dumps({"id": 1, "text": "老板电话13800138000，欠我三万元"})
    result = qingxin("mask", "-", "--settings", settings, given=line)
    (answer,) = lines(result)
    assert answer == {"id": 1, "text": "老板电话〔电话〕，欠我三万元", "masked": {"phone": 1}}


def test_evaluate_gives_every_figure(settings: Path, tmp_path: Path) -> None:
    file = tmp_path / "labelled.jsonl"
    rows = [
        {"id": 1, "title": "", "text": CLAIM, "label": 1},
        {"id": 2, "title": "", "text": "路灯坏了三天，晚上看不见路。", "label": 0},
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    result = qingxin("evaluate", file, "--json", "--settings", settings)
    assert result.exit_code == 0, result.stderr
    (figures,) = lines(result)
    assert figures["precision"] == figures["recall"] == figures["f1"] == figures["pr_auc"] == 1.0
    assert {"threshold", "brier", "model"} <= set(figures)


def test_a_missing_file_is_one_line_and_exit_1(settings: Path, tmp_path: Path) -> None:
    result = qingxin("evaluate", tmp_path / "none.jsonl", "--settings", settings)
    assert isinstance(result.exception, MonitorError)
    assert "none.jsonl" in str(result.exception)


def test_wrong_usage_is_exit_2() -> None:
    assert qingxin("roster").exit_code == 2
    assert qingxin("user", "add", "zhou").exit_code == 2
    assert qingxin("nothing").exit_code == 2


def test_check_lists_problems_as_json_and_nothing_else(settings: Path) -> None:
    settings.write_text(settings.read_text("utf-8").replace("[log]", "[logg]"), "utf-8")
    result = qingxin("check", "--json", "--settings", settings)
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert {each["code"] for each in found} == {"M101", "M102"}
    assert all(each["cure"] for each in found)


def test_check_refuses_an_office_that_is_not_set_up(tmp_path: Path) -> None:
    settings = write_settings(tmp_path, sample__enabled="false")
    build(settings).prepare()
    found = json.loads(qingxin("check", "--json", "--settings", settings).stdout)
    assert {"S190", "S192", "P202"} <= {each["code"] for each in found}


def test_people_and_the_duty_table(settings: Path, tmp_path: Path) -> None:
    office = ("--settings", settings)
    added = qingxin("user", "add", "zhou", "--role", "duty_officer", "--name", "周明",
                    "--channel", "terminal", *office)  # fmt: skip
    assert added.exit_code == 0, added.stderr
    table = tmp_path / "值班表.csv"
    first = read_clock().astimezone(SHANGHAI).date() + timedelta(days=3)
    second = first + timedelta(days=1)
    table.write_text(f"日期,值班员\n{first},周明\n{second},周明\n", "utf-8-sig")
    imported = qingxin("roster", "import", table, *office)
    assert imported.exit_code == 0, imported.stderr
    shown = qingxin("roster", "show", "--at", f"{second}T07:59", "--json", *office)
    assert lines(shown)[0]["officer"] == "zhou"
    table.write_text(f"日期,值班员\n{first},没有这个人\n", "utf-8-sig")
    refused = qingxin("roster", "import", table, *office)
    assert refused.exit_code == 1
    assert "R1" in refused.stderr
    assert qingxin("roster", "gaps", "--days", "5", *office).exit_code == 0, "the sample's roster"
    tested = qingxin("alert", "test", "zhou", *office)
    assert tested.exit_code == 0
    assert "测试" in tested.stdout
    assert qingxin("user", "disable", "zhou", *office).exit_code == 0
    unknown = qingxin("user", "disable", "nobody", *office)
    assert isinstance(unknown.exception, MonitorError)


def test_the_ledger_as_a_spreadsheet_has_real_numbers(built: App, tmp_path: Path) -> None:
    county = County(built.storage)
    county.post("=cmd公司欠我三个月，没发工资")
    county.digest()
    out = tmp_path / "ledger.xlsx"
    result = qingxin("export", "ledger", "--out", out, "--settings", built.settings_file)
    assert result.exit_code == 0, result.stderr
    head, row = load_workbook(out)["台账"].iter_rows(values_only=True)
    line = dict(zip(head, row, strict=True))
    assert str(line["用人单位"]).startswith("'="), "no formula is carried out"
    assert isinstance(line["立案时间"], datetime), "a date is a date"

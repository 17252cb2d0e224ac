"""The duty table as offices keep it."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from alerts.duty_table import read_duty_table
from alerts.roster import on_duty
from monitor.domain import SHANGHAI, DutyRole, Person, Problem, Role, Severity, Shift

TODAY = date(2026, 11, 23)
OFFICER, BACKUP, LEADER = DutyRole.OFFICER, DutyRole.BACKUP, DutyRole.LEADER
HEAD = ["日期", "星期", "值班员", "备班", "带班领导", "备注"]


def person(username: str, name: str, *, disabled: bool = False) -> Person:
    return Person(username, name, Role.DUTY_OFFICER, disabled=disabled)


PEOPLE = (
    person("wangfang", "王芳"),
    person("liqiang", "李强"),
    person("zhaomin", "赵敏"),
    person("sunli", "孙丽"),
    person("chen1", "陈静"),
    person("chen2", "陈静"),
    person("gone", "周涛", disabled=True),
)

Rows = Sequence[Sequence[object]]


def workbook(rows: Rows, *, merged: Sequence[str] = (), title: str = "Sheet1") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def read(
    source: bytes | Rows, *, merged: Sequence[str] = (), today: date = TODAY
) -> tuple[list[Shift], list[Problem]]:
    content = source if isinstance(source, bytes) else workbook(source, merged=merged)
    return read_duty_table(content, "值班表", PEOPLE, today=today)


def codes(problems: Sequence[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def local(day: int, hour: int, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


# ---------------------------------------------------------------- tables that are right


def test_a_whole_table_is_read_without_a_problem() -> None:
    shifts, problems = read(
        [
            ["某县人社局 2026年12月 值班表"],
            HEAD,
            [date(2026, 12, 1), "星期二", "王芳", "李强", "赵敏", ""],
            [date(2026, 12, 2), "星期三", "李强", "王芳", "赵敏", "学习"],
        ],
        merged=["A1:F1"],
    )
    assert problems == []
    assert len(shifts) == 6
    assert on_duty(shifts, OFFICER, local(1, 8)) == "wangfang"
    assert on_duty(shifts, OFFICER, local(2, 7)) == "wangfang"
    assert on_duty(shifts, OFFICER, local(2, 8)) == "liqiang"
    assert on_duty(shifts, OFFICER, local(3, 8)) is None
    assert {shift.note for shift in shifts} == {"", "学习"}


def test_shifts_are_in_utc() -> None:
    shifts, _ = read([HEAD, [date(2026, 12, 1), "", "王芳"]])
    assert shifts[0].starts_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert shifts[0].starts_at.tzinfo is UTC
    assert shifts[0].ends_at - shifts[0].starts_at == timedelta(days=1)


def test_the_hour_of_the_hand_over_is_a_setting() -> None:
    content = workbook([HEAD, [date(2026, 12, 1), "", "王芳"]])
    shifts, _ = read_duty_table(content, "t", PEOPLE, today=TODAY, day_starts=time(17, 30))
    assert shifts[0].starts_at == datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def test_a_merged_cell_holds_for_every_row_it_covers() -> None:
    shifts, problems = read(
        [
            HEAD,
            [date(2026, 12, 1), "", "王芳", "李强", "赵敏"],
            [date(2026, 12, 2), "", "李强", "王芳", None],
            [date(2026, 12, 3), "", "王芳", "李强", None],
        ],
        merged=["E2:E4"],
    )
    assert problems == []
    assert [on_duty(shifts, LEADER, local(day, 9)) for day in (1, 2, 3)] == ["zhaomin"] * 3


def test_a_date_merged_over_a_day_and_a_night_row_is_two_shifts() -> None:
    shifts, problems = read(
        [
            ["日期", "班次", "值班员"],
            ["12月1日", "白班", "王芳"],
            [None, "夜班", "李强"],
        ],
        merged=["A2:A3"],
    )
    assert problems == []
    assert on_duty(shifts, OFFICER, local(1, 17)) == "wangfang"
    assert on_duty(shifts, OFFICER, local(1, 18)) == "liqiang"
    assert on_duty(shifts, OFFICER, local(2, 7)) == "liqiang"


@pytest.mark.parametrize(
    ("told", "starts_at", "ends_at"),
    [
        ("18:00-次日8:00", local(1, 18), local(2, 8)),
        ("18:00—8:00", local(1, 18), local(2, 8)),
        ("8：00至17：00", local(1, 8), local(1, 17)),
        ("夜班（22:00-6:00）", local(1, 22), local(2, 6)),
        ("8点-20点", local(1, 8), local(1, 20)),
        ("0:00-24:00", local(1, 0), local(2, 0)),
        ("8:00-8:00", local(1, 8), local(2, 8)),
        ("24小时", local(1, 8), local(2, 8)),
        ("", local(1, 8), local(2, 8)),
    ],
)
def test_hours_are_read_and_may_pass_midnight(
    told: str, starts_at: datetime, ends_at: datetime
) -> None:
    shifts, problems = read([["日期", "班次", "值班员"], ["2026-12-01", told, "王芳"]])
    assert problems == []
    assert (shifts[0].starts_at, shifts[0].ends_at) == (starts_at, ends_at)


@pytest.mark.parametrize("told", ["三班", "25:00-8:00", "8:00-次日20:00"])
def test_hours_that_cannot_be_read_are_named(told: str) -> None:
    shifts, problems = read([["日期", "班次", "值班员"], ["2026-12-01", told, "王芳"]])
    assert shifts == []
    assert "R119" in codes(problems)


def test_columns_may_be_day_and_night() -> None:
    shifts, problems = read(
        [["日期", "白班", "夜班", "带班"], ["2026-12-01", "王芳", "李强", "赵敏"]]
    )
    assert problems == []
    assert on_duty(shifts, OFFICER, local(1, 12)) == "wangfang"
    assert on_duty(shifts, OFFICER, local(1, 23)) == "liqiang"
    assert on_duty(shifts, LEADER, local(1, 23)) == "zhaomin"


def test_a_head_may_be_two_rows_high() -> None:
    shifts, problems = read(
        [
            ["日期", "白班", None, "夜班", None],
            [None, "值班员", "备班", "值班员", "备班"],
            ["2026-12-01", "王芳", "李强", "孙丽", "赵敏"],
        ],
        merged=["A1:A2", "B1:C1", "D1:E1"],
    )
    assert problems == []
    assert on_duty(shifts, OFFICER, local(1, 12)) == "wangfang"
    assert on_duty(shifts, BACKUP, local(1, 12)) == "liqiang"
    assert on_duty(shifts, OFFICER, local(1, 20)) == "sunli"
    assert on_duty(shifts, BACKUP, local(1, 20)) == "zhaomin"


@pytest.mark.parametrize(
    ("label", "duty"),
    [
        ("值班员", OFFICER),
        ("值班人员", OFFICER),
        ("值班", OFFICER),
        ("主班", OFFICER),
        ("备 班", BACKUP),
        ("备勤人员", BACKUP),
        ("副班", BACKUP),
        ("带班领导", LEADER),
        ("带班", LEADER),
        ("值班领导", LEADER),
        ("局领导", DutyRole.BUREAU_LEADER),
        ("带班局领导", DutyRole.BUREAU_LEADER),
    ],
)
def test_offices_name_one_duty_in_many_ways(label: str, duty: DutyRole) -> None:
    shifts, problems = read([["值班日期", label, "值班电话"], ["2026-12-01", "王芳", "8123456"]])
    assert problems == []
    assert [shift.duty for shift in shifts] == [duty]


@pytest.mark.parametrize(
    "told",
    [
        "2026-12-01",
        "2026/12/1",
        "2026.12.1",
        "2026年12月1日",
        "２０２６年１２月１日",
        "2026-12-01 00:00:00",
        "12月1日",
        "12月1号",
        "12-1",
        "12.01",
        "12月1日（周二）",
        "12月1日 星期二",
        datetime(2026, 12, 1, 8, 30),  # noqa: DTZ001 - as the library reads it
        date(2026, 12, 1),
    ],
)
def test_a_date_is_understood_however_it_is_written(told: object) -> None:
    shifts, problems = read([["日期", "值班员"], [told, "王芳"]])
    assert problems == []
    assert shifts[0].starts_at == local(1, 8)


@pytest.mark.parametrize("told", ["1日", "1", 1, 1.0, "1号"])
def test_a_bare_day_takes_its_month_from_the_title(told: object) -> None:
    shifts, problems = read([["2026年12月值班表"], ["日期", "值班员"], [told, "王芳"]])
    assert problems == []
    assert shifts[0].starts_at == local(1, 8)


def test_a_bare_day_takes_its_month_from_the_name_of_the_sheet() -> None:
    content = workbook([["日期", "值班员"], ["1日", "王芳"]], title="2026年12月")
    assert read(content)[0][0].starts_at == local(1, 8)


def test_a_year_that_is_left_out_turns_over_at_new_year() -> None:
    shifts, _ = read([["日期", "值班员"], ["12月31日", "王芳"], ["1月1日", "李强"]])
    assert [shift.starts_at.astimezone(SHANGHAI).date() for shift in shifts] == [
        date(2026, 12, 31),
        date(2027, 1, 1),
    ]


def test_a_stretch_of_days_is_as_many_shifts() -> None:
    shifts, problems = read(
        [["日期", "带班领导"], ["12月1日至3日", "赵敏"], ["12月4日-12月5日", "王芳"]]
    )
    assert problems == []
    assert [shift.person for shift in shifts] == ["zhaomin"] * 3 + ["wangfang"] * 2


@pytest.mark.parametrize(
    "told",
    [
        "王芳",
        " 王 芳 ",
        "王　芳",
        "wangfang",
        "王芳13800001111",
        "王芳（股长）",
        "王芳\n138-0000-1111",
    ],
)
def test_a_name_is_understood_however_it_is_written(told: str) -> None:
    shifts, problems = read([["日期", "值班员"], ["2026-12-01", told]])
    assert problems == []
    assert shifts[0].person == "wangfang"


def test_remarks_and_a_repeated_head_are_passed_over() -> None:
    shifts, problems = read(
        [
            HEAD,
            ["2026-12-01", "", "王芳", "李强", "赵敏"],
            HEAD,
            ["2026-12-02", "", "王芳", "李强", "赵敏"],
            [],
            ["注：值班时间为当日 8:00 至次日 8:00"],
            ["值班电话"],
            ["请各科室遵守纪律"] * 6,
        ]
    )
    assert problems == []
    assert len(shifts) == 6


def test_every_visible_sheet_is_read() -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    for sheet, day in ((first, "1日"), (book.create_sheet(), "2日")):
        sheet.append(["2026年12月"])
        sheet.append(["日期", "值班员"])
        sheet.append([day, "王芳"])
    hidden = book.create_sheet("旧表")
    hidden.sheet_state = "hidden"
    hidden.append(["日期", "值班员"])
    hidden.append(["2026-12-03", "李强"])
    kept = io.BytesIO()
    book.save(kept)
    shifts, problems = read(kept.getvalue())
    assert problems == []
    assert len(shifts) == 2


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_in_every_charset_that_offices_save(charset: str, delimiter: str) -> None:
    text = "日期,值班员,备班\r\n2026-12-01,王芳,李强\r\n".replace(",", delimiter)
    shifts, problems = read(text.encode(charset))
    assert problems == []
    on = {shift.duty: shift.person for shift in shifts}
    assert on == {OFFICER: "wangfang", BACKUP: "liqiang"}


def test_a_file_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "duty.csv"
    path.write_text("日期,值班员\n2026-12-01,王芳\n", encoding="utf-8")
    assert len(read_duty_table(path, path.name, PEOPLE, today=TODAY)[0]) == 1


# ---------------------------------------------------------------- tables that are wrong


def problem_of(rows: Rows) -> Problem:
    [problem] = read(rows)[1]
    return problem


def test_a_problem_names_file_sheet_row_and_column() -> None:
    problem = next(
        each
        for each in read([HEAD, ["2026-12-01", "", "钱三", "李强", "赵敏"]])[1]
        if each.code == "R111"
    )
    assert problem.where == "值班表［Sheet1］ 第 2 行“值班员”"
    assert "钱三" in problem.message
    assert problem.cure


@pytest.mark.parametrize(
    ("cell", "code", "severity"),
    [
        ("钱三", "R111", Severity.ERROR),
        ("陈静", "R112", Severity.ERROR),
        ("王芳、李强", "R113", Severity.ERROR),
        ("王芳 李强", "R113", Severity.ERROR),
        ("王芳/钱三", "R113", Severity.ERROR),
        ("周涛", "R114", Severity.ERROR),
        ("", "R115", Severity.WARNING),
        ("——", "R115", Severity.WARNING),
    ],
)
def test_a_cell_that_names_nobody_is_told(cell: str, code: str, severity: Severity) -> None:
    rows = [
        ["日期", "值班员", "备班"],
        ["2026-12-01", cell, "李强"],
    ]
    problem = problem_of(rows)
    assert (problem.code, problem.severity) == (code, severity)


def test_two_people_of_one_name_are_told_apart_by_their_user_name() -> None:
    shifts, problems = read([["日期", "值班员"], ["2026-12-01", "陈静（chen2）"]])
    assert problems == []
    assert shifts[0].person == "chen2"


def test_a_name_that_somebody_who_left_had_too_is_not_ambiguous() -> None:
    people = [person("old", "王芳", disabled=True), person("new", "王芳")]
    content = workbook([["日期", "值班员"], ["2026-12-01", "王芳"]])
    shifts, problems = read_duty_table(content, "t", people, today=TODAY)
    assert problems == []
    assert shifts[0].person == "new"


@pytest.mark.parametrize("told", ["26-12-01", "26/12/1", "26年12月1日", "26.12.1"])
def test_a_two_digit_year_that_can_only_be_meant_one_way_is_understood_and_told(told: str) -> None:
    shifts, problems = read([["日期", "值班员"], [told, "王芳"]])
    assert shifts[0].starts_at == local(1, 8)
    assert [(each.code, each.severity) for each in problems] == [("R106", Severity.WARNING)]


@pytest.mark.parametrize("told", ["01/12/26", "12-11-26", "12-11-10", "26-13-01"])
def test_a_two_digit_year_that_could_be_something_else_is_refused(told: str) -> None:
    shifts, problems = read([["日期", "值班员"], [told, "王芳"], ["2026-12-01", "李强"]])
    assert [shift.person for shift in shifts] == ["liqiang"]
    assert codes(problems) == ["R107"]


@pytest.mark.parametrize(
    "told",
    ["十二月一日", "2026-13-01", "2026-02-30", "下周一", "12月1日至40日", 46357, True, "1日"],
)
def test_a_date_that_cannot_be_read_is_named(told: object) -> None:
    shifts, problems = read([["日期", "值班员"], [told, "王芳"], ["2026-12-01", "李强"]])
    assert [shift.person for shift in shifts] == ["liqiang"]
    assert codes(problems) == ["R105"]


@pytest.mark.parametrize("told", [date(2016, 12, 1), "2062-12-01", date(1926, 12, 1)])
def test_a_year_far_from_today_is_taken_for_a_mistake(told: object) -> None:
    assert "R108" in codes(read([["日期", "值班员"], [told, "王芳"]])[1])


def test_a_weekday_that_is_not_the_dates_is_told() -> None:
    for rows in (
        [["日期", "星期", "值班员"], ["2026-12-01", "星期三", "王芳"]],
        [["日期", "值班员"], ["12月1日（周三）", "王芳"]],
    ):
        assert problem_of(rows).code == "R109"


def test_names_without_a_date_are_told() -> None:
    rows = [["日期", "值班员"], ["2026-12-01", "王芳"], ["", "李强"]]
    problem = problem_of(rows)
    assert problem.code == "R110"
    assert "第 3 行" in problem.where


def test_a_missing_day_is_told() -> None:
    problem = problem_of([["日期", "值班员"], ["2026-12-01", "王芳"], ["2026-12-04", "李强"]])
    assert (problem.code, problem.severity) == ("R116", Severity.WARNING)
    assert "2026-12-02 至 2026-12-03" in problem.message


def test_one_day_twice_with_two_people_is_told_with_both_rows() -> None:
    problem = problem_of([["日期", "值班员"], ["2026-12-01", "王芳"], ["2026-12-01", "李强"]])
    assert (problem.code, problem.severity) == ("R117", Severity.ERROR)
    assert "第 3 行" in problem.where
    assert "第 2 行" in problem.message


def test_one_person_in_two_duties_is_told() -> None:
    problem = problem_of([["日期", "值班员", "带班领导"], ["2026-12-01", "王芳", "王芳"]])
    assert (problem.code, problem.severity) == ("R118", Severity.WARNING)


def test_one_row_twice_is_harmless() -> None:
    shifts, problems = read([["日期", "值班员"], *[["2026-12-01", "王芳"]] * 2])
    assert problems == []
    assert len(shifts) == 1


def test_two_columns_of_one_duty_are_told_and_the_first_is_read() -> None:
    shifts, problems = read([["日期", "值班员", "值班员"], ["2026-12-01", "王芳", "李强"]])
    assert codes(problems) == ["R104"]
    assert [shift.person for shift in shifts] == ["wangfang"]


def test_a_column_that_is_not_understood_is_told() -> None:
    problem = problem_of([["日期", "值班员", "司机"], ["2026-12-01", "王芳", "老刘"]])
    assert (problem.code, problem.severity) == ("R103", Severity.WARNING)


@pytest.mark.parametrize("rows", [[["甲", "乙"]], [], [["日期", "姓名"], ["2026-12-01", "王芳"]]])
def test_a_file_without_a_duty_table_is_told(rows: Rows) -> None:
    assert codes(read(rows)[1]) == ["R120"]


def test_every_problem_is_told_at_once() -> None:
    _, problems = read(
        [
            HEAD,
            ["2026-12-01", "星期三", "钱三", "李强", "赵敏"],
            ["01/12/26", "", "王芳", "李强", "赵敏"],
            ["2026-12-03", "", "王芳", "陈静", "赵敏"],
        ]
    )
    assert codes(problems) == ["R109", "R111", "R107", "R112", "R116"]


# ---------------------------------------------------------------- files that are broken


def parts_of(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return kept.getvalue()


def test_a_workbook_whose_every_sheet_is_hidden_is_told() -> None:
    # The library refuses to write such a workbook; other programs do not.
    parts = parts_of(workbook([["日期", "值班员"], ["2026-12-01", "王芳"]]))
    hidden = parts["xl/workbook.xml"].replace(b'state="visible"', b'state="hidden"')
    shifts, problems = read(packed(parts | {"xl/workbook.xml": hidden}))
    assert shifts == []
    assert codes(problems) == ["R120"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 .xls"),
        (b"PK\x03\x04 not a workbook", "不是完好的 .xlsx"),
        (b"\x00\x01\x02\x03", "既不是"),
        (b"\xff\xff\xff\xff", "既不是"),
        (b"x" * (5 * 1024 * 1024 + 1), "超过 5 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(content: bytes, said: str) -> None:
    shifts, [problem] = read(content)
    assert shifts == []
    assert problem.code == "R101"
    assert said in problem.message


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    _, [problem] = read_duty_table(tmp_path / "none.xlsx", "none.xlsx", PEOPLE, today=TODAY)
    assert problem.code == "R101"


def test_a_workbook_that_unpacks_to_a_flood_is_refused() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (61 * 1024 * 1024))
    assert codes(read(kept.getvalue())[1]) == ["R101"]


def test_a_table_without_end_is_read_in_part_and_that_is_told() -> None:
    rows = "".join(f"说明{n},x\n" for n in range(3_100))
    _, problems = read(f"日期,值班员\n2026-12-01,王芳\n{rows}".encode())
    assert "R102" in codes(problems)


GOOD = workbook(
    [HEAD, [date(2026, 12, 1), "", "王芳", "李强", "赵敏"], ["12月2日", "", "李强", "王芳", None]],
    merged=["E2:E3"],
)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=40))
def test_no_damage_to_a_workbook_raises(at: int, noise: bytes) -> None:
    shifts, problems = read(GOOD[:at] + noise + GOOD[at + len(noise) :])
    assert shifts or problems


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_inside_a_workbook_raises(data: st.DataObject) -> None:
    parts = parts_of(GOOD)
    name = data.draw(st.sampled_from(sorted(parts)))
    at = data.draw(st.integers(0, len(parts[name])))
    gone = data.draw(st.integers(0, 30))
    noise = data.draw(st.text(alphabet='0123456789<>/="ABCtrs: ', max_size=8)).encode()
    shifts, problems = read(
        packed(parts | {name: parts[name][:at] + noise + parts[name][at + gone :]})
    )
    assert shifts or problems


@given(st.binary(max_size=300))
def test_no_bytes_raise(content: bytes) -> None:
    shifts, problems = read(content)
    assert not shifts
    assert problems


cells = (
    st.none()
    | st.text(alphabet="12月日号周一-/.至2026王芳李强陈静、 ：:夜班", max_size=12)
    | st.integers(-10, 60_000)
    | st.floats(allow_nan=True)
    | st.dates()
)


@settings(deadline=None)
@given(st.lists(st.lists(cells, min_size=1, max_size=5), max_size=8))
def test_no_cells_raise_and_every_shift_that_is_read_is_a_real_one(
    rows: list[list[object]],
) -> None:
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows)
    shifts, _ = read(f"日期,班次,值班员,带班领导\n{text}\n".encode())
    for shift in shifts:
        assert shift.starts_at < shift.ends_at <= shift.starts_at + timedelta(days=1)
        assert shift.person in {each.username for each in PEOPLE if not each.disabled}

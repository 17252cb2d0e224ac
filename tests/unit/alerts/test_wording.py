"""The words of an alert: what they say, and what they never say."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.rendering import (
    MARKDOWN_LIMIT_BYTES,
    TEXT_LIMIT_BYTES,
    fit_bytes,
    render_html,
    render_markdown,
    render_text,
)
from alerts.wording import plain, shown_money, word_alert, word_test
from monitor.domain import AlertCard, AlertReason, Case, NewAlert, UrgencyLevel
from tests.unit.alerts.makers import NOON, make_case, make_new_alert

DESK = "https://desk.example/"


def word(
    case: Case | None = None, new: NewAlert | None = None, name: str | None = "王芳"
) -> AlertCard:
    return word_alert(
        case or make_case(),
        new or make_new_alert(),
        desk_url=DESK,
        ack_code="c0de",
        now=NOON,
        shown_person_name=name,
    )


def test_the_first_line_says_what_it_is_how_urgent_and_who_owes() -> None:
    assert word().title == "【清薪】紧急·新发现欠薪：平原第二建筑公司"


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        (UrgencyLevel.ROUTINE, "一般"),
        (UrgencyLevel.RAISED, "较急"),
        (UrgencyLevel.HIGH, "紧急"),
        (UrgencyLevel.CRITICAL, "特急"),
    ],
)
def test_a_level_is_a_word_and_not_a_number(level: UrgencyLevel, shown: str) -> None:
    card = word(make_case(level=level))
    assert f"紧急程度：{shown}" in card.lines
    assert card.title.startswith(f"【清薪】{shown}·")
    assert card.urgent == (level >= UrgencyLevel.HIGH)


@pytest.mark.parametrize(
    ("reason", "shown"),
    [(AlertReason.CASE_WORSENED, "欠薪情况加重"), (AlertReason.CASE_REOPENED, "重新打开")],
)
def test_the_first_line_says_why_it_is_told(reason: AlertReason, shown: str) -> None:
    assert shown in word(new=make_new_alert(reason=reason)).title


def test_a_card_carries_what_the_case_knows() -> None:
    text = render_text(word())
    for fact in (
        "用人单位：平原第二建筑公司",
        "项目：安置房三期",
        "地点：平原县城关镇",
        "涉及人数：23 人",
        "拖欠金额：34.56 万元",
        "理由：二十人以上被拖欠；欠薪超过三个月",
        "线索编号：2026-0012",
        "请 值班员 王芳 确认并接手",
        "2026-11-23 12:00（北京时间）",
        "https://desk.example/a/c0de",
    ):
        assert fact in text


def test_what_the_case_does_not_know_is_said_and_not_guessed() -> None:
    card = word(
        make_case(
            employer=None, project=None, place=None, workers=None, amount_yuan=None, reasons=()
        )
    )
    for label in ("用人单位", "项目", "地点", "涉及人数", "拖欠金额", "理由"):
        assert f"{label}：未说明" in card.lines
    assert card.title.endswith("：未说明")


def test_without_an_employer_the_first_line_names_the_project() -> None:
    assert word(make_case(employer=None)).title.endswith("：安置房三期")


def test_danger_to_life_comes_first_and_says_what_to_do() -> None:
    card = word(make_case(danger_to_life=True, level=UrgencyLevel.CRITICAL))
    text = render_text(card)
    assert "生命危险" in text.splitlines()[0]
    first = "\n".join(text.splitlines()[:4])
    assert "求助" in first
    assert "120" in first
    assert "12356" in first
    assert "立即电话" in first
    assert card.urgent


def test_danger_to_life_is_urgent_at_any_level() -> None:
    assert word(make_case(danger_to_life=True, level=UrgencyLevel.ROUTINE)).urgent


@pytest.mark.parametrize("danger", [True, False])
def test_no_card_speaks_of_disorder(*, danger: bool) -> None:
    text = render_text(word(make_case(danger_to_life=danger)))
    for word_of_disorder in ("闹", "维稳", "恶意", "谣", "煽动", "舆情", "上访", "删", "管控"):
        assert word_of_disorder not in text


def test_whoever_comes_later_on_the_ladder_reads_who_has_not_answered() -> None:
    card = word(new=make_new_alert(step=2))
    assert "请 带班领导 王芳 确认并接手" in card.lines
    assert "此前通知的备班尚未确认，现通知到您" in card.lines


def test_a_gap_in_the_roster_is_said() -> None:
    assert "请 值班员 值班表此时无人 确认并接手" in word(name=None).lines


def test_the_same_alert_is_worded_the_same_twice() -> None:
    assert word() == word()


def test_a_test_message_says_so_in_its_first_line() -> None:
    card = word_test(desk_url=DESK, now=NOON, shown_person_name="王芳")
    assert card.title == "【清薪】测试，无需处理"
    assert not card.urgent
    assert "王芳" in card.lines[0]
    assert "https://desk.example/" in render_text(card)
    for shown in (render_text(card), render_markdown(card), render_html(card)):
        assert "查看并确认" not in shown


@pytest.mark.parametrize(
    ("yuan", "shown"),
    [
        (None, "未说明"),
        (0.0, "0 元"),
        (860.5, "860.5 元"),
        (9_999.0, "9,999 元"),
        (10_000.0, "1 万元"),
        (345_600.0, "34.56 万元"),
        (120_000_000.0, "12,000 万元"),
    ],
)
def test_sums_are_shown_as_people_say_them(yuan: float | None, shown: str) -> None:
    assert shown_money(yuan) == shown


def test_a_value_cannot_add_lines_hide_text_or_carry_a_live_address() -> None:
    nasty = "甲公司\r\n\u202eBcc: x\u200b http://evil.example/\x00"
    assert plain(nasty) == "甲公司 Bcc: x http：//evil.example/"
    card = word(make_case(employer=nasty))
    assert all("\n" not in line for line in (card.title, *card.lines))


def test_a_value_of_any_length_is_cut_to_a_short_one() -> None:
    assert len(plain("长" * 10_000)) == 60


def test_markdown_in_a_value_is_only_text() -> None:
    shown = render_markdown(word(make_case(employer="[点我](http://evil.example)<@all>`*#")))
    assert "](http://evil" not in shown
    assert "<@all>" not in shown
    assert shown.count("](") == 1


def test_html_in_a_value_is_only_text() -> None:
    page = render_html(word(make_case(employer="<script>alert(1)</script>")))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_member_is_called_on_in_markdown() -> None:
    assert render_markdown(word(), mention="wangfang").endswith("<@wangfang>")


def test_an_urgent_card_looks_urgent_in_markdown() -> None:
    assert render_markdown(word()).startswith('<font color="warning">**【清薪】紧急')
    calm = word(make_case(level=UrgencyLevel.ROUTINE))
    assert render_markdown(calm).startswith("**【清薪】一般")


def test_a_card_that_is_too_long_loses_whole_lines_and_keeps_title_and_link() -> None:
    card = AlertCard("题目", tuple(f"第{n}行" + "薪" * 100 for n in range(30)), DESK, urgent=False)
    text = render_text(card, limit_bytes=TEXT_LIMIT_BYTES)
    kept = text.splitlines()
    assert len(text.encode()) <= TEXT_LIMIT_BYTES
    assert kept[0] == "题目"
    assert kept[-1] == f"查看并确认：{DESK}"
    assert kept[-2] == "…（其余见链接）"
    assert list(card.lines[: len(kept) - 3]) == kept[1:-2]
    assert len(kept) > 5


def test_a_card_that_fits_is_not_touched() -> None:
    assert render_text(word(), limit_bytes=TEXT_LIMIT_BYTES) == render_text(word())


cards = st.builds(
    AlertCard,
    title=st.text(max_size=80),
    lines=st.lists(st.text(max_size=120), max_size=40).map(tuple),
    link=st.just("https://desk.example/a/" + "c" * 40),
    urgent=st.booleans(),
    made_at=st.just(datetime(2026, 11, 23, tzinfo=UTC)),
)


@given(cards, st.integers(0, 5000))
def test_no_message_is_longer_than_its_limit_or_cut_inside_a_character(
    card: AlertCard, limit: int
) -> None:
    for shown in (
        render_text(card, limit_bytes=limit),
        render_markdown(card, mention="wangfang", limit_bytes=limit),
    ):
        assert len(shown.encode("utf-8")) <= limit


@given(cards)
def test_the_link_survives_every_cut_that_leaves_room_for_it(card: AlertCard) -> None:
    assert card.link in render_markdown(card, limit_bytes=200)
    assert card.link in render_markdown(card, limit_bytes=MARKDOWN_LIMIT_BYTES)


@given(st.text(), st.integers(-5, 50))
def test_cutting_to_bytes_gives_a_beginning_of_the_text(text: str, limit: int) -> None:
    cut = fit_bytes(text, limit)
    assert text.startswith(cut)
    assert len(cut.encode()) <= max(0, limit)

"""The small parts of the desk's pages: words, times, sums, marks, bars, filters."""

from configparser import ConfigParser
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from monitor.desk import views, watch_views
from monitor.desk.views import AGE_BANDS, CaseFilter
from monitor.domain import CaseState, Evidence, Facts, UrgencyLevel
from monitor.web.formats import format_moment, format_span, format_yuan
from monitor.web.labels import FACT_LABELS, LABELS
from monitor.web.language import FOLDERS, LOCALE_FOLDER, load_language
from monitor.web.ledger_filter import ledger_address, parse_filter
from monitor.web.passages import cut_passages
from monitor.web.pictures import share_length, weight_bars
from tests.integration.desk_samples import NOON

ROOT = Path(__file__).resolve().parents[2]
ZH, EN = load_language("zh"), load_language("en")


# ---------------------------------------------------------------- the catalogues


KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "mark": None,
    "InputError": None,
    "IllegalStepError": None,
    "NotAllowedError": None,
}
"""What holds words; of an error the page shows its words too."""

FOLDERS_WITH_WORDS = (ROOT / "monitor" / "web", ROOT / "monitor" / "desk")
FILES_WITH_WORDS = (
    *(ROOT / "monitor" / f"{name}.py" for name in ("steps", "clocks", "who_pays")),
    *(ROOT / "monitor" / "storage" / f"{name}.py" for name in ("parties", "patrols", "casework")),
)


def extract_messages() -> set[str]:
    """Every message that the pages and what they show mark for translation, singular form."""
    mapping = ConfigParser()
    mapping.read(ROOT / "babel.cfg", encoding="utf-8")
    sections = {tuple(name.split(": ")): dict(mapping[name]) for name in mapping.sections()}
    methods = [(pattern, method) for method, pattern in sections]
    options = {pattern: values for (_, pattern), values in sections.items()}
    found = [
        message
        for folder in FOLDERS_WITH_WORDS
        for _, _, message, _, _ in extract_from_dir(
            folder, methods, options, keywords=KEYWORDS, strip_comment_tags=False
        )
    ]
    for path in FILES_WITH_WORDS:
        found += [each[1] for each in extract_from_file("python", path, keywords=KEYWORDS)]
    return {message if isinstance(message, str) else message[0] for message in found}


def read_catalogue(folder: str) -> Catalog:
    with (LOCALE_FOLDER / folder / "LC_MESSAGES" / "desk.po").open("rb") as po_file:
        return read_po(po_file)


@pytest.mark.parametrize("folder", FOLDERS.values())
def test_each_catalogue_holds_every_message_of_the_desk_and_no_other(folder: str) -> None:
    held = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in read_catalogue(folder)
        if message.id
    }
    assert held == extract_messages()


def test_the_english_catalogue_is_complete_and_keeps_every_placeholder() -> None:
    for message in read_catalogue("en"):
        if not message.id:
            continue
        texts = [message.string] if isinstance(message.string, str) else [*(message.string or ())]
        assert all(texts), message.id
        assert not list(message.check(read_catalogue("en"))), message.id


def test_every_member_of_every_closed_list_on_a_page_has_a_label() -> None:
    for kind, labels in LABELS.items():
        assert set(labels) == set(kind), kind
    shown = {
        each
        for each in (*vars(views).values(), *vars(watch_views).values())
        if isinstance(each, type) and issubclass(each, Enum)
    }
    assert {views.WaitingGroup, views.AgeBand, views.CodeState, watch_views.SourceState} <= shown
    assert set(FACT_LABELS) == set(Facts.__dataclass_fields__)


# ---------------------------------------------------------------- times and sums


@pytest.mark.parametrize(
    ("span", "chinese", "english"),
    [
        (timedelta(seconds=-5), "不到 1 分钟", "less than a minute"),
        (timedelta(seconds=59), "不到 1 分钟", "less than a minute"),
        (timedelta(minutes=1), "1 分钟", "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 分钟", "59 minutes"),
        (timedelta(hours=1), "1 小时", "1 hour"),
        (timedelta(hours=47, minutes=59), "47 小时", "47 hours"),
        (timedelta(hours=48), "2 天", "2 days"),
    ],
)
def test_a_length_of_time_is_written_in_its_largest_unit(
    span: timedelta, chinese: str, english: str
) -> None:
    assert format_span(span, ZH) == chinese
    assert format_span(span, EN) == english


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        (186_000.0, "18.6 万元", "186,000 yuan"),
        (912_400.0, "91.24 万元", "912,400 yuan"),
        (23_560.5, "23,560.50 元", "23,560.50 yuan"),
        (123_456.0, "123,456 元", "123,456 yuan"),
        (4_200.0, "4,200 元", "4,200 yuan"),
        (10_000.0, "1 万元", "10,000 yuan"),
        (12_000_000.0, "1,200 万元", "12,000,000 yuan"),
    ],
)
def test_a_sum_is_written_exactly(amount: float, chinese: str, english: str) -> None:
    assert format_yuan(amount, ZH) == chinese
    assert format_yuan(amount, EN) == english


@given(st.integers(min_value=1, max_value=10**10))
def test_no_sum_loses_a_yuan_when_it_is_written(amount: int) -> None:
    written = format_yuan(float(amount), ZH).replace(",", "")
    number, _, unit = written.partition(" ")
    assert round(float(number) * (10_000 if unit == "万元" else 1), 2) == amount


def test_a_moment_is_written_in_shanghai_with_the_year_only_where_it_is_another() -> None:
    new_year = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
    assert format_moment(new_year, NOON) == "01-01 00:30"
    assert format_moment(new_year - timedelta(hours=1), NOON) == "2025-12-31 23:30"


# ---------------------------------------------------------------- marks and bars


@given(
    st.text(max_size=40),
    st.lists(
        st.tuples(
            st.integers(-10, 60), st.integers(-10, 60), st.sampled_from(["employer", "workers"])
        ),
        max_size=6,
    ),
)
def test_cutting_a_text_at_its_facts_loses_and_adds_nothing(
    text: str, spans: list[tuple[int, int, str]]
) -> None:
    passages = cut_passages(text, spans)
    assert "".join(passage.text for passage in passages) == text
    start = 0
    for passage in passages:
        expected = [name for a, b, name in spans if a <= start < b]
        assert list(passage.facts) == expected
        start += len(passage.text)


@given(st.lists(st.floats(min_value=-20, max_value=20), max_size=12))
def test_the_bars_of_the_words_stay_in_the_picture_and_start_in_the_middle(
    weights: list[float],
) -> None:
    bars = weight_bars([Evidence("词", weight) for weight in weights])
    assert len(bars) == len(weights)
    for bar in bars:
        assert 0 <= bar.start <= bar.start + bar.length <= 100.01
        assert 50.0 in {bar.start, round(bar.start + bar.length, 2)}
    strengths = [abs(bar.weight) for bar in bars]
    assert strengths == sorted(strengths, reverse=True)


def test_a_count_that_is_not_nothing_can_be_seen() -> None:
    assert share_length(0, 1_000) == 0
    assert share_length(1, 1_000) == 2
    assert share_length(500, 1_000) == 50
    assert share_length(0, 0) == 0


@given(st.timedeltas())
def test_every_age_is_in_exactly_one_band(age: timedelta) -> None:
    bands = [band for band, (start, end) in AGE_BANDS.items() if start <= age < end]
    assert len(bands) == 1 or age == timedelta.max


# ---------------------------------------------------------------- the ledger's address


@given(
    st.builds(
        CaseFilter,
        state=st.sampled_from([None, *CaseState]),
        level=st.sampled_from([None, *UrgencyLevel]),
        group=st.sampled_from([None, *views.WaitingGroup]),
        age=st.sampled_from([None, *views.AgeBand]),
        text=st.text(st.characters(categories=["L", "N"]), max_size=20),
        page=st.integers(1, 10_000),
    )
)
def test_a_filter_comes_back_from_its_address_unchanged(wanted: CaseFilter) -> None:
    query = dict(parse_qsl(urlsplit(ledger_address(wanted, wanted.page)).query))
    assert parse_filter(query) == wanted

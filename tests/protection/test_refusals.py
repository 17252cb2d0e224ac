"""Section 1 of the design, line by line: an attempt at each refusal is refused, and says why.

Each test fails when somebody adds what it names: a column, a field, a role, a body, a word on a
page. None of them may be switched off; `docs/protection.md` has the sentences.
"""

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from babel.messages.pofile import read_po
from sqlalchemy.orm import Mapped, mapped_column
from typer.testing import CliRunner

import alerts
import monitor
import spiders
from monitor.cases import Candidates
from monitor.cli import ENTRIES, load_command
from monitor.cli import app as command_line
from monitor.domain import (
    AlertCard,
    DocumentKind,
    Facts,
    ReferralBody,
    Role,
    Sentiment,
)
from monitor.errors import RefusedError
from monitor.refusals import (
    _WORDS_OF_PROTEST,
    _WORDS_OF_SPEAKERS,
    REFUSALS,
    check_headings,
    check_names,
    compares_no_speakers,
    read_body,
    read_role,
)
from monitor.reports.nouns import ColumnKind, Table
from monitor.sameness import sign
from monitor.settings import Settings
from monitor.storage.tables import Row
from spiders.catalogue import load_sources
from spiders.manners import scrapy_settings

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (monitor, spiders, alerts)

# Words that look like a refused one and are not; each has its reason.
ALLOWED_NAMES = {
    "EmailSettings.sender",  # the address that our own mails come from
    "EmailSettings.sender_name",
    "EmailChannelSettings.sender",
    "EmailChannelSettings.sender_name",
    "ChannelRule.gathering",  # several alerts go in one message
    "CardButtons.press",  # a button is pressed
}


def all_modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in found.name:
                yield importlib.import_module(found.name)


MODULES = tuple(all_modules())


def our_classes() -> Iterator[type]:
    for module in MODULES:
        for _, each in inspect.getmembers(module, inspect.isclass):
            if each.__module__ == module.__name__:
                yield each


# ---------------------------------------------------------------- who wrote it


def test_no_table_has_a_column_for_who_speaks_or_how_loudly() -> None:
    for table in Row.metadata.sorted_tables:
        check_names((column.name for column in table.columns), table.name)


def test_a_table_with_an_author_cannot_even_be_declared() -> None:
    with pytest.raises(RefusedError, match="用人单位、项目和一笔钱，从来不是说话的人"):

        class WithAuthor(Row):
            __tablename__ = "attempt_at_authors"
            id: Mapped[int] = mapped_column(primary_key=True)
            author: Mapped[str]

    Row.metadata.remove(Row.metadata.tables["attempt_at_authors"])


def test_no_noun_no_view_and_no_setting_has_such_a_field() -> None:
    seen = 0
    for each in our_classes():
        names: list[str] = []
        if dataclasses.is_dataclass(each):
            names = [field.name for field in dataclasses.fields(each)]
        elif hasattr(each, "model_fields"):
            names = list(each.model_fields)
        seen += len(names)
        wanted = [name for name in names if f"{each.__name__}.{name}" not in ALLOWED_NAMES]
        check_names(wanted, each.__name__)
    assert seen > 300, "the search itself must have found the fields"
    assert "retention" in Settings.model_fields


def test_the_search_would_find_an_author() -> None:
    for name in ("author", "poster_name", "ip_address", "user_avatar", "petition_count"):
        with pytest.raises(RefusedError):
            check_names([name], "attempt")


# ---------------------------------------------------------------- protest, petition, press


def test_no_closed_list_has_a_member_about_protest_press_rumour_or_attitude() -> None:
    seen = 0
    for each in our_classes():
        if issubclass(each, Enum):
            seen += 1
            check_names([str(member.value) for member in each], each.__name__)
    assert seen > 20


def test_what_the_model_says_of_a_text_is_a_closed_list_about_wages() -> None:
    assert {each.value for each in DocumentKind} == {
        "claim", "third_party", "paid", "question", "other_debt", "unrelated",
    }  # fmt: skip
    assert {each.value for each in Sentiment} == {"distress", "complaint", "neutral", "thanks"}
    assert {field.name for field in dataclasses.fields(Facts)} == {
        "employer", "project", "place", "sector", "workers", "amount_yuan", "owed_from", "owed_to",
        "months", "public_project", "employer_fled", "danger_to_life",
    }  # fmt: skip


def test_the_score_card_has_points_for_wages_and_danger_and_nothing_else() -> None:
    assert set(Settings.model_fields["urgency"].annotation.model_fields) == {  # type: ignore[union-attr]
        "worker_steps", "amount_steps", "month_steps", "deadline_steps", "public_project",
        "employer_fled", "employer_class_c", "danger_to_life", "raised_at", "high_at",
        "critical_at",
    }  # fmt: skip


@pytest.mark.parametrize(
    "heading", ["上访次数", "聚集人数", "媒体曝光", "舆情等级", "发帖人", "民族"]
)
def test_a_report_with_a_column_about_the_speakers_is_refused(heading: str) -> None:
    columns = (("用人单位", ColumnKind.TEXT), (heading, ColumnKind.COUNT))
    with pytest.raises(RefusedError, match="清薪不做这个"):
        Table("attempt", "一周", columns, [])


def test_an_export_with_such_a_column_is_refused() -> None:
    from monitor.desk.spreadsheets import new_book

    with pytest.raises(RefusedError, match="清薪不做这个"):
        new_book("台账", [("线索编号", 10), ("信访量", 10)])


def words_for_people() -> Iterator[tuple[str, str]]:
    """Every word that an officer or the public can read, with where it stands."""
    for path in sorted((ROOT / "monitor").rglob("*.html")):
        yield path.name, path.read_text("utf-8")
    for path in sorted((ROOT / "monitor" / "locale").rglob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                yield path.parent.parent.name, f"{message.id} {message.string}"
    for path in sorted([*(ROOT / "monitor").rglob("*.py"), *(ROOT / "alerts").rglob("*.py")]):
        if path.name != "refusals.py":
            for text in string_literals(path):
                yield path.name, text


def string_literals(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_no_word_on_a_page_in_a_message_or_in_a_report_is_about_protest() -> None:
    words = [*words_for_people()]
    assert len(words) > 2000
    found = [(where, text[:60]) for where, text in words if _WORDS_OF_PROTEST.search(text)]
    assert found == []


def test_no_page_and_no_command_is_named_for_it() -> None:
    from tests.integration.desk_client import open_desk

    with open_desk() as visitor:
        paths = list(visitor.client.app.openapi_schema.paths or {})
    check_names([part for path in paths for part in path.split("/") if part], "route")
    named = [name for each in ENTRIES for name in names_of_commands(load_command(each))]
    assert {"--public", "--as", "promote", "--dry-run"} <= {*named}
    check_names([*ENTRIES, *named], "command")


def names_of_commands(command: Any) -> list[str]:
    names = [command.name or ""]
    names += [option for each in command.params for option in each.opts]
    for each in getattr(command, "commands", {}).values():
        names += names_of_commands(each)
    return names


def test_an_alert_card_has_no_place_for_a_sentence_of_a_message() -> None:
    from alerts.wording import word_alert

    assert {field.name for field in dataclasses.fields(AlertCard)} == {
        "title", "lines", "link", "urgent", "made_at", "entries", "short", "danger_to_life",
    }  # fmt: skip
    assert "text" not in inspect.signature(word_alert).parameters
    assert "document" not in inspect.signature(word_alert).parameters


# ---------------------------------------------------------------- roles and routes


def test_the_roles_are_a_closed_list() -> None:
    assert {role.value for role in Role} == {
        "analyst", "duty_officer", "case_officer", "reviewer", "leader", "administrator",
    }  # fmt: skip


@pytest.mark.parametrize("role", ["propaganda", "cyberspace", "stability", "police", ""])
def test_a_role_whose_business_is_the_post_is_refused(role: str) -> None:
    with pytest.raises(RefusedError, match="能看到原文的人，都必须是能帮上忙的人"):
        read_role(role)


def test_the_command_line_refuses_such_a_user_and_says_why(tmp_path: Path) -> None:
    answer = CliRunner().invoke(command_line, ["user", "add", "x", "--role", "propaganda"])
    assert answer.exit_code == 2
    said = re.sub(r"[│\s]+", "", answer.output)
    assert "没有以帖子为业务的角色" in said
    assert "duty_officer" in said


def test_the_bodies_are_a_closed_list_of_those_who_can_get_wages_paid() -> None:
    assert {body.value for body in ReferralBody} == {
        "housing_and_construction", "transport", "water", "education", "health", "state_assets",
        "other_inspectorate", "arbitration", "court", "legal_aid", "union",
        "police_refusal_to_pay",
    }  # fmt: skip


@pytest.mark.parametrize("body", ["propaganda", "cyberspace_office", "petition_office", "police"])
def test_a_referral_to_a_body_that_is_not_listed_is_refused(body: str) -> None:
    with pytest.raises(RefusedError, match="帖子会消失，工资不会来"):
        read_body(body)


def test_the_desk_refuses_such_a_referral_and_says_why() -> None:
    from tests.integration.desk_client import open_desk

    with open_desk() as visitor:
        visitor.sign_in()
        answer = visitor.do(1, "refer", body="propaganda", reason="处理帖子")
        assert answer.status_code == 400
        assert "帖子会消失，工资不会来" in answer.text
        assert visitor.office.cases[1].referred_to is None


# ---------------------------------------------------------------- sources


def assert_refused_as_sign_in(folder: Path) -> None:
    """The only source file of a folder is refused, with the sentence that says why."""
    sources, problems = load_sources(folder)
    assert sources == []
    assert [each.code for each in problems] == ["S111"]
    assert "闯进别人家" in problems[0].message


@pytest.mark.parametrize(
    "line",
    [
        'username = "abc"',
        'password = "abc"',
        'cookie = "sid=1"',
        "login = true",
        'captcha = "solve"',
        'proxy = "http://127.0.0.1:1"',
        "obey_robots = false",
        'session_token = "x"',
    ],
)
def test_a_source_with_a_sign_in_is_refused_with_the_reason(tmp_path: Path, line: str) -> None:
    (tmp_path / "forum.toml").write_text(
        'title = "论坛"\nfamily = "discuz"\nbasis = "help_section"\n'
        f'url = "https://bbs.example.cn/forum.php?mod=forumdisplay&fid=2"\n{line}\n',
        "utf-8",
    )
    assert_refused_as_sign_in(tmp_path)


@pytest.mark.parametrize(
    "url",
    [
        "https://me:secret@bbs.example.cn/forum.php",
        "https://bbs.example.cn/member.php?mod=logging",
        "https://bbs.example.cn/list?token=abc",
        "https://bbs.example.cn/list#post:username=me&pwd=x",
        "https://bbs.example.cn/%6c%6f%67%69%6e",
        "https://bbs.example.cn/list?user_pwd=1",
        "https://sso.example.cn/sso/list",
    ],
)
def test_an_address_that_signs_in_is_refused(tmp_path: Path, url: str) -> None:
    (tmp_path / "forum.toml").write_text(
        f'title = "论坛"\nfamily = "discuz"\nbasis = "help_section"\nurl = "{url}"\n', "utf-8"
    )
    assert_refused_as_sign_in(tmp_path)


@pytest.mark.parametrize(
    "form",
    [
        "page=1&password=abc",
        "page=1&pwd=abc",
        "username=me&mima=abc",
        '{\\"page\\": 1, \\"session_id\\": \\"x\\"}',
        '{\\"pass\\\\u0077ord\\": \\"x\\"}',
        "page=1&%70assword=abc",
        "verifycode=1234&page=1",
        "Authorization=x",
    ],
)
def test_a_form_that_signs_in_is_refused_with_the_reason(tmp_path: Path, form: str) -> None:
    (tmp_path / "office.toml").write_text(
        'title = "信箱"\nfamily = "mailbox"\nbasis = "addressed_to_authority"\n'
        f'url = "https://office.example.cn/list"\nform = "{form}"\n',
        "utf-8",
    )
    assert_refused_as_sign_in(tmp_path)


@pytest.mark.parametrize(
    "form", ["page=1&pageSize=20&siteId=3", '{\\"pageNo\\": 1, \\"authorized\\": true}', "passed=1"]
)
def test_a_form_that_only_asks_for_a_list_passes(tmp_path: Path, form: str) -> None:
    (tmp_path / "office.toml").write_text(
        'title = "信箱"\nfamily = "mailbox"\nbasis = "addressed_to_authority"\n'
        f'url = "https://office.example.cn/list"\nform = "{form}"\n',
        "utf-8",
    )
    assert load_sources(tmp_path)[1] == []


def test_the_collector_obeys_robots_and_has_no_way_to_sign_in_or_to_hide() -> None:
    settings = scrapy_settings("QingxinWageReader/0.1 (+office@example.org)")
    assert settings["ROBOTSTXT_OBEY"] is True
    middlewares = settings["DOWNLOADER_MIDDLEWARES"]
    for each in ("httpauth.HttpAuthMiddleware", "httpproxy.HttpProxyMiddleware"):
        assert middlewares[f"scrapy.downloadermiddlewares.{each}"] is None
    assert "spiders.guards.RobotsGate" in middlewares


def test_no_code_of_the_spiders_sends_a_form_or_a_credential() -> None:
    asks = re.compile(
        # Asking a list by POST only reads (`spiders.asking`).
        r"FormRequest|http_user|http_pass|Authorization|set_cookie|captcha_solve|rotating_proxies"
    )
    for path in sorted((ROOT / "spiders").rglob("*.py")):
        found = asks.search(path.read_text("utf-8"))
        assert found is None, f"{path.name}: {found}"


def test_nothing_here_can_write_to_a_source() -> None:
    """`JSON and POST lists` that only read may come; a method that changes something may not."""
    for path in sorted((ROOT / "spiders").rglob("*.py")):
        assert not re.search(r"method=[\"'](?:PUT|DELETE|PATCH)", path.read_text("utf-8"))


# ---------------------------------------------------------------- nobody is followed


def test_what_a_document_is_compared_by_is_a_closed_list_without_its_author() -> None:
    assert {field.name for field in dataclasses.fields(Candidates)} == {
        "same_document", "same_item", "same_party", "same_sum", "same_text",
    }  # fmt: skip
    with pytest.raises(TypeError, match="same_author"):
        Candidates(same_author=())  # type: ignore[call-arg]


def test_a_comparison_by_author_cannot_even_be_declared() -> None:
    with pytest.raises(RefusedError, match="一个人的历次发言放在一起，就是一份档案"):

        @compares_no_speakers
        @dataclasses.dataclass(frozen=True, slots=True)
        class WithAuthor:
            same_document: int
            same_author: int

    source = inspect.getsource(importlib.import_module("monitor.cases"))
    assert "@compares_no_speakers\n@dataclass(frozen=True, slots=True)\nclass Candidates" in source


def test_two_texts_are_the_same_by_their_words_alone() -> None:
    assert list(inspect.signature(sign).parameters) == ["text"]
    text = "我们十五个人在宏图工地干了三个月，一分钱没有拿到，请帮帮我们。"
    first, second = sign(text), sign(text)
    assert first is not None
    assert second is not None
    assert first.numbers == second.numbers


def test_settings_cannot_ask_for_a_join_by_author(tmp_path: Path) -> None:
    from monitor.errors import SettingsError
    from monitor.settings import load_settings
    from tests.conftest import write_settings

    path = write_settings(tmp_path)
    path.write_text(
        path.read_text("utf-8").replace("[cases]\n", '[cases]\njoin_by = "author"\n'), "utf-8"
    )
    with pytest.raises(SettingsError, match=r"cases\.join_by.*不因为是同一个人写的"):
        load_settings(path)


# ---------------------------------------------------------------- told to everybody


def test_every_refusal_stands_in_the_public_page_with_its_reason() -> None:
    page = (ROOT / "docs" / "protection.zh-CN.md").read_text("utf-8").replace("\n", "")
    for refusal in REFUSALS:
        assert refusal.sentence in page, refusal.key
        assert refusal.why in page, refusal.key


@pytest.mark.parametrize("heading", ["用人单位", "欠薪人数", "承办人", "转办至"])
def test_the_headings_of_the_ledger_pass(heading: str) -> None:
    check_headings([heading], "台账")


def test_the_words_for_speakers_are_searched_too() -> None:
    assert _WORDS_OF_SPEAKERS.search("发帖人")

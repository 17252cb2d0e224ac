from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain import Basis, Family, ListedItem, Page, Source
from monitor.errors import SourceError
from spiders import extract
from spiders.catalogue import load_sources
from spiders.family_rules import check_rules

NOW = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[3]

GOOD = """
title = "论坛"
family = "discuz"
basis = "help_section"
url = "http://bbs.example.com/forum.php?mod=forumdisplay&fid=2"
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder


def test_a_file_becomes_a_source_named_after_it(tmp_path: Path) -> None:
    text = GOOD + 'poll_every = "PT15M"\n[expect]\nquiet_after = "P2D"\n'
    sources, problems = load_sources(write(tmp_path, forum=text))
    assert problems == []
    (source,) = sources
    assert (source.name, source.family, source.basis) == (
        "forum",
        Family.DISCUZ,
        Basis.HELP_SECTION,
    )
    assert source.poll_every == timedelta(minutes=15)
    assert source.expect.quiet_after == timedelta(days=2)


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ("titel = 'x'", "S108", "titel"),
        ("poll_every = 'PT0S'", "S105", "poll_every"),
        ("poll_every = 300", "S105", "poll_every"),
        ("poll_every = '5 minutes or so'", "S105", "poll_every"),
        ("max_pages = 0", "S105", "max_pages"),
        ("charset = 'gbkk'", "S107", "charset"),
        ("[expect]\ntext_share = 2", "S105", "expect.text_share"),
        ("[expect]\nquiet = 'P1D'", "S108", "expect.quiet"),
        ("[rules]\nrow = 'tr'", "S106", "rules.row"),
    ],
)
def test_a_wrong_key_is_named_with_a_cure(
    tmp_path: Path, change: str, code: str, place: str
) -> None:
    sources, (problem,) = load_sources(write(tmp_path, forum=f"{GOOD}\n{change}\n"))
    assert sources == []
    assert problem.code == code
    assert place in problem.where
    assert problem.cure


def test_every_fault_of_a_file_is_told_at_once_and_hides_no_other_file(tmp_path: Path) -> None:
    bad = 'titel = "x"\nfamily = "discus"\nurl = "ftp://x/"\n'
    sources, problems = load_sources(write(tmp_path, bad=bad, broken="x = = 3", good=GOOD))
    assert [source.name for source in sources] == ["good"]
    assert {problem.code for problem in problems} == {"S104", "S105", "S108", "S109"}
    assert len([problem for problem in problems if problem.where.startswith("bad")]) == 5


def test_a_source_without_a_basis_is_refused(tmp_path: Path) -> None:
    text = GOOD.replace('basis = "help_section"\n', "")
    sources, (problem,) = load_sources(write(tmp_path, forum=text))
    assert sources == []
    assert "basis" in problem.where


@pytest.mark.parametrize(
    "url",
    [
        "http://user:secret@bbs.example.com/",
        "http://bbs.example.com/member.php?mod=logging&action=login",
        "https://passport.example.com/passport/x",
    ],
)
def test_a_source_that_signs_in_is_refused(tmp_path: Path, url: str) -> None:
    text = GOOD.replace("http://bbs.example.com/forum.php?mod=forumdisplay&fid=2", url)
    sources, (problem,) = load_sources(write(tmp_path, forum=text))
    assert sources == []
    assert "清薪不做这个" in problem.message


@pytest.mark.parametrize(
    "form",
    [
        "user=a&password=b",
        "name=a&pwd=b",
        "name=a&user_pass=b",
        "name=a&%70asswd=b",
        "name=a&%2570asswd=b",
        '{"name": "a", "mima": "b"}',
        '{"token": "abc"}',
        "kouling=1234",
    ],
)
def test_a_form_that_sends_a_password_is_refused_however_it_is_written(
    tmp_path: Path, form: str
) -> None:
    sources, (problem,) = load_sources(write(tmp_path, forum=f"form = '{form}'\n{GOOD}"))
    assert sources == []
    assert (problem.code, problem.where) == ("S111", "forum.toml: form")


@pytest.mark.parametrize("form", ["compass=1&page=2", "yy=2026&mm=11", '{"keyword": "工资"}'])
def test_a_form_that_asks_for_a_list_is_taken(tmp_path: Path, form: str) -> None:
    sources, problems = load_sources(write(tmp_path, forum=f"form = '{form}'\n{GOOD}"))
    assert problems == []
    assert len(sources) == 1


def test_an_address_can_be_replaced_by_its_beginning(tmp_path: Path) -> None:
    bases = {"http://bbs.example.com/": "http://127.0.0.1:4000/"}
    sources, _ = load_sources(write(tmp_path, forum=GOOD), bases)
    assert sources[0].url.startswith("http://127.0.0.1:4000/forum.php")


def test_two_files_of_one_address_are_noticed(tmp_path: Path) -> None:
    _, (problem,) = load_sources(write(tmp_path, one=GOOD, two=GOOD))
    assert problem.code == "S110"


GENERIC = """
title = "老网站"
family = "generic"
basis = "news"
url = "http://old.example.com/list.html"
"""


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ("", {"S111: rules.row", "S111: rules.body"}),
        ("[rules]\nrow = 'li'\nbody = '.x['", {"S112: rules.body"}),
        ("[rules]\nrow = 'li;;'\nbody = '.x'", {"S112: rules.row"}),
        ("[rules]\nrow = 'li'\nbody = '.x'\nkey = '('", {"S112: rules.key"}),
        ("[rules]\nrow = 'li'\nbody = '.x'\nkey = '(a+)+b'", {"S112: rules.key"}),
        ("[rules]\nrow = 'li'\nbody = '.x'\npaging = 'page'", {"S112: rules.paging"}),
        ("[rules]\nrow = 'li'\nbody = '.x'\nrole = 'hero'", {"S112: rules.role"}),
        ("[rules]\nrow = 'li'\nbody = '.x'\nkey = 't=(\\d+)'\nrole = 'post'", set()),
    ],
)
def test_a_rule_that_cannot_be_used_is_named(tmp_path: Path, rules: str, found: set[str]) -> None:
    _, problems = load_sources(write(tmp_path, old=f"{GENERIC}\n{rules}\n"))
    told = {f"{each.code}: {each.where.split(': ')[1]}" for each in problems}
    assert told - {"S102: "} == found
    assert all(each.cure for each in problems)


def test_a_list_behind_a_form_is_one_address(tmp_path: Path) -> None:
    text = GENERIC.replace("generic", "hanweb") + 'form = "columnid=1&startrecord=1"\n'
    (source,), problems = load_sources(write(tmp_path, gov=text))
    assert problems == []
    assert source.url == "http://old.example.com/list.html#post:columnid=1&startrecord=1"
    _, (problem,) = load_sources(write(tmp_path, gov=text.replace("columnid=1", "password=1")))
    assert "form" in problem.where


def test_every_family_can_be_read_and_has_its_rules() -> None:
    for family in Family:
        assert isinstance(check_rules("x.toml", family, {"row": "li", "body": "p"}), list)
        source = Source(
            "x", "x", family, Basis.NEWS, "http://x.example/", rules={"row": "li", "body": "b"}
        )
        page = Page("x", "http://x.example/", 200, {}, b"<html><body>x</body></html>", NOW)
        with pytest.raises(SourceError):
            extract.read_list(page, source, NOW)
        with suppress(SourceError):
            read = extract.read_item(page, source, ListedItem("a1", "http://x.example/1", ""), NOW)
            assert {each.extraction for each in read.documents} == {"generic"}


def test_a_missing_and_an_empty_folder_are_problems(tmp_path: Path) -> None:
    assert load_sources(tmp_path / "none")[1][0].code == "S101"
    assert load_sources(tmp_path)[1][0].code == "S102"


def test_the_sources_that_ship_can_be_used() -> None:
    sources, problems = load_sources(ROOT / "spiders" / "sources")
    assert problems == []
    assert {source.name for source in sources} >= {
        "sample-forum",
        "sample-oldbbs",
        "sample-mailbox",
        "sample-news",
    }

from datetime import UTC, datetime

import pytest

from spiders.asking import answered_as, ask_of, form_of, with_form
from spiders.families.paging import is_paging_rule, next_by_rule

NOW = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)  # the 23rd in Shanghai
LIST = "http://gov.example/list.do"


def test_a_plain_address_is_asked_with_get() -> None:
    ask = ask_of(f"{LIST}?page=2", NOW)
    assert (ask.url, ask.method, ask.body) == (f"{LIST}?page=2", "GET", b"")


def test_a_form_rides_behind_the_address_and_never_in_it() -> None:
    address = with_form(LIST, "startrecord=1&path=%2F")
    ask = ask_of(address, NOW)
    assert (ask.url, ask.method, ask.body) == (LIST, "POST", b"startrecord=1&path=%2F")
    assert ask.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert answered_as(address, "http://gov.example/other.do").endswith(
        "other.do#post:" + ask.body.decode()
    )
    assert form_of(address) == (LIST, "startrecord=1&path=%2F")


def test_a_body_in_braces_is_sent_as_json() -> None:
    ask = ask_of(with_form(LIST, '{"pageNo": 1}'), NOW)
    assert ask.headers["Content-Type"] == "application/json"
    assert ask.body == b'{"pageNo": 1}'


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("from={day-30}&to={day}", "from=2026-10-24&to=2026-11-23"),
        ("modified_after={moment-30}", "modified_after=2026-10-23T00:00:00Z"),
        ("{other}={days}", "{other}={days}"),
    ],
)
def test_dates_are_filled_in(written: str, sent: str) -> None:
    assert ask_of(f"{LIST}?{written}", NOW).url == f"{LIST}?{sent}"


@pytest.mark.parametrize(
    ("address", "rule", "following"),
    [
        (f"{LIST}?page=1", "page+1", f"{LIST}?page=2"),
        (LIST, "page+1", f"{LIST}?page=2"),
        (LIST, "pager.offset+20", f"{LIST}?pager.offset=20"),
        (f"{LIST}?a=%CA%D0&offset=40", "offset+20", f"{LIST}?a=%CA%D0&offset=60"),
        (f"{LIST}?pagesize=9&page=1", "page+1", f"{LIST}?pagesize=9&page=2"),
        (f"{LIST}#post:startrecord=1&endrecord=45", "startrecord+45,endrecord+45",
         f"{LIST}#post:startrecord=46&endrecord=90"),
        (f"{LIST}#post:a=1", "page+1", f"{LIST}#post:a=1&page=2"),
        (f'{LIST}#json:{{"n": 9, "page": 1}}', "page+1", f'{LIST}#json:{{"n": 9, "page": 2}}'),
        ("http://x.example/a/index.html", "index_{n}.html", "http://x.example/a/index_1.html"),
        ("http://x.example/a/index_1.html", "index_{n}.html", "http://x.example/a/index_2.html"),
        ("http://x.example/a/", "list_{n}.htm from 2", "http://x.example/a/list_2.htm"),
    ],
)  # fmt: skip
def test_the_next_page_is_counted_as_the_rule_says(address: str, rule: str, following: str) -> None:
    assert is_paging_rule(rule)
    assert next_by_rule(address, rule) == following


@pytest.mark.parametrize("rule", ["", "page", "page+", "page-1", "next page", "{n}{n}"])
def test_a_rule_that_counts_nothing_is_none(rule: str) -> None:
    assert not is_paging_rule(rule)

"""By what an article is known: its address says it, whatever the way of writing addresses."""

import pytest

from spiders.families.news import article_key, short_key

LONG = "%e6%b8%85" * 40


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://x.example/2026/11/wages-paid/", "https://x.example/2026/11/site-opened/"),
        ("https://x.example/20261103/abcd.html", "https://x.example/20261103/efgh.html"),
        ("https://x.example/2026/11/a/", "https://x.example/2026/10/a/"),
        (f"https://x.example/2026/11/{LONG}1/", f"https://x.example/2026/11/{LONG}2/"),
    ],
)
def test_two_articles_in_one_folder_have_two_keys(one: str, other: str) -> None:
    assert article_key(one) != article_key(other)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://x.example/2026/1103/98765.html", "a98765"),
        ("https://x.example/archives/98765/", "a98765"),
        ("https://x.example/202301/t20230105_1234567.html", "at20230105_1234567"),
        ("https://x.example/art/2026/1/5/art_12_3456.html", "aart_12_3456"),
        ("https://x.example/?p=17", "a17"),
        ("https://x.example/2026/11/%E6%B8%85/", "a/2026/11/%e6%b8%85"),
    ],
)
def test_an_article_is_known_by_its_own_number_or_path(url: str, key: str) -> None:
    assert article_key(url) == key


def test_a_key_fits_its_column_however_long_the_address_is() -> None:
    assert len(f"{short_key('g' * 5000)}/article") < 200

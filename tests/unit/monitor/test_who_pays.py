"""Who must pay: each suggestion with its article, and only where the ledger knows that it fits."""

import pytest

from monitor.casework import CaseDetails, Party, PartyCard, PartyKind, PartyPart
from monitor.who_pays import ANYWHERE, ON_A_SITE, suggest_who_pays

ORDER = "《保障农民工工资支付条例》第"
SITE = (
    "三十条第四款",
    "二十九条第二款",
    "三十六条第一款",
    "三十六条第二款",
    "三十七条",
    "三十二条",
)
EVERY = ("十八条", "二十条", "二十一条")
PROJECT = Party(7, PartyKind.PROJECT, "滨河花园二期")


def make_employer(part: PartyPart) -> Party:
    return Party(1, PartyKind.EMPLOYER, "宏图公司", PartyCard(part=part))


def articles(
    part: PartyPart, project: Party | None = None, *, fled: bool = False
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The articles of what fits, and of what to find out."""
    found = suggest_who_pays(make_employer(part), project, CaseDetails(1, fled=fled))
    assert all(each.article.startswith(ORDER) for each in found)
    known = tuple(each.article.removeprefix(ORDER) for each in found if each.is_known)
    open_ = tuple(each.article.removeprefix(ORDER) for each in found if not each.is_known)
    assert [each.is_known for each in found] == [*[True] * len(known), *[False] * len(open_)]
    return known, open_


@pytest.mark.parametrize(
    ("part", "project", "known", "to_find_out"),
    [
        (PartyPart.UNKNOWN, None, ("十六条",), EVERY),
        (PartyPart.OTHER, None, ("十六条",), EVERY),
        (PartyPart.UNKNOWN, PROJECT, ("十六条",), ("三十条第三款", *SITE, *EVERY)),
        (PartyPart.SUBCONTRACTOR, None, ("三十条第三款", "十六条"), (*SITE, *EVERY)),
        (PartyPart.LABOUR_FIRM, PROJECT, ("三十条第三款", "十六条"), (*SITE, *EVERY)),
        (PartyPart.LABOUR_FIRM, None, ("十六条",), EVERY),
        (PartyPart.GENERAL_CONTRACTOR, None, ("十六条",), (*SITE, *EVERY)),
        (PartyPart.OWNER, PROJECT, ("十六条",), (*SITE, *EVERY)),
    ],
)
def test_what_is_known_of_the_parties_decides_which_articles_fit(
    part: PartyPart,
    project: Party | None,
    known: tuple[str, ...],
    to_find_out: tuple[str, ...],
) -> None:
    assert articles(part, project) == (known, to_find_out)


def test_the_emergency_fund_is_named_only_where_the_employer_has_fled() -> None:
    assert articles(PartyPart.UNKNOWN, fled=True)[0] == ("十六条", "六十三条")
    assert "六十三条" not in articles(PartyPart.UNKNOWN)[0]


@pytest.mark.parametrize(
    ("article", "who"),
    [
        ("三十条第四款", "施工总承包单位"),
        ("二十九条第二款", "建设单位"),
        ("三十六条第一款", "建设单位或施工总承包单位"),
        ("三十六条第二款", "被挂靠的施工单位"),
        ("三十七条", "建设单位"),
        ("十八条", "用工单位"),
        ("二十条", "出资人"),
        ("二十一条", "合并或分立后的单位"),
    ],
)
def test_each_article_names_whom_the_law_names(article: str, who: str) -> None:
    [found] = [each for each in (*ON_A_SITE, *ANYWHERE) if each.article == ORDER + article]
    assert found.who == who


def test_the_subcontractor_s_wages_are_paid_first_by_the_general_contractor() -> None:
    first, second, *_ = suggest_who_pays(
        make_employer(PartyPart.SUBCONTRACTOR), None, CaseDetails(1)
    )
    assert (first.who, second.who) == ("施工总承包单位", "宏图公司")


def test_where_nobody_names_an_employer_it_is_called_the_employer() -> None:
    [first, *_] = suggest_who_pays(None, None, CaseDetails(1))
    assert first.who == "用人单位"

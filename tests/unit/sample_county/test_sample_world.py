"""The county remembers, grows, and knows the truth about what it says."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from sample_county.life import Happening
from sample_county.nouns import Kind, Site
from sample_county.secrets import served_secrets
from sample_county.world import World
from tests.unit.sample_county.county_clock import NOON


def test_a_new_county_has_a_backlog_of_about_sixty_items_over_the_last_days(world: World) -> None:
    recent = [i for i in world.list_items() if NOON - i.first.posted_at < timedelta(days=10)]
    assert 55 <= len(recent) <= 75
    assert {item.site for item in recent} == set(Site)
    assert all(item.first.posted_at < NOON for item in world.list_items())
    assert min(i.first.posted_at for i in recent) < NOON - timedelta(days=7)


def test_the_same_seed_and_times_make_the_same_county(tmp_path: Path) -> None:
    one, two = (World.open(tmp_path / name, 3, NOON) for name in ("one", "two"))
    for world in (one, two):
        world.advance(NOON + timedelta(minutes=20))
    assert one.list_items() == two.list_items()
    other = World.open(tmp_path / "three", 4, NOON)
    assert other.list_items() != World.open(tmp_path / "four", 3, NOON).list_items()


def test_an_event_comes_within_five_seconds_and_a_claim_within_fifteen(world: World) -> None:
    before, claims = len(world.posted_items()), len(world.posted_claims())
    assert world.advance(NOON + timedelta(seconds=5)) == 1
    assert len(world.posted_items()) == before + 1
    world.advance(NOON + timedelta(seconds=15))
    assert len(world.posted_claims()) == claims + 1


def test_events_follow_the_pace_and_bear_the_time_they_were_due(world: World) -> None:
    assert world.advance(NOON + timedelta(minutes=2)) == 2 + 9
    assert world.advance(NOON + timedelta(minutes=2)) == 0
    assert all(p.posted_at <= NOON + timedelta(minutes=2) for p in world.posted_items())


def test_a_second_start_carries_on_where_the_first_stopped(tmp_path: Path) -> None:
    first = World.open(tmp_path, 3, NOON)
    first.advance(NOON + timedelta(minutes=10))
    again = World.open(tmp_path, 99, NOON + timedelta(hours=1))
    assert again.seed == 3
    assert again.list_items() == first.list_items()
    assert served_secrets(again) == served_secrets(first)
    assert again.step == first.step
    newest = max(i.item_id for i in first.list_items(Site.FORUM))
    posted = again.post_claim(Site.FORUM, NOON + timedelta(hours=1))
    assert posted.item_id > newest
    groups = {c.truth.group for c in first.posted_claims() if c.truth}
    assert posted.truth is not None
    assert posted.truth.group not in groups


def test_a_torn_last_line_is_cut_off_and_the_rest_kept(tmp_path: Path) -> None:
    world = World.open(tmp_path, 3, NOON)
    kept = world.list_items()
    with (tmp_path / "journal.jsonl").open("ab") as journal:
        journal.write(b'{"item":{"site":"for')
    assert World.read(tmp_path).list_items() == kept
    again = World.open(tmp_path, 3, NOON)
    again.post_claim(Site.FORUM, NOON)
    assert len(World.read(tmp_path).list_items()) == len(kept) + 1


def test_ids_are_never_used_again_and_only_grow(world: World) -> None:
    first = world.post_claim(Site.OLDBBS, NOON)
    world.delete(Site.OLDBBS, first.item_id, NOON)
    second = world.post_claim(Site.OLDBBS, NOON)
    assert second.item_id == first.item_id + 1
    assert world.find(Site.OLDBBS, first.item_id) is None
    for site in (Site.FORUM, Site.OLDBBS):
        pids = sorted(post.pid for item in world.list_items(site) for post in item.posts)
        assert all(a < b for a, b in pairwise(pids))


def test_two_thousand_claims_name_two_thousand_employers_in_their_own_words(world: World) -> None:
    posted = [world.post_claim(Site.FORUM, NOON) for _ in range(2000)]
    claims = posted + world.posted_claims()[:20]
    by_group = {c.truth.group: c for c in claims if c.truth}
    assert len({c.truth.employer for c in by_group.values() if c.truth}) == len(by_group)
    assert len({c.truth.employer_short for c in by_group.values() if c.truth}) == len(by_group)
    for claim in posted:
        assert claim.truth is not None
        said = claim.title + claim.text
        assert str(claim.truth.employer_short) in said or str(claim.truth.employer) in said
        assert "{" not in said
    assert len({claim.text for claim in posted}) == 2000


def test_a_fact_of_the_truth_stands_in_the_text(world: World) -> None:
    for _ in range(200):
        claim = world.post_claim(Site.MAILBOX, NOON)
        assert claim.truth is not None
        said = claim.title + claim.text
        assert claim.truth.project is None or claim.truth.project in said
        assert claim.truth.place is None or claim.truth.place in said
        if claim.truth.amount_yuan is not None:
            assert any(unit in said for unit in ("元", "块", "万"))


def test_the_county_never_deletes_a_claim_by_itself(world: World) -> None:
    world.advance(NOON + timedelta(hours=3))
    items = world.list_items()
    deleted = [item for item in items if item.deleted]
    assert deleted
    assert not [i for i in deleted for p in i.posts if p.truth and p.truth.kind is Kind.CLAIM]


def test_a_day_of_life_has_every_happening(world: World) -> None:
    world.advance(NOON + timedelta(hours=3))
    items = world.list_items()
    assert any(item.answer for item in items)
    assert any(post.edited_at for item in items for post in item.posts)
    kinds = {p.truth.kind for p in world.posted_items() if p.truth}
    assert kinds == set(Kind)
    groups = [c.truth.group for c in world.posted_claims() if c.truth and not c.is_reply]
    assert len(groups) > len(set(groups)), "no trouble was posted on two sites"


@pytest.mark.parametrize("happening", list(Happening))
def test_every_happening_leaves_a_trace(world: World, happening: Happening) -> None:
    version = world.version
    world.happen(NOON, happening)
    assert world.version > version


def test_a_claim_with_own_words_has_only_the_kind_as_truth(world: World) -> None:
    posted = world.post_claim(Site.FORUM, NOON, title="欠钱", text="三个月没发工资")
    assert (posted.title, posted.text) == ("欠钱", "三个月没发工资")
    assert posted.is_claim
    assert posted.truth is not None
    assert posted.truth.employer is None


def test_the_news_site_takes_no_claims(world: World) -> None:
    with pytest.raises(ValueError, match="news"):
        world.post_claim(Site.NEWS, NOON)


def test_after_a_long_sleep_the_county_says_that_it_is_behind(world: World) -> None:
    later = NOON + timedelta(hours=5)
    assert world.is_behind(later)
    world.resume(later)
    assert not world.is_behind(later)
    assert world.advance(later + timedelta(seconds=9)) == 2


def test_a_claim_posted_by_hand_says_plainly_that_wages_are_owed(world: World) -> None:
    for _ in range(200):
        claim = world.post_claim(Site.OLDBBS, NOON)
        assert "工资" in claim.text
        assert any(words in claim.text for words in ("欠", "没发", "不发", "扣着"))


def test_a_county_may_open_without_a_backlog(tmp_path: Path) -> None:
    world = World.open(tmp_path, 1, NOON, backlog=False)
    assert world.list_items() == []
    assert world.advance(NOON + timedelta(seconds=9)) == 2
    assert len(world.posted_claims()) == 1

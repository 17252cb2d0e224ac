"""The score card: every point has its sentence, and care comes first."""

from datetime import UTC, datetime

from models.urgency import DANGER_REASON, UrgencyCard, score_urgency
from monitor.domain import Fact, Facts, UrgencyLevel

NOW = datetime(2026, 1, 20, tzinfo=UTC)
SPAN = (0, 1)


def score(facts: Facts, days: int | None = None, *, known_c: bool = False) -> tuple[int, int]:
    """Give level and points with the default card."""
    urgency = score_urgency(
        facts,
        published_at=NOW,
        card=UrgencyCard(),
        days_to_deadline=days,
        employer_known_c=known_c,
    )
    return int(urgency.level), urgency.points


def test_a_message_that_says_nothing_is_routine() -> None:
    assert score(Facts()) == (1, 0)


def test_danger_to_life_is_critical_and_its_reason_comes_first() -> None:
    facts = Facts(workers=Fact(60, SPAN), danger_to_life=Fact(value=True, span=SPAN))
    urgency = score_urgency(facts, published_at=NOW, card=UrgencyCard(), days_to_deadline=None)
    assert urgency.level is UrgencyLevel.CRITICAL
    assert urgency.reasons[0].startswith(DANGER_REASON)
    assert "12356" in urgency.reasons[0]


def test_more_workers_more_money_and_longer_are_never_less_urgent() -> None:
    small = Facts(workers=Fact(3, SPAN), amount_yuan=Fact(20000.0, SPAN), months=Fact(1.0, SPAN))
    large = Facts(workers=Fact(80, SPAN), amount_yuan=Fact(2e6, SPAN), months=Fact(14.0, SPAN))
    assert score(large)[1] > score(small)[1] > 0
    assert score(large)[0] == int(UrgencyLevel.CRITICAL)


def test_months_follow_from_the_first_month_owed() -> None:
    facts = Facts(owed_from=Fact("2025-10", SPAN))
    urgency = score_urgency(facts, published_at=NOW, card=UrgencyCard(), days_to_deadline=None)
    assert "4 个月" in urgency.reasons[0]


def test_a_near_or_passed_deadline_adds_points() -> None:
    facts = Facts(workers=Fact(5, SPAN))
    assert score(facts, 5)[1] > score(facts, 50)[1] > score(facts)[1]
    assert score(facts, -3)[1] == score(facts, 5)[1]


def test_class_c_a_fled_employer_and_public_money_each_add_points() -> None:
    plain = score(Facts())[1]
    assert score(Facts(), known_c=True)[1] > plain
    assert score(Facts(employer_fled=Fact(value=True, span=SPAN)))[1] > plain
    assert score(Facts(public_project=Fact(value=True, span=SPAN)))[1] > plain


def test_every_point_has_a_sentence() -> None:
    facts = Facts(workers=Fact(12, SPAN), amount_yuan=Fact(150000.0, SPAN))
    urgency = score_urgency(facts, published_at=NOW, card=UrgencyCard(), days_to_deadline=10)
    stated = sum(int(reason.rsplit("+", 1)[1].rstrip("）")) for reason in urgency.reasons)
    assert stated == urgency.points

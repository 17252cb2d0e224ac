"""Who is asked about next: uncertain ones first, and a part by lot that stays without bias."""

from random import Random

from models.review import LOT_EVERY, Waiting, choose_next, is_drawn


def waiting(number: int, score: float, *, disagrees: bool = False) -> Waiting:
    return Waiting(number, score, is_case=score >= 0.5, disagrees=disagrees)


def plain(*, is_case: bool, after: int = 0) -> int:
    """The first number after this one that is not drawn."""
    return next(n for n in range(after + 1, 10**6) if not is_drawn(n, is_case=is_case))


def test_the_most_uncertain_message_is_asked_about_first() -> None:
    one = plain(is_case=True)
    two = plain(is_case=True, after=one)
    three = plain(is_case=False)
    found = choose_next([waiting(one, 0.9), waiting(two, 0.55), waiting(three, 0.1)], 0, 0.5)
    assert found
    assert found.document_id == two


def test_where_an_officer_disagreed_comes_before_everything() -> None:
    one = plain(is_case=True)
    two = plain(is_case=True, after=one)
    found = choose_next([waiting(one, 0.5), waiting(two, 0.99, disagrees=True)], 0, 0.5)
    assert found
    assert found.document_id == two


def test_nothing_waits() -> None:
    assert choose_next([], 3, 0.5) is None


def test_what_was_drawn_is_asked_about_by_lot_only() -> None:
    # The reader is right on certain texts and guesses on uncertain ones. Counted over what was
    # asked because it was uncertain, its precision would be far too low.
    rng = Random(7)
    scores = {n: rng.random() for n in range(1, 1_001)}
    truth = {n: rng.random() < score for n, score in scores.items()}
    left = {n: waiting(n, score) for n, score in scores.items()}
    asked: list[Waiting] = []
    for _ in range(450):
        found = choose_next([left[n] for n in sorted(left, reverse=True)], len(asked), 0.5)
        assert found
        del left[found.document_id]
        asked.append(found)
    drawn = [each for each in asked if is_drawn(each.document_id, is_case=each.is_case)]
    assert len(drawn) == 450 // LOT_EVERY
    cases = [each.document_id for each in drawn if each.is_case]
    true = sum(score >= 0.5 and truth[n] for n, score in scores.items())
    precision = true / sum(score >= 0.5 for score in scores.values())
    counted = sum(truth[n] for n in cases) / len(cases)
    others = [each for each in asked if each.is_case and each not in drawn]
    biased = sum(truth[each.document_id] for each in others) / len(others)
    assert abs(counted - precision) < 0.12
    assert precision - biased > 0.1


def test_one_in_five_cases_and_one_in_fifty_others_are_drawn() -> None:
    assert 1800 < sum(is_drawn(n, is_case=True) for n in range(10_000)) < 2200
    assert 150 < sum(is_drawn(n, is_case=False) for n in range(10_000)) < 250

"""What is learned from is never measured by, today and at every later training."""

from hypothesis import given
from hypothesis import strategies as st

from models.lessons import Lesson, is_held_back, split_lessons


def lesson(number: int, thread: str, text: str = "", *, is_claim: bool = True) -> Lesson:
    return Lesson(number, thread, "", text or f"第{number}条", is_claim=is_claim)


@given(st.lists(st.text(max_size=9), max_size=40))
def test_a_thread_stands_on_one_side_only_and_always_on_the_same(threads: list[str]) -> None:
    lessons = [lesson(at, thread) for at, thread in enumerate(threads)]
    split = split_lessons(lessons)
    held = {each.thread for each in split.held_back}
    assert held.isdisjoint(each.thread for each in split.learned)
    assert len(split.learned) + len(split.held_back) + split.repeated == len(lessons)
    assert held >= {each.thread for each in split_lessons(lessons[: len(lessons) // 2]).held_back}


def test_about_a_quarter_is_held_back() -> None:
    held = sum(is_held_back(f"forum t{number}") for number in range(4000))
    assert 900 < held < 1100


def test_a_text_that_is_learned_from_measures_nothing_elsewhere() -> None:
    held = next(f"t{at}" for at in range(99) if is_held_back(f"t{at}"))
    other = next(f"t{at}" for at in range(99) if not is_held_back(f"t{at}"))
    split = split_lessons([lesson(1, held, "老板不发工资"), lesson(2, other, "老板不发工资")])
    assert [each.document_id for each in split.learned] == [2]
    assert (split.held_back, split.repeated) == ((), 1)

"""Facts on the labelled messages: floors that may only rise, and nothing invented."""

import pytest

from models.facts import read_facts
from monitor.domain import Facts
from tests.quality.facts_set import LabelledMessage, load_facts_set

MESSAGES = load_facts_set()
FLOORS = {"amount_yuan": 0.95, "workers": 0.95, "months": 0.95, "employer": 0.85, "project": 0.85}


def read(message: LabelledMessage) -> Facts:
    """Read the facts of a labelled message."""
    return read_facts(message.title, message.text, message.published_at)


def test_there_are_enough_messages() -> None:
    assert len(MESSAGES) >= 400


@pytest.mark.parametrize(("name", "floor"), sorted(FLOORS.items()))
def test_a_fact_is_read_as_well_as_promised(name: str, floor: float) -> None:
    right = wrong = missed = 0
    for message in MESSAGES:
        fact = getattr(read(message), name)
        wanted = message.facts.get(name)
        if fact is not None and fact.value == wanted:
            right += 1
        else:
            wrong += fact is not None
            missed += wanted is not None
    assert 2 * right / (2 * right + wrong + missed) >= floor


def test_no_name_is_written_that_is_not_in_the_text() -> None:
    for message in MESSAGES:
        full = f"{message.title}\n{message.text}"
        facts = read(message)
        for fact in (facts.employer, facts.project, facts.place):
            if fact is not None:
                assert full[fact.span[0] : fact.span[1]] == fact.value

"""A line of the audit as people read it."""

import pytest

from monitor.web.audit_labels import split_shown


@pytest.mark.parametrize(
    ("detail", "words", "numbers"),
    [
        ("工资 document:95 document:94", "工资", "95、94"),
        ("document:7", "", "7"),
        ("没有消息", "没有消息", ""),
        ("document:7 后面还有话", "document:7 后面还有话", ""),
    ],
)
def test_the_messages_that_a_search_showed_stand_apart(
    detail: str, words: str, numbers: str
) -> None:
    assert split_shown(detail) == (words, numbers)

"""Where a message says that it happened."""

import pytest

from models.flags import find_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("近日有群众反映南塬乡一处工地没发工资", "南塬乡"),
        ("工友反应白马渡镇的厂子欠薪", "白马渡镇"),
        ("工地位于沙坪镇，三个月没发工资", "沙坪镇"),
        ("反映映水镇的厂子欠薪", "映水镇"),
        ("南塬乡的工地欠薪", "南塬乡"),
        ("老乡们都没拿到工资", None),
    ],
)
def test_a_place_does_not_begin_with_the_verb_before_it(text: str, place: str | None) -> None:
    found = find_place(text)
    assert (found and found.value) == place
    if found is not None:
        assert text[slice(*found.span)] == found.value

"""和 inside a firm's name belongs to it; 和 between two does not."""

import pytest

from models.facts import read_facts


@pytest.mark.parametrize(
    ("text", "employer"),
    [
        ("清河昌达和兴建筑有限公司拖欠我们工资", "清河昌达和兴建筑有限公司"),
        ("祥和家具厂拖欠我们工资", "祥和家具厂"),
        ("我和宏图建筑公司签了合同，公司拖欠工资", "宏图建筑公司"),
        ("我和老王在宏图建筑公司干活，公司拖欠工资", "宏图建筑公司"),
    ],
)
def test_and_in_a_name(text: str, employer: str) -> None:
    found = read_facts("", text, None).employer
    assert found is not None
    assert found.value == employer

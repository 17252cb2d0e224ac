"""The simpler readers that `qingxin evaluate --baselines` stands beside ours."""

import pytest

from models.baselines import compare_baselines
from models.evaluation import LabelledText

CLAIM = LabelledText("", "老板拖欠我们工资三个月不给\ud800", claim=True)
OTHER = LabelledText("", "小区的路灯坏了没人修", claim=False)
LEVEL = LabelledText("", "教师工资太低，建议提高", claim=False)


def test_key_words_and_any_mention_of_pay_are_counted() -> None:
    keywords, mention = compare_baselines([CLAIM, OTHER, LEVEL])
    assert (keywords.precision, keywords.recall, keywords.pr_auc) == (1.0, 1.0, None)
    assert (mention.precision, mention.recall) == (0.5, 1.0)
    assert mention.f1 == pytest.approx(2 / 3)


def test_enough_texts_are_cross_validated() -> None:
    rows = compare_baselines([CLAIM, OTHER, LEVEL] * 30)
    assert len(rows) == 3
    assert rows[-1].pr_auc == pytest.approx(1.0)

"""The figures of `evaluate`."""

import pytest
from sklearn.metrics import average_precision_score

from models.evaluation import LabelledText, average_precision, evaluate
from models.reader import ClaimReader


def test_average_precision_is_that_of_scikit_learn() -> None:
    scores = [0.9, 0.8, 0.8, 0.7, 0.4, 0.4, 0.1]
    labels = [True, False, True, True, False, True, False]
    assert average_precision(scores, labels) == pytest.approx(
        average_precision_score(labels, scores)
    )


def test_without_claims_nothing_is_found() -> None:
    assert average_precision([0.2, 0.9], [False, False]) == 0.0


def test_the_figures_are_counted_at_the_working_threshold() -> None:
    reader = ClaimReader.load()
    lines = [
        LabelledText("", "老板拖欠我们15个工人工资三万八，至今不给", claim=True),
        LabelledText("", "小区门口的路该修了", claim=False),
    ]
    figures = evaluate(reader, lines)
    assert (figures.precision, figures.recall, figures.f1, figures.pr_auc) == (1.0, 1.0, 1.0, 1.0)
    assert figures.threshold == reader.working_threshold
    assert figures.claims == 1
    assert sum(count for _, _, count in figures.reliability) == len(lines)


def test_no_lines_give_figures_of_nothing() -> None:
    assert evaluate(ClaimReader.load(), []).texts == 0


def test_the_curve_says_what_every_threshold_would_give() -> None:
    lines = [
        LabelledText("", "老板拖欠我们15个工人工资三万八，至今不给", claim=True),
        LabelledText("", "小区门口的路该修了", claim=False),
    ]
    curve = evaluate(ClaimReader.load(), lines).curve
    assert [step for step, _, _ in curve] == pytest.approx([each / 20 for each in range(1, 20)])
    assert all((precision, recall) == (1.0, 1.0) for step, precision, recall in curve if step < 0.9)

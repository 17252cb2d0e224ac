"""What simpler readers do on the same labelled texts, for the table of `qingxin evaluate`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Final

import numpy as np

from models.evaluation import LabelledText, average_precision, hits
from models.segment import segment

KEYWORDS: Final = re.compile("欠薪|拖欠.{0,6}工资|讨薪|工钱|血汗钱")
"""What a watch by key words would look for."""
FOLDS: Final = 5
FEWEST: Final = 25
"""With fewer claims, or fewer other texts, nothing is trained for comparison."""


@dataclass(frozen=True, slots=True)
class BaselineFigures:
    """A simpler reader's figures; `pr_auc` is None where it gives no score."""

    name: str
    precision: float
    recall: float
    f1: float
    pr_auc: float | None


def compare_baselines(lines: Sequence[LabelledText]) -> list[BaselineFigures]:
    """Measure the key words, any 工资, and TF-IDF with logistic regression on labelled texts.

    SnowNLP's sentiment stands beside them where that package is installed.

    The last one is trained on these very texts, cross-validated: an advantage that ours has not.
    """
    texts = [f"{line.title}\n{line.text}" for line in lines]
    truth = np.array([line.claim for line in lines], dtype=bool)
    said = {
        "keywords": np.array([KEYWORDS.search(text) is not None for text in texts], dtype=bool),
        "any 工资": np.array(["工资" in text for text in texts], dtype=bool),
    }
    rows = [_figures(name, answers, truth, None) for name, answers in said.items()]
    if find_spec("snownlp") is not None:
        distress = _unhappiness(texts)
        area = average_precision(distress.tolist(), truth.tolist())
        rows.append(_figures("SnowNLP sentiment, below 0.5", distress >= 0.5, truth, area))  # noqa: PLR2004
    if min(int(truth.sum()), int((~truth).sum())) >= FEWEST:
        scores = _cross_validated(texts, truth)
        area = average_precision(scores.tolist(), truth.tolist())
        name = "TF-IDF + logistic regression, cross-validated here"
        rows.append(_figures(name, scores >= 0.5, truth, area))  # noqa: PLR2004 - even odds
    return rows


def _figures(
    name: str, said: np.ndarray, truth: np.ndarray, pr_auc: float | None
) -> BaselineFigures:
    """Put a row together."""
    precision, recall = hits(said, truth)
    both = precision + recall
    return BaselineFigures(
        name, precision, recall, 2 * precision * recall / both if both else 0.0, pr_auc
    )


def _unhappiness(texts: Sequence[str]) -> np.ndarray:
    """Score texts by how unhappy SnowNLP calls them, in [0, 1]; an empty text is 0.

    SnowNLP is of 2015 and was trained on customers' reviews; nothing but this comparison needs it
    (`pip install .[compare]`).
    """
    sentiment = import_module("snownlp").SnowNLP
    return np.array(
        [1.0 - float(sentiment(text).sentiments) if text.strip() else 0.0 for text in texts]
    )


def _words(text: str) -> list[str]:
    """Cut a text into words of two signs and more; a lone surrogate would stop the tokeniser."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return [word for word in segment(clean) if len(word.strip()) > 1]


def _cross_validated(texts: Sequence[str], truth: np.ndarray) -> np.ndarray:
    """Score each text with a pipeline that was trained on the other folds."""
    # scikit-learn takes a second to load, and only this comparison and training need it.
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.model_selection import StratifiedKFold, cross_val_predict  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415

    pipeline = make_pipeline(
        TfidfVectorizer(tokenizer=_words, token_pattern=None, sublinear_tf=True, min_df=2),
        LogisticRegression(C=20, class_weight="balanced", max_iter=2000),
    )
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    shares: np.ndarray = cross_val_predict(
        pipeline, list(texts), truth, cv=folds, method="predict_proba"
    )[:, 1]
    return shares

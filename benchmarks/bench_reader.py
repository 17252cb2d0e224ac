"""How fast the claim reader reads, with plain jieba and scikit-learn beside it.

Messages of 300 characters: one of the project's own corpus (38 % are claims), filled up with
sentences of ordinary letters. One thread; the best of several runs, because the machine may be
shared. Times are read from the performance counter.
"""

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter, process_time

import jieba
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from models.corpus.generate import generate_messages
from models.corpus.grammar import Grammar
from models.reader import ClaimReader, ReadingInput
from models.relations import weigh
from models.urgency import UrgencyCard, score_urgency

LENGTH = 300
MESSAGES = 4_000
RUNS = 5
_LOADING = (
    "from time import perf_counter; import resource; start = perf_counter(); "
    "from models.reader import ClaimReader; ClaimReader.load(); "
    "print(perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
)


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, the figure, its unit and the goal."""

    name: str
    figure: float
    unit: str
    goal: str


def make_messages(count: int = MESSAGES) -> list[ReadingInput]:
    """Write messages of `LENGTH` characters, each filled up with an ordinary letter."""
    chance = random.Random(99)
    grammar = Grammar(chance)
    items = []
    for message in generate_messages(count, seed=99):
        text = message.text
        while len(text) < LENGTH:
            text = f"{text}。{'，'.join(grammar.letter(grammar.topic(), 4))}"
        items.append(ReadingInput(message.title, text[:LENGTH]))
    return items


def per_second(job: Callable[[], object], texts: int, runs: int = RUNS) -> tuple[float, float]:
    """Give texts a second by the clock and by processor time, the best of several runs."""
    clock, processor = [], []
    for _ in range(runs):
        # What was remembered of the same sentences would flatter the figure.
        weigh.cache_clear()
        began, used = perf_counter(), process_time()
        job()
        clock.append(texts / (perf_counter() - began))
        processor.append(texts / (process_time() - used))
    return max(clock), max(processor)


def time_of_one(reader: ClaimReader, items: Sequence[ReadingInput]) -> tuple[float, float]:
    """Give the median and the 99th percentile of assessing one text, in milliseconds."""
    times = []
    for item in items:
        began = perf_counter()
        reader.assess(item.title, item.text)
        times.append((perf_counter() - began) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


def plain_pipeline(items: Sequence[ReadingInput]) -> Pipeline:
    """Fit what everybody would write first: jieba, TF-IDF and logistic regression."""
    labels = [at % 2 for at in range(len(items))]
    pipeline = make_pipeline(
        TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None), LogisticRegression()
    )
    pipeline.fit([item.text for item in items], labels)
    return pipeline


def loading() -> tuple[float, float]:
    """Give seconds and MB of loading the reader in a fresh process."""
    answer = subprocess.run(
        [sys.executable, "-c", _LOADING], capture_output=True, text=True, check=True
    )
    seconds, megabytes = answer.stdout.split()
    return float(seconds), float(megabytes)


def assess_with_urgency(reader: ClaimReader, items: Sequence[ReadingInput]) -> None:
    """Assess texts and score their urgency, as the work process does."""
    card = UrgencyCard()
    for reading in reader.assess_many(items):
        score_urgency(reading.facts, published_at=None, card=card, days_to_deadline=30)


def measure() -> list[Row]:
    """Measure everything, about a minute on one core."""
    seconds, megabytes = loading()
    reader = ClaimReader.load()
    items = make_messages()
    score, score_cpu = per_second(lambda: reader.score_many(items), len(items))
    full, full_cpu = per_second(lambda: assess_with_urgency(reader, items), len(items))
    median, slow = time_of_one(reader, items[:1000])
    few = items[:500]
    pipeline = plain_pipeline(few)
    texts = [item.text for item in few]
    plain, plain_cpu = per_second(lambda: pipeline.predict_proba(texts), len(few), runs=2)
    return [
        Row("kind and score, in bulk, by the clock", score, "messages/s", "≥ 8000"),
        Row("kind and score, in bulk, by processor time", score_cpu, "messages/s", "≥ 8000"),
        Row("facts, urgency and reasons too, by the clock", full, "messages/s", "≥ 2000"),
        Row("facts, urgency and reasons too, by processor time", full_cpu, "messages/s", "≥ 2000"),
        Row("one message, median", median, "ms", "≤ 2"),
        Row("one message, 99th percentile", slow, "ms", ""),
        Row("loading", seconds, "s", "≤ 1"),
        Row("memory of a process with the reader", megabytes, "MB", "≤ 200"),
        Row("beside it: jieba, TF-IDF, logistic regression, by the clock", plain, "messages/s", ""),
        Row("the same, by processor time", plain_cpu, "messages/s", ""),
    ]


def as_table(rows: Sequence[Row]) -> str:
    """Write the rows as a Markdown table."""
    lines = ["| what | measured | unit | goal |", "|---|---|---|---|"]
    lines += [f"| {row.name} | {row.figure:,.2f} | {row.unit} | {row.goal} |" for row in rows]
    return "\n".join(lines)


def main() -> None:
    """Print the table, or JSON with --json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    rows = measure()
    if parser.parse_args().json:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False))
    else:
        print(as_table(rows))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"peak memory of this process: {peak} MB")


if __name__ == "__main__":
    main()

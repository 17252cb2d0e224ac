"""What masking a text costs: the marked messages, and texts as long as those of a forum.

    python -m benchmarks.bench_masking

Processor time of the whole mask, the median of several rounds. The result is Markdown on standard
output.
"""

import statistics
import time
from collections.abc import Sequence

from benchmarks.machine import as_table, load_average, pin_to_one_core, say
from benchmarks.texts import Writer, name_employer
from spiders.masking import mask
from tests.protection.measure_masking import PARTS, list_messages

ROUNDS = 7
LETTERS = 400


def write_letters() -> list[str]:
    """Texts of which every fourth is a claim."""
    writer = Writer(1)
    return [
        (writer.write_other() if number % 4 else writer.write_claim(name_employer(number)))[1]
        for number in range(LETTERS)
    ]


def measure(texts: Sequence[str]) -> float:
    """Milliseconds of processor time for one text."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for text in texts:
            mask(text)
        rounds.append((time.process_time() - began) / len(texts) * 1000)
    return statistics.median(rounds)


def main() -> None:
    """Measure and print."""
    pin_to_one_core()
    say("masking")
    kinds = {
        "the marked messages, most with personal data": [
            message.text for part in PARTS for message in list_messages(part)
        ],
        "claims and letters of the benchmarks": write_letters(),
    }
    rows = [
        (
            name,
            f"{len(texts):,}",
            f"{sum(map(len, texts)) / len(texts):.0f}",
            f"{measure(texts):.3f}",
        )
        for name, texts in kinds.items()
    ]
    print("## Masking\n")
    print(
        "Command: `python -m benchmarks.bench_masking`. Processor time of one core, the median of "
        f"{ROUNDS} rounds. Load average {load_average():.1f}.\n"
    )
    print(as_table(("what", "texts", "characters each", "ms a text"), rows))


if __name__ == "__main__":
    main()

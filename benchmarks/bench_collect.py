"""What `collect` costs: pages a second beside bare Scrapy, and many sources on their schedule.

    python -m benchmarks.bench_collect [--part speed|schedule] [--sources 50,500,2000]

The pages are those of forums on loopback, one address each, served by a process of its own. The
result is Markdown on standard output.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from benchmarks.machine import ROOT, as_table, load_average, say
from tests.loopback_forums import ROWS, Forums, host_of, run_forums_process

HOSTS = 16
THREADS = 240
POSTS = 3
RUNS = 3
GOAL = 0.7


@dataclass(frozen=True)
class Fetched:
    """One run: pages and documents, and the seconds by the clock and of processor time."""

    pages: int
    documents: int
    seconds: float
    processor: float

    @property
    def per_second(self) -> float:
        """Pages a second by the clock."""
        return self.pages / self.seconds


def run_one(mode: str, forums: Forums) -> Fetched:
    """Fetch everything once, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="qingxin-bench-") as folder:
        words = [mode, str(forums.port), str(HOSTS), str(THREADS), folder]
        ended = subprocess.run(
            [sys.executable, "-m", "benchmarks.collecting", *words],
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    told = json.loads(ended.stdout.strip().splitlines()[-1])
    expected = HOSTS * (THREADS + -(-THREADS // ROWS))
    assert told["pages"] >= expected, told
    return Fetched(told["pages"], told["documents"], told["seconds"], told["processor"])


MODES = {
    "bare": "bare Scrapy: default settings, the addresses known beforehand, nothing parsed",
    "collect": "`collect`: lists read, threads fetched, read, masked and stored in SQLite",
    "unstored": "the same, stored nowhere",
}


def measure_speed() -> str:
    """Pages a second of bare Scrapy and of ours, in turn, so that both see the same machine."""
    runs: dict[str, list[Fetched]] = {mode: [] for mode in MODES}
    with run_forums_process(HOSTS, THREADS, POSTS) as forums:
        weight = page_weight(forums)
        for _ in range(RUNS):
            for mode in MODES:
                runs[mode].append(run_one(mode, forums))
                say(f"{mode}: {runs[mode][-1].per_second:.0f} pages/s")
    best = {mode: max(found, key=lambda run: run.per_second) for mode, found in runs.items()}
    bare = best["bare"]
    lines = [
        [
            MODES[mode],
            f"{best[mode].per_second:.0f}",
            " / ".join(f"{run.per_second:.0f}" for run in found),
            f"{min(run.processor / run.pages for run in found) * 1000:.2f}",
            f"{best[mode].documents:,}",
            f"{best[mode].per_second / bare.per_second:.2f}",
        ]
        for mode, found in runs.items()
    ]
    share = best["collect"].per_second / bare.per_second
    pairs = [
        ours.per_second / theirs.per_second
        for ours, theirs in zip(runs["collect"], runs["bare"], strict=True)
    ]
    head = ["what", "pages/s, best", "every run", "ms of processor time a page", "documents",
            "of bare Scrapy"]  # fmt: skip
    reached = "reached" if share >= GOAL else "**missed**"
    told = (
        "Command: `python -m benchmarks.bench_collect --part speed`. "
        f"{HOSTS} forums on loopback with {THREADS} threads of {POSTS} posts each, a thread "
        f"page of {weight // 1024} KiB; no pause between requests, one connection a host for "
        "ours, Scrapy's own 16 at once for the bare one. By the clock, from the first request "
        f"to the last commit; {RUNS} runs in turn. Load average {load_average():.1f}."
    )
    verdict = (
        f"`collect` reaches {share:.2f} of bare Scrapy (best against best; run against run: "
        f"{', '.join(f'{pair:.2f}' for pair in pairs)}), goal ≥ {GOAL} {reached}."
    )
    title = "## Fetching, reading, masking and storing"
    return "\n\n".join([title, told, as_table(head, lines), verdict])


def page_weight(forums: Forums) -> int:
    """Bytes of a thread page."""
    import urllib.request

    url = f"http://{host_of(0)}:{forums.port}/forum.php?mod=viewthread&tid=1"
    with urllib.request.urlopen(url, timeout=10) as answer:
        return len(answer.read())


def main() -> int:
    """Measure one part, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("speed", "schedule", "all"), default="all")
    parser.add_argument("--sources", default="50,500,2000")
    parser.add_argument("--minutes", type=float, default=11.0)
    options = parser.parse_args()
    parts = []
    if options.part in {"speed", "all"}:
        parts.append(measure_speed())
    print("\n\n".join(parts))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What `collect` costs: pages a second beside bare Scrapy, and many sources on their schedule.

    python -m benchmarks.bench_collect [--part speed|schedule] [--sources 50,500,2000] [--together]

The pages are those of forums on loopback, one address each, served by a process of its own. The
result is Markdown on standard output.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import psutil
from sqlalchemy import select

from benchmarks.machine import ROOT, as_table, load_average, quantile, say
from monitor.storage.session import Storage
from monitor.storage.tables import DocumentRow
from tests.loopback_forums import ROWS, Forums, host_of, run_forums_process

HOSTS = 16
THREADS = 240
POSTS = 3
RUNS = 3
GOAL = 0.7
EVERY_SECONDS = 300.0
ON_TIME_SECONDS = 5.0
AN_HOUR = 6.0
OLD_THREADS = 10


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


@dataclass(frozen=True)
class Scheduled:
    """What many sources on a schedule of five minutes cost."""

    sources: int
    lists: int
    late: list[float]
    first_round: float
    processor: float
    megabytes: float
    new_posts: int
    slowest_post: float
    pages: int


def watch_schedule(sources: int, minutes: float) -> Scheduled:
    """Watch so many sources for so many minutes; the first five are left out of the cost."""
    with (
        tempfile.TemporaryDirectory(prefix="qingxin-bench-") as folder,
        run_forums_process(sources, OLD_THREADS, 2, an_hour=AN_HOUR) as forums,
    ):
        words = ["scheduled", str(forums.port), str(sources), str(OLD_THREADS), folder]
        began = time.monotonic()
        with subprocess.Popen(
            [sys.executable, "-m", "benchmarks.collecting", *words], cwd=ROOT
        ) as process:
            measured = psutil.Process(process.pid)
            time.sleep(EVERY_SECONDS)
            used, settled = processor_time(measured), time.monotonic()
            time.sleep(minutes * 60 - EVERY_SECONDS)
            processor = (processor_time(measured) - used) / (time.monotonic() - settled)
            megabytes = measured.memory_info().rss / 2**20
            process.terminate()
            process.wait(timeout=30)
        url = f"http://{host_of(0)}:{forums.port}/asked"
        with urllib.request.urlopen(url, timeout=60) as answer:
            asked = json.loads(answer.read())
        waits = find_waits(f"sqlite:///{folder}/qingxin.db")
    polls: dict[int, list[float]] = {}
    for at, forum, path in asked:
        if path.endswith("forumdisplay&fid=2"):
            polls.setdefault(forum, []).append(at)
    assert len(polls) == sources, f"{len(polls)} of {sources} were read"
    late = [
        max(0.0, after - before - EVERY_SECONDS)
        for times in polls.values()
        for before, after in pairwise(times)
    ]
    return Scheduled(
        sources=sources,
        lists=sum(map(len, polls.values())),
        late=late,
        first_round=max(times[0] for times in polls.values()) - began,
        processor=processor,
        megabytes=megabytes,
        new_posts=len(waits),
        slowest_post=max(waits, default=0.0),
        pages=len(asked),
    )


def find_waits(address: str) -> list[float]:
    """Seconds from writing to fetching, of every thread that was opened while we watched."""
    storage = Storage(address)
    old = [f"t{number + 1}" for number in range(OLD_THREADS)]
    new = select(DocumentRow.published_at, DocumentRow.fetched_at).where(
        DocumentRow.item_key.not_in(old)
    )
    with storage.engine.connect() as connection:
        rows = connection.execute(new).all()
    storage.close()
    return [(fetched - published).total_seconds() for published, fetched in rows if published]


def processor_time(process: psutil.Process) -> float:
    """Seconds of processor time, user and system."""
    times = process.cpu_times()
    return float(times.user + times.system)


def measure_schedule(sizes: list[int], minutes: float, *, together: bool) -> str:
    """Lists read on time, processor and memory, from few sources to many."""
    lines = []
    with ThreadPoolExecutor(len(sizes) if together else 1) as watching:
        every = [*watching.map(watch_schedule, sizes, [minutes] * len(sizes))]
    for sources, found in zip(sizes, every, strict=True):
        say(f"{sources} sources: {found.processor:.1%} of a core, {found.megabytes:.0f} MB")
        on_time = sum(late <= ON_TIME_SECONDS for late in found.late) / len(found.late)
        lines.append(
            [
                f"{sources:,}",
                f"{found.lists:,}",
                f"{on_time:.2%}",
                f"{quantile(found.late, 0.99):.1f}",
                f"{max(found.late):.1f}",
                f"{found.first_round:.0f}",
                f"{found.processor:.1%}",
                f"{found.processor / found.sources * EVERY_SECONDS * 1000:.0f}",
                f"{found.megabytes:.0f}",
                f"{found.new_posts:,}",
                f"{found.slowest_post:.0f}",
            ]
        )
    head = [
        "sources", "list readings", f"at most {ON_TIME_SECONDS:.0f} s late", "late p99, s",
        "latest, s", "first round begun after, s", "of one core", "ms of it a source and poll",
        "RSS MB", "new posts read", "slowest post → read, s",
    ]  # fmt: skip
    told = (
        f"Command: `python -m benchmarks.bench_collect --part schedule"
        f"{' --together' if together else ''}`. Every source is a forum of its "
        f"own address with {OLD_THREADS} threads, on which {AN_HOUR:.0f} threads are opened in "
        f"an hour; `poll_every` five minutes; {minutes:.0f} minutes each, of which the first five "
        "(the first crawl) are not in the cost. Late is what lies between two readings of a list "
        "beyond five minutes, by the server's own log. The server shares the machine; the sizes "
        f"were watched {'side by side, all at the same time' if together else 'one by one'}. Load "
        f"average {load_average():.1f}."
    )
    title = "## Many sources on a schedule of five minutes"
    return "\n\n".join([title, told, as_table(head, lines)])


def page_weight(forums: Forums) -> int:
    """Bytes of a thread page."""
    url = f"http://{host_of(0)}:{forums.port}/forum.php?mod=viewthread&tid=1"
    with urllib.request.urlopen(url, timeout=10) as answer:
        return len(answer.read())


def main() -> int:
    """Measure one part, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("speed", "schedule", "all"), default="all")
    parser.add_argument("--sources", default="50,500,2000")
    parser.add_argument("--minutes", type=float, default=11.0)
    parser.add_argument(
        "--together", action="store_true", help="all sizes at once: sooner done, harder to bear"
    )
    options = parser.parse_args()
    parts = []
    if options.part in {"speed", "all"}:
        parts.append(measure_speed())
    if options.part in {"schedule", "all"}:
        sizes = [int(each) for each in options.sources.split(",")]
        parts.append(measure_schedule(sizes, options.minutes, together=options.together))
    print("\n\n".join(parts))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The machine that is measured on, one core of it, and how figures become Markdown."""

import os
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time

ROOT = Path(__file__).resolve().parent.parent


def say(text: str) -> None:
    """Tell whoever waits; standard output is for the result only."""
    print(text, file=sys.stderr, flush=True)


def pin_to_one_core() -> int:
    """Let this process, with all its threads, run on one core only; return its number."""
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return core


def load_average() -> float:
    """How many processes wanted a core during the last minute, ours among them."""
    return os.getloadavg()[0]


@dataclass
class Spent:
    """Seconds by the clock and of processor time (user and system) that a piece of work took."""

    wall: float = 0.0
    processor: float = 0.0


@contextmanager
def timed() -> Iterator[Spent]:
    """Measure what happens inside; the figures stand when it is over."""
    spent = Spent()
    wall, processor = perf_counter(), process_time()
    yield spent
    spent.wall, spent.processor = perf_counter() - wall, process_time() - processor


def quantile(values: Sequence[float], share: float) -> float:
    """The value below or at which this share in (0, 1] of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 1000) // 1000) - 1)]


def as_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write rows as a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def describe_machine() -> list[str]:
    """What the figures were measured on, one line each."""
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ("sqlalchemy", "scrapy", "litestar", "rjieba", "rensa", "selectolax", "psycopg")
    return [
        (
            f"Machine: {os.cpu_count()} cores ({processor}), {memory:.0f} GiB, "
            f"{platform.system()} {platform.release()}"
        ),
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        + ", ".join(f"{name} {version(name)}" for name in packages),
    ]


def find_revision() -> str:
    """The revision of the code that is measured, and whether files were changed since."""
    try:
        commit = _git("rev-parse", "--short=12", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no", "--", "*.py", "*.npz")
    except (OSError, subprocess.CalledProcessError):
        return "unknown (no git here)"
    return f"{commit} with changes that are not committed" if changed else commit


def _git(*words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()

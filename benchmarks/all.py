"""Runs every benchmark, one after another, and writes docs/benchmarks.md: `make bench`.

Each runs in a process of its own, so that none inherits another's memory or its one core.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from benchmarks.machine import ROOT, describe_machine, load_average, say
from monitor.bootstrap import read_clock

PAGE = ROOT / "docs" / "benchmarks.md"
INTRODUCTION = """# Benchmarks

Written by `make bench`, which runs everything below one after another; nothing here is typed in by
hand. Where several runs were made, the best stands beside all of them: the machine may be shared,
and other work can only make a figure worse. By the clock means wall time; processor time is
user and system time of the measured process, which other work disturbs less. "Load" is the load
average of the last minute when a measurement ended, our own work included: with one process at
work, what is above 1 belongs to others."""


def run(module: str, *words: str) -> str:
    """Run one benchmark; its progress is shown, its Markdown returned."""
    say(f"{module} {' '.join(words)}")
    ended = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", *words],
        cwd=ROOT,
        check=False,
        stdout=subprocess.PIPE,
        text=True,
    )
    if ended.returncode:
        return f"**`benchmarks.{module}` failed (exit status {ended.returncode}); no figures.**"
    return ended.stdout.strip()


def main() -> int:
    """Measure everything and write the page; 1 when a benchmark failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", default="3000", help="new documents in one run")
    parser.add_argument("--stored", default="10000,1000000", help="sizes of the databases")
    parser.add_argument("--keep", help="keep the filled databases in this folder")
    options = parser.parse_args()
    began, load = read_clock(), load_average()
    kept = ["--keep", options.keep] if options.keep else []
    sections = [
        run("bench_pipeline", "--documents", options.documents, "--stored", options.stored, *kept),
        run("bench_roles"),
    ]
    if (Path(__file__).parent / "bench_reader.py").exists():
        sections.append(
            "## Reading\n\nCommand: `python -m benchmarks.bench_reader`. Load average "
            f"{load_average():.1f} when it began.\n\n{run('bench_reader')}"
        )
    facts = [
        *describe_machine(),
        (
            f"Begun {began:%Y-%m-%d %H:%M} UTC, ended {read_clock():%Y-%m-%d %H:%M} UTC; "
            f"load average before we began: {load:.1f}"
        ),
    ]
    head = "\n".join(f"- {fact}" for fact in facts)
    PAGE.write_text("\n\n".join([INTRODUCTION, head, *sections]) + "\n", "utf-8")
    say(f"written to {PAGE.relative_to(ROOT)}")
    return int(any("failed (exit status" in section for section in sections))


if __name__ == "__main__":
    sys.exit(main())

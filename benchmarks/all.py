"""Runs every benchmark, one after another, and writes docs/benchmarks.md: `make bench`.

Each runs in a process of its own, so that none inherits another's memory or its one core. With
`--only NAME` one is measured again, and the sections of the others stay with their own dates.
"""

import argparse
import subprocess
import sys

from benchmarks.machine import ROOT, describe_machine, find_revision, load_average, say
from monitor.bootstrap.app import read_clock

BENCHMARKS = (
    "bench_pipeline",
    "bench_roles",
    "bench_commands",
    "bench_reader",
    "bench_desk",
    "bench_extraction",
    "bench_masking",
    "bench_alerts",
    "bench_collect",
    "bench_schedule",
    "bench_reports",
)
# A benchmark with a module of another name: its second part takes half an hour by itself.
_MODULES = {"bench_schedule": "bench_collect"}
_MARK = "<!-- {} -->"
PAGE = ROOT / "docs" / "benchmarks.md"
INTRODUCTION = """# Benchmarks

Written by `make bench`, which runs everything below one after another; one part alone again:
`python -m benchmarks.all --only bench_roles`. No figure is typed in by hand. Where several runs
were made, the best stands beside all of them: the machine may be shared, and other work can only
make a figure worse. By the clock means wall time; processor time is user and system time of the
measured process, which other work disturbs less. "Load" is the load average of the last minute when
a measurement ended, our own work included: with one process at work, what is above 1 belongs to
others."""


def run(module: str, *words: str) -> str:
    """Run one benchmark; its progress is shown, its Markdown returned."""
    say(f"{module} {' '.join(words)}")
    ended = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{_MODULES.get(module, module)}", *words],
        cwd=ROOT,
        check=False,
        stdout=subprocess.PIPE,
        text=True,
    )
    if ended.returncode:
        return f"**`benchmarks.{module}` failed (exit status {ended.returncode}); no figures.**"
    found = ended.stdout.strip()
    if module == "bench_reader":  # it prints its table only
        return f"## Reading\n\nCommand: `python -m benchmarks.bench_reader`.\n\n{found}"
    return found


def measure(module: str, *words: str) -> str:
    """Run one benchmark and say when, on which revision, and beside how much other work."""
    began, load = read_clock(), load_average()
    found = run(module, *words)
    return "\n\n".join(
        [
            _MARK.format(module),
            found,
            (
                f"Measured {began:%Y-%m-%d %H:%M} to {read_clock():%H:%M} UTC at revision "
                f"{find_revision()}; load average before: {load:.1f}."
            ),
        ]
    )


def split_page(page: str) -> dict[str, str]:
    """The sections of a page that was written before, by their benchmark."""
    starts = [
        (page.index(_MARK.format(each)), each) for each in BENCHMARKS if _MARK.format(each) in page
    ]
    ends = [start for start, _ in sorted(starts)[1:]] + [len(page)]
    return {
        each: page[start:end].strip()
        for (start, each), end in zip(sorted(starts), ends, strict=True)
    }


def main() -> int:
    """Measure, and write the page; 1 when a benchmark failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", default="3000", help="new documents in one run")
    parser.add_argument("--stored", default="10000,1000000", help="sizes of the databases")
    parser.add_argument("--together", action="store_true", help="bench_schedule: all sizes at once")
    parser.add_argument("--minutes", default="11", help="bench_schedule: of each size")
    parser.add_argument("--county", help="bench_reports: the folder that keeps its county")
    parser.add_argument("--keep", help="keep the filled databases in this folder")
    parser.add_argument(
        "--only", choices=BENCHMARKS, help="measure one; the others stay as they are"
    )
    options = parser.parse_args()
    kept = ["--keep", options.keep] if options.keep else []
    words = {
        "bench_pipeline": ["--documents", options.documents, "--stored", options.stored, *kept],
        "bench_collect": ["--part", "speed"],
        "bench_schedule": [
            *("--part", "schedule", "--minutes", options.minutes),
            *(["--together"] if options.together else []),
        ],
    }
    if options.county:
        words["bench_reports"] = ["--folder", options.county]
    sections = split_page(PAGE.read_text("utf-8")) if PAGE.exists() else {}
    for module in [options.only] if options.only else BENCHMARKS:
        sections[module] = measure(module, *words.get(module, []))
        write_page(sections)
    return int(any("failed (exit status" in section for section in sections.values()))


def write_page(sections: dict[str, str]) -> None:
    """Write what has been measured so far."""
    head = "\n".join(f"- {fact}" for fact in describe_machine())
    found = [sections[each] for each in BENCHMARKS if each in sections]
    PAGE.write_text("\n\n".join([INTRODUCTION, head, *found]) + "\n", "utf-8")
    say(f"written to {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())

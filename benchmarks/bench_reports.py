"""Reports of a simulated county: `python -m benchmarks.bench_reports [--folder FOLDER]`.

Two years of documents and cases are written into a new SQLite file; then one week is told, three
times, by the command as it is typed (its start included), and every week of the two years in one
command. Nothing is left out: counting, pictures, html, docx, xlsx, the public page, keeping. With
`--folder` the county is kept there, and taken as it is when it is there already.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import ROOT, load_average, say
from benchmarks.simulated_county import Size, Truth, fill_county, make_truth
from monitor.storage.session import Storage

_CAMPAIGN = """
[[report.campaigns]]
name = "{0.name}"
title = "{0.title}"
starts_on = {0.starts_on}
ends_on = {0.ends_on}
public_by = {0.public_by}
others_by = {0.others_by}
"""


def write_settings(folder: Path, truth: Truth) -> Path:
    """The shipped settings on this county's database and campaigns."""
    shipped = (ROOT / "settings.toml").read_text("utf-8")
    head, _, rest = shipped.partition("[[report.campaigns]]")
    text = head + "".join(_CAMPAIGN.format(each) for each in truth.campaigns)
    text += "\n[health]" + rest.partition("[health]")[2]
    for name in ("spiders/sources", "models/artefacts"):
        text = text.replace(f'"{name}"', f'"{ROOT}/{name}"')
    text = text.replace("sqlite:///data/qingxin.db", f"sqlite:///{folder}/measured.db")
    path = folder / "settings.toml"
    path.write_text(text, "utf-8")
    return path


def run(settings: Path, *words: str) -> tuple[float, float, float]:
    """Run the command; seconds by the clock, seconds of processor, megabytes at the most."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor.cli", "report", *words, "--settings", str(settings)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"report {' '.join(words)} failed")
    return time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def prepare(folder: Path, size: Size) -> Truth:
    """Write the county into a folder, unless it is there."""
    if (folder / "county.db").exists():
        return make_truth(size)
    folder.mkdir(parents=True, exist_ok=True)
    say("writing the county")
    storage = Storage(f"sqlite:///{folder}/unfinished.db")
    storage.migrate()
    truth = fill_county(storage.engine, size)
    storage.close()
    (folder / "unfinished.db").rename(folder / "county.db")
    return truth


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=600_000)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, help="keep the county here, or take it from here")
    parser.add_argument(
        "--weeks", type=int, default=Size.weeks, help="how many in one command: the last"
    )
    options = parser.parse_args()
    size = Size(cases=options.cases, documents=options.documents)
    with tempfile.TemporaryDirectory(prefix="qingxin-reports-") as name:
        folder = options.folder or Path(name)
        truth = prepare(folder, size)
        megabytes = (folder / "county.db").stat().st_size / 1e6
        # Made anew each time: a report that is kept already is not written again.
        shutil.copyfile(folder / "county.db", Path(name) / "measured.db")
        settings, out = write_settings(Path(name), truth), ["--out", f"{name}/out"]
        rows = [
            (f"week {week.name}", run(settings, "week", week.name, *out, "--public"))
            for week in truth.weeks[-4:-1]
        ]
        many = truth.weeks[-options.weeks :]
        say(f"{len(many)} weeks")
        measured = run(settings, "weeks", many[0].name, many[-1].name, *out, "--public")
        rows.append((f"{len(many)} weeks in one command", measured))
    asked = "" if options.weeks == Size.weeks else f" --weeks {options.weeks}"
    print(
        f"## Reports\n\nCommand: `python -m benchmarks.bench_reports{asked}`. Several processes "
        "write the files of\nmany weeks; processor time is of all of them. Goals: a week in 5 s, "
        "104 weeks in 300 s, by the clock.\n"
    )
    print(
        f"{options.documents:,} documents, {options.cases:,} cases, {megabytes:,.0f} MB (SQLite); "
        f"load {load_average():.1f}.\n"
    )
    print("| what | by the clock, s | processor, s | memory of the largest process, MB |")
    print("| --- | ---: | ---: | ---: |")
    for what, (clock, processor, memory) in rows:
        print(f"| {what} | {clock:,.1f} | {processor:,.1f} | {memory:,.0f} |")


if __name__ == "__main__":
    main()

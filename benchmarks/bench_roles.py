"""Starting, memory, and how long an officer waits: real processes on a sample county.

    python -m benchmarks.bench_roles [--posts N]

One installation: `qingxin run` with its roles, a county on loopback that is polled every two
seconds, an SMTP server of our own. The result is Markdown on standard output.
"""

import argparse
import json
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
import psutil

from benchmarks.machine import as_table, load_average, quantile, say
from benchmarks.texts import name_employer
from sample_county.nouns import Site
from tests.conftest import ROOT
from tests.installation import ROLES, Installation, clock, open_installation, wait_for

STARTS = 3
POSTS = 40
MINUTE = 60.0
_SITES = (Site.FORUM, Site.OLDBBS, Site.MAILBOX)
_EMPLOYERS_FROM = 9_000_000


@dataclass(frozen=True)
class Start:
    """One start of one role: seconds until it was ready, and processor time until then."""

    ready: float
    processor: float
    megabytes: float


def processor_time(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def find_started(office: Installation, role: str, since: datetime) -> float | None:
    """Seconds from `since` to the newest `role.started` of a role's log; None without one."""
    path = office.folder / "data" / "logs" / f"{role}.jsonl"
    if not path.exists():
        return None
    for line in reversed(path.read_text("utf-8").splitlines()):
        told = json.loads(line)
        if told.get("event") == "role.started":
            seconds = (datetime.fromisoformat(told["timestamp"]) - since).total_seconds()
            return seconds if seconds > 0 else None
    return None


def find_answer(office: Installation, since: datetime) -> float | None:
    """Seconds from `since` to now if the desk's port answers."""
    try:
        httpx.get(f"{office.app.settings.desk.base_url}/healthz", timeout=2, trust_env=False)
    except httpx.TransportError:
        return None
    return (clock() - since).total_seconds()


def wait_ready(find: Callable[[], float | None], why: str) -> float:
    """Ask every 20 ms, so that asking takes no core from who is starting."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        seconds = find()
        if seconds is not None:
            return seconds
        time.sleep(0.02)
    raise TimeoutError(why)


def start_alone(office: Installation, role: str) -> Start:
    """Start one role by itself, wait until it is ready, and stop it."""
    since = clock()
    with (office.folder / "alone.log").open("ab") as log:
        process = psutil.Popen(
            [sys.executable, "-m", "monitor.cli", role, "--settings", str(office.settings)],
            stdout=log,
            stderr=log,
            cwd=ROOT,
            env=office.environment,
        )
    try:
        ready = wait_ready(lambda: find_started(office, role, since), f"{role} starts")
        if role == "desk":
            ready = wait_ready(lambda: find_answer(office, since), "the desk answers")
        used, megabytes = processor_time(process), process.memory_info().rss / 2**20
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except psutil.TimeoutExpired:
            process.kill()
    return Start(ready, used, megabytes)


@dataclass(frozen=True)
class Together:
    """`qingxin run`: seconds until each part was ready, and MB of each after a minute of work."""

    ready: dict[str, float]
    megabytes: dict[str, float]
    processor: dict[str, float]
    watched: float


def start_together(office: Installation) -> dict[str, float]:
    """Start `qingxin run`; seconds until each role has started, and until the desk answers."""
    since = clock()
    office.start()
    wait_for(
        lambda: all(find_started(office, role, since) for role in ROLES), seconds=60, why="run"
    )
    ready = {role: find_started(office, role, since) or 0.0 for role in ROLES}
    answered = wait_ready(lambda: find_answer(office, since), "the desk answers")
    return {**ready, "desk": max(ready["desk"], answered), "run": max(*ready.values(), answered)}


class Arrivals:
    """Notes when each message reached the mail server, looking every 10 ms."""

    def __init__(self, office: Installation) -> None:
        self._office = office
        self._stop = threading.Event()
        self.at: list[float] = []
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(0.01):
            arrived = len(self._office.mailbox.messages)
            self.at += [time.monotonic()] * (arrived - len(self.at))

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        self._thread.join()


def post_claims(office: Installation, posts: int) -> dict[str, float]:
    """Post claims on three sites over more than a minute, ordinary life between them.

    Returns:
        When each was posted, by its employer's name.
    """
    chance, posted = random.Random(20261123), {}
    for number in range(posts):
        employer = name_employer(_EMPLOYERS_FROM + number)
        workers, months = 3 + number % 40, 2 + number % 7
        text = (
            f"我们{workers}个人在{employer}上班，公司拖欠我们{months}个月工资，"
            f"一共{workers * months * 4100}元，请劳动监察帮我们要回工资。"
        )
        site = _SITES[number % len(_SITES)]
        posted[employer] = time.monotonic()
        office.county.world.post_claim(site, clock(), title=f"{employer}拖欠工资", text=text)
        time.sleep(chance.uniform(0.5, 1.5))
        office.county.world.happen(clock())
        time.sleep(chance.uniform(0.5, 1.5))
    return posted


def match(office: Installation, arrivals: Arrivals, posted: dict[str, float]) -> list[float]:
    """Seconds from each post to the first message that names its employer."""
    texts = office.mailbox.texts()
    delays = []
    for employer, at in posted.items():
        first = next((place for place, text in enumerate(texts) if employer in text), None)
        if first is not None:
            delays.append(arrivals.at[first] - at)
    return delays


def measure_together(office: Installation, posts: int) -> tuple[Together, list[float]]:
    """Run everything for a minute and more, with claims coming in."""
    ready = start_together(office)
    since = time.monotonic()
    arrivals = Arrivals(office)
    posted = post_claims(office, posts)
    time.sleep(max(0.0, MINUTE - (time.monotonic() - since)))
    end = time.monotonic() + MINUTE
    while len(match(office, arrivals, posted)) < len(posted) and time.monotonic() < end:
        time.sleep(0.5)
    assert office.parent
    processes = {"run (the parent)": psutil.Process(office.parent.pid)}
    for role in ROLES:
        found = office.find_role(role)
        if found is None:
            raise RuntimeError(f"{role} does not run")
        processes[role] = found
    megabytes = {name: each.memory_info().rss / 2**20 for name, each in processes.items()}
    used = {name: processor_time(each) for name, each in processes.items()}
    arrivals.stop()
    delays = match(office, arrivals, posted)
    watched = time.monotonic() - since
    office.stop()
    return Together(ready, megabytes, used, watched), delays


def report(
    alone: dict[str, list[Start]], together: Together, delays: list[float], posts: int
) -> str:
    """Write the tables."""
    starts = []
    for role, runs in alone.items():
        best = min(runs, key=lambda run: run.ready)
        starts.append(
            [
                role,
                f"{best.ready:.2f}",
                " / ".join(f"{run.ready:.2f}" for run in runs),
                f"{min(run.processor for run in runs):.2f}",
                f"{together.ready[role]:.2f}",
            ]
        )
    starts.append(["run (all of them)", "", "", "", f"{together.ready['run']:.2f}"])
    memory = [
        [name, f"{size:.0f}", f"{together.processor[name]:.1f}"]
        for name, size in together.megabytes.items()
    ]
    memory.append(
        [
            "together",
            f"{sum(together.megabytes.values()):.0f}",
            f"{sum(together.processor.values()):.1f}",
        ]
    )
    missing = posts - len(delays)
    return "\n\n".join(
        [
            "## Starting the roles",
            (
                "Command: `python -m benchmarks.bench_roles`. From the start of the process to its "
                f"event `role.started`; for the desk to its port's first answer. Alone: {STARTS} "
                "starts, each of that role only. Together: one start of `qingxin run` on a "
                "migrated database, without the sample county's own process; it checks everything "
                f"before it starts them. Load average {load_average():.1f}."
            ),
            as_table(
                (
                    "role",
                    "alone, best, s",
                    "alone, every start, s",
                    "processor time until then, best, s",
                    "together, s",
                ),
                starts,
            ),
            "## Memory",
            (
                f"Resident memory (RSS) of each process after {together.watched:.0f} s of the "
                "sample county, and the processor time that it had used by then. Pages that the "
                "processes share are counted in each."
            ),
            as_table(("process", "RSS MB", "processor time s"), memory),
            "## From a post on a forum to the alert in the mail server",
            (
                f"Same command. {posts} claims, each on an employer of its own, on the forum, the "
                "old GBK forum and the mailbox in turn, ordinary life between them; sources polled "
                "every 2 s, `work` looks every 0.5 s and sends every 0.5 s; measured until the "
                "SMTP server has taken the message."
            ),
            as_table(
                ("posts", "alerted", "p50 s", "p99 s", "longest s", "load"),
                [
                    [
                        f"{posts}",
                        f"{len(delays)}",
                        f"{quantile(delays, 0.5):.2f}" if delays else "none",
                        f"{quantile(delays, 0.99):.2f}" if delays else "none",
                        f"{max(delays):.2f}" if delays else "none",
                        f"{load_average():.1f}",
                    ]
                ],
            ),
            "Every post was alerted."
            if not missing
            else f"**{missing} posts were not alerted within {MINUTE:.0f} s after the last.**",
        ]
    )


def main() -> None:
    """Measure, and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=POSTS)
    posts = parser.parse_args().posts
    with (
        tempfile.TemporaryDirectory() as folder,
        open_installation(Path(folder)) as office,
    ):
        alone: dict[str, list[Start]] = {}
        for role in ROLES:
            alone[role] = [start_alone(office, role) for _ in range(STARTS)]
            say(f"  {role} alone: {min(each.ready for each in alone[role]):.2f} s")
        say(f"  all together, {posts} posts")
        together, delays = measure_together(office, posts)
        print(report(alone, together, delays, posts))


if __name__ == "__main__":
    main()

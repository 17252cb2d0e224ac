"""From stored documents to queued alerts, and from one page's bytes to its alert, on one core.

    python -m benchmarks.bench_pipeline [--documents N] [--stored N,N] [--no-postgres] [--keep DIR]

The real reader, the real steps of `work` in batches as shipped, a real database: SQLite (WAL,
synchronous=FULL) and PostgreSQL (its defaults). The result is Markdown on standard output.
"""

import argparse
import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import httpx
import structlog
from sqlalchemy import func, select

from benchmarks.filling import (
    CASE_SHARE,
    DIFFERENT,
    OPEN_EVERY,
    PER_CASE,
    count_documents,
    fill,
    list_open_employers,
)
from benchmarks.machine import (
    Spent,
    as_table,
    load_average,
    pin_to_one_core,
    quantile,
    say,
    timed,
)
from benchmarks.office import find_postgres, open_office, run_postgres
from benchmarks.texts import CLAIMS, LENGTH, MIXED, PUBLISHED, Mix, Writer, make_document
from monitor.bootstrap.app import App, read_clock
from monitor.bootstrap.collecting import make_sink
from monitor.bootstrap.worker import Worker
from monitor.domain import ListedItem, Page, Source
from monitor.storage.tables import (
    AlertRow,
    CaseDocumentRow,
    CaseRow,
    DeliveryRow,
    DocumentRow,
    Row,
)
from sample_county.nouns import Site
from sample_county.running import running_county
from sample_county.world import World
from spiders.catalogue import load_sources
from spiders.extract import read_item, read_list
from tests.installation import write_sources

GOAL_RATE, GOAL_GROWTH, GOAL_LATENCY = 500.0, 1.5, 50.0
RUNS = 3
PAGES = 300
_NEW_EMPLOYERS_FROM = 5_000_000


@dataclass(frozen=True)
class Rate:
    """One run: so many documents in this time, and what became of them."""

    documents: int
    wall: float
    processor: float
    opened: int
    joined: int
    queued: int
    load: float

    @property
    def each_ms(self) -> float:
        """Milliseconds of processor time that one document cost."""
        return 1000 * self.processor / self.documents


def count_rows(app: App, table: type[Row]) -> int:
    with app.storage.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def store(app: App, writer: Writer, mix: Mix, documents: int, employers: Iterator[int]) -> None:
    """Put new documents of a mix into the queue."""
    stored = count_documents(app)
    known = list_open_employers(stored)
    new = [
        make_document("new", stored + at, *writer.draw(mix, employers, known))
        for at in range(1, documents + 1)
    ]
    with app.storage.work() as rows:
        rows.documents.add_new_or_revised(new)


def digest(app: App, worker: Worker, documents: int) -> Rate:
    """Let `work` take everything off the queue, and measure it."""
    before = [count_rows(app, table) for table in (CaseRow, CaseDocumentRow, DeliveryRow)]
    with timed() as spent:
        worker.digest()
    with app.storage.look() as rows:
        if rows.documents.count_waiting():
            raise RuntimeError("the queue is not empty: the figure would be wrong")
    after = [count_rows(app, table) for table in (CaseRow, CaseDocumentRow, DeliveryRow)]
    opened, in_cases, queued = (now - then for now, then in zip(after, before, strict=True))
    if not queued or count_rows(app, AlertRow) < after[0]:
        raise RuntimeError("cases without alerts: the figure would be wrong")
    return Rate(
        documents, spent.wall, spent.processor, opened, in_cases - opened, queued, load_average()
    )


def measure_rates(app: App, documents: int, name: str) -> list[tuple[str, list[Rate]]]:
    """Measure both mixes; each run has documents of its own."""
    writer, worker = Writer(seed=2), Worker(app, lambda: False)
    employers = count(_NEW_EMPLOYERS_FROM)
    store(app, writer, MIXED, 200, employers)
    digest(app, worker, 200)  # not counted: fills caches, loads the reader
    measured = []
    for mix in (MIXED, CLAIMS):
        runs = []
        for _ in range(RUNS):
            store(app, writer, mix, documents, employers)
            runs.append(digest(app, worker, documents))
            say(f"  {name}, {mix.name}: {documents / runs[-1].wall:,.0f}/s")
        measured.append((mix.name, runs))
    worker.close()
    return measured


# ---------------------------------------------------------------- one page


def fetch_claims(folder: Path, claims: int) -> tuple[Source, list[tuple[ListedItem, Page]]]:
    """Post claims in a sample county and fetch the page of each; returns them with their source."""
    world = World.open(folder / "county", 7, PUBLISHED, backlog=False)
    for _ in range(claims):
        world.post_claim(Site.FORUM, PUBLISHED)
    with running_county(world, read_clock) as county, httpx.Client(trust_env=False) as client:
        write_sources(folder / "sources", county.address)
        sources, _ = load_sources(folder / "sources", {})
        source = next(each for each in sources if each.name == "sample-forum")

        def get(url: str) -> Page:
            answer = client.get(url).raise_for_status()
            return Page(source.name, url, 200, dict(answer.headers), answer.content, read_clock())

        items: dict[str, ListedItem] = {}
        url: str | None = source.url
        while url is not None:
            listed = read_list(get(url), source, read_clock())
            items |= {each.key: each for each in listed.items if not each.pinned}
            url = listed.next_url
        return source, [(each, get(each.url)) for each in items.values()]


def measure_latency(
    app: App, source: Source, pages: Sequence[tuple[ListedItem, Page]]
) -> tuple[list[float], list[float]]:
    """Bytes in → extracted → masked → stored → assessed → decided → alert queued, one at a time.

    Returns:
        Milliseconds by the clock, and of processor time, of every page that made a case.
    """
    worker, sink, walls, processors = Worker(app, lambda: False), make_sink(app), [], []
    for item, page in pages:
        before = count_rows(app, DeliveryRow)
        with timed() as spent:
            read = read_item(page, source, item, page.fetched_at)
            sink.store_item(source.name, item, read.documents, page.fetched_at)
            worker.digest()
        if count_rows(app, DeliveryRow) > before:
            walls.append(1000 * spent.wall)
            processors.append(1000 * spent.processor)
    worker.close()
    return walls, processors


# ---------------------------------------------------------------- all of it


@dataclass(frozen=True)
class Measured:
    """Everything that was measured on one database."""

    database: str
    stored: int
    size: float
    filling: Spent
    rates: list[tuple[str, list[Rate]]]
    latency: tuple[list[float], list[float]]
    load: float


def measure_one(
    folder: Path,
    stored: int,
    documents: int,
    source: Source,
    pages: Sequence[tuple[ListedItem, Page]],
    *,
    address: str | None = None,
) -> Measured:
    """Fill one database if it is empty, and measure on it."""
    name = f"{'PostgreSQL' if address else 'SQLite'}, {stored:,} stored"
    with open_office(folder, address) as app:
        say(f"{name}: filling")
        with timed() as filling:
            if count_documents(app) < stored:
                fill(app, stored)
        rates = measure_rates(app, documents, name)
        # A run on a kept database must not meet the items of the run before it.
        named = replace(source, name=f"forum-{count_rows(app, DocumentRow)}")
        latency = measure_latency(app, named, pages)
        say(f"  {name}: one page p99 {quantile(latency[0], 0.99):.1f} ms")
        size = sum(path.stat().st_size for path in (folder / "data").glob("qingxin.db*")) / 1e6
        return Measured(name, count_documents(app), size, filling, rates, latency, load_average())


def report(measured: Sequence[Measured], documents: int) -> str:
    """Write the tables and what they say about the goals."""
    rates, latencies = [], []
    for each in measured:
        for mix, runs in each.rates:
            best = min(runs, key=lambda run: run.processor)
            rates.append(
                [
                    each.database,
                    mix,
                    f"{documents / min(run.wall for run in runs):,.0f}",
                    " / ".join(f"{documents / run.wall:,.0f}" for run in runs),
                    f"{documents / best.processor:,.0f}",
                    f"{best.each_ms:.2f}",
                    f"{best.opened:,} / {best.joined:,} / {best.queued:,}",
                    f"{best.load:.1f}",
                ]
            )
        walls, processors = each.latency
        latencies.append(
            [
                each.database,
                f"{len(walls)}",
                f"{quantile(walls, 0.5):.1f}",
                f"{quantile(walls, 0.99):.1f}",
                f"{quantile(processors, 0.5):.1f}",
                f"{quantile(processors, 0.99):.1f}",
                f"{max(walls):.1f}",
                f"{each.load:.1f}",
            ]
        )
    rate_head = (
        "database", "new documents", "documents/s by the clock, best", "every run",
        "documents/s of processor time, best", "ms of processor time each",
        "cases opened / joined / messages queued", "load",
    )  # fmt: skip
    latency_head = (
        "database", "pages", "p50 ms", "p99 ms", "p50 ms of processor time",
        "p99 ms of processor time", "longest ms", "load",
    )  # fmt: skip
    sizes = [
        f"- {each.database}: filling took {each.filling.wall:,.0f} s"
        + (f", the files have {each.size:,.0f} MB" if each.size else "")
        for each in measured
    ]
    return "\n\n".join(
        [
            "## From stored document to queued alert",
            (
                "Command: `python -m benchmarks.bench_pipeline` (`--documents N` for a quick run). "
                f"One process, pinned to one core; {documents:,} new documents a run, {RUNS} runs; "
                "what is timed is `Worker.digest`: read, assess, score, find the case, open or "
                "join it, raise its alerts and queue their messages. Processor time is that of our "
                "process; a PostgreSQL server's own is not in it. Documents have about "
                f"{LENGTH} characters or more."
            ),
            (
                f"What was stored before: {CASE_SHARE:.0%} of the documents in cases, {PER_CASE} "
                f"in a case, one case in {OPEN_EVERY} still open, with parties, signatures, bands, "
                "history, alerts and messages; all assessed by the same reader; texts outside "
                f"cases repeat after {DIFFERENT:,}."
            ),
            as_table(rate_head, rates),
            *_judge_rates(measured, documents),
            "\n".join(sizes),
            "## One page's bytes to its queued alert",
            (
                "Same command. Threads of the sample county's forum, fetched beforehand; each is "
                "extracted, masked, stored (one commit), assessed and decided alone (three more "
                "transactions), up to the queued message. Counted are the pages that opened a case "
                "or worsened one; the others queue nothing."
            ),
            as_table(latency_head, latencies),
            *_judge_latency(measured),
        ]
    )


def _judge_rates(measured: Sequence[Measured], documents: int) -> Iterator[str]:
    for each in measured:
        for mix, runs in each.rates:
            rate = documents / min(run.wall for run in runs)
            verdict = "reached" if rate >= GOAL_RATE else "**missed**"
            used = documents / min(run.processor for run in runs)
            yield (
                f"{each.database}; {mix}: {rate:,.0f}/s by the clock ({used:,.0f}/s of processor "
                f"time), goal ≥ {GOAL_RATE:.0f}/s by the clock {verdict}."
            )
    on_sqlite = [each for each in measured if each.size]
    first, last = on_sqlite[0], on_sqlite[-1]
    if first is last:
        return
    for (mix, few), (_, many) in zip(first.rates, last.rates, strict=True):
        growth = min(run.processor for run in many) / min(run.processor for run in few)
        verdict = "reached" if growth <= GOAL_GROWTH else "**missed**"
        yield (
            f"Growth ({mix}): a document costs {growth:.2f} times as much processor time on "
            f"{last.database} as on {first.database}, goal ≤ {GOAL_GROWTH} {verdict}."
        )


def _judge_latency(measured: Sequence[Measured]) -> Iterator[str]:
    for each in measured:
        slow = quantile(each.latency[0], 0.99)
        verdict = "reached" if slow <= GOAL_LATENCY else "**missed**"
        yield f"{each.database}: p99 {slow:.1f} ms, goal ≤ {GOAL_LATENCY:.0f} ms {verdict}."


def main() -> None:
    """Measure, and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=3_000, help="new documents in one run")
    parser.add_argument("--stored", default="10000,1000000", help="sizes of the databases")
    parser.add_argument("--pages", type=int, default=PAGES + 30, help="pages timed one by one")
    parser.add_argument("--no-postgres", action="store_true")
    parser.add_argument("--keep", type=Path, help="keep the filled databases here")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    sizes = [int(each) for each in options.stored.split(",")]
    with ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pin_to_one_core()
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        source, pages = fetch_claims(scratch, options.pages)
        measured = [
            measure_one(folder / str(size), size, options.documents, source, pages)
            for size in sizes
        ]
        binaries = None if options.no_postgres else find_postgres()
        if binaries is not None:
            with run_postgres(binaries) as address:
                measured.append(
                    measure_one(
                        scratch / "pg", sizes[0], options.documents, source, pages, address=address
                    )
                )
        print(report(measured, options.documents))


if __name__ == "__main__":
    main()

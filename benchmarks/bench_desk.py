"""Measures every page of the desk on a ledger of years, on SQLite and on PostgreSQL.

Every request goes through the whole application (sessions, rights, database, template) of one
process, and its time is what the server took; the network is left out. What is asked stands in
`benchmarks.desk_pages`, what is stored in `benchmarks.desk_filling` and `benchmarks.desk_years`.
`--sizes` are pairs of cases and documents; the goal is 200 ms for a page and 300 ms for a search,
p95. Files that somebody asks for and waits for have no goal.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from httpx import Cookies, Response
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import update

from benchmarks.desk_filling import fill
from benchmarks.desk_pages import ASKERS, FILES, PAGES, SEARCHES, Asker
from benchmarks.desk_years import make_sources
from benchmarks.machine import as_table, load_average, quantile, say, timed
from benchmarks.office import find_postgres, open_office, run_postgres
from monitor.bootstrap.app import App, read_clock
from monitor.bootstrap.desk import (
    make_channel_board,
    make_duty_desk,
    make_ledger_office,
    make_model_board,
    read_desk_policy,
)
from monitor.bootstrap.ledger import make_casework
from monitor.desk.codes import hash_code
from monitor.desk.stored_desk import StoredDesk
from monitor.desk.tokens import Scope
from monitor.roles.desk import settle_memory
from monitor.storage.sessions import make_store
from monitor.storage.tables import HeartbeatRow
from monitor.web.app import create_app
from monitor.web.options import WebSettings

PAGE_GOAL, SEARCH_GOAL = 200.0, 300.0
FILE_TIMES = 3
"""A ledger of 100,000 cases as a spreadsheet takes long; so often is it asked for."""

_UNLIMITED = 10**9
_WARM_UP = 3
_FILE_WARM_UP = 1


@dataclass
class Caller:
    """A browser with cookies of its own; all share one server."""

    server: TestClient[Any]
    headers: dict[str, str] = field(default_factory=dict)
    jar: Cookies = field(default_factory=Cookies)

    def get(self, path: str) -> Response:
        """Ask for an address; redirects are not followed."""
        return self._call("GET", path)

    def sign_in(self, code: str) -> None:
        """Sign in with a one-time code."""
        page = self.get(f"/sign-in/once/{code}").text
        token = page.partition('name="_csrf_token" value="')[2].partition('"')[0]
        self._call("POST", f"/sign-in/once/{code}", data={"_csrf_token": token})

    def _call(self, method: str, path: str, **values: Any) -> Response:
        self.server.cookies = self.jar
        answer = self.server.request(
            method, path, headers=self.headers, follow_redirects=False, **values
        )
        self.jar = self.server.cookies
        return answer


Clients = Mapping[Asker, Caller]


@contextmanager
def serve(app: App) -> Iterator[tuple[Litestar, Clients]]:
    """The desk as `qingxin desk` serves it, with everybody signed in who asks."""
    pages = create_app(
        StoredDesk(app.storage, make_sources(), read_desk_policy(app.settings), make_casework(app)),
        clock=read_clock,
        settings=WebSettings(
            bytes(range(32)),
            "http://desk",
            cookie_secure=False,
            sign_ins_per_minute=_UNLIMITED,
            links_per_minute=_UNLIMITED,
            api_per_minute=_UNLIMITED,
            metrics_token="measured",
        ),
        session_store=make_store(app.storage, "sessions"),
        limit_store=make_store(app.storage, "limits"),
        office=make_ledger_office(app),
        duty=make_duty_desk(app),
        channels=make_channel_board(app),
        models=make_model_board(app),
    )
    now = read_clock()
    with app.storage.engine.begin() as connection:  # /healthz: the roles are alive now
        connection.execute(update(HeartbeatRow).values(beat_at=now, last_success_at=now))
    with app.storage.work() as rows:
        rows.users.add_sign_in_code(hash_code("leader"), "han", now + timedelta(hours=1))
        rows.users.add_sign_in_code(hash_code("admin"), "officer0", now + timedelta(hours=1))
        rows.rosters.set_calendar_address("officer3", hash_code("measured"), now)
        administrator = rows.users.find("officer0")
    if administrator is None:
        raise SystemExit("there is no administrator")
    token = make_ledger_office(app).people.make_token(
        administrator, name="measuring", scopes=[*Scope], days=2, now=now
    )
    with TestClient(pages, base_url="http://127.0.0.1") as server:
        clients = {asker: Caller(server) for asker in Asker}
        clients[Asker.LEADER].sign_in("leader")
        clients[Asker.ADMINISTRATOR].sign_in("admin")
        clients[Asker.PROGRAM].headers["authorization"] = f"Bearer {token}"
        clients[Asker.STRANGER].headers["authorization"] = "Bearer measured"  # for /metrics
        yield pages, clients


def measure(
    client: Caller, address: str, times: int, values: Mapping[str, Any], warm_up: int = _WARM_UP
) -> tuple[float, float]:
    """Milliseconds p50 and p95; every answer must be the page itself."""
    taken = []
    for number in range(times + warm_up):
        path = address.format(case=1 + (number * 7919) % values["cases"], **values)
        began = perf_counter()
        answer = client.get(path)
        spent = 1000 * (perf_counter() - began)
        if answer.status_code != 200:  # a redirect to the sign-in would be fast
            raise SystemExit(f"{path} answered {answer.status_code}")
        if number >= warm_up:  # the first ones load templates and caches
            taken.append(spent)
    return quantile(taken, 0.5), quantile(taken, 0.95)


def measure_all(
    clients: Clients, values: Mapping[str, Any], times: int
) -> Iterator[tuple[str, float, float, float | None]]:
    """Ask for everything: its name, p50, p95 and its goal, all in milliseconds."""

    def each(
        what: Mapping[str, tuple[str, ...]], times: int, warm_up: int
    ) -> Iterable[tuple[str, float, float]]:
        for route, addresses in what.items():
            client = clients[ASKERS.get(route, Asker.LEADER)]
            for address in addresses:
                yield f"`{address}`", *measure(client, address, times, values, warm_up)

    for found in each(PAGES, times, _WARM_UP):
        yield *found, PAGE_GOAL
    for name, phrase in SEARCHES.items():
        p50, p95 = measure(clients[Asker.LEADER], f"/search?q={phrase}", times, values)
        yield f"search: {name}", p50, p95, SEARCH_GOAL
    for found in each(FILES, min(times, FILE_TIMES), _FILE_WARM_UP):
        yield *found, None


def find_values(app: App, cases: int) -> dict[str, Any]:
    """What the addresses name beside a case."""
    with app.storage.look() as rows:
        newest = rows.editions.list_newest(1)[0]
    since = read_clock() - timedelta(days=30)
    return {
        "cases": cases,
        "lone": cases + 5,  # a text that is in no case
        "period": newest.period,
        "since": f"{since:%Y-%m-%dT%H:%M:%SZ}",
    }


def measure_one(kind: str, address: str | None, cases: int, documents: int, times: int) -> None:
    """Fill one database and print its table."""
    with (
        tempfile.TemporaryDirectory(prefix="qingxin-bench-desk-") as folder,
        open_office(Path(folder), address) as app,
    ):
        with timed() as filling:
            fill(app, cases, documents)
        say(f"{kind}: {cases:,} cases and {documents:,} documents filled in {filling.wall:.0f} s")
        print(f"\n### {kind}, {cases:,} cases, {documents:,} documents\n")
        print_table(app, cases, times)


def print_table(app: App, cases: int, times: int) -> None:
    """Measure everything on a database that is filled, and print it."""
    rows = []
    with serve(app) as (_, clients):
        settle_memory()  # as the desk's role does when it has started
        for name, p50, p95, goal in measure_all(clients, find_values(app, cases), times):
            kept = "" if goal is None else "yes" if p95 <= goal else "**no**"
            rows.append((name, f"{p50:.0f}", f"{p95:.0f}", kept))
            say(f"  {name} p50 {p50:.0f} p95 {p95:.0f} ms {kept}")
    print(as_table(("page", "p50 ms", "p95 ms", "goal kept"), rows))
    print(f"\nLoad at the end: {load_average():.1f}.", flush=True)


def main() -> int:
    """Measure every size on every kind of database that there is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000:10000,100000:1000000", help="cases:documents, …")
    parser.add_argument("--times", type=int, default=40, help="requests of each page")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    sizes = [tuple(int(n) for n in each.split(":")) for each in options.sizes.split(",")]
    print(
        "## The desk\n\nCommand: `python -m benchmarks.bench_desk`. Every GET page of the desk; a "
        "request goes through the\nwhole application of one process, and its time is what the "
        "server took. Goals at the server, p95: 200 ms for a\npage, 300 ms for a search; files "
        f"that are asked for and waited for have none. {options.times} requests of each page, "
        f"{min(options.times, FILE_TIMES)} of\neach file."
    )
    for cases, documents in sizes:
        if options.only != "postgresql":
            measure_one("SQLite", None, cases, documents, options.times)
    binaries = find_postgres()
    if options.only != "sqlite" and binaries is not None:
        with run_postgres(binaries) as server:
            for number, (cases, documents) in enumerate(sizes):
                import psycopg

                with psycopg.connect(f"{server}", autocommit=True) as admin:
                    admin.execute(f"CREATE DATABASE desk{number}")
                measure_one(
                    "PostgreSQL",
                    f"{server.rpartition(chr(47))[0]}/desk{number}",
                    cases,
                    documents,
                    options.times,
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())

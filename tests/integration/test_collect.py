"""`collect` against the sample county and its faults, each as a process of its own."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.integration.collect_harness import (
    ROOT,
    CountyProcess,
    run_collector,
    run_county,
    wait_until,
    write_source,
)
from tests.integration.collect_sink import JournalSink

pytestmark = pytest.mark.slow

LIST = "forum.php?mod=forumdisplay&fid=2"


def write_samples(folder: Path, address: str) -> None:
    write_source(folder, "forum", url=f"{address}/forum/{LIST}")
    write_source(folder, "oldbbs", url=f"{address}/oldbbs/{LIST}")
    write_source(
        folder,
        "mailbox",
        url=f"{address}/mailbox/index.html",
        family="mailbox",
        basis="addressed_to_authority",
    )
    write_source(folder, "news", url=f"{address}/news/index.html", family="news_list", basis="news")
    write_source(folder, "feed", url=f"{address}/news/atom.xml", family="feed", basis="news")


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CountyProcess]:
    with run_county(tmp_path_factory.mktemp("county"), pace=1.5) as county:
        yield county


@pytest.fixture(scope="module")
def own_county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CountyProcess]:
    """A county that no other collector asks, so that its log is that of one."""
    with run_county(tmp_path_factory.mktemp("own_county"), pace=1.5) as county:
        yield county


@pytest.fixture(scope="module")
def watched(
    own_county: CountyProcess, tmp_path_factory: pytest.TempPathFactory
) -> tuple[CountyProcess, JournalSink, str]:
    """A county watched until a claim posted after the start is stored; and the journal's text."""
    county = own_county
    folder = tmp_path_factory.mktemp("watched")
    write_samples(folder / "sources", county.address)
    with run_collector(folder / "sources", folder / "journal") as collector:

        def all_polled() -> bool:
            done = {outcome["source"] for outcome in collector.sink().outcomes}
            return done >= {"forum", "oldbbs", "mailbox", "news", "feed"}

        wait_until(all_polled, seconds=60, what="every source was polled once")
        claims = [county.ask(f"/claims/{site}", "POST") for site in ("forum", "oldbbs", "mailbox")]

        def all_read() -> bool:
            stored = collector.sink().documents
            titles = {revisions[-1]["title"] for revisions in stored.values()}
            return all(claim["title"] in titles for claim in claims)

        wait_until(all_read, seconds=30, what="claims posted after the start are stored")
        assert collector.stop() == 0
        return county, collector.sink(), collector.journal.read_text("utf-8")


def test_every_sort_of_document_is_read_with_its_time(
    watched: tuple[CountyProcess, JournalSink, str],
) -> None:
    _, sink, _ = watched
    newest = [revisions[-1] for revisions in sink.documents.values()]
    roles = {document["role"] for document in newest}
    assert roles == {"post", "reply", "letter", "answer", "article"}
    assert all(document["published_at"] for document in newest)
    assert all(document["text"] for document in newest)
    assert not any(issue["open"] for issue in sink.issues.values()), sink.issues


def test_no_personal_value_that_the_county_served_is_stored(
    watched: tuple[CountyProcess, JournalSink, str],
) -> None:
    county, _, journal = watched
    secrets = county.ask("/secrets")
    assert len(secrets) > 500
    found = [secret for secret in secrets if secret["value"] in journal]
    assert found == []


def test_one_thing_at_a_time_is_asked_of_a_host_and_robots_txt_is_kept(
    watched: tuple[CountyProcess, JournalSink, str],
) -> None:
    county, _, _ = watched
    log = county.ask("/requests")
    paths = [request["path"] for request in log["requests"]]
    assert len(paths) > 50
    assert log["most_at_once"] == 1
    assert paths[0] == "/robots.txt"
    assert paths.count("/robots.txt") <= 2
    forbidden = ("mod=redirect", "mod=post", "mod=misc", "search.php", "member.php", "write.html")
    assert not [path for path in paths if any(word in path for word in forbidden)]
    assert {request["agent"] for request in log["requests"]} == {
        "QingxinWageReader/0.1 (+https://office.invalid/contact)"
    }


BROKEN = {
    "members": "S404",
    "closed": "S404",
    "empty": "S403",
    "redesign": "S403",
    "challenge": "S405",
    "huge": "S411",
    "redirect": "S402",
    "denied": "S409",
    "500": "S412",
}


def test_each_fault_is_a_clear_issue_of_its_source_and_the_others_go_on(
    county: CountyProcess, tmp_path: Path
) -> None:
    sources = tmp_path / "sources"
    expected = {f"bad-{name}": code for name, code in BROKEN.items()}
    for name in BROKEN:
        path = f"faults/{name}/{LIST}"
        write_source(sources, f"bad-{name}", url=f"{county.address}/{path}", timeout="PT5S")
    other_port = f"{county.address}/faults/redirect/{LIST}&to=http://127.0.0.1:{closed_port()}/"
    write_source(sources, "bad-other-port", url=other_port)
    write_source(sources, "bad-public", url=f"{county.address}/forum/{LIST}&page=1", local=False)
    write_source(sources, "bad-unreachable", url=f"http://127.0.0.1:{closed_port()}/{LIST}")
    slow = f"{county.address}/faults/slow/{LIST}&seconds=20"
    write_source(sources, "bad-slow", url=slow, timeout="PT2S")
    expected |= {
        "bad-other-port": "S402",
        "bad-public": "S402",
        "bad-unreachable": "S401",
        "bad-slow": "S401",
    }
    write_source(sources, "good-forum", url=f"{county.address}/forum/{LIST}")
    write_source(sources, "good-wrong-charset", url=f"{county.address}/faults/wrong-charset/{LIST}")
    with run_collector(sources, tmp_path / "journal") as collector:
        wait_until(
            lambda: (
                {o["source"] for o in collector.sink().outcomes}
                >= {*expected, "good-forum", "good-wrong-charset"}
            ),
            seconds=90,
            what="every source was polled once",
        )
        assert collector.stop() == 0
        sink = collector.sink()
    issues = {subject: code for code, subject in sink.issues if subject.startswith("bad-")}
    assert issues == expected
    good = {source for source, _ in sink.documents}
    assert good == {"good-forum", "good-wrong-charset"}
    assert not [subject for _, subject in sink.issues if subject.startswith("good-")]
    later = {name: state.failures for name, state in sink.sources.items()}
    assert all(later[name] >= 1 for name in expected)


@pytest.mark.parametrize("failing", ["busy", "full"])
def test_storage_that_takes_nothing_does_not_end_the_collector(
    county: CountyProcess, tmp_path: Path, failing: str
) -> None:
    write_samples(tmp_path / "sources", county.address)
    with run_collector(tmp_path / "sources", tmp_path / "journal", failing=failing) as collector:
        log = next(tmp_path.glob("journal.*.log"))
        wait_until(
            lambda: log.read_text("utf-8").count("S420") >= 2,
            seconds=30,
            what="storage failures are told",
        )
        assert collector.process.poll() is None
        assert collector.stop() == 0
    assert collector.sink().documents == {}


@pytest.mark.crash
def test_a_collector_killed_again_and_again_misses_nothing_and_repeats_nothing(
    county: CountyProcess, tmp_path: Path
) -> None:
    write_samples(tmp_path / "sources", county.address)
    journal = tmp_path / "journal"
    posted = []
    for round_number in range(6):
        with run_collector(tmp_path / "sources", journal, lease=1) as collector:

            def has_stored_more(collector=collector, enough=8 * (round_number + 1)) -> bool:  # type: ignore[no-untyped-def]
                return bool(len(collector.sink().documents) >= enough)

            wait_until(has_stored_more, seconds=40, what="some documents are stored")
            posted.append(county.ask("/claims/forum", "POST"))
            collector.kill()
    with run_collector(tmp_path / "sources", journal, lease=1) as collector:
        wait_until(
            lambda: (
                {name for name, state in collector.sink().sources.items() if not state.unfinished}
                >= {"forum", "oldbbs", "mailbox", "news", "feed"}
            ),
            seconds=60,
            what="every source is finished",
        )
        claims = [*county.ask("/claims"), *posted]
        deadline_titles = {claim["title"] for claim in claims if claim["site"] == "forum"}

        def all_there() -> bool:
            stored = collector.sink().documents
            return deadline_titles <= {revisions[-1]["title"] for revisions in stored.values()}

        wait_until(all_there, seconds=30, what="every claim is stored")
        collector.stop()
        sink = collector.sink()
    for revisions in sink.documents.values():
        texts = [(revision["title"], revision["text"]) for revision in revisions]
        assert all(a != b for a, b in pairwise(texts))


def test_trying_a_source_prints_documents_and_stores_nothing(
    county: CountyProcess, tmp_path: Path
) -> None:
    write_samples(tmp_path, county.address)
    program = (
        "import sys\nfrom datetime import UTC, datetime\nfrom pathlib import Path\n"
        "from spiders.catalogue import load_sources\n"
        "from spiders.manners import user_agent\n"
        "from spiders.trying import try_source\n"
        "source = next(s for s in load_sources(Path(sys.argv[1]))[0] if s.name == 'mailbox')\n"
        "tried = try_source(source, clock=lambda: datetime.now(UTC), "
        "user_agent=user_agent('https://office.invalid/'), most_items=3)\n"
        "found = tried.documents\n"
        "print(len(found), found[0].role, len(tried.problems))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=ROOT,
    )
    count, role, problems = done.stdout.split()
    assert int(count) >= 3
    assert (role, problems) == ("letter", "0")

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.domain import Basis, Document, DocumentRole, Family, Source, TimePrecision
from spiders.catalogue import load_sources
from spiders.promising import promises_of, source_file

NOW = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)


def document(hours: float | None, role: DocumentRole = DocumentRole.POST) -> Document:
    at = NOW - timedelta(hours=hours) if hours is not None else None
    return Document(
        "s", f"t{hours}", "t", "http://x.example/", role, "题", "文", at, TimePrecision.MINUTE, NOW
    )


def test_a_busy_board_is_looked_at_often_and_is_missed_soon() -> None:
    documents = [document(hours) for hours in (1, 4, 8, 11, 15)]
    promised = promises_of(rows=20, read=5, with_text=5, documents=documents, may_be_empty=False)
    assert promised.quiet_after == timedelta(days=2)
    assert promised.poll_every == timedelta(minutes=5)
    assert (promised.text_share, promised.published_share) == (0.9, 0.9)
    assert promised.list_min_items == 10


def test_a_sleepy_column_is_given_weeks_and_its_answers_do_not_count() -> None:
    documents = [document(hours) for hours in (24, 24 * 6, 24 * 9, 24 * 20)]
    documents += [document(1, DocumentRole.ANSWER)]
    promised = promises_of(rows=15, read=4, with_text=2, documents=documents, may_be_empty=False)
    assert timedelta(days=30) <= promised.quiet_after <= timedelta(days=60)
    assert promised.text_share == 0.4
    assert promised.poll_every == timedelta(minutes=15)


def test_without_times_nothing_is_promised_of_them() -> None:
    promised = promises_of(
        rows=1, read=1, with_text=1, documents=[document(None)], may_be_empty=True
    )
    assert promised.published_share == 0.0
    assert promised.list_min_items == 0
    assert promised.quiet_after == timedelta(days=14)


def test_the_file_is_what_the_catalogue_reads(tmp_path: Path) -> None:
    promised = promises_of(
        rows=4, read=2, with_text=2, documents=[document(1)] * 4, may_be_empty=False
    )
    source = Source(
        "x", '带"引号"和\\的名字', Family.HANWEB, Basis.NEWS,
        "http://x.example/proxy.jsp#post:columnid=1&startrecord=1",
        rules={"paging": "startrecord+45"},
    )  # fmt: skip
    written = source_file(source, promised, ["有 <record> 记录"], "2026-11-23")
    assert tomllib.loads(written)["form"] == "columnid=1&startrecord=1"
    (tmp_path / "x.toml").write_text(written, "utf-8")
    (found,), problems = load_sources(tmp_path)
    assert problems == []
    assert found.url == source.url
    assert found.title == source.title
    assert dict(found.rules) == dict(source.rules)
    assert found.expect.quiet_after == promised.quiet_after

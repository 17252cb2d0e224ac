"""Keep reports: write the files, compare with the edition before, add a new one if it differs."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from monitor.reporting.press import Write
from monitor.reports.changes import content_of, says_the_same, tell_changes
from monitor.reports.nouns import Report
from monitor.storage.editions import Edition, EditionFiles
from monitor.storage.repositories import Rows

UnitOfWork = Callable[[], AbstractContextManager[Rows]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept edition with its files; `is_new` when it was not there before."""

    edition: Edition
    files: EditionFiles
    is_new: bool


def keep_report(work: UnitOfWork, look: UnitOfWork, report: Report, write: Write) -> Kept:
    """Keep a report; one that says the same as the newest edition is not kept twice.

    Raises:
        InputError: The office's template cannot be used; nothing is kept.
        StorageError: Somebody else kept an edition at the same moment; making it again is safe.
    """
    draft = compare_kept(look, report)
    return draft if isinstance(draft, Kept) else add_edition(work, draft, write(draft.report))


@dataclass(frozen=True, slots=True)
class Draft:
    """A report with its number and what it changes, whose files are still to be written."""

    report: Report
    content: dict[str, Any]


def compare_kept(look: UnitOfWork, report: Report) -> Kept | Draft:
    """The newest edition where the report says the same, else the report as the next one."""
    name, content = report.period.name, content_of(report)
    with look() as rows:
        newest = rows.editions.find(name)
        if newest is not None and says_the_same(newest.content, content):
            files = rows.editions.find_files(name, newest.edition)
            if files is not None:
                return Kept(newest, files, is_new=False)
    number = newest.edition + 1 if newest else 1
    changes = (
        tell_changes(newest.content, content, edition=number, whole_at=report.period.ends_at)
        if newest
        else []
    )
    return Draft(replace(report, edition=number, changes=changes), content)


def add_edition(work: UnitOfWork, draft: Draft, files: EditionFiles) -> Kept:
    """Keep a draft with its files.

    Raises:
        StorageError: Somebody else kept an edition at the same moment; making it again is safe.
    """
    report = draft.report
    edition = Edition(
        kind=report.period.kind.value,
        period=report.period.name,
        edition=report.edition,
        title=report.title,
        starts_at=report.period.starts_at,
        until=report.until,
        made_at=report.made_at,
        content=draft.content,
        changes=report.changes,
    )
    with work() as rows:
        rows.editions.add(edition, files)
    return Kept(edition, files, is_new=True)


def name_files(period: str, files: EditionFiles, *, public: bool) -> Mapping[str, bytes]:
    """The files of an edition by the names under which they are saved."""
    named = {
        f"report-{period}.html": files.page,
        f"report-{period}.docx": files.paper,
        f"report-{period}.xlsx": files.tables,
    }
    return named | ({f"report-{period}-public.html": files.public_page} if public else {})

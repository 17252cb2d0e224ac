"""The forms of a report for reading: the page, the paper for Word and the public page.

Loads Word and pictures. Whoever wants them loaded by another process, or not before they are
needed, asks `monitor.reporting.beside` or `monitor.reporting.press`.
"""

from dataclasses import dataclass
from pathlib import Path

from monitor.reporting.charts import draw_pictures
from monitor.reporting.page import write_page
from monitor.reporting.paper import write_paper
from monitor.reports.nouns import Report
from monitor.reports.public import make_public


@dataclass(frozen=True, slots=True)
class Forms:
    """The page, the paper and the public page of one report."""

    page: bytes
    paper: bytes
    public_page: bytes


def write_forms(report: Report, desk_url: str, template: Path | None) -> Forms:
    """Write what is read; pictures are drawn once for all of it.

    Raises:
        InputError: The office's template cannot be used.
    """
    pictures = draw_pictures(report)
    return Forms(
        page=write_page(report, desk_url, pictures),
        paper=write_paper(report, template, pictures),
        public_page=write_page(make_public(report), desk_url),
    )

"""How the files of a report are written, without loading what writes them before it is needed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from monitor.reporting.beside import write_forms, write_tables, writing_beside
from monitor.reports.nouns import Report
from monitor.storage.editions import EditionFiles

Write = Callable[[Report], EditionFiles]
"""Writes every form of a report; raises InputError where the office's template cannot be used."""


@dataclass(frozen=True, slots=True)
class Press:
    """Where the desk is, and the office's own template if it has one."""

    desk_url: str
    template: Path | None = None

    def write(self, report: Report) -> EditionFiles:
        """Write every form in this process.

        Raises:
            InputError: The office's template cannot be used.
        """
        forms = write_forms(report, self.desk_url, self.template)
        tables = write_tables(report, self.desk_url)
        return EditionFiles(forms.page, forms.paper, tables, forms.public_page)

    @contextmanager
    def opened(self) -> Iterator[Write]:
        """Start a second process that writes half of a report's files; give what writes all."""
        with writing_beside(self.desk_url, self.template) as begin:

            def write(report: Report) -> EditionFiles:
                if begin is None:
                    return self.write(report)
                wait = begin(report)
                tables = write_tables(report, self.desk_url)
                forms = wait()
                return EditionFiles(forms.page, forms.paper, tables, forms.public_page)

            yield write

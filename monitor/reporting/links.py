"""Where a number of a report leads on the desk."""

from monitor.reports.nouns import PAGES_OF_FIGURES, REVIEW_LISTS, Report


class Links:
    """Addresses on the desk of one report's numbers; empty where there is nothing to open."""

    def __init__(self, report: Report, desk_url: str) -> None:
        """Keep what is linked.

        Args:
            report: The report; its edition is part of the addresses.
            desk_url: Where the desk is, without a slash at the end.
        """
        self._report = report
        self._desk_url = desk_url

    @property
    def report(self) -> str:
        """The report's own page."""
        return f"{self._desk_url}/reports/{self._report.period.name}/{self._report.edition}"

    def to_list(self, key: str) -> str:
        """The list of the cases that a number counts."""
        if self._report.is_public or not self._report.lists.get(key):
            return ""
        return f"{self.report}/lists/{key}"

    def to_figure(self, key: str, list_key: str) -> str:
        """What a figure of the first page counts: its cases, else its page on the desk."""
        found = self.to_list(list_key)
        if found or self._report.is_public or list_key:
            return found
        if key in REVIEW_LISTS:
            return f"{self.report}/reviews/{key}"
        page = PAGES_OF_FIGURES.get(key)
        return f"{self._desk_url}{page}" if page else ""

    def to_case(self, case_id: int) -> str:
        """One case."""
        return "" if self._report.is_public else f"{self._desk_url}/cases/{case_id}"

"""The download handler of the browser's process: scrapy-playwright's, on top of our guards."""

from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from spiders.guards import VerifyingHandler


class BrowserHandler(ScrapyPlaywrightDownloadHandler, VerifyingHandler):  # type: ignore[misc]
    """Shows a page in the browser where a request says so; all others go the guarded way."""

"""The public-suffix list that Scrapy's cookie jar asks, from the package's own copy.

Left alone, its first cookie fetches the list from two addresses abroad: a request to a place that
is no source of ours, and on a closed network a wall of tracebacks at every start.
"""

from scrapy.downloadermiddlewares import cookies


def use_shipped_list() -> None:
    """Let the cookie jar read the list that the library ships, and fetch none."""
    cookies._split_domain.suffix_list_urls = ()  # noqa: SLF001 - Scrapy has no setting for it

"""The fallback for pages that no rule knows: a generic extractor, whose documents are marked so.

Source:
    Generic extractors miss short posts and let foreign text in (`docs/sources.md`); they are used
    for articles only, and only where no container of a known kind is found.
"""


def guess_article(html: str) -> str:
    """Return what a generic extractor takes for the main text; empty when it finds none."""
    # Half a second and 60 MB to import, and most processes never need it.
    from trafilatura import extract  # noqa: PLC0415

    return extract(html, include_comments=False, include_tables=False, favor_precision=True) or ""

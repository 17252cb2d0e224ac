"""This project against generic extractors, on the saved pages.

Command: `python -m benchmarks.bench_extraction`. Needs, for the comparison only,
`pip install -e .[compare]` (newspaper4k, readability-lxml; trafilatura comes with the project).
What is not installed is left out, and said.

Everybody is given the same characters: pages are decoded by this project's strict rule, so that no
one is blamed for a charset. Texts are compared after the same masking, without white space.
"""

import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from time import perf_counter
from typing import Any

from benchmarks.machine import as_table, say
from monitor.domain import SHANGHAI, Document, ListedItem, Page, Source
from monitor.errors import SourceError
from spiders import extract
from spiders.charset import decode_page
from spiders.markup import parse_html, readable_text
from spiders.masking import mask
from tests.pages.test_saved_pages import SPECS, open_page

EXPLAINED = """\
Command: `python -m benchmarks.bench_extraction` (the other extractors are installed with
`pip install -e .[compare]`). {pages} saved HTML pages of {folders} folders under tests/pages, with
everything that must be read of them. The pages are ours, and so are the rules: this table shows
what generic extractors do with such pages, not how well our rules fit pages that nobody here has
seen (`docs/realsite.md` says that). A generic extractor gives one text for a page; it is held
against all the posts, or the letter and its answer, together. Lines count by their characters; a
line is kept when it stands whole in the output. The time is that of the page's first text.
"""


@dataclass(frozen=True)
class Case:
    """A page that holds something readable, and what must be read of it."""

    family: str
    spec: dict[str, Any]
    page: Page
    source: Source
    html: str

    @property
    def is_html(self) -> bool:
        """True for pages that a generic extractor can be given."""
        return self.spec["read"] == "item" and self.html.lstrip()[:1] == "<"

    @property
    def truth(self) -> list[str]:
        """The lines of every document, in order."""
        return [bare(line) for each in self.spec["documents"] for line in each["text"].split("\n")]

    @property
    def at(self) -> datetime:
        """When the first text of the page was written."""
        return datetime.fromisoformat(self.spec["documents"][0]["published_at"])


@dataclass(frozen=True)
class Read:
    """What a tool made of a page. `at` is the time of the first text, if it gives one."""

    text: str
    at: datetime | None = None
    exact: bool | None = None
    documents: Sequence[Document] = ()


@dataclass
class Score:
    """Sums over pages."""

    pages: int = 0
    exact: int = 0
    true: int = 0
    kept: int = 0
    given: int = 0
    foreign: int = 0
    minutes: int = 0
    days: int = 0
    future: int = 0
    named: int = 0
    empty: int = 0
    failed: int = 0
    seconds: float = 0.0
    texts: int = 0
    texts_exact: int = 0
    times: int = 0
    times_right: int = 0
    wrong: list[str] = field(default_factory=list)


def bare(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())


def load_cases() -> list[Case]:
    """Every saved page with documents, from both folders."""
    cases = []
    for path in SPECS:
        spec, page, source = open_page(path)
        if spec.get("documents"):
            family = path.parent.name
            cases.append(Case(family, spec, page, source, decode_page(page, source)))
    return cases


def read_by_rules(case: Case) -> Read:
    """Read as the collector does."""
    page, source = case.page, case.source
    if case.spec["read"] == "list":
        listed = extract.read_list(page, source, page.fetched_at)
        found = [each for documents in listed.documents.values() for each in documents]
    else:
        item = ListedItem(case.spec.get("key", ""), case.spec["url"], "")
        found = list(extract.read_item(page, source, item, page.fetched_at).documents)
    text = "\n".join(each.text for each in found)
    return Read(text, found[0].published_at if found else None, documents=found)


def read_with_trafilatura(case: Case) -> Read:
    """Its default: comments off, tables on."""
    return _of_trafilatura(case)


def read_with_trafilatura_precisely(case: Case) -> Read:
    """Told to leave out what it is not sure of."""
    return _of_trafilatura(case, favor_precision=True)


def _of_trafilatura(case: Case, *, favor_precision: bool = False) -> Read:
    from trafilatura import bare_extraction

    found: Any = bare_extraction(
        case.html,
        url=case.page.url,
        include_comments=False,
        with_metadata=True,
        favor_precision=favor_precision,
    )
    return Read(str(found.text or ""), local_time(found.date)) if found else Read("")


def read_with_newspaper(case: Case) -> Read:
    """Its parser, told that the page is Chinese."""
    from newspaper import Article

    article = Article(case.page.url, language="zh", fetch_images=False)
    article.download(input_html=case.html)
    article.parse()
    return Read(str(article.text or ""), local_time(article.publish_date))


def read_with_readability(case: Case) -> Read:
    """Its summary, as the text that a reader sees; it gives no time."""
    from readability import Document as Summary

    return Read(readable_text(parse_html(Summary(case.html).summary()).body))


def local_time(told: Any) -> datetime | None:
    """Take a time without zone for Shanghai's."""
    if told is None or told == "":
        return None
    at = told if isinstance(told, datetime) else datetime.fromisoformat(str(told))
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


TOOLS: dict[str, tuple[str, Callable[[Case], Read]]] = {
    "this project": ("", read_by_rules),
    "trafilatura": ("trafilatura", read_with_trafilatura),
    "trafilatura, favouring precision": ("trafilatura", read_with_trafilatura_precisely),
    "newspaper4k": ("newspaper4k", read_with_newspaper),
    "readability-lxml": ("readability-lxml", read_with_readability),
}


def judge(read: Read, case: Case, score: Score) -> None:
    """Add one page's reading to the sums."""
    given, truth = bare(read.text if read.documents else mask(read.text).text), case.truth
    kept = sum(len(line) for line in truth if line in given)
    score.pages += 1
    score.empty += not given
    score.true += sum(map(len, truth))
    score.kept += kept
    score.given += len(given)
    score.foreign += max(0, len(given) - kept)
    score.exact += given == "".join(truth)
    exact_minute = read.at is not None and abs(read.at - case.at) < timedelta(minutes=1)
    score.minutes += exact_minute
    score.days += read.at is not None and _day(read.at) == _day(case.at)
    score.future += read.at is not None and read.at > case.page.fetched_at + timedelta(minutes=5)
    score.named += any(word in read.text for word in case.spec.get("absent", []))
    if not exact_minute or given != "".join(truth):
        score.wrong.append(f"{case.family}: {case.spec['url']}")


def judge_documents(read: Read, case: Case, score: Score) -> None:
    """Compare document by document: text, time, precision."""
    wanted = case.spec["documents"]
    score.texts += len(wanted)
    score.times += len(wanted)
    found = {each.key: each for each in read.documents}
    for each in wanted:
        document = found.get(each["key"])
        if document is None:
            continue
        score.texts_exact += document.text == each["text"].strip("\n")
        at = datetime.fromisoformat(each["published_at"])
        told = document.published_at
        score.times_right += (
            told is not None
            and abs(told - at) < timedelta(minutes=1)
            and document.precision == each["precision"]
        )


def _day(at: datetime) -> str:
    return at.astimezone(SHANGHAI).date().isoformat()


def run_tool(name: str, cases: Sequence[Case]) -> Score:
    """Read every page with one tool."""
    score = Score()
    read = TOOLS[name][1]
    for case in cases:
        began = perf_counter()
        try:
            found = read(case)
        except Exception as error:
            if name == "this project" and not isinstance(error, SourceError):
                raise
            score.failed += 1
            found = Read("")
        score.seconds += perf_counter() - began
        judge(found, case, score)
        if name == "this project":
            judge_documents(found, case, score)
    return score


def share(part: int, whole: int) -> str:
    """Write a share in per cent, never rounded up to 100."""
    if not whole:
        return "–"
    return "100 %" if part == whole else f"{int(part / whole * 1000) / 10} %"


def installed() -> Iterator[tuple[str, str]]:
    """The tools that are here, with their versions."""
    for name, (package, _) in TOOLS.items():
        try:
            yield name, name.replace(package, f"{package} {version(package)}") if package else name
        except PackageNotFoundError:
            say(f"{name} is not installed: pip install -e .[compare]")


def compare(cases: Sequence[Case]) -> tuple[str, dict[str, Score]]:
    """The table of all tools on the pages that each of them can be given."""
    rows, scores = [], {}
    for name, shown in installed():
        score = scores[name] = run_tool(name, cases)
        timed = name != "readability-lxml"
        rows.append(
            [
                shown,
                share(score.kept, score.true),
                share(score.foreign, score.given),
                share(score.exact, score.pages),
                share(score.minutes, score.pages) if timed else "gives none",
                share(score.days, score.pages) if timed else "gives none",
                str(score.future),
                str(score.empty),
                str(score.named),
                f"{score.pages / score.seconds:,.0f}",
            ]
        )
        say(f"{name}: {score.pages} pages in {score.seconds:.1f} s")
    head = [
        "reader",
        "true text kept",
        "of its output, foreign",
        "pages exact",
        "time right to the minute",
        "day right",
        "in the future",
        "empty",
        "pages with a person's name or other junk",
        "pages/s",
    ]
    return as_table(head, rows), scores


def by_family(cases: Sequence[Case], names: Sequence[str]) -> str:
    """True text kept and foreign text let in, by family."""
    families = sorted({case.family for case in cases})
    rows = []
    for family in families:
        own = [case for case in cases if case.family == family]
        scores = [run_tool(name, own) for name in names]
        cells = [f"{share(s.kept, s.true)} / {share(s.foreign, s.given)}" for s in scores]
        rows.append([family, str(len(own)), *cells])
    return as_table(["family", "pages", *names], rows)


def main() -> None:
    """Measure and print Markdown."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    cases = load_cases()
    pages = [case for case in cases if case.is_html]
    table, scores = compare(pages)
    whole = run_tool("this project", cases)
    families = len({case.family for case in cases})
    print("## Reading pages\n")
    print(
        EXPLAINED.format(
            pages=len(pages), folders=len({case.family for case in pages}), families=families
        )
    )
    print(table)
    print("\nTrue text kept / foreign share of the output, by folder:\n")
    print(by_family(pages, list(scores)))
    print(
        f"\nThis project document by document, feeds, REST and JSON included ({len(cases)} pages "
        f"of {families} folders, {whole.texts} documents): texts exact "
        f"{share(whole.texts_exact, whole.texts)}, times and their precision right "
        f"{share(whole.times_right, whole.times)}, in the future {whole.future}, pages with a "
        f"name that must not be kept {whole.named}."
    )
    for line in whole.wrong[:20]:
        say(f"not exact: {line}")
    if whole.texts_exact < whole.texts * 0.99 or whole.times_right < whole.times * 0.99:
        print("\nGoal of 99 % exact texts and right times **missed**.")
    else:
        print("\nGoal of 99 % exact texts and right times reached on our own pages.")


if __name__ == "__main__":
    main()

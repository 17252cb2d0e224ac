"""What a candidate would change, as one HTML page that stands alone.

The words of messages are read from the database each time the page is written, and the page is
written again once one of them is forgotten (`refresh_pages`): nothing outlives its text here.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from monitor.domain import SHANGHAI, DocumentKind
from monitor.learning import saying
from monitor.learning.judgement import Judgement, load_judgement
from monitor.storage.readers import ReadText
from monitor.storage.session import Storage

MOST_SHOWN = 200
"""So many of the added and of the dropped stand on the page."""
MOST_WORDS = 400
"""So many characters of each."""

KIND_NAMES: Mapping[DocumentKind, str] = {
    DocumentKind.CLAIM: "欠薪诉求",
    DocumentKind.THIRD_PARTY: "他人反映",
    DocumentKind.PAID: "已支付",
    DocumentKind.QUESTION: "咨询",
    DocumentKind.OTHER_DEBT: "其他欠款",
    DocumentKind.UNRELATED: "无关",
}


def write_page(storage: Storage, judgement: Judgement, desk_url: str) -> str:
    """Write the page; texts that are forgotten are said to be, and not shown.

    Args:
        storage: Where the words of the messages are.
        judgement: What was found.
        desk_url: Where the desk is, without a slash at the end.
    """
    added, dropped = judgement.added[:MOST_SHOWN], judgement.dropped[:MOST_SHOWN]
    texts = find_texts(storage, [each.document_id for each in (*added, *dropped)])
    return (
        _environment()
        .get_template("candidate.html")
        .render(
            judgement=judgement,
            made_at=f"{judgement.made_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
            say=saying,
            lists=[
                ("会多立案的", added, len(judgement.added)),
                ("会少立案的", dropped, len(judgement.dropped)),
            ],
            texts=texts,
            kinds=KIND_NAMES,
            most_words=MOST_WORDS,
            desk_url=desk_url,
        )
    )


def find_texts(storage: Storage, document_ids: list[int]) -> dict[int, ReadText]:
    """The messages that still have their words, by number."""
    with storage.look() as rows:
        return rows.readers.find_texts(document_ids)


def page_path(folder: Path, version: str) -> Path:
    """Where a candidate's page is kept."""
    return folder / f"{version}.html"


def keep_page(storage: Storage, judgement: Judgement, desk_url: str, folder: Path) -> Path:
    """Write the page into a folder that only its owner reads; return where."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = page_path(folder, judgement.candidate)
    path.touch(mode=0o600)
    path.write_text(write_page(storage, judgement, desk_url), "utf-8")
    return path


def refresh_pages(storage: Storage, desk_url: str, folder: Path) -> int:
    """Write the kept pages again as the database now is; return how many differ from before.

    A page whose candidate is not known any more is deleted.
    """
    changed = 0
    for path in sorted(folder.glob("*.html")):
        with storage.look() as rows:
            kept = rows.readers.find(path.stem)
        if kept is None:
            path.unlink()
            changed += 1
            continue
        page = write_page(storage, load_judgement(kept.judgement), desk_url)
        if page != path.read_text("utf-8"):
            path.write_text(page, "utf-8")
            changed += 1
    return changed


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

"""Writes the corpus: `python -m tests.pages.making [--out FOLDER]`."""

import argparse
import shutil
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from tests.pages.making import (
    blogs,
    boards,
    forum,
    forum_gbk,
    forum_views,
    letters,
    people_board,
    press,
    records,
    rest,
    ruled,
    streams,
)
from tests.pages.making.kinds import Saved

CORPUS = Path(__file__).parents[1] / "corpus"
FAMILIES: dict[str, Callable[[], Iterator[Saved]]] = {
    "discuz-x35": lambda: chain(forum.x35(), [boards.board("board-page-one")]),
    "discuz-x34-gbk": forum_gbk.x34,
    "discuz-archiver": forum_views.archiver,
    "discuz-print": forum_views.printed,
    "wordpress-classic": blogs.classic,
    "wordpress-block": blogs.block,
    "trs": press.trs,
    "hanweb": press.hanweb,
    "dedecms-gbk": press.dedecms,
    "phpcms": press.phpcms,
    "empirecms-gbk": press.empirecms,
    "mailbox-table": letters.tables,
    "mailbox-definitions": letters.definitions,
    "mailbox-json": records.records,
    "people-board": people_board.board,
    "wordpress-rest": rest.rest,
    "feed": streams.feeds,
    "generic": ruled.ruled,
}


def write(out: Path) -> int:
    """Write every page and what must be read of it; return how many pages."""
    shutil.rmtree(out, ignore_errors=True)
    count = 0
    for folder, pages in FAMILIES.items():
        (out / folder).mkdir(parents=True)
        for saved in pages():
            stem = out / folder / saved.name
            stem.with_suffix(f".{saved.ending}").write_text(saved.text, "utf-8", newline="\n")
            stem.with_suffix(".toml").write_text("\n".join(saved.spec()) + "\n", "utf-8")
            count += 1
    return count


def main() -> None:
    """Write, and say how many."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=CORPUS)
    options = parser.parse_args()
    print(f"{write(options.out)} pages in {len(FAMILIES)} families: {options.out}")


if __name__ == "__main__":
    main()

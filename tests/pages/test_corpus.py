"""The corpus is as large as we say, is what its maker writes, and does not lean on the reader."""

import ast
from collections import Counter
from pathlib import Path

from tests.pages.making.__main__ import CORPUS, FAMILIES, write

LEAST_FAMILIES, LEAST_PAGES = 12, 15


def test_every_family_has_at_least_fifteen_different_pages() -> None:
    pages = Counter(path.parent.name for path in CORPUS.glob("*/*.toml"))
    assert len(pages) >= LEAST_FAMILIES
    assert {name: count for name, count in pages.items() if count < LEAST_PAGES} == {}
    texts = [path.read_bytes() for path in CORPUS.glob("*/*") if path.suffix != ".toml"]
    # Two lists of one forum differ in their address only, and so do three answers of an office.
    assert len(set(texts)) >= len(texts) - 6


def test_the_saved_pages_are_those_that_the_maker_writes(tmp_path: Path) -> None:
    assert write(tmp_path / "made") == sum(1 for _ in CORPUS.glob("*/*.toml"))
    made, saved = (
        {path.relative_to(folder): path.read_bytes() for path in folder.glob("*/*")}
        for folder in (tmp_path / "made", CORPUS)
    )
    assert made == saved, "run: python -m tests.pages.making"
    assert {path.parts[0] for path in saved} == set(FAMILIES)


def test_what_is_expected_is_written_without_the_reader() -> None:
    for path in (Path(__file__).parent / "making").glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert [
            name for name in imported if name and name.split(".")[0] in {"spiders", "monitor"}
        ] == []

"""Write the file of a new source from one reading of it, and the pages to test it by."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from monitor.domain import SHANGHAI, Basis, Problem, Source
from monitor.errors import InputError
from spiders.catalogue import load_sources
from spiders.promising import promises_of, source_file
from spiders.replaying import Answer, save
from spiders.trying import Tried

BROKEN = "S408"
_CURE = "看看网站变了没有"

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_BOARD = re.compile(r"[?&]fid=(\d{1,6})|forum-(\d{1,6})-|/fid-(\d{1,6})|columnid=(\d{1,9})")
_GENERAL = frozenset({"www", "com", "cn", "net", "org", "gov", "edu"})


@dataclass(frozen=True, slots=True)
class Added:
    """A source file that was written."""

    name: str
    path: Path
    problems: list[Problem] = field(default_factory=list)


def write_source(
    folder: Path,
    tried: Tried,
    *,
    name: str,
    title: str,
    basis: Basis,
    now: datetime,
    known: Collection[str],
    announce: Callable[[str], None] = lambda _name: None,
) -> Added:
    """Write `<name>.toml` and the saved pages.

    Args:
        folder: Where the source files are.
        tried: A reading that gave documents.
        name: The file's name; empty makes one from the address.
        title: What the desk shows; empty takes the page's own.
        basis: Why we may read the place.
        now: The time, for the comment in the file.
        known: Names that are taken.
        announce: Told the name before anything is written; what it raises stops the writing.

    Raises:
        InputError: The name is taken or cannot be one, or the address is watched already.
    """
    chosen = name or _free_name(tried.source, known)
    if not _NAME.fullmatch(chosen):
        raise InputError(f"名字 {chosen} 不行：只用小写字母、数字和连字符，最多 40 个")
    path = folder / f"{chosen}.toml"
    if chosen in known or path.exists():
        raise InputError(f"来源 {chosen} 已经有了；用 --name 换一个名字")
    source = replace(
        tried.source, name=chosen, title=title or tried.source.title or chosen, basis=basis
    )
    promises = promises_of(
        rows=len(tried.listed.items) if tried.listed else 0,
        read=len(tried.items),
        with_text=sum(bool(found) for found in tried.by_item.values()),
        documents=tried.documents,
        may_be_empty=source.expect.list_min_items == 0,
    )
    day = now.astimezone(SHANGHAI).strftime("%Y-%m-%d")
    announce(chosen)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(source_file(source, promises, tried.why, day), "utf-8")
    problems = _faults_of(folder, path)
    if problems:
        path.unlink()
        raise InputError("没有写：" + "；".join(map(str, problems)))
    tried.source = source
    return Added(chosen, path, save_pages(folder, tried))


def _faults_of(folder: Path, path: Path) -> list[Problem]:
    return [each for each in load_sources(folder)[1] if each.where.startswith(path.name)]


def _free_name(source: Source, known: Collection[str]) -> str:
    """Make a name from the host, the board's number and, if that is taken, a count."""
    host = (urlsplit(source.url).hostname or "site").lower()
    parts = [part for part in host.split(".") if part not in _GENERAL]
    board = _BOARD.search(source.url)
    number = next(filter(None, board.groups()), "") if board else ""
    stem = re.sub(r"[^a-z0-9-]", "-", "-".join([*parts, *([number] if number else [])]))
    stem = stem.strip("-")[:36] or "site"
    names = [stem, *(f"{stem}-{count}" for count in range(2, 100))]
    return next(each for each in names if each not in known)


def save_pages(folder: Path, tried: Tried) -> list[Problem]:
    """Save the list and the first pages of its items, without anybody's words."""
    if tried.listed is None:
        return []
    source = tried.source
    answers = [Answer(source.url, tried.pages[source.url])] if source.url in tried.pages else []
    answers += [
        Answer(item.url, tried.pages[item.url], item)
        for item in tried.items
        if item.url in tried.pages and tried.by_item.get(item.key)
    ]
    return save(folder, source, answers, tried.listed)


def broken_now(tried: Tried) -> list[Problem]:
    """Compare one reading with what the source's file promises."""
    if tried.listed is None or not tried.items:
        return []
    expect, name = tried.source.expect, f"{tried.source.name}.toml: expect"
    told = [
        (
            "text_share",
            expect.text_share,
            sum(bool(found) for found in tried.by_item.values()) / len(tried.items),
        )
    ]
    if tried.documents:
        timed = sum(each.published_at is not None for each in tried.documents)
        told.append(("published_share", expect.published_share, timed / len(tried.documents)))
    problems = [
        Problem(
            BROKEN, f"{name}.{key}", f"承诺 {promised}，这一次只有 {seen:.2f}", "看看网站变了没有"
        )
        for key, promised, seen in told
        if seen < promised
    ]
    rows = len(tried.listed.items)
    if rows < expect.list_min_items:
        message = f"承诺至少 {expect.list_min_items} 行，这一次 {rows} 行"
        problems.append(Problem(BROKEN, f"{name}.list_min_items", message, _CURE))
    return problems

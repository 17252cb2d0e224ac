"""`source list | try | add | test`: the places that we watch."""

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from monitor.bootstrap.app import App, build, read_clock
from monitor.bootstrap.reading import load_reader
from monitor.bootstrap.sources import load_sources, name_collector
from monitor.commands.opening import note_act
from monitor.commands.source_words import show_document, show_summary, show_why
from monitor.commands.terms import JsonOption, SettingsOption, emit, say
from monitor.domain import Basis, Document, Problem, Source
from monitor.errors import InputError, ModelError, NotFoundError
from monitor.hosts import holding_host

if TYPE_CHECKING:
    from spiders.trying import Tried

sources = typer.Typer(help="来源：看哪些地方。", no_args_is_help=True)
ItemsOption = Annotated[int, typer.Option("--items", min=1, max=50, help="最多读几条")]
LocalOption = Annotated[
    bool, typer.Option("--local", help="这是本机或内网的地址，允许读它（只此一个主机和端口）")
]
BrowserOption = Annotated[
    bool, typer.Option("--browser", help="内容靠脚本才出来：用浏览器读（要装 qingxin[browser]）")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(sources, name="source")


@sources.command("list")
def list_sources(settings: SettingsOption = None, as_json: JsonOption = False) -> None:
    """列出来源；写错的文件也会指出来。"""
    built = build(settings)
    found, problems = load_sources(built)
    for each in found:
        if as_json:
            emit(
                {
                    "name": each.name,
                    "title": each.title,
                    "family": each.family.value,
                    "basis": each.basis.value,
                    "url": each.url,
                    "poll_every_seconds": each.poll_every.total_seconds(),
                    "enabled": each.enabled,
                }
            )
        else:
            state = "" if each.enabled else "（停用）"
            typer.echo(f"{each.name}  {each.title}{state}  {each.family.value}  {each.url}")
    for problem in problems:
        say(str(problem))
    if problems:
        raise typer.Exit(1)


@sources.command("try")
def try_one(
    place: Annotated[str, typer.Argument(metavar="NAME|URL", help="来源的名字，或一个网址")],
    items: ItemsOption = 10,
    local: LocalOption = False,
    browser: BrowserOption = False,
    settings: SettingsOption = None,
    as_json: JsonOption = False,
) -> None:
    """现在读一页列表和其中的条目，打印会存下什么；什么也不存。给网址时先认出是哪一类网站。"""
    built = build(settings)
    if _is_address(place):
        tried = _examine(built, place, local=local, items=items, browser=browser)
        show_why(tried, as_json=as_json)
    else:
        tried = _read_now(built, _get(built, place), items)
    for document, kind in _with_kinds(built, tried.documents):
        show_document(document, kind, as_json=as_json)
    show_summary(tried)
    if tried.problems or not tried.documents:
        raise typer.Exit(1)


@sources.command("add")
def add(
    url: Annotated[str, typer.Argument(help="列表、帖子或首页的网址")],
    basis: Annotated[
        Basis,
        typer.Option(
            "--basis",
            help="凭什么可以读：写给政府的、公开求助、新闻（addressed_to_authority 等）",
        ),
    ],
    name: Annotated[str, typer.Option("--name", help="文件名，小写字母、数字和连字符")] = "",
    title: Annotated[str, typer.Option("--title", help="页面上显示的名字")] = "",
    items: ItemsOption = 10,
    local: LocalOption = False,
    browser: BrowserOption = False,
    settings: SettingsOption = None,
) -> None:
    """认出网站，读一遍，写下来源文件和它的承诺；要登录的、robots.txt 不许的，不写。"""
    built = build(settings)
    if name and name in _names(built):
        message = f"来源 {name} 已经有了；用 --name 换一个名字"
        raise InputError(message)
    tried = _examine(built, url, local=local, items=items, browser=browser)
    from spiders import trying  # noqa: PLC0415 - loaded by now
    from spiders.adding import write_source  # noqa: PLC0415

    show_why(tried, as_json=False)
    refused = trying.refusals(tried)
    if refused or not tried.why:
        for problem in refused or tried.problems:
            say(str(problem))
        say("没有写来源文件。")
        raise typer.Exit(1)
    folder = built.settings.sources.folder
    built.prepare()

    def announce(chosen: str) -> None:
        _note(built, "source.added", chosen)
        announced.append(chosen)

    announced: list[str] = []
    try:
        added = write_source(
            folder, tried, name=name, title=title, basis=basis, now=read_clock(),
            known=_names(built), announce=announce,
        )  # fmt: skip
    except (InputError, OSError):
        for chosen in announced:
            _note(built, "source.not_added", chosen)
        raise
    for problem in [*tried.problems, *added.problems]:
        say(str(problem))
    typer.echo(str(added.path))
    say(f"已写好 {added.path.name}；采集十秒之内就会开始读它。")
    say(f"再看一遍：qingxin source try {added.name}")


@sources.command("test")
def test_one(
    name: Annotated[str, typer.Argument(help="来源的名字")],
    items: ItemsOption = 10,
    save: Annotated[
        bool, typer.Option("--save", help="把现在的页面存为样张（去掉文字），以后拿它对照")
    ] = False,
    settings: SettingsOption = None,
) -> None:
    """把存过的样张重读一遍，再读一遍现在的网站，都与当初和承诺对照。"""
    from spiders import adding, replaying  # noqa: PLC0415

    built = build(settings)
    source = _get(built, name)
    folder = built.settings.sources.folder
    problems: list[Problem] = []
    if replaying.has_saved(folder, name) and not save:
        count, problems = replaying.replay(folder, source)
        say(f"样张 {count} 页：{'读出的与存时相同' if not problems else '读出的与存时不同'}。")
    elif not save:
        say("没有存过样张；加 --save 现在存一份（页面里的字都换成“文”）。")
    tried = _read_now(built, source, items)
    problems += [*tried.problems, *adding.broken_now(tried)]
    if save and tried.listed is not None:
        built.prepare()
        _note(built, "source.pages_saved", name)
        problems += adding.save_pages(folder, tried)
    show_summary(tried)
    for problem in problems:
        say(str(problem))
    typer.echo("不合格" if problems or not tried.documents else "合格")
    if problems or not tried.documents:
        raise typer.Exit(1)


def _note(built: App, action: str, name: str) -> None:
    """Write into the audit what will be done with files: before it, so that none goes unnoted."""
    with built.storage.work() as rows:
        note_act(rows, action, f"source:{name}")


def _examine(built: App, url: str, *, local: bool, items: int, browser: bool) -> "Tried":
    """Look at an address that has no file, while nobody else asks its host."""
    address = _checked(url)
    _need_browser(wanted=browser)
    from spiders import trying  # noqa: PLC0415 - loads Scrapy, which takes a second

    with holding_host(built, address):
        return trying.examine(
            address,
            local=local or _is_known_local(built, address),
            clock=read_clock,
            user_agent=name_collector(built),
            most_items=items,
            browser=browser,
        )


def _need_browser(*, wanted: bool) -> None:
    """Refuse to begin without the browser that is asked for.

    Raises:
        InputError: It is not there; the message says how to get it.
    """
    from spiders.browsing import missing_browser  # noqa: PLC0415

    if wanted and (missing := missing_browser()):
        raise InputError(missing)


def _read_now(built: App, source: Source, items: int) -> "Tried":
    """Read a source that has a file, while nobody else asks its host."""
    from spiders import trying  # noqa: PLC0415

    _need_browser(wanted=source.browser)
    with holding_host(built, source.url):
        return trying.try_source(
            source, clock=read_clock, user_agent=name_collector(built), most_items=items
        )


def _with_kinds(built: App, documents: list[Document]) -> list[tuple[Document, str]]:
    """Return each document with what the reader says of it; empty where no reader can load."""
    if not documents:
        return []
    try:
        readings = load_reader(built).read(documents)
    except ModelError:
        return [(each, "") for each in documents]
    return [
        (each, f"{reading.kind.value} {reading.score:.2f}")
        for each, reading in zip(documents, readings, strict=True)
    ]


def _is_address(place: str) -> bool:
    return "://" in place or place.startswith(("www.", "bbs."))


def _checked(url: str) -> str:
    """Return an address that may be looked at.

    Raises:
        InputError: It is not http(s), holds a password, or leads to a sign-in.
    """
    from spiders.signing_in import refuse_sign_in  # noqa: PLC0415

    whole = url if "://" in url else f"http://{url}"
    try:
        return refuse_sign_in(whole)
    except ValueError as error:
        message = f"{url}: {error}；只读任何人都能看的 http 或 https 地址"
        raise InputError(message) from None


def _is_known_local(built: App, url: str) -> bool:
    """Tell whether a local source that has a file lives at this host and port."""
    netloc = urlsplit(url).netloc.lower()
    found, _ = load_sources(built)
    return any(each.local and urlsplit(each.url).netloc.lower() == netloc for each in found)


def _names(built: App) -> set[str]:
    found, problems = load_sources(built)
    return {each.name for each in found} | {each.where.split(".toml")[0] for each in problems}


def _get(built: App, name: str) -> Source:
    found, _ = load_sources(built)
    for each in found:
        if each.name == name:
            return each
    known = "、".join(each.name for each in found) or "（无）"
    raise NotFoundError(f"没有来源 {name}；现有：{known}")

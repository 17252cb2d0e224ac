"""A Discuz! of somebody's own copy, beside us: its database, its web server, its posts.

Its licence keeps it out of this repository. `QINGXIN_DISCUZ` names folders that hold an unpacked
release each (the folder with `forum.php`), parted by colons. They are copied and not touched.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.conftest import find_free_port
from tests.realsite.wordpress import Visit, end_server, run_mariadb

HELP, MEMBERS_ONLY = 41, 42
_HERE = Path(__file__).resolve().parent
_WITHOUT = ("install", "uc_server/data/backup")
_RULES = {
    "forum_forumdisplay": "forum-{fid}-{page}.html",
    "forum_viewthread": "thread-{tid}-{page}-{prevpage}.html",
}


@dataclass(frozen=True)
class Release:
    """One unpacked Discuz!."""

    folder: Path
    version: str
    charset: str

    @property
    def in_python(self) -> str:
        """The character set as Python calls it."""
        return "gb18030" if self.charset == "gbk" else "utf-8"


@dataclass
class Thread:
    """A thread as it stands in the forum's tables."""

    tid: int
    fid: int
    title: str
    posts: list["Post"]
    columns: dict[str, int] = field(default_factory=dict)
    is_readable: bool = True


@dataclass
class Post:
    """One message: how it is written to the table, and what must be read; None: nothing."""

    pid: int
    at: datetime
    message: str
    text: str | None
    columns: dict[str, int] = field(default_factory=dict)


def find_releases() -> list[Release]:
    """The releases that `QINGXIN_DISCUZ` names."""
    found = []
    for name in filter(None, os.environ.get("QINGXIN_DISCUZ", "").split(":")):
        folder = Path(name)
        told = (folder / "source/discuz_version.php").read_text("latin-1")
        version = re.findall(r"define\('DISCUZ_(?:VERSION|RELEASE)', '([^']+)'", told)
        settings = (folder / "config/config_global_default.php").read_text("latin-1")
        charset = re.search(r"output'\]\['charset'\]\s*=\s*'([\w-]+)'", settings)
        assert charset is not None, folder
        found.append(Release(folder, " ".join(version), charset[1].lower()))
    return found


@dataclass
class Board:
    """A forum that answers at `address`."""

    address: str
    folder: Path
    release: Release
    socket: Path

    def run(self, *statements: str) -> None:
        """Run SQL in the forum's database, in its own character set."""
        charset = "gbk" if self.release.charset == "gbk" else "utf8mb4"
        sql = f"SET NAMES {charset};\n" + ";\n".join(statements) + ";\n"
        done = subprocess.run(
            ["mariadb", "--no-defaults", f"--socket={self.socket}", "--user=root", "--force", "dz"],
            input=sql.encode(self.release.in_python),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[:2000]

    def write(self, thread: Thread) -> None:
        """Put a thread with its posts into the tables, as the software keeps them."""
        newest = max(post.at for post in thread.posts)
        row = {
            "tid": thread.tid,
            "fid": thread.fid,
            "author": "'柳絮阿飞'",
            "authorid": 7,
            "subject": _quoted(thread.title),
            "dateline": _unix(thread.posts[0].at),
            "lastpost": _unix(newest),
            "lastposter": "'三更灯火'",
            "views": 9,
            "replies": len(thread.posts) - 1,
            **thread.columns,
        }
        self.run(
            _insert("pre_forum_thread", row),
            f"UPDATE pre_forum_forum SET threads=threads+1, posts=posts+{len(thread.posts)} "
            f"WHERE fid={thread.fid}",
        )
        for place, post in enumerate(thread.posts, 1):
            self.add(thread, post, place)

    def reply(self, thread: Thread, post: Post) -> None:
        """Add a reply: the thread moves to the head of its board."""
        thread.posts.append(post)
        self.add(thread, post, len(thread.posts))
        self.run(
            f"UPDATE pre_forum_thread SET replies=replies+1, lastpost={_unix(post.at)} "
            f"WHERE tid={thread.tid}"
        )

    def add(self, thread: Thread, post: Post, place: int) -> None:
        """Put one post into its table."""
        row = {
            "pid": post.pid,
            "fid": thread.fid,
            "tid": thread.tid,
            "first": int(place == 1),
            "author": "'柳絮阿飞'" if place == 1 else "'三更灯火'",
            "authorid": 7 if place == 1 else 8,
            "subject": _quoted(thread.title) if place == 1 else "''",
            "dateline": _unix(post.at),
            "message": _quoted(post.message),
            "useip": "'203.0.113.77'",
            "position": place,
            **post.columns,
        }
        self.run(_insert("pre_forum_post", row))

    def visits(self) -> list[Visit]:
        """Every request so far, in the order in which they began."""
        lines = (self.folder / "visits.log").read_text("utf-8").splitlines()
        return sorted((Visit(**json.loads(line)) for line in lines), key=lambda each: each.began)


def _insert(table: str, row: Mapping[str, object]) -> str:
    names = ",".join(f"`{name}`" for name in row)
    return f"INSERT INTO {table} ({names}) VALUES ({','.join(map(str, row.values()))})"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\r\\n")
    return f"'{escaped}'"


def _unix(at: datetime) -> int:
    return int(at.timestamp())


@contextmanager
def open_board(release: Release, *, rewrites: bool) -> Iterator[Board]:
    """Install a forum from its own SQL files and serve it on loopback until the block ends."""
    with ExitStack() as ends:
        folder = Path(tempfile.mkdtemp(prefix="qingxin-dz-"))
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        charset = "gbk" if release.charset == "gbk" else "utf8mb4"
        create = f"CREATE DATABASE dz CHARACTER SET {charset}"
        lax = ("--sql-mode=", f"--character-set-server={charset}")
        socket = ends.enter_context(run_mariadb(folder, create, *lax))
        site = folder / "site"
        shutil.copytree(release.folder, site)
        if release.version.startswith("X3.4"):
            subprocess.run(["php", _HERE / "discuz_php8.php", site], check=True)
        port = find_free_port()
        board = Board(f"http://127.0.0.1:{port}", folder, release, socket)
        _fill(board, site, rewrites=rewrites)
        _configure(board, site)
        ends.enter_context(_serve(board, site, port))
        yield board


def _fill(board: Board, site: Path, *, rewrites: bool) -> None:
    """Load the software's own tables, then members, boards and settings."""
    encoding = board.release.in_python
    for name in ("install/data/install.sql", "install/data/install_data.sql"):
        text = (site / name).read_bytes().decode(encoding, "replace")
        board.run(re.sub(r"(?i)\btype=(\w+)", r"ENGINE=\1", text))
    text = (site / "uc_server/install/uc.sql").read_bytes().decode(encoding, "replace")
    text = re.sub(r"\buc_(?=\w)", "pre_ucenter_", re.sub(r"(?i)\btype=(\w+)", r"ENGINE=\1", text))
    board.run(text)
    statuses = _php([*_RULES] if rewrites else [])
    board.run(
        f"REPLACE INTO pre_common_setting VALUES ('rewritestatus', {_quoted(statuses)})",
        f"REPLACE INTO pre_common_setting VALUES ('rewriterule', {_quoted(_php(_RULES))})",
        "REPLACE INTO pre_common_setting VALUES ('bbname', '清河论坛')",
        "REPLACE INTO pre_common_setting VALUES ('seccodestatus', '0')",
        *_members(),
        *_boards(),
    )


def _members() -> Iterator[str]:
    for uid, name in ((1, "站长大人"), (7, "柳絮阿飞"), (8, "三更灯火")):
        group = 1 if uid == 1 else 10
        yield _insert(
            "pre_common_member",
            {
                "uid": uid,
                "username": f"'{name}'",
                "email": f"'m{uid}@example.invalid'",
                "groupid": group,
                "adminid": int(uid == 1),
                "regdate": 1400000000,
            },
        )
        for table in ("count", "status", "profile", "field_forum", "field_home"):
            yield f"INSERT IGNORE INTO pre_common_member_{table} (uid) VALUES ({uid})"


def _boards() -> Iterator[str]:
    yield "INSERT INTO pre_forum_forum (fid,fup,type,name,status) VALUES (40,0,'group','民生',1)"
    yield "INSERT INTO pre_forum_forumfield (fid) VALUES (40)"
    for fid, name, permission in ((HELP, "百姓求助", ""), (MEMBERS_ONLY, "会员区", "\t1\t2\t10\t")):
        yield (
            "INSERT INTO pre_forum_forum (fid,fup,type,name,status,allowsmilies,allowbbcode,"
            f"allowimgcode,allowanonymous,allowfeed) VALUES ({fid},40,'forum','{name}',1,1,1,1,1,1)"
        )
        yield (
            "INSERT INTO pre_forum_forumfield (fid,viewperm,description,rules) "
            f"VALUES ({fid},'{permission}','','')"
        )


def _php(value: Sequence[str] | dict[str, str]) -> str:
    """Serialise as PHP does; ASCII only."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    told = "".join(
        f"{f'i:{key};' if isinstance(key, int) else _php_text(key)}{_php_text(text)}"
        for key, text in pairs
    )
    return f"a:{len(value)}:{{{told}}}"


def _php_text(text: str) -> str:
    return f's:{len(text)}:"{text}";'


def _configure(board: Board, site: Path) -> None:
    """Point the copy at its database, and let it build its caches at the first request."""
    for name in ("config/config_global.php", "config/config_ucenter.php"):
        path = site / name
        text = path.read_bytes()
        for key, value in (
            ("dbhost", "localhost"),
            ("dbuser", "root"),
            ("dbpw", ""),
            ("dbname", "dz"),
        ):
            text = re.sub(
                rf"\['{key}'\]\s*=\s*'[^']*'".encode(), f"['{key}'] = '{value}'".encode(), text
            )
            constant = f"UC_{key.upper()}"
            text = re.sub(
                rf"define\('{constant}',\s*'[^']*'\)".encode(),
                f"define('{constant}', '{value}')".encode(),
                text,
            )
        # A copy from a developer's machine shows where advertisements would be.
        text = re.sub(rb"\['plugindeveloper'\]\s*=\s*\d", b"['plugindeveloper'] = 0", text)
        text = re.sub(rb"`\w+`\.pre_ucenter_", b"`dz`.pre_ucenter_", text)
        path.write_bytes(text)
    for lock in (site / "data").glob("*.lock"):
        lock.unlink()
    for cache in ("sysdata", "template", "cache"):
        for path in (site / "data" / cache).glob("*.php"):
            path.unlink()
    (board.folder / "visits.log").touch()


@contextmanager
def _serve(board: Board, site: Path, port: int) -> Iterator[None]:
    """Run PHP's own web server with three workers, so that requests could overlap."""
    environment = {
        "PATH": os.environ["PATH"],
        "PHP_CLI_SERVER_WORKERS": "3",
        "REALSITE_LOG": str(board.folder / "visits.log"),
    }
    options = {
        "mysqli.default_socket": str(board.socket),
        "short_open_tag": "1",
        "display_errors": "0",
        "default_charset": "",
        "log_errors": "1",
    }
    if board.release.version.startswith("X3.4"):
        environment["REALSITE_BEFORE"] = str(_HERE / "discuz_old_functions.php")
    settings = [part for name, value in options.items() for part in ("-d", f"{name}={value}")]
    with (board.folder / "web.log").open("wb") as log:
        server = subprocess.Popen(
            ["php", *settings, "-S", f"127.0.0.1:{port}", "-t", site, _HERE / "discuz_router.php"],
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )
    try:
        _build_caches(board)
        (board.folder / "visits.log").write_text("", "utf-8")
        yield
    finally:
        if keep := os.environ.get("QINGXIN_DISCUZ_LOG"):
            shutil.copy(board.folder / "web.log", keep)
        end_server(server)


def _build_caches(board: Board) -> None:
    """Ask for the page that the installer asks for last, until the forum answers."""
    deadline = time.monotonic() + 60
    while True:
        try:
            _ask(board, "misc.php?mod=initsys")
            body = _ask(board, f"forum.php?mod=forumdisplay&fid={HELP}")
            assert "清河论坛" in body, re.sub(
                r"\s+", " ", re.sub(r"(?s)<style.*?</style>|<[^>]+>", " ", body)
            )[:1500]
        except OSError as error:
            log = (board.folder / "web.log").read_text("utf-8", "replace")
            if time.monotonic() > deadline:
                raise AssertionError(f"{error}\n{log[-3000:]}") from error
            time.sleep(0.3)
        else:
            return


def _ask(board: Board, path: str) -> str:
    with urllib.request.urlopen(f"{board.address}/{path}", timeout=60) as answer:
        body: bytes = answer.read()
    return body.decode(board.release.in_python, "replace")


def make_threads(now: datetime) -> list[Thread]:
    """What is posted on the board, all of it invented: readable of every kind, and unreadable."""
    numbers = iter(range(1001, 9999))
    threads: list[Thread] = []

    def add(title: str, *messages: tuple[str, str | None], days: float, **columns: int) -> Thread:
        is_readable = not columns.pop("hidden", 0)
        fid = columns.pop("fid", HELP)
        at = (now - timedelta(days=days)).replace(microsecond=0)
        posts = [
            Post(next(numbers), at + timedelta(minutes=7 * place, seconds=13), message, text)
            for place, (message, text) in enumerate(messages)
        ]
        thread = Thread(101 + len(threads), fid, title, posts, columns, is_readable)
        threads.append(thread)
        return thread

    for each in range(1, 31):
        told = f"第{each}队在城北二期干到{each}月，老板还欠我们{each * 1300}元工资，有工单为证。"
        reply = f"情况属实，我们{each}个人也没有拿到。"
        add(f"城北二期欠薪 {each}", (told, told), (reply, reply), days=1 + each / 3)
    old = "去年承建方走了以后，尾款一直没有人管。"
    add("四百天前的老帖", (old, old), days=400)
    long = [(f"第{each}条跟帖：我们也在等消息。", None) for each in range(1, 25)]
    add("三页的长帖", *((told, told) for told, _ in long), days=2.2)
    add("关闭的帖子", ("已经解决了，谢谢大家。", "已经解决了，谢谢大家。"), days=3.1, closed=1)
    add("置顶的帖子", ("求助请写清工地和金额。",) * 2, days=50, displayorder=1)
    edited = "[i=s] 本帖最后由 柳絮阿飞 于 2026-11-20 14:36 编辑 [/i]\n\n改过的内容：一共四万二。"
    add("编辑过的帖子", (edited, "改过的内容：一共四万二。"), days=2.4)
    quoting = "[quote]三更灯火 发表于 2026-11-20 10:07\n别人的话[/quote]\n自己的话在后面。"
    add("带引用的帖子", ("开头。", "开头。"), (quoting, "自己的话在后面。"), days=2.6)
    listed = "要求：\n[list]\n[*]先结清\n[*]再谈别的\n[/list]"
    add("有列表的帖子", (listed, "要求：先结清再谈别的"), days=2.7)
    add("有加粗的帖子", ("[b]共[/b]欠[color=red]九千[/color]元。", "共欠九千元。"), days=2.8)
    phone = "电话13905550142找我。"
    add("有电话的帖子", (phone, "电话〔电话〕找我。"), days=2.9)
    secret = "只给会员看的密语"
    hidden = f"前面都能看。[hide]{secret}[/hide]"
    add("回复可见的帖子", (hidden, "前面都能看。"), days=3.3)
    blocked = Post(next(numbers), now - timedelta(days=3), "被屏蔽的密语", None, {"status": 1})
    with_blocked = add("有屏蔽回复的帖子", ("正文在这里。", "正文在这里。"), days=3.4)
    with_blocked.posts.append(blocked)
    for title, columns in (
        ("已删除的帖子", {"displayorder": -1}),
        ("待审核的帖子", {"displayorder": -2}),
        ("要权限的帖子", {"readperm": 100}),
        ("会员区的帖子", {"fid": MEMBERS_ONLY}),
    ):
        thread = add(title, (f"{title}里的密语", None), days=1.5, hidden=1, **columns)
        if thread.columns.get("displayorder"):
            thread.posts[0].columns["invisible"] = thread.columns["displayorder"]
    return threads


def utc_now() -> datetime:
    """The clock of these tests, which watch real processes."""
    return datetime.now(UTC)

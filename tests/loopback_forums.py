"""Forums on loopback that are as large and as fast as a measurement or a crash test needs.

Pages have the landmarks and the weight of a Discuz board; the texts are ours. A forum is one
loopback address (127.0.0.1, 127.0.0.2, …), so that many hosts can be read at the same time, each
with one connection. Runs in a thread of a test, or as a process of its own (`run_forums_process`).
"""

import asyncio
import html
import json
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
SHANGHAI = ZoneInfo("Asia/Shanghai")
ROWS = 20
POSTS_ON_A_PAGE = 10
MARKER = "qingxin-loopback-forums"
_ASKED = re.compile(r"(forumdisplay|viewthread)&(?:fid=2|tid=(\d+))(?:&page=(\d+))?$")
_PADDING = "".join(
    f'<li><a href="plugin.php?id=menu&amp;part={n}" class="xi2" hidefocus="true">栏目{n}</a></li>'
    for n in range(36)
)
_AUTHOR = (
    '<div class="pi"><div class="authi"><a href="home.php?mod=space&amp;uid={0}" class="xw1">'
    'hao{0}</a></div></div><div class="avatar"><a href="home.php?mod=space&amp;uid={0}">'
    '<img src="uc_server/avatar.php?uid={0}&amp;size=middle" /></a></div><div class="tns xg2">'
    "<table><tr><th><p>{0}</p>主题</th><td><p>{0}</p>积分</td></tr></table></div>"
    + '<dl class="pil cl"><dt>注册时间</dt><dd>2014-5-6</dd><dt>在线时间</dt><dd>31 小时</dd></dl>'
    * 6
)


@dataclass
class Post:
    """One message: its id, its text, and when it was written."""

    pid: int
    text: str
    written_at: datetime


@dataclass
class Forum:
    """One board: threads in the order of their last post, newest first."""

    threads: dict[int, list[Post]] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    pages: dict[tuple[int, int], bytes] = field(default_factory=dict)
    lists: dict[int, bytes] = field(default_factory=dict)
    next_pid: int = 1

    @classmethod
    def make(cls, threads: int, posts: int, now: datetime) -> "Forum":
        """A board with so many threads of so many posts."""
        forum = cls()
        for tid in range(1, threads + 1):
            at = now - timedelta(minutes=threads - tid + 1)
            forum.post(tid, at)
            for _ in range(posts - 1):
                forum.post(tid, at)
        return forum

    def post(self, tid: int, at: datetime) -> Post:
        """Open a thread, or reply to it; it stands first then."""
        with self.lock:
            post = Post(self.next_pid, write_text(tid, self.next_pid), at)
            self.next_pid += 1
            self.threads.setdefault(tid, []).append(post)
            if tid in self.order:
                self.order.remove(tid)
            self.order.insert(0, tid)
            self._forget(tid)
            return post

    def edit(self, tid: int, place: int, text: str) -> None:
        """Change a text; the list does not show it."""
        with self.lock:
            self.threads[tid][place].text = text
            self._forget(tid)

    def expected(self) -> dict[str, str]:
        """Every document that there must be: its key and its text."""
        with self.lock:
            return {
                f"t{tid}/p{post.pid}": post.text
                for tid, posts in self.threads.items()
                for post in posts
            }

    def _forget(self, tid: int) -> None:
        self.lists.clear()
        for key in [key for key in self.pages if key[0] == tid]:
            del self.pages[key]

    def answer(self, path: str) -> bytes | None:
        """The page at a path; None for one that there is not."""
        asked = _ASKED.search(path)
        if asked is None:
            return None
        number = int(asked[3] or 1)
        with self.lock:
            if asked[1] == "forumdisplay":
                if number not in self.lists:
                    self.lists[number] = self._list(number)
                return self.lists[number]
            tid = int(asked[2])
            if tid not in self.threads:
                return None
            if (tid, number) not in self.pages:
                self.pages[tid, number] = self._thread(tid, number)
            return self.pages[tid, number]

    def _list(self, number: int) -> bytes:
        shown = self.order[(number - 1) * ROWS : number * ROWS]
        rows = "".join(self._row(tid) for tid in shown)
        address = "forum.php?mod=forumdisplay&amp;fid=2"
        pages = -(-len(self.order) // ROWS)
        return frame("求助", f"<table>{rows}</table>{_pager(address, number, pages)}")

    def _row(self, tid: int) -> str:
        posts = self.threads[tid]
        last = f"{posts[-1].written_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        return (
            f'<tbody id="normalthread_{tid}"><tr><th class="common">'
            f'<a href="forum.php?mod=viewthread&amp;tid={tid}&amp;extra=page%3D1" class="s xst">'
            f"工资的事第{tid}件</a></th><td class='by'><cite><a href='home.php?mod=space&amp;"
            f"uid={tid}'>hao{tid}</a></cite><em><span>2026-11-1</span></em></td>"
            f'<td class="num"><a class="xi2">{len(posts) - 1}</a><em>9</em></td>'
            f'<td class="by"><cite>hao</cite><em><a href="forum.php"><span title="{last}">'
            "刚刚</span></a></em></td></tr></tbody>"
        )

    def _thread(self, tid: int, number: int) -> bytes:
        posts = self.threads[tid]
        first = (number - 1) * POSTS_ON_A_PAGE
        shown = posts[first : first + POSTS_ON_A_PAGE]
        bodies = "".join(_post(tid, post, first + place + 1) for place, post in enumerate(shown))
        pages = -(-len(posts) // POSTS_ON_A_PAGE)
        address = f"forum.php?mod=viewthread&amp;tid={tid}"
        return frame(
            f"工资的事第{tid}件",
            f'<h1 class="ts"><span id="thread_subject">工资的事第{tid}件</span></h1>'
            f'<div id="postlist" class="pl bm">{bodies}</div>{_pager(address, number, pages)}',
        )


def write_text(tid: int, pid: int) -> str:
    """Our own words; every ninth holds a phone number, which is masked."""
    phone = f"电话 138{pid % 10**8:08d}。" if pid % 9 == 0 else ""
    return (
        f"第{pid}条：我们{pid % 40 + 2}个人在清河第{tid}号工地干活，{pid % 7 + 1}个月没有领到工钱，"
        f"一共{(pid % 90 + 3) * 1000}元。找过项目部，说等结算；孩子要交学费，请帮忙。{phone}"
    )


def _post(tid: int, post: Post, floor: int) -> str:
    label = "楼主" if floor == 1 else f"<em>{floor}</em><sup>#</sup>"
    at = f"{post.written_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    return (
        f'<div id="post_{post.pid}"><table class="plhin"><tr><td class="pls">'
        f'{_AUTHOR.format(post.pid % 5000)}</td><td class="plc"><div class="pi"><strong>'
        f'<a href="forum.php?mod=redirect&amp;goto=findpost&amp;ptid={tid}&amp;pid={post.pid}" '
        f'id="postnum{post.pid}">{label}</a></strong><em id="authorposton{post.pid}">发表于 '
        f'<span title="{at}">昨天</span></em></div><div class="pct"><div class="t_fsz"><table><tr>'
        f'<td class="t_f" id="postmessage_{post.pid}">\n{html.escape(post.text)}</td></tr></table>'
        f'</div></div></td></tr><tr><td class="plc plm"><div class="sign">签名</div></td></tr>'
        "</table></div>"
    )


def _pager(address: str, number: int, pages: int) -> str:
    if pages < 2:
        return ""
    links = "".join(
        f'<a href="{address}&amp;page={n}">{n}</a>' for n in {1, min(number + 1, pages), pages}
    )
    following = f'<a href="{address}&amp;page={number + 1}" class="nxt">下一页</a>'
    return f'<div class="pg">{links}{following if number < pages else ""}</div>'


def frame(title: str, body: str) -> bytes:
    """A whole page around a body."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title} - 论坛</title></head>'
        f'<body id="nv_forum" class="pg_x"><div id="hd"><ul id="nv">{_PADDING}</ul></div>'
        f'<div id="ct" class="wp cl">{body}</div><div id="ft"><ul>{_PADDING}</ul></div>'
        "</body></html>"
    ).encode()


@dataclass
class Asked:
    """What was asked: when (monotonic seconds), of which forum, which path."""

    at: float
    forum: int
    path: str


@dataclass
class Forums:
    """All forums of one server, by number; `slowness` delays each answer by so many seconds."""

    boards: list[Forum]
    port: int = 0
    slowness: float = 0.0
    asked: list[Asked] = field(default_factory=list)
    open_now: dict[int, int] = field(default_factory=dict)
    most_open: int = 0
    most_open_in_all: int = 0
    connections: set[asyncio.Transport] = field(default_factory=set)

    def address(self, number: int) -> str:
        """The list page of a forum."""
        host = host_of(number)
        return f"http://{host}:{self.port}/forum.php?mod=forumdisplay&fid=2"


def host_of(number: int) -> str:
    """The loopback address of a forum, counted from 0."""
    return f"127.0.{number // 250}.{number % 250 + 1}"


def number_of(host: str) -> int:
    """The forum at a loopback address."""
    parts = host.split(".")
    return int(parts[2]) * 250 + int(parts[3]) - 1


class _Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, GET only: what a measurement needs and no more."""

    def __init__(self, forums: Forums) -> None:
        self._forums = forums
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._forums.connections.add(transport)
        self._number = number_of(transport.get_extra_info("sockname")[0])

    def connection_lost(self, _error: Exception | None) -> None:
        self._forums.connections.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while (end := self._rest.find(b"\r\n\r\n")) >= 0:
            line = self._rest[: self._rest.find(b"\r\n")].decode("latin-1")
            self._rest = self._rest[end + 4 :]
            path = line.split(" ")[1]
            self._forums.asked.append(Asked(time.monotonic(), self._number, path))
            busy = self._forums.open_now.get(self._number, 0) + 1
            self._forums.open_now[self._number] = busy
            self._forums.most_open = max(self._forums.most_open, busy)
            in_all = sum(self._forums.open_now.values())
            self._forums.most_open_in_all = max(self._forums.most_open_in_all, in_all)
            if self._forums.slowness:
                asyncio.get_running_loop().call_later(self._forums.slowness, self._answer, path)
            else:
                self._answer(path)

    def _answer(self, path: str) -> None:
        self._forums.open_now[self._number] -= 1
        kind = b"text/html; charset=utf-8"
        if path == "/marker":
            body: bytes | None = MARKER.encode()
        elif path == "/asked":
            body = json.dumps([[a.at, a.forum, a.path] for a in self._forums.asked]).encode()
        else:
            body = self._forums.boards[self._number].answer(path)
        status = b"200 OK" if body is not None else b"404 Not Found"
        body = body or b"no"
        if not self._transport.is_closing():
            head = b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"
            self._transport.write(head % (status, kind, len(body)) + body)


async def serve(forums: Forums, ready: Callable[[], None]) -> None:
    """Listen on every forum's address, on one port that the system gives for the first."""
    loop = asyncio.get_running_loop()

    def connect() -> _Connection:
        return _Connection(forums)

    servers = [await loop.create_server(connect, host_of(0), forums.port)]
    forums.port = servers[0].sockets[0].getsockname()[1]
    servers += [
        await loop.create_server(connect, host_of(number), forums.port)
        for number in range(1, len(forums.boards))
    ]
    ready()
    try:
        await asyncio.Event().wait()
    finally:
        for server in servers:
            server.close()
        for connection in [*forums.connections]:
            connection.abort()
        await asyncio.sleep(0)  # for the transports to close


async def live(forums: Forums, a_second: float) -> None:
    """Open a thread on one board after the other, so many a second over all of them."""
    number = 0
    while a_second:
        await asyncio.sleep(1 / a_second)
        board = forums.boards[number % len(forums.boards)]
        board.post(max(board.threads) + 1, datetime.now(UTC))
        number += 1


@contextmanager
def running_forums(forums: Forums) -> Iterator[Forums]:
    """Serve in a thread of this process until the block ends."""
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    task = loop.create_task(serve(forums, ready.set))

    def run() -> None:
        try:
            loop.run_until_complete(task)
        except asyncio.CancelledError:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    if not ready.wait(20):
        raise RuntimeError("the forums do not listen")
    try:
        yield forums
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(timeout=10)


@contextmanager
def run_forums_process(
    boards: int, threads: int, posts: int, *, an_hour: float = 0.0
) -> Iterator[Forums]:
    """Serve from a process of its own; gives the addresses, not the boards' life.

    `an_hour` is how many threads are opened on each board in an hour.
    """
    numbers = [str(number) for number in (boards, threads, posts, an_hour)]
    words = [sys.executable, "-m", "tests.loopback_forums", *numbers]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            forums = Forums([Forum() for _ in range(boards)], port)
            with urllib.request.urlopen(f"http://{host_of(0)}:{port}/marker", timeout=10) as told:
                assert told.read().decode() == MARKER
            yield forums
        finally:
            process.terminate()


def main() -> None:
    """Arguments: boards, threads on each, posts in each, new threads an hour. Tells the port."""
    boards, threads, posts = map(int, sys.argv[1:4])
    an_hour = float(sys.argv[4])
    now = datetime.now(UTC)
    forums = Forums([Forum.make(threads, posts, now) for _ in range(boards)])

    async def run() -> None:
        def tell() -> None:
            sys.stdout.write(f"{forums.port}\n")
            sys.stdout.flush()

        alive = asyncio.create_task(live(forums, an_hour * boards / 3600))
        await serve(forums, tell)
        alive.cancel()

    asyncio.run(run())


if __name__ == "__main__":
    main()

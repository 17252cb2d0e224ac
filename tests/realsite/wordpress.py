"""A WordPress of our own from Debian's packages: its database, its web server, its posts.

Everything lives in one folder and ends with the block; the machine's own services are not touched.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import find_free_port
from tests.realsite.posts import AUTHORS, BlogPost

_PACKAGED = Path("/usr/share/wordpress")
_TRANSLATIONS = Path("/usr/share/wordpress/wp-content/languages")
_HERE = Path(__file__).resolve().parent
_NEEDED = {
    "wordpress": _PACKAGED / "wp-load.php",
    "wordpress-theme-twentytwentythree": _PACKAGED / "wp-content/themes/twentytwentythree",
    "wordpress-l10n": _TRANSLATIONS / "zh_CN.mo",
    "mariadb-server": Path("/usr/sbin/mariadbd"),
    "php-cli": Path("/usr/bin/php"),
}
_PHP_MODULES = {"php-mysql": "mysqli", "php-xml": "xml", "php-mbstring": "mbstring"}
_CONFIGURATION = """<?php
define('DB_NAME', 'blog');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}');
define('DB_CHARSET', 'utf8mb4');
define('WP_HOME', '{address}');
define('WP_SITEURL', '{address}');
define('AUTH_SALT', 'a blog that lives for a minute');
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('WP_DEBUG', false);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {{ define('ABSPATH', __DIR__ . '/'); }}
require_once ABSPATH . 'wp-settings.php';
"""


@dataclass(frozen=True)
class Visit:
    """One request as the web server saw it; `began` and `ended` in seconds of one clock."""

    began: float
    ended: float
    path: str
    agent: str
    status: int


@dataclass(frozen=True)
class Blog:
    """A blog that answers at `address`."""

    address: str
    folder: Path
    version: str

    def write(self, posts: Sequence[BlogPost]) -> list[int]:
        """Publish these, or keep them back, as each says; return their numbers."""
        ids = _ask_blog(self.folder, self.address, do="write", posts=[p.to_task() for p in posts])
        assert all(isinstance(each, int) for each in ids), ids
        return list(ids)

    def rewrite(self, number: int, html: str) -> None:
        """Give a post another text."""
        assert _ask_blog(self.folder, self.address, do="rewrite", id=number, html=html) == number

    def remark(self, number: int, author: str, text: str) -> None:
        """Add a reader's comment."""
        _ask_blog(self.folder, self.address, do="remark", id=number, author=author, text=text)

    def visits(self) -> list[Visit]:
        """Every request so far, in the order in which they began."""
        lines = (self.folder / "visits.log").read_text("utf-8").splitlines()
        return sorted((Visit(**json.loads(line)) for line in lines), key=lambda visit: visit.began)


def missing_packages() -> list[str]:
    """Debian's packages that are not here; empty when the blog can be started."""
    missing = [name for name, path in _NEEDED.items() if not path.exists()]
    if "php-cli" not in missing:
        listed = subprocess.run(["php", "-m"], check=True, capture_output=True, text=True).stdout
        known = listed.lower().split()
        missing += [name for name, module in _PHP_MODULES.items() if module not in known]
    return missing


@contextmanager
def open_blog(permalinks: str) -> Iterator[Blog]:
    """Install an empty blog in Chinese and serve it on loopback until the block ends.

    Args:
        permalinks: The form of its addresses, e.g. "/%year%/%monthnum%/%postname%/"; "" for `?p=1`.
    """
    with ExitStack() as ends:
        folder = Path(tempfile.mkdtemp(prefix="qingxin-wp-"))
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        socket = ends.enter_context(
            run_mariadb(folder, "CREATE DATABASE blog CHARACTER SET utf8mb4")
        )
        port = find_free_port()
        address = f"http://127.0.0.1:{port}"
        _lay_out(folder, socket, address)
        made = _ask_blog(
            folder,
            address,
            do="install",
            title="清河工友服务站",
            language="zh_CN",
            permalinks=permalinks,
            authors=AUTHORS,
        )
        assert made["theme"] == "Twenty Twenty-Three", made
        ends.enter_context(_serve(folder, port, rewrites=bool(permalinks)))
        yield Blog(address, folder, str(made["version"]))


def _lay_out(folder: Path, socket: Path, address: str) -> None:
    """Copy the program: it takes its own place from where its files really are, not from links."""
    site = folder / "site"
    shutil.copytree(
        _PACKAGED,
        site,
        symlinks=True,
        ignore=lambda where, _names: (
            {"wp-config.php", "wp-content"} if Path(where) == _PACKAGED else set[str]()
        ),
    )
    content = site / "wp-content"
    (content / "plugins").mkdir(parents=True)
    (content / "languages").mkdir()
    shutil.copytree(_PACKAGED / "wp-content/themes", content / "themes")
    for each in _TRANSLATIONS.glob("*zh_CN.mo"):
        shutil.copy(each, content / "languages")
    configuration = _CONFIGURATION.format(socket=socket, address=address)
    (site / "wp-config.php").write_text(configuration, "utf-8")
    (folder / "visits.log").touch()


@contextmanager
def run_mariadb(folder: Path, create: str, *options: str) -> Iterator[Path]:
    """Run a database server that listens on nothing but a socket; give the socket.

    Args:
        folder: Where its data goes.
        create: The statement that makes the database.
        options: More of the server's options.
    """
    data, socket = folder / "db", folder / "db.sock"
    data.mkdir()
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        as_user = ["--user=mysql"]
        shutil.chown(data, "mysql")
        shutil.chown(folder, "mysql")
    plain = ["--no-defaults", f"--datadir={data}", *as_user]
    subprocess.run(
        [
            "mariadb-install-db",
            *plain,
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--skip-name-resolve",
        ],
        check=True,
        capture_output=True,
        cwd="/",
    )
    thrifty = ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M"]
    alone = [f"--socket={socket}", "--skip-networking", f"--pid-file={folder / 'db.pid'}"]
    with (folder / "db.log").open("wb") as log:
        server = subprocess.Popen(
            ["/usr/sbin/mariadbd", *plain, *alone, *thrifty, *options],
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
        )
    try:
        _wait_for_database(server, folder, socket, create)
        yield socket
    finally:
        end_server(server)


def _wait_for_database(
    server: "subprocess.Popen[bytes]", folder: Path, socket: Path, create: str
) -> None:
    deadline = time.monotonic() + 60
    ask = ["mariadb", "--no-defaults", f"--socket={socket}", "--user=root", "-e"]
    while True:
        said = (folder / "db.log").read_text("utf-8", errors="replace")[-2000:]
        assert server.poll() is None, f"the database ended: {said}"
        made = subprocess.run(
            [*ask, create],
            check=False,
            capture_output=True,
        )
        if made.returncode == 0:
            return
        assert time.monotonic() < deadline, f"the database does not answer: {said}"
        time.sleep(0.2)


@contextmanager
def _serve(folder: Path, port: int, *, rewrites: bool) -> Iterator[None]:
    """Run PHP's own web server with two workers, so that requests could overlap."""
    environment = {
        "PATH": os.environ["PATH"],
        "PHP_CLI_SERVER_WORKERS": "2",
        "REALSITE_LOG": str(folder / "visits.log"),
        "REALSITE_REWRITES": "yes" if rewrites else "no",
    }
    with (folder / "web.log").open("wb") as log:
        server = subprocess.Popen(
            ["php", "-S", f"127.0.0.1:{port}", "-t", folder / "site", _HERE / "router.php"],
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )
    try:
        _wait_for_web(f"http://127.0.0.1:{port}/?feed=rss2")
        (folder / "visits.log").write_text("", "utf-8")
        yield
    finally:
        end_server(server)


def _wait_for_web(url: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                assert b"<rss" in answer.read(), "something else answers on this port"
                return
        except OSError:
            assert time.monotonic() < deadline, "the web server does not answer"
            time.sleep(0.2)


def _ask_blog(folder: Path, address: str, **task: Any) -> Any:
    done = subprocess.run(
        ["php", "-d", "sendmail_path=/bin/true", _HERE / "blog.php", folder / "site"],
        input=json.dumps({"host": address.removeprefix("http://"), **task}),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def end_server(server: "subprocess.Popen[bytes]") -> None:
    """Stop a server and the workers that it forked: it leads a process group of its own."""
    os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()

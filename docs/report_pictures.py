"""Pictures of a report for docs/images: `python -m docs.report_pictures [--folder FOLDER]`.

A simulated county is written (or taken from FOLDER, of `bench_reports --folder`), the week in which
a project fails is reported by the command as it is typed, and the files and the desk's pages of
reports are photographed. Needs Debian's chromium, libreoffice-writer-nogui and poppler-utils.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.bench_reports import prepare, write_settings
from benchmarks.machine import ROOT, say
from benchmarks.simulated_county import Size
from monitor.bootstrap.app import build, read_clock
from monitor.bootstrap.sign_in import make_sign_in
from tests.browser.screens import SIZES, open_browser, open_page, sign_in_once

IMAGES = Path(__file__).parent / "images"
_FILES = {"wide": (1280, 1500), "phone": (390, 1700)}
_OFFICE = "清河县人力资源和社会保障局"
_WAIT_SECONDS = 60


def main() -> None:
    """Make the report, and take them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="take the county from here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch_name, open_browser() as browser:
        scratch = Path(scratch_name)
        size = Size() if options.folder else Size(cases=4_000, documents=80_000)
        truth = prepare(options.folder or scratch / "county", size)
        shutil.copyfile(
            (options.folder or scratch / "county") / "county.db", scratch / "measured.db"
        )
        settings, port = write_settings(scratch, truth), _free_port()
        text = settings.read_text("utf-8").replace("18931", str(port))
        settings.write_text(text.replace('office = ""', f'office = "{_OFFICE}"'), "utf-8")
        period = truth.project_week.name
        _run("report", "week", period, "--out", str(scratch), "--settings", str(settings))
        _take_files(browser, scratch, period)
        with _serve(settings, port) as address:
            _take_desk(browser, settings, address, period)


def _run(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "monitor.cli", *words], cwd=ROOT, check=True)


def _take_files(browser: Browser, folder: Path, period: str) -> None:
    for name, (width, height) in _FILES.items():
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(f"file://{folder}/report-{period}.html")
        _refuse_overflow(page, width)
        page.screenshot(path=IMAGES / f"report-{name}.png")
        if name == "wide":
            page.pdf(path=folder / "print.pdf", prefer_css_page_size=True, print_background=True)
    _draw(folder / "print.pdf", "report-print")
    subprocess.run(
        [
            "soffice",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            str(folder / f"report-{period}.docx"),
        ],
        check=True,
        capture_output=True,
    )
    _draw(folder / f"report-{period}.pdf", "report-word")


def _draw(document: Path, name: str) -> None:
    """The first page, as it comes out of the printer."""
    subprocess.run(
        [
            "pdftoppm",
            "-r",
            "80",
            "-f",
            "1",
            "-l",
            "1",
            "-singlefile",
            "-png",
            str(document),
            str(IMAGES / name),
        ],
        check=True,
    )


# ---- the desk


def _take_desk(browser: Browser, settings: Path, address: str, period: str) -> None:
    app = build(settings)
    for size, (width, _) in SIZES.items():
        link = make_sign_in(app, read_clock())
        assert link is not None
        with open_page(browser, address, size) as page:
            sign_in_once(page, link.rsplit("/", 1)[-1])
            for name, path in (
                ("reports", "/reports"),
                ("report-desk", f"/reports/{period}/1"),
                ("report-list", f"/reports/{period}/1/lists/clusters-0"),
            ):
                page.goto(path)
                _refuse_overflow(page, width)
                page.screenshot(path=IMAGES / f"{name}-{size}.png")
    app.storage.close()


def _refuse_overflow(page: Page, width: int) -> None:
    if page.evaluate("document.documentElement.scrollWidth") > width:
        raise SystemExit(f"{page.url} is wider than {width} px.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _serve(settings: Path, port: int) -> Iterator[str]:
    """A desk on this county, until the pictures are taken."""
    address = f"http://127.0.0.1:{port}"
    desk = subprocess.Popen(
        [sys.executable, "-m", "monitor.cli", "desk", "--settings", str(settings)],
        cwd=ROOT,
        env={**os.environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(_WAIT_SECONDS * 2):
            try:
                urllib.request.urlopen(f"{address}/sign-in", timeout=5).close()
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.5)
        else:
            raise SystemExit("The desk did not open.")
        yield address
    finally:
        desk.terminate()
        desk.wait(timeout=30)
        say("the desk is closed")


if __name__ == "__main__":
    main()

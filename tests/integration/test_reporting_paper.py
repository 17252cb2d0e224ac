"""A report on paper: the docx through LibreOffice, the page through chromium; slow, on Debian."""

import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.reporting.page import write_page
from monitor.reporting.paper import write_paper
from monitor.storage.session import Storage
from tests.browser.screens import CHROMIUM, open_browser
from tests.integration.test_reporting import MONDAY, Office

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def needs(*programs: str) -> pytest.MarkDecorator:
    missing = [each for each in programs if shutil.which(each) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


@pytest.fixture
def office(storage: Storage) -> Office:
    opened = Office(storage)
    opened.now = MONDAY - timedelta(days=60)
    opened.watch()
    for week in range(9):
        for number in range(3 + week % 3):
            opened.now = MONDAY - timedelta(days=7 * (8 - week)) + timedelta(hours=number)
            opened.publish(f"第{week}{number}厂欠我们没发工资", key=f"t{week}-{number}")
    return opened


def read_pages(document: Path) -> list[str]:
    """The words of each page, without spaces."""
    done = subprocess.run(["pdftotext", str(document), "-"], check=True, capture_output=True)
    return [re.sub(r"\s", "", page) for page in done.stdout.decode().split("\f")]


@needs("soffice", "pdftotext")
def test_the_docx_opens_with_the_leaders_page_first(office: Office, tmp_path: Path) -> None:
    (tmp_path / "report.docx").write_bytes(write_paper(office.report()))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]  # noqa: RUF005
        + ["--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "report.docx")],
        check=True,
        capture_output=True,
        timeout=180,
    )
    pages = read_pages(tmp_path / "report.pdf")

    assert "欠薪线索监测周报" in pages[0]
    assert "整体值守缺口" in pages[0]
    assert "主要指标" not in pages[0]
    assert "主要指标" in pages[1]
    assert "值班表空档" in "".join(pages[1:])


@needs(CHROMIUM, "pdftotext")
def test_the_page_prints_its_first_sheet_for_the_leader(office: Office, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_bytes(write_page(office.report(), "https://desk.example"))
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.goto(f"file://{tmp_path}/report.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    pages = read_pages(tmp_path / "report.pdf")

    assert "值班表空档" in pages[0]  # the last figure
    assert "一、欠薪线索" not in pages[0]
    assert "一、欠薪线索" in pages[1]

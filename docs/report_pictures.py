"""Pictures of a report for docs/images: `python -m docs.report_pictures FOLDER PERIOD`.

FOLDER holds the files of `qingxin report week PERIOD --out FOLDER`. Needs Debian's chromium,
libreoffice-writer-nogui and poppler-utils.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parent / "images"
_SIZES = {"wide": (1280, 1500), "phone": (390, 1700)}


def main() -> None:
    """Take them."""
    folder, period = Path(sys.argv[1]).resolve(), sys.argv[2]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        for name, (width, height) in _SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(f"file://{folder}/report-{period}.html")
            if page.evaluate("document.documentElement.scrollWidth") > width:
                raise SystemExit(f"The page is wider than {width} px.")
            page.screenshot(path=IMAGES / f"report-{name}.png")
            if name == "wide":
                page.pdf(
                    path=f"{scratch}/print.pdf", prefer_css_page_size=True, print_background=True
                )
        browser.close()
        _draw(Path(scratch) / "print.pdf", "report-print")
        subprocess.run(
            [
                "soffice",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                scratch,
                str(folder / f"report-{period}.docx"),
            ],
            check=True,
            capture_output=True,
        )
        _draw(Path(scratch) / f"report-{period}.pdf", "report-word")


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


if __name__ == "__main__":
    main()

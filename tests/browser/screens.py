"""Take pictures of every page of a running desk, on a wide screen and on a phone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
"""Debian's browser."""

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

SIZES = {"wide": (1280, 900), "phone": (390, 844)}
PAGES = {"waiting": "/", "ledger": "/cases", "sources": "/sources", "duty": "/duty"}


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start a browser and close it at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_page(browser: Browser, base_url: str, size: str, *, script: bool = True) -> Iterator[Page]:
    """Open a fresh page (no cookies) of one of the sizes."""
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": width, "height": height},
        device_scale_factor=2 if size == "phone" else 1,
        is_mobile=size == "phone",
        has_touch=size == "phone",
        java_script_enabled=script,
        locale="zh-CN",
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def sign_in_once(page: Page, code: str) -> None:
    """Sign in with a one-time code."""
    page.goto(f"/sign-in/once/{code}")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/")


def take_screens(
    base_url: str,
    sign_in_code: str,
    folder: Path,
    *,
    link_code: str | None = None,
    browser: Browser | None = None,
    more: Mapping[str, str] | None = None,
    only: Mapping[str, str] | None = None,
) -> list[Path]:
    """Save a picture of every page on both sizes, and give back the files.

    Args:
        base_url: The address of a running desk, without a slash at the end.
        sign_in_code: An unused one-time sign-in.
        folder: Where the pictures go; made when missing.
        link_code: A code of an alert's link, if its page is wanted too; it is not acknowledged.
        browser: An open browser; without one, one is started and closed.
        more: Further pages, the name of the picture with the address.
        only: Instead of all the others, these.
    """
    if browser is None:
        with open_browser() as opened:
            return take_screens(
                base_url,
                sign_in_code,
                folder,
                link_code=link_code,
                browser=opened,
                more=more,
                only=only,
            )
    folder.mkdir(parents=True, exist_ok=True)
    taken: list[Path] = []
    cookies = None
    for size in SIZES:
        with open_page(browser, base_url, size) as page:
            if only is None:
                take_doors(page, folder, size, link_code, taken)
            if cookies is None:
                sign_in_once(page, sign_in_code)
                cookies = page.context.cookies()
            page.context.add_cookies([dict(each) for each in cookies])  # type: ignore[misc]
            for name, path in (only or {**PAGES, **(more or {})}).items():
                page.goto(path)
                taken.append(save(page, folder / f"{name}-{size}.png"))
            if only is None:
                take_first_case(page, folder, size, taken)
    return taken


def take_doors(
    page: Page, folder: Path, size: str, link_code: str | None, taken: list[Path]
) -> None:
    """Take the pages that need no sign-in."""
    page.goto("/sign-in")
    taken.append(save(page, folder / f"sign-in-{size}.png"))
    if link_code:
        page.goto(f"/a/{link_code}")
        taken.append(save(page, folder / f"link-{size}.png"))


def take_first_case(page: Page, folder: Path, size: str, taken: list[Path]) -> None:
    """Take the first case that the ledger lists."""
    page.goto("/cases")
    first = page.locator("table.ledger a").first
    if first.count():
        first.click()
        page.wait_for_load_state()
        taken.append(save(page, folder / f"case-{size}.png"))


def save(page: Page, path: Path) -> Path:
    """Save the whole page as a picture.

    The window is made as tall as the page first, so that a phone's bar stays at the foot.
    """
    before = page.viewport_size or {"width": 1280, "height": 900}
    height = page.locator("html").bounding_box() or {"height": before["height"]}
    tall = max(before["height"], int(height["height"]) + 1)
    page.set_viewport_size({"width": before["width"], "height": tall})
    page.screenshot(path=path)
    page.set_viewport_size(before)
    return path

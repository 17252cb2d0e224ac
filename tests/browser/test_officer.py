"""The desk in a real browser, on a wide screen and on a phone, with and without script."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from monitor.domain import AlertState, CaseState
from tests.browser.conftest import RunningDesk
from tests.browser.screens import SIZES, open_page, sign_in_once, take_screens
from tests.integration.desk_samples import LINK_CODE, PASSWORD, SIGN_IN_CODE

pytestmark = pytest.mark.browser

PATHS = ["/", "/cases", "/cases/1", "/cases/3", "/sources", "/duty"]


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.fill("#username", "wang")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.locator(".me").wait_for()


def find_overflow(page: Page, width: int) -> list[str]:
    """Name what is wider than the screen; a phone must not have to scroll sideways.

    The width is the device's: a phone's `innerWidth` grows with what is too wide.
    """
    found: list[str] = page.evaluate(
        """width => [...document.querySelectorAll('main *, header *, footer *')]
            .filter(e => e.getBoundingClientRect().right > width + 1)
            .filter(e => !e.closest('.skip') && getComputedStyle(e).position !== 'absolute')
            .map(e => e.tagName + '.' + e.className)""",
        width,
    )
    return found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_an_officer_acknowledges_reads_why_accepts_and_refers(
    browser: Browser,
    desk: RunningDesk,
    size: str,
    script: bool,  # noqa: FBT001 - a parameter
) -> None:
    with open_page(browser, desk.base_url, size, script=script) as page:
        page.goto(f"/a/{LINK_CODE}")
        page.click("text=确认：我已看到")
        assert page.locator(".notice-good").inner_text() == "已确认。不再向上升级。"
        assert desk.office.alerts[1].state is AlertState.ACKNOWLEDGED

        page.click("text=登录值班台查看详情")
        page.fill("#username", "wang")
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/cases/1")
        assert page.locator(".weights li").first.inner_text().startswith("工钱没有结")

        page.click("text=受理，由我承办")
        assert "已受理" in page.locator(".notice-good").inner_text()
        assert desk.office.cases[1].owner == "wang"

        page.click("summary:has-text('转办给其他部门')")
        page.select_option("#body", "housing_and_construction")
        page.fill("#refer-reason", "项目在建，由主管部门先行清欠")
        page.click("text=提交转办")
        assert desk.office.cases[1].state is CaseState.REFERRED
        assert "项目在建，由主管部门先行清欠" in page.locator(".timeline").last.inner_text()


@pytest.mark.parametrize("size", SIZES)
def test_no_page_is_wider_than_the_screen(browser: Browser, desk: RunningDesk, size: str) -> None:
    with open_page(browser, desk.base_url, size) as page:
        page.goto(f"/a/{LINK_CODE}")
        assert find_overflow(page, SIZES[size][0]) == []
        sign_in(page)
        for path in [*PATHS, "/cases/999", "/cases?lang=en", "/cases/1", "/duty", "/"]:
            page.goto(path)
            assert find_overflow(page, SIZES[size][0]) == [], path


def test_the_browser_finds_nothing_that_the_content_policy_forbids(
    browser: Browser, desk: RunningDesk
) -> None:
    said: list[str] = []
    with open_page(browser, desk.base_url, "wide") as page:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "response", lambda answer: said.append(answer.url) if answer.status >= 400 else None
        )
        sign_in(page)
        for path in PATHS:
            page.goto(path)
        styled = page.evaluate("getComputedStyle(document.querySelector('.top')).backgroundColor")
    assert said == []
    assert styled == "rgb(8, 76, 67)", "the style sheet was loaded"


def test_everything_on_a_phone_is_large_enough_for_a_thumb(
    browser: Browser, desk: RunningDesk
) -> None:
    with open_page(browser, desk.base_url, "phone") as page:
        sign_in(page)
        page.goto("/cases/1")
        low: list[str] = page.evaluate(
            """() => [...document.querySelectorAll('main :is(button, summary, select), .places a')]
                .filter(e => e.type !== 'hidden' && e.getBoundingClientRect().height > 0)
                .filter(e => !e.closest('.why') && e.getBoundingClientRect().height < 43.5)
                .map(e => e.outerHTML.slice(0, 80))"""
        )
    assert low == []


def test_the_way_to_an_act_goes_by_keyboard_alone(browser: Browser, desk: RunningDesk) -> None:
    with open_page(browser, desk.base_url, "wide") as page:
        sign_in_once(page, SIGN_IN_CODE)
        page.goto("/cases/1")
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent").strip() == "受理，由我承办":
                break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        page.keyboard.press("Enter")
        page.wait_for_url("**/cases/1?done=accepted")
    assert outline == "solid"
    assert desk.office.cases[1].owner == "wang"


def test_text_has_enough_contrast(browser: Browser, desk: RunningDesk) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1, or 3 to 1 for large text."""
    with open_page(browser, desk.base_url, "wide") as page:
        sign_in(page)
        weak: set[str] = set()
        for path in PATHS:
            page.goto(path)
            weak |= set(page.evaluate(CONTRAST_SCRIPT))
    assert weak == set()


CONTRAST_SCRIPT = """() => {
  const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0.99) return c;
    }
    return [255, 255, 255];
  };
  const weak = [];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || e.closest('svg') || e.closest('.skip') || e.closest('option')) continue;
    const style = getComputedStyle(e);
    const [a, b] = [light(parse(style.color)), light(ground(e))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 600);
    const ratio = (a + 0.05) / (b + 0.05);
    const words = e.textContent.trim().slice(0, 20);
    if (ratio < (large ? 3 : 4.5)) weak.push(`${e.className} ${ratio.toFixed(2)} ${words}`);
  }
  return weak;
}"""


def test_pictures_of_every_page_can_be_taken(
    browser: Browser, desk: RunningDesk, tmp_path: Path
) -> None:
    taken = take_screens(
        desk.base_url, SIGN_IN_CODE, tmp_path / "screens", link_code=LINK_CODE, browser=browser
    )
    assert len(taken) == 14
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in taken)
    assert desk.office.alerts[1].state is AlertState.SENT, "taking pictures acknowledges nothing"

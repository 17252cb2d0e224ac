"""A case from the ledger to striking off by keyboard alone: no mouse, no focus set by the test."""

import pytest
from playwright.sync_api import Browser, Page

from monitor.domain import CaseState
from tests.browser.conftest import RunningLedger
from tests.browser.screens import open_page

pytestmark = pytest.mark.browser

MOST_TABS = 120


class Keys:
    """Somebody who has only a keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go(self, selector: str, words: str = "") -> None:
        """Press Tab until something of this kind, with these words, has the focus."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            found = self.page.evaluate(
                """([selector, words]) => {
                    const e = document.activeElement;
                    return e.matches(selector) && e.textContent.includes(words)
                        && getComputedStyle(e).outlineStyle !== 'none';
                }""",
                [selector, words],
            )
            if found:
                return
        raise AssertionError(f"Tab never reached {selector} {words!r} with a visible focus")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def follow(self, selector: str, words: str = "") -> None:
        """Go to a link or button, press Enter, and wait for the page."""
        self.go(selector, words)
        with self.page.expect_navigation():
            self.press("Enter")

    def fill(self, selector: str, written: str) -> None:
        self.go(selector)
        self.page.keyboard.type(written)

    def date(self, selector: str, day: str) -> None:
        """Type a day in the order in which this browser's own language has its parts."""
        self.go(selector)
        year, month, dom = day.split("-")
        self.page.keyboard.type(f"{month}{dom}{year}")
        if self.page.evaluate("document.activeElement.value") == day:
            return
        for _ in range(2):
            self.press("ArrowLeft")
        self.page.keyboard.type(year)
        self.press("ArrowRight")
        self.page.keyboard.type(f"{month}{dom}")
        assert self.page.evaluate("document.activeElement.value") == day

    def unfold(self, words: str) -> None:
        self.go("summary", words)
        self.press("Enter")

    def choose(self, selector: str, downs: int) -> None:
        self.go(selector)
        for _ in range(downs):
            self.press("ArrowDown")


def enter(page: Page, running: RunningLedger, name: str) -> Keys:
    page.goto(f"/sign-in/once/{running.make_sign_in(name)}")
    keys = Keys(page)
    keys.follow("main button")
    return keys


def test_casework_needs_no_mouse(browser: Browser, running: RunningLedger) -> None:
    ledger = running.ledger
    number = ledger.post().case_id
    with open_page(browser, running.base_url, "wide") as page:
        keys = enter(page, running, "zheng")
        keys.follow("nav a", "台账")
        keys.follow("table a", "宏图公司")
        keys.follow("main button", "受理，由我承办")

        keys.unfold("责令支付")
        keys.fill("#order-number", "7 号")
        keys.date("#pay-by", "2026-11-30")
        keys.follow("main button", "提交责令支付")
        assert ledger.case(number).state is CaseState.ORDERED

        keys.unfold("登记送达凭证")
        keys.date("#orders input[type=date]", "2026-11-23")
        keys.choose("#orders select", 1)
        keys.fill("#orders input[name=proof]", "送达回证 7")
        keys.follow("#orders button")

        keys.unfold("登记支付")
        keys.date("#paid-on", "2026-11-23")
        keys.fill("#paid-workers", "3")
        keys.fill("#paid-amount", "9000")
        keys.choose("#whose", 1)
        keys.fill("#paid-proof", "回单 7")
        keys.go("input[name=in_full]")
        keys.press("Space")
        keys.follow("form[action$='/pay'] button")
        assert ledger.case(number).state is CaseState.PAID

    with open_page(browser, running.base_url, "wide") as page:
        keys = enter(page, running, "fuhe")
        keys.follow("main a", ledger.case(number).number)
        keys.fill("#second", "名册一致")
        keys.follow("form[action$='/witness-second'] button")
        keys.follow("form[action$='/close'] button")
    assert ledger.case(number).state is CaseState.CLOSED


def test_the_other_pages_can_be_worked_by_keyboard(
    browser: Browser, running: RunningLedger
) -> None:
    running.ledger.post()
    with open_page(browser, running.base_url, "wide") as page:
        keys = enter(page, running, "han")
        keys.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip", "straight to the page"
        keys.follow("nav a", "搜索")
        keys.fill("#q", "没发工资")
        keys.press("Enter")
        page.locator("mark").first.wait_for()
        keys.follow("nav a", "单位和项目")
        keys.follow("table a", "宏图公司")
        keys.unfold("填写基本情况和责任人")
        keys.fill("#town", "临川镇")
        keys.follow("form[action$='/card'] button")
        assert "临川镇" in page.locator(".facts").inner_text()
        keys.follow("nav a", "按乡镇看")
        keys.follow("main a", "临川镇")
        keys.follow("nav a", "审计")
        keys.fill("#actor", "han")
        keys.press("Enter")
        page.wait_for_url("**/audit?actor=han*")

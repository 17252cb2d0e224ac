"""The day of an officer and of a leader in a real browser, both sizes, with and without script."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page

from monitor.domain import CaseState
from tests.browser.conftest import RunningLedger
from tests.browser.full_desk import fill
from tests.browser.page_list import (
    FOR_STRANGERS,
    FOR_THE_ADMINISTRATOR,
    NO_PAGES,
    PAGES,
    STATUS,
    list_get_routes,
)
from tests.browser.screens import SIZES, open_page, sign_in_once
from tests.integration.desk_client import make_app

pytestmark = pytest.mark.browser

DAY = "2026-11-23"


def open_act(page: Page, words: str) -> None:
    """Unfold a form of the case."""
    page.locator(f"summary:text-is('{words}')").first.click()


def enter(page: Page, running: RunningLedger, name: str) -> None:
    sign_in_once(page, running.make_sign_in(name))


@pytest.mark.parametrize(("size", "script"), [("phone", True), ("wide", False)])
def test_the_day_of_an_officer(
    browser: Browser,
    running: RunningLedger,
    tmp_path: Path,
    size: str,
    script: bool,  # noqa: FBT001 - a parameter
) -> None:
    ledger = running.ledger
    earlier = ledger.post()
    with open_page(browser, running.base_url, size) as page:
        enter(page, running, "zheng")
        page.goto(f"/cases/{earlier.case_id}")
        page.click("text=受理，由我承办")
        open_act(page, "转办给其他部门")
        page.select_option("#body", "transport")
        page.fill("#refer-reason", "项目由交通部门主管")
        page.click("text=提交转办")
    assert ledger.case(earlier.case_id).state is CaseState.REFERRED

    other = ledger.post("青禾公司欠十四个人的工资，没发工资，老板找不到人", key="t2")
    ledger.county.now = ledger.clock.now
    ledger.county.send()
    link = ledger.county.phone.sent[-1][2].link.removeprefix("http://desk")
    number = other.case_id
    with open_page(browser, running.base_url, size, script=script) as page:
        page.goto(link)
        page.click("text=确认：我已看到")
        assert page.locator(".notice-good").inner_text() == "已确认。不再向上升级。"

        enter(page, running, "zheng")
        page.goto(f"/cases/{number}")
        assert "为什么判为" in page.locator(".why summary").first.inner_text()
        assert "2026-11-30" in page.locator("#clocks").inner_text(), "five working days"
        page.click("text=受理，由我承办")
        assert "没有" in page.locator("#earlier").inner_text()

        open_act(page, "责令支付")
        page.fill("#order-number", "临人社监令〔2026〕7 号")
        page.fill("#pay-by", "2026-11-30")
        page.click("text=提交责令支付")
        assert "已登记责令支付" in page.locator(".notice-good").first.inner_text()
        open_act(page, "登记送达凭证")
        page.fill("#orders input[name=on]", DAY)
        page.select_option("#orders select[name=way]", "in_person")
        page.fill("#orders input[name=proof]", "送达回证 7")
        page.click("#orders button")
        assert "送达回证 7" in page.locator("#orders").inner_text()

        open_act(page, "登记支付")
        page.fill("#paid-on", DAY)
        page.fill("#paid-workers", "14")
        page.fill("#paid-amount", "186000")
        page.select_option("#whose", "wage_deposit")
        page.fill("#paid-proof", "银行回单 0007")
        page.check("input[name=in_full]")
        page.locator("form[action$='/pay'] button").click()
        assert "还缺第二个见证" in page.locator("#payments").inner_text()

    with open_page(browser, running.base_url, size, script=script) as page:
        enter(page, running, "fuhe")
        page.click(f"a[href='/cases/{number}#payments']")
        page.fill("#second", "回单与名册一致")
        page.click("text=复核通过")
        assert "可以销号" in page.locator("#payments").inner_text()
        page.locator("form[action$='/close'] button").click()
        assert ledger.case(number).state is CaseState.CLOSED

    with open_page(browser, running.base_url, size, script=script) as page:
        enter(page, running, "zheng")
        page.goto("/cases")
        with page.expect_download() as waited:
            page.click("text=导出为表格（xlsx）")
        path = tmp_path / "ledger.xlsx"
        waited.value.save_as(path)
    sheet = load_workbook(path).active
    assert sheet is not None
    states = {row[1]: row[2] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert states == {other.number: "已销号", earlier.number: "已转办"}


@pytest.mark.parametrize("size", SIZES)
def test_the_day_of_a_leader(browser: Browser, running: RunningLedger, size: str) -> None:
    ledger = running.ledger
    case = ledger.post()
    number = case.case_id
    with open_page(browser, running.base_url, size) as page:
        enter(page, running, "zheng")
        page.goto(f"/cases/{number}")
        page.click("text=受理，由我承办")
        open_act(page, "核实并更正")
        page.fill("#fact-workers", "60")
        page.fill("#basis", "到工地点名")
        page.click("text=更正 >> nth=-1")
    with open_page(browser, running.base_url, size) as page:
        enter(page, running, "han")
        page.goto(f"/cases/{number}")
        assert "重大线索" in page.locator("main").inner_text()
        open_act(page, "组成专班、挂牌督办")
        page.check("input[name=people][value=qian]")
        page.fill("#listed", "2026-12-20")
        page.locator("form[action$='/team'] button").click()
        assert "2026-12-20" in page.locator("#clocks").inner_text()
        page.goto("/towns")
        assert "60" in page.locator("main").inner_text()
        page.goto("/audit")
        assert "核实并更正" in page.locator("main").inner_text()
        page.goto("/parties")
        page.locator("table.ledger a").first.click()
        assert "涉及 60 人" in page.locator("main").inner_text(), "the class says why"


def test_the_review_queue_goes_by_two_keys(browser: Browser, running: RunningLedger) -> None:
    running.ledger.post()
    running.ledger.post("青禾公司欠我们，没发工资", key="t2")
    with open_page(browser, running.base_url, "wide") as page:
        enter(page, running, "fuhe")
        page.goto("/review")
        page.keyboard.press("y")
        page.wait_for_url("**/review?done=labelled")
        assert "已复核 1 条" in page.locator("main").inner_text()
        page.keyboard.press("n")
        page.locator("text=没有等待复核的消息").wait_for()
    with running.ledger.storage.look() as rows:
        assert [label.is_claim for _, label in rows.labels.list_since(0)] == [True, False]


def test_a_new_case_appears_without_reloading(browser: Browser, running: RunningLedger) -> None:
    with open_page(browser, running.base_url, "wide") as page:
        enter(page, running, "zhou")
        with page.expect_response("**/live") as first_look:
            page.goto("/cases")
        assert first_look.value.ok
        assert "没有符合条件的线索" in page.locator("main").inner_text()
        running.ledger.post()
        page.locator("table.ledger a").first.wait_for(timeout=60_000)


def test_every_page_is_on_the_list_of_pages_that_are_looked_at(running: RunningLedger) -> None:
    """A new page fails here until it is listed, and so is looked at below."""
    app = make_app(running.ledger.desk, running.ledger.clock, office=running.ledger.office)
    assert set(PAGES) | NO_PAGES == list_get_routes(app)
    assert not set(PAGES) & NO_PAGES


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_serious_and_no_page_is_too_wide(
    browser: Browser,
    running: RunningLedger,
    tmp_path: Path,
    size: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """WCAG 2.2 A and AA as far as axe-core can see it, on every page that there is."""
    fill(running.ledger, tmp_path)
    found: dict[str, list[str]] = {}
    axe = Axe()
    width = SIZES[size][0]

    def examine(page: Page, name: str) -> None:
        for details in page.locator("main details").all():
            details.evaluate("e => e.open = true")
        problems = [*list_serious(axe.run(page).response), *find_overflow(page, width)]
        if problems:
            found[name] = problems

    def look(page: Page, name: str, routes: Iterable[str]) -> None:
        for path in (each for route in routes for each in PAGES[route]):
            answer = page.goto(path)
            assert answer
            assert answer.status == STATUS.get(path, 200), f"{name} {path}"
            examine(page, f"{name} {path}")

    with open_page(browser, running.base_url, size) as page:
        look(page, "stranger", FOR_STRANGERS)
    with open_page(browser, running.base_url, size) as page:
        enter(page, running, "han")
        look(page, "han", set(PAGES) - FOR_STRANGERS - {"/users"})
    with open_page(browser, running.base_url, size) as page:
        enter(page, running, "guan")
        look(page, "guan", FOR_THE_ADMINISTRATOR)
    with open_page(browser, running.base_url, size) as page:
        enter(page, running, "zhou")
        examine_refusals(page, running, monkeypatch, examine)
    assert found == {}


def examine_refusals(
    page: Page,
    running: RunningLedger,
    monkeypatch: pytest.MonkeyPatch,
    examine: Callable[[Page, str], None],
) -> None:
    """Meet a 403, a 409 and a 500, and look at each."""
    page.goto("/users")
    assert page.locator(".refusal-status").inner_text() == "403"
    examine(page, "403")
    page.goto("/cases/3")
    with running.ledger.visit("zheng") as other:
        other.act(3, "acknowledge")
        other.act(3, "accept")
    page.click("text=受理，由我承办")
    assert page.locator(".refusal-status").inner_text() == "409"
    examine(page, "409")

    def fail(*_: object) -> None:
        raise RuntimeError("a fault that nobody foresaw")

    monkeypatch.setattr(running.ledger.desk, "sources", fail)
    page.goto("/sources")
    assert page.locator(".refusal-status").inner_text() == "500"
    examine(page, "500")


def list_serious(response: dict[str, Any]) -> list[str]:
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in response["violations"]
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"][:3]
    ]


def find_overflow(page: Page, width: int) -> list[str]:
    """Name what is wider than the screen and cannot be scrolled by itself."""
    wide: list[str] = page.evaluate(
        """width => [...document.querySelectorAll('main *')]
            .filter(e => e.getBoundingClientRect().right > width + 1)
            .filter(e => !e.closest('.scroll') && getComputedStyle(e).position !== 'absolute')
            .map(e => `too wide: ${e.tagName}.${e.className} ${e.textContent.slice(0, 30)}`)""",
        width,
    )
    return [re.sub(r"\s+", " ", each) for each in wide[:3]]

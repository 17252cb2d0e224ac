"""What the pages show, in both languages, and that nothing of it is taken for markup."""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from monitor.desk.watch_views import DutyView, SourceHealthView
from monitor.domain import CaseEvent, Facts, Issue, TimePrecision
from tests.integration.desk_client import Visitor, open_desk
from tests.integration.desk_samples import (
    LINK_CODE,
    NOON,
    SIGN_IN_CODE,
    make_alert,
    make_assessment,
    make_case,
    make_document,
    make_office,
)
from tests.integration.fake_desk import FakeDesk

PAGES = ["/", "/cases", "/cases/1", "/cases/3", "/sources", "/duty", f"/a/{LINK_CODE}"]
DOORS = ["/sign-in", f"/sign-in/once/{SIGN_IN_CODE}", "/nowhere"]

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}&amp;"


class TagReader(HTMLParser):
    """Collects what a strict content policy forbids, and the words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = dict(attrs).get("src") or ""
        is_ours = tag == "script" and source.startswith("/static/desk.js?")
        self.tags.append("our-script" if is_ours else tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read_page(text: str) -> TagReader:
    reader = TagReader()
    reader.feed(text)
    return reader


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    with open_desk() as opened:
        opened.sign_in()
        yield opened


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_opens_in_both_languages_without_script_or_inline_style(
    visitor: Visitor, language: str
) -> None:
    for path in PAGES + DOORS:
        answer = visitor.get(f"{path}?lang={language}")
        assert answer.status_code == (404 if path == "/nowhere" else 200), path
        page = read_page(answer.text)
        assert not {"script", "style", "iframe", "object"} & set(page.tags), path
        assert "style" not in page.attributes, path
        assert not any(name.startswith("on") for name in page.attributes), path
        assert f'lang="{"en" if language == "en" else "zh-CN"}"' in answer.text
        assert page.tags.count("h1") == 1, path


def test_every_answer_carries_the_protecting_headers(visitor: Visitor) -> None:
    for path in [*PAGES, *DOORS, "/static/desk.css", "/healthz", "/metrics", "/schema"]:
        headers = visitor.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy
        assert "script-src 'self';" in policy, "a file of ours, and nothing inline"
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert ("no-store" in headers["cache-control"]) is (not path.startswith("/static")), path


def test_a_refusal_and_a_redirect_carry_the_headers_too(visitor: Visitor) -> None:
    visitor.client.cookies.clear()
    for answer in (visitor.get("/cases"), visitor.client.post("/cases/1/accept")):
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def make_hostile_office() -> FakeDesk:
    """Every text that comes from outside tries to be markup."""
    office = make_office()
    case = make_case(1, employer=HOSTILE, project=HOSTILE, place=HOSTILE, reasons=(HOSTILE,))
    office.cases[1] = replace(case, number=HOSTILE, model=HOSTILE)
    stored = make_document(1, HOSTILE, HOSTILE)
    document = replace(stored.document, source=HOSTILE, address=f"https://x.example/{HOSTILE}")
    reading = make_assessment(1, Facts()).reading
    why = tuple(replace(each, text=HOSTILE) for each in reading.why)
    assessment = replace(make_assessment(1, Facts()), reading=replace(reading, why=why))
    office.documents[1] = [(replace(stored, document=document), assessment)]
    office.events = [CaseEvent(1, NOON, HOSTILE, HOSTILE, HOSTILE)]
    office.people = {
        name: replace(person, display_name=HOSTILE) for name, person in office.people.items()
    }
    office.issues = [Issue(HOSTILE, HOSTILE, HOSTILE, NOON, NOON)]
    office.source_views = [make_hostile_source(view) for view in office.source_views]
    office.role_views = [
        replace(view, heartbeat=replace(view.heartbeat, role=HOSTILE, host=HOSTILE))
        for view in office.role_views
    ]
    return office


def make_hostile_source(view: SourceHealthView) -> SourceHealthView:
    source = replace(view.source, title=HOSTILE, url=f"https://x.example/{HOSTILE}")
    issues = [replace(issue, message=HOSTILE) for issue in view.issues]
    return replace(view, source=source, issues=issues)


def test_text_from_outside_is_never_taken_for_markup() -> None:
    with open_desk(make_hostile_office()) as visitor:
        visitor.sign_in()
        for path in [*PAGES, f"/cases?q={HOSTILE}", f"/sign-in/once/{HOSTILE.replace('/', '')}"]:
            answer = visitor.get(path)
            assert answer.status_code in {200, 404}, path
            page = read_page(answer.text)
            assert not {"script", "img"} & set(page.tags), path
            assert not any(name.startswith("on") for name in page.attributes), path
            assert "49" not in re.sub(r"\d{3,}", "", "".join(page.words)), "no template ran"
        assert HOSTILE in "".join(read_page(visitor.get("/cases/1").text).words)


def test_a_refused_user_name_is_given_back_as_text(visitor: Visitor) -> None:
    answer = visitor.sign_in(username=HOSTILE)
    assert not {"script", "img"} & set(read_page(answer.text).tags)


# ---------------------------------------------------------------- what waits


def test_every_count_on_the_first_page_leads_to_a_list_of_that_length(visitor: Visitor) -> None:
    page = visitor.get("/").text
    tiles = re.findall(r'href="(/cases\?group=\w+)"><strong>(\d+)</strong>', page)
    bars = re.findall(r'<a href="(/cases\?[^"]+)">.*?bar-count">(\d+)<', page, re.DOTALL)
    assert len(tiles) == 4
    assert len(bars) == 8
    assert sum(int(count) for _, count in bars) > 0
    for address, count in [*tiles, *bars]:
        listed = visitor.get(address.replace("&amp;", "&")).text
        assert f"共 {count} 条" in listed, address


def test_the_first_page_does_not_say_that_all_are_listed_when_they_are_not() -> None:
    office = make_office()
    office.cases = {number: make_case(number) for number in range(1, 10)}
    office.alerts = {number: make_alert(number, number) for number in office.cases}
    with open_desk(office) as visitor:
        visitor.sign_in()
        page = visitor.get("/").text
        assert "最急的 6 条已在上面列出。" in page
        assert "都已在上面列出" not in page


def test_the_first_page_says_when_nothing_waits_and_what_to_do() -> None:
    office = make_office()
    office.cases, office.alerts, office.issues = {}, {}, []
    with open_desk(office) as visitor:
        visitor.sign_in()
        page = visitor.get("/").text
        assert "现在没有等您处理的线索" in page
        assert "bar-count" not in page
        assert "没有符合条件的线索" in visitor.get("/cases").text


def test_an_empty_duty_table_and_no_sources_are_said_aloud() -> None:
    office = make_office()
    office.duty_view = DutyView((), (), ())
    office.source_views, office.role_views, office.issues = [], [], []
    with open_desk(office) as visitor:
        visitor.sign_in()
        duty = visitor.get("/duty").text
        assert "值班表为空：告警没有接收人" in duty
        assert "没有任何进程的运行记录" in duty
        sources = visitor.get("/sources").text
        assert "还没有来源" in sources
        assert "没有未解决的问题" in sources


# ---------------------------------------------------------------- the ledger


@pytest.mark.parametrize(
    ("query", "employers", "others"),
    [
        ("state=referred", ["顺达货运"], ["永安采石场"]),
        ("level=4", ["禾丰服饰厂"], ["好味来餐馆"]),
        ("q=滨河", ["东岭园林绿化工程队"], ["禾丰服饰厂"]),
        ("q=QX-2026-00005", ["好味来餐馆"], ["禾丰服饰厂"]),
        ("group=mine", ["县第二建筑公司", "文峰装饰"], ["长桥物业"]),
        ("group=undecided&age=older", ["好味来餐馆", "新月电子"], ["禾丰服饰厂"]),
        ("state=&level=&group=&age=&q=", ["禾丰服饰厂", "永安采石场"], []),
    ],
)
def test_the_ledger_lists_what_its_address_asks_for(
    visitor: Visitor, query: str, employers: list[str], others: list[str]
) -> None:
    page = visitor.get(f"/cases?{query}").text
    for employer in employers:
        assert employer in page
    for employer in others:
        assert employer not in page


def test_the_ledger_keeps_its_filter_in_the_form_and_from_page_to_page() -> None:
    office = make_office()
    for number in range(100, 145):
        office.cases[number] = make_case(number, employer="连锁饭店")
    with open_desk(office) as visitor:
        visitor.sign_in()
        page = visitor.get("/cases?q=连锁&state=new&page=2").text
        assert "第 2 页，共 3 页" in page
        assert 'value="连锁"' in page
        assert re.search(r'<option value="new" selected>', page)
        numbers: set[str] = set()
        address = "/cases?q=连锁&state=new"
        for _ in range(3):
            page = visitor.get(address).text
            numbers |= set(re.findall(r"QX-2026-\d{5}", page))
            following = re.search(r'rel="next" href="([^"]+)"', page)
            address = following.group(1).replace("&amp;", "&") if following else ""
        assert address == ""
        assert len(numbers) == 45
        assert "这一页没有内容" in visitor.get("/cases?q=连锁&page=99").text


@pytest.mark.parametrize(
    "query",
    ["state=open", "level=9", "level=x", "group=all", "age=1", "page=0", "page=x", "page=²"],
)
def test_a_filter_that_no_page_writes_is_refused(visitor: Visitor, query: str) -> None:
    answer = visitor.get(f"/cases?{query}")
    assert answer.status_code == 400
    assert "填写的内容有误" in answer.text


@pytest.mark.parametrize(
    "path", ["/cases/999", "/cases/0", "/cases/-1", f"/cases/{2**70}", "/cases/x"]
)
def test_a_case_that_is_not_there_is_refused_with_advice(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code in {400, 404}
    assert "回到首页" in answer.text


# ---------------------------------------------------------------- one case


def test_a_case_shows_why_by_words_weights_score_threshold_and_model(visitor: Visitor) -> None:
    page = visitor.get("/cases/1").text
    for expected in (
        "工钱没有结",
        "+2.31",
        "-0.41",
        "96%",
        "0.50",
        "reader-2026-11-20",
        "欠薪 4 个月",
    ):
        assert expected in page


def test_a_case_shows_who_was_told_when_and_through_what(visitor: Visitor) -> None:
    page = " ".join(visitor.get("/cases/1").text.split())
    assert "王值班" in page
    assert re.search(r"email： ?渠道已接收", page)
    assert re.search(r"wecom： ?发送失败 · 试了 4 次", page)
    assert "wang@county.example" not in page, "an address is nobody's business here"
    assert "20 小时前" not in page
    acknowledged = " ".join(visitor.get("/cases/6").text.split())
    assert re.search(r"确认： ?王值班（告警链接）", acknowledged)


def test_the_places_where_the_facts_were_read_are_marked_in_the_message(visitor: Visitor) -> None:
    page = visitor.get("/cases/1").text
    marked = re.findall(r'<mark class="fact-(\w+)" title="([^"]*)">([^<]*)</mark>', page)
    assert ("employer", "用人单位", "临川宏远建筑劳务有限公司") in marked
    assert ("workers", "人数", "14 个人") in marked
    assert ("amount_yuan", "金额", "18.6 万元") in marked
    assert ("project", "项目", "青禾湾二期") in marked, "in the title"
    assert any(name == "owed_from" and "欠薪月数" in title for name, title, _ in marked)


def test_the_message_is_shown_letter_by_letter(visitor: Visitor) -> None:
    stored = visitor.office.documents[1][0][0].document
    messages = re.findall(
        r'<div class="message">(.*?)</div>', visitor.get("/cases/1").text, re.DOTALL
    )
    assert stored.text in ["".join(read_page(message).words) for message in messages]


def test_a_link_to_the_original_tells_the_other_site_nothing(visitor: Visitor) -> None:
    page = visitor.get("/cases/1").text
    links = re.findall(r'<a href="https://[^>]*>', page)
    assert links
    assert all('rel="noreferrer noopener"' in link for link in links)


def test_what_the_text_does_not_say_is_said_to_be_missing(visitor: Visitor) -> None:
    page = visitor.get("/cases/3").text
    assert page.count("正文未提及") == 4
    assert "正文未写明单位" in page


def test_a_document_without_a_time_and_a_case_without_texts_can_be_shown(visitor: Visitor) -> None:
    stored, assessment = visitor.office.documents[1][0]
    timeless = replace(
        stored.document, published_at=None, precision=TimePrecision.UNKNOWN, masked={}
    )
    visitor.office.documents[1] = [(replace(stored, document=timeless), assessment)]
    page = visitor.get("/cases/1").text
    assert "页面未写明时间" in page
    visitor.office.documents[1] = []
    assert "正文已按保存期限清除" in visitor.get("/cases/1").text


def test_no_page_has_a_place_for_who_wrote_a_message(visitor: Visitor) -> None:
    office_files = [visitor.office.documents[1][0][0].document]
    names = {each.name for file in office_files for each in fields(file)}
    assert not {"author", "handle", "avatar", "ip"} & names
    for path in PAGES:
        page = visitor.get(path).text
        for word in ("作者", "楼主", "发帖人", "用户头像", "IP属地", "author"):
            assert word not in page, (path, word)


def test_times_are_written_for_shanghai(visitor: Visitor) -> None:
    visitor.office.cases[1] = make_case(1, opened_at=NOON - timedelta(hours=1))
    page = visitor.get("/cases/1").text
    assert "11-23 11:00" in page
    assert 'datetime="2026-11-23T03:00:00+00:00"' in page


# ---------------------------------------------------------------- language


def test_a_choice_of_language_is_kept_until_another_choice(visitor: Visitor) -> None:
    assert "What waits for me" in visitor.get("/?lang=en").text
    assert "What waits for me" in visitor.get("/").text
    assert "等我处理的事" in visitor.get("/?lang=zh").text
    assert "等我处理的事" in visitor.get("/?lang=klingon").text


def test_the_link_to_the_other_language_keeps_the_filter(visitor: Visitor) -> None:
    page = visitor.get("/cases?state=new&q=青禾").text
    found = re.search(r'href="([^"]+)" lang="en"', page)
    assert found is not None
    listed = visitor.get(found.group(1).replace("&amp;", "&")).text
    assert 'value="青禾"' in listed
    assert "Ledger of unpaid wages" in listed


@pytest.mark.parametrize("path", [*PAGES, *DOORS])
def test_the_english_pages_have_no_chinese_words_of_ours_left(visitor: Visitor, path: str) -> None:
    page = visitor.get(f"{path}?lang=en").text
    ours = re.findall("待办|台账|受理|转办|确认|登录|紧急|来源|为什么|清薪|未提及", page)
    assert not ours


# ---------------------------------------------------------------- description


def test_the_description_of_the_interface_is_served_without_anything_from_outside(
    visitor: Visitor,
) -> None:
    answer = visitor.get("/api/openapi.json")
    described = answer.json()
    assert described["openapi"].startswith("3.")
    assert "/cases/{case_id}/accept" not in described["paths"], "pages are for people"
    assert "cdn" not in answer.text

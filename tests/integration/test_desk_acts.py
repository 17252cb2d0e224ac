"""What officers do at the desk: steps of a case, and acknowledging from an alert's link."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain import AlertState, CaseState, ReferralBody, Role, Through
from monitor.errors import StorageBusyError, StorageFullError
from tests.integration.desk_client import Visitor, open_desk, read_forms
from tests.integration.desk_samples import CLAIM_TEXT, LINK_CODE, NOON, make_office
from tests.integration.fake_desk import FakeDesk

REASON = "属于交通项目，由主管部门牵头"


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    with open_desk() as opened:
        opened.sign_in()
        yield opened


@pytest.fixture
def stranger() -> Iterator[Visitor]:
    with open_desk() as opened:
        yield opened


# ---------------------------------------------------------------- steps of a case


def test_accepting_makes_the_officer_the_owner_and_says_so(visitor: Visitor) -> None:
    answer = visitor.do(1, "accept")
    assert answer.status_code == 303
    case = visitor.office.cases[1]
    assert (case.state, case.owner, case.version) == (CaseState.ACCEPTED, "wang", 2)
    page = visitor.get(answer.headers["location"])
    assert "已受理，这条线索由您承办。" in page.text


def test_referring_keeps_the_body_and_the_reason(visitor: Visitor) -> None:
    answer = visitor.do(1, "refer", body="transport", reason=f"  {REASON}\x00 ")
    assert answer.status_code == 303
    case = visitor.office.cases[1]
    assert (case.state, case.referred_to) == (CaseState.REFERRED, ReferralBody.TRANSPORT)
    notes = [event.note for event in visitor.office.events if event.action == "refer"]
    assert notes == [REASON]
    page = visitor.get(answer.headers["location"])
    assert REASON in page.text
    assert "交通运输部门" in page.text


def test_saying_that_it_is_no_claim_keeps_the_reason(visitor: Visitor) -> None:
    answer = visitor.do(3, "not-a-claim", reason="是货款纠纷")
    assert answer.status_code == 303
    assert visitor.office.cases[3].state is CaseState.NOT_A_CLAIM
    assert visitor.office.events[-1].note == "是货款纠纷"


def test_acknowledging_at_the_desk_stops_the_alert_and_not_the_case(visitor: Visitor) -> None:
    assert visitor.do(1, "acknowledge").status_code == 303
    alert = visitor.office.alerts[1]
    assert (alert.state, alert.through) == (AlertState.ACKNOWLEDGED, Through.DESK)
    assert visitor.office.cases[1].state is CaseState.NEW
    assert "/cases/1/acknowledge" not in read_forms(visitor.get("/cases/1"))


@pytest.mark.parametrize("step", ["refer", "not-a-claim"])
@pytest.mark.parametrize("reason", ["", "   ", "\x00\x01", "长" * 501])
def test_a_step_that_needs_a_reason_is_refused_without_a_good_one(
    visitor: Visitor, step: str, reason: str
) -> None:
    before = deepcopy(visitor.office)
    answer = visitor.do(1, step, reason=reason, **({"body": "court"} if step == "refer" else {}))
    assert answer.status_code == 400
    assert "理由" in answer.text
    assert visitor.office == before


@pytest.mark.parametrize(
    "values",
    [
        {"body": "propaganda", "reason": "x"},
        {"body": "", "reason": "x"},
        {"version": "one", "body": "court", "reason": "x"},
        {"version": "-1", "body": "court", "reason": "x"},
        {"version": str(2**70), "body": "court", "reason": "x"},
    ],
)
def test_a_form_that_no_page_sends_is_refused_and_changes_nothing(
    visitor: Visitor, values: dict[str, str]
) -> None:
    before = deepcopy(visitor.office)
    assert visitor.do(1, "refer", **values).status_code == 400
    assert visitor.office == before


def test_of_two_officers_who_act_at_once_one_wins_and_the_other_is_told(visitor: Visitor) -> None:
    page = visitor.get("/cases/1")
    visitor.office.accept(1, visitor.office.people["li"], 1, NOON)
    before = deepcopy(visitor.office)
    for step, values in {
        "accept": {},
        "refer": {"body": "court", "reason": "x"},
        "not-a-claim": {"reason": "x"},
    }.items():
        answer = visitor.submit(page, f"/cases/1/{step}", **values)
        assert answer.status_code == 409
        assert "这条线索刚才已有变化" in answer.text
        assert 'href="/cases/1"' in answer.text
    assert visitor.office == before


def test_an_analyst_reads_everything_and_changes_nothing() -> None:
    with open_desk() as visitor:
        token_page = visitor.get("/sign-in")
        visitor.sign_in("sun")
        page = visitor.get("/cases/1")
        assert page.status_code == 200
        assert set(read_forms(page)) == {"/sign-out"}
        assert "当前没有您可以办理的步骤" in page.text
        before = deepcopy(visitor.office)
        token = read_forms(token_page)["/sign-in"].fields["_csrf_token"]
        form = {"_csrf_token": token, "version": "1", "reason": "x", "body": "court"}
        for step in ("acknowledge", "accept", "refer", "not-a-claim"):
            answer = visitor.client.post(f"/cases/1/{step}", data=form, follow_redirects=False)
            assert answer.status_code == 403, step
            assert "您没有这项权限" in answer.text
        assert visitor.office == before


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANALYST])
def test_every_other_role_may_take_the_first_steps(role: Role) -> None:
    office = make_office()
    office.people["wang"] = replace(office.people["wang"], role=role)
    with open_desk(office) as visitor:
        visitor.sign_in()
        assert visitor.do(2, "accept").status_code == 303
        assert visitor.do(3, "refer", body="union", reason="x").status_code == 303
        assert visitor.do(4, "not-a-claim", reason="x").status_code == 303
        assert visitor.do(1, "acknowledge").status_code == 303


def test_a_page_offers_only_the_steps_that_the_state_allows(visitor: Visitor) -> None:
    assert set(read_forms(visitor.get("/cases/6"))) == {"/sign-out", "/cases/6/refer"}
    assert set(read_forms(visitor.get("/cases/11"))) == {"/sign-out"}


def test_a_step_on_a_case_that_is_not_there_is_404(visitor: Visitor) -> None:
    token = read_forms(visitor.get("/cases/1"))["/cases/1/accept"].fields
    for step in ("acknowledge", "accept", "refer", "not-a-claim"):
        form = {**token, "reason": "x", "body": "court"}
        answer = visitor.client.post(f"/cases/999/{step}", data=form, follow_redirects=False)
        assert answer.status_code == 404


def test_a_step_without_a_session_changes_nothing(stranger: Visitor) -> None:
    token = read_forms(stranger.get("/sign-in"))["/sign-in"].fields["_csrf_token"]
    form = {"_csrf_token": token, "version": "1", "reason": "x", "body": "court"}
    before = deepcopy(stranger.office)
    for step in ("acknowledge", "accept", "refer", "not-a-claim"):
        answer = stranger.client.post(f"/cases/1/{step}", data=form, follow_redirects=False)
        assert answer.headers["location"] == "/sign-in"
    assert stranger.office == before


# ---------------------------------------------------------------- an alert's link


def test_opening_an_alert_link_changes_nothing_however_often(stranger: Visitor) -> None:
    before = deepcopy(stranger.office)
    pages = [stranger.get(f"/a/{LINK_CODE}") for _ in range(3)]
    assert {page.status_code for page in pages} == {200}
    assert stranger.office == before
    assert set(read_forms(pages[-1])) == {f"/a/{LINK_CODE}"}


def test_a_link_shows_the_case_and_no_sentence_of_a_message(stranger: Visitor) -> None:
    page = stranger.get(f"/a/{LINK_CODE}")
    for fact in ("临川宏远建筑劳务有限公司", "青禾湾二期", "14 人", "18.6 万元", "紧急", "王值班"):
        assert fact in page.text
    for sentence in CLAIM_TEXT.replace("。", "，").split("，"):
        if len(sentence) > 8:
            assert sentence not in page.text


def test_the_button_behind_a_link_acknowledges_once_without_a_sign_in(stranger: Visitor) -> None:
    page = stranger.get(f"/a/{LINK_CODE}")
    answer = stranger.submit(page, f"/a/{LINK_CODE}")
    assert answer.status_code == 200
    assert "已确认。不再向上升级。" in answer.text
    alert = stranger.office.alerts[1]
    assert (alert.state, alert.acknowledged_by, alert.through) == (
        AlertState.ACKNOWLEDGED,
        "wang",
        Through.LINK,
    )
    events = len(stranger.office.events)
    stranger.clock.forward(minutes=5)
    again = stranger.submit(page, f"/a/{LINK_CODE}")
    assert "已经确认过" in again.text
    assert stranger.office.alerts[1] == alert
    assert len(stranger.office.events) == events
    assert read_forms(again) == {}
    assert stranger.get("/").status_code == 303, "a link signs nobody in"


def test_a_link_that_is_too_old_says_what_to_do_and_changes_nothing(stranger: Visitor) -> None:
    page = stranger.get(f"/a/{LINK_CODE}")
    stranger.clock.forward(days=4)
    before = deepcopy(stranger.office)
    answer = stranger.submit(page, f"/a/{LINK_CODE}")
    assert "链接已过期，没有确认" in answer.text
    assert stranger.office == before


def test_a_called_off_alert_needs_no_acknowledgement(stranger: Visitor) -> None:
    office = stranger.office
    office.alerts[1] = replace(office.alerts[1], state=AlertState.CALLED_OFF)
    page = stranger.get(f"/a/{LINK_CODE}")
    assert "已撤回" in page.text
    assert read_forms(page) == {}


def test_a_test_message_can_be_acknowledged_and_shows_no_case(stranger: Visitor) -> None:
    page = stranger.get("/a/test-message-code")
    assert "测试消息" in page.text
    answer = stranger.submit(page, "/a/test-message-code")
    assert "已确认。" in answer.text
    assert "/cases/" not in answer.text


@pytest.mark.parametrize("code", ["unknown", "x" * 300, "%00", "..%2f..%2fetc"])
def test_an_unknown_code_is_404_for_looking_and_for_acting(stranger: Visitor, code: str) -> None:
    token = read_forms(stranger.get("/sign-in"))["/sign-in"].fields["_csrf_token"]
    assert stranger.get(f"/a/{code}").status_code == 404
    answer = stranger.client.post(f"/a/{code}", data={"_csrf_token": token}, follow_redirects=False)
    assert answer.status_code in {404, 405}


# ---------------------------------------------------------------- when things fail


POSTS = [
    "/sign-in",
    "/sign-in/once/x",
    "/a/x",
    "/cases/1/acknowledge",
    "/cases/1/accept",
    "/cases/1/refer",
    "/cases/1/not-a-claim",
]
NAMES = ["version", "reason", "body", "username", "password", "then", "lang", "done", "q", "page"]


@pytest.mark.slow
def test_nothing_that_a_form_or_an_address_can_carry_is_a_fault_of_ours() -> None:
    limits: dict[str, Any] = {"sign_ins_per_minute": 10_000, "links_per_minute": 10_000}
    with open_desk(raise_faults=False, **limits) as opened:
        opened.sign_in()
        token = read_forms(opened.get("/cases/1"))["/sign-out"].fields["_csrf_token"]
        values = st.one_of(st.text(max_size=30), st.integers().map(str), st.sampled_from(["", "1"]))
        pairs = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=5)

        @settings(max_examples=150, deadline=None)
        @given(st.sampled_from(POSTS), pairs)
        def post(path: str, fields: list[tuple[str, str]]) -> None:
            body = urlencode([("_csrf_token", token), *fields], errors="replace")
            form = {"content-type": "application/x-www-form-urlencoded"}
            answer = opened.client.post(path, content=body, headers=form, follow_redirects=False)
            assert answer.status_code < 500, answer.text

        @settings(max_examples=150, deadline=None)
        @given(st.sampled_from(["/", "/cases", "/cases/2", "/duty", "/sources", "/sign-in"]), pairs)
        def look(path: str, fields: list[tuple[str, str]]) -> None:
            answer = opened.get(f"{path}?{urlencode(fields, errors='replace')}")
            assert answer.status_code < 500, answer.text

        post()
        look()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe=\x00", "application/x-www-form-urlencoded"),
        (b"{", "application/json"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"<a/>", "text/xml"),
        (b"reason=" + b"x" * 200_000, "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_of_another_kind_is_refused_and_changes_nothing(
    visitor: Visitor, body: bytes, kind: str
) -> None:
    token = read_forms(visitor.get("/cases/1"))["/sign-out"].fields["_csrf_token"]
    before = deepcopy(visitor.office)
    headers = {"content-type": kind, "x-csrftoken": token}
    answer = visitor.client.post("/cases/1/refer", content=body, headers=headers)
    assert 400 <= answer.status_code < 500
    assert visitor.office == before


class FailingDesk(FakeDesk):
    """A desk whose database answers with an error."""

    error: Exception = StorageBusyError()

    def acknowledge_by_code(self, *_args: object) -> None:  # type: ignore[override]
        raise self.error


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (StorageBusyError(), 503, "请过几秒再试"),
        (StorageFullError(), 503, "请过几秒再试"),
        (ZeroDivisionError("secret-of-the-house"), 500, "错误已记录"),
    ],
)
def test_a_fault_says_what_to_do_and_shows_no_trace(
    error: Exception, status: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    office = FailingDesk(**vars(make_office()))
    office.error = error
    with open_desk(office, raise_faults=False) as visitor:
        page = visitor.get(f"/a/{LINK_CODE}")
        answer = visitor.submit(page, f"/a/{LINK_CODE}")
    assert answer.status_code == status
    assert words in answer.text
    assert "secret-of-the-house" not in answer.text
    assert "Traceback" not in answer.text
    logged = "".join(capsys.readouterr())
    assert "desk.failed" in logged
    assert "acknowledge_by_link" in logged, "the log says where it happened"
    assert LINK_CODE not in logged
    assert "secret-of-the-house" not in logged

"""Every state, role and step through the pages; and what protects an account."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import func, select, update

from monitor.casework import NewPayment, WhoseMoney, Witness, WitnessKind
from monitor.desk.passwords import hash_password
from monitor.domain import Case, CaseState, CaseStep, Person, Role
from monitor.errors import IllegalStepError, NotAllowedError
from monitor.steps import check_step
from monitor.storage.ledger_tables import (
    MergeRow,
    OfferRow,
    OrderRow,
    PaymentRow,
    ReferralRow,
    WitnessRow,
)
from monitor.storage.session import Storage
from monitor.storage.tables import CaseEventRow, CaseRow
from tests.county import START, County
from tests.integration.desk_client import read_forms
from tests.integration.ledger_office import PEOPLE, Ledger, LedgerVisitor

DAY = "2026-11-23"
FORMS: dict[CaseStep, tuple[str, dict[str, str]]] = {
    CaseStep.ACCEPT: ("accept", {}),
    CaseStep.REFER: ("refer", {"body": "court", "reason": "归法院"}),
    CaseStep.NOT_A_CLAIM: ("not-a-claim", {"reason": "是货款"}),
    CaseStep.ORDER: (
        "order",
        {"number": "7 号", "addressee": "宏图公司", "on": DAY, "until": "2026-12-01"},
    ),
    CaseStep.RECORD_PAID: (
        "pay",
        {
            "on": DAY,
            "workers": "3",
            "amount": "9000",
            "whose": "employer",
            "proof": "回单",
            "in_full": "1",
        },
    ),
    CaseStep.CLOSE: ("close", {}),
    CaseStep.REOPEN: ("reopen", {"reason": "没拿到钱"}),
    CaseStep.MERGE: ("merge", {"reason": "同一件事"}),
}
KEPT = (CaseEventRow, OrderRow, PaymentRow, WitnessRow, ReferralRow, OfferRow, MergeRow)


@pytest.fixture
def ledger(tmp_path: Any) -> Iterator[Ledger]:
    storage = Storage(f"sqlite:///{tmp_path / 'qingxin.db'}")
    storage.migrate()
    opened = Ledger(County(storage))
    yield opened
    opened.close()
    storage.close()


def put(ledger: Ledger, case_id: int, state: CaseState, owner: str) -> Case:
    """Set a case to a state, by force."""
    with ledger.storage.engine.begin() as connection:
        connection.execute(
            update(CaseRow)
            .where(CaseRow.id == case_id)
            .values(state=state.value, owner=owner, referred_to=None)
        )
    return ledger.case(case_id)


def count_kept(ledger: Ledger) -> list[int]:
    with ledger.storage.engine.connect() as connection:
        return [connection.scalar(select(func.count()).select_from(table)) or 0 for table in KEPT]


@pytest.mark.slow
def test_every_state_role_and_step_is_tried_at_the_desk(ledger: Ledger) -> None:
    """Allowed ones work; all others answer 403 or 409 and change nothing."""
    ledger.post()
    target = ledger.post("青禾公司欠我们，没发工资", key="t2")
    case_id = 1
    with ledger.storage.work() as rows:
        money = NewPayment(START.date(), 3, 9000.0, WhoseMoney.EMPLOYER, "回单")
        rows.casework.add_payment(case_id, money, "somebody", START)
        word = Witness(case_id, WitnessKind.WORKERS_WORD, "somebody", START, "回访")
        rows.casework.add_witness(word)
    tried = {"allowed": 0, "refused": 0}
    for name, role in PEOPLE.items():
        with ledger.visit(name) as visitor:
            token = read_forms(visitor.get("/"))["/sign-out"].fields["_csrf_token"]
            for state, step, owner in itertools.product(CaseState, CaseStep, (name, "somebody")):
                if state is CaseState.NEW and owner == name:
                    continue  # as with somebody: nobody has decided yet
                case = put(ledger, case_id, state, owner)
                try_one(ledger, visitor, token, (case, step, Person(name, name, role)), target)
                allowed = ledger.case(case_id).version > case.version
                tried["allowed" if allowed else "refused"] += 1
    assert tried["allowed"] > 100
    assert tried["refused"] > 700


def try_one(
    ledger: Ledger,
    visitor: LedgerVisitor,
    token: str,
    what: tuple[Case, CaseStep, Person],
    target: Case,
) -> None:
    case, step, person = what
    path, values = FORMS[step]
    before = count_kept(ledger)
    sent = {"_csrf_token": token, "version": str(case.version), "number": target.number} | values
    answer = visitor.client.post(f"/cases/{case.case_id}/{path}", data=sent, follow_redirects=False)
    after = ledger.case(case.case_id)
    told = (case.state, step, person.role, case.owner, answer.status_code)
    try:
        leads_to = check_step(case, step, person)
    except NotAllowedError:
        assert answer.status_code == 403, told
    except IllegalStepError:
        assert answer.status_code == 409, told
    else:
        if step is CaseStep.CLOSE and answer.status_code == 409:
            # Opened again earlier in this very test: the old witnesses count no more.
            assert after == case
            return
        assert answer.status_code == 303, told
        assert after.state is leads_to, told
        assert after.owner is not None
        return
    assert after == case, told
    assert count_kept(ledger) == before, told


# ---------------------------------------------------------------- the second factor


def set_password(ledger: Ledger, name: str, password: str) -> None:
    with ledger.storage.work() as rows:
        rows.users.set_password_hash(name, hash_password(password))


PASSWORD = "correct horse battery"


def sign_in(client: Any, name: str, password: str = PASSWORD) -> Any:
    visitor = LedgerVisitor(client)
    return visitor.submit(visitor.get("/sign-in"), "/sign-in", username=name, password=password)


def code_at(ledger: Ledger, name: str, **shift: float) -> str:
    secret = ledger.office.people.get_security(name).totp_secret
    assert secret
    return pyotp.TOTP(secret).at(ledger.clock.now + timedelta(**shift))


def test_the_second_factor_is_set_up_at_the_first_sign_in_and_asked_for_ever_after(
    ledger: Ledger,
) -> None:
    set_password(ledger, "zheng", PASSWORD)
    with ledger.open_client(second_factor=True) as client:
        visitor = LedgerVisitor(client)
        assert sign_in(client, "zheng").headers["location"] == "/sign-in/second"
        assert visitor.get("/").headers["location"] == "/sign-in", "half a sign-in opens nothing"
        page = visitor.get("/sign-in/second")
        assert "<svg" in page.text
        assert "style=" not in page.text, "the content policy allows no inline style"
        code = code_at(ledger, "zheng")
        assert visitor.submit(page, "/sign-in/second", code="000000").status_code == 401
        assert visitor.submit(page, "/sign-in/second", code=code).headers["location"] == "/"
        assert visitor.get("/").status_code == 200
    with ledger.open_client(second_factor=True) as client:
        visitor = LedgerVisitor(client)
        sign_in(client, "zheng")
        page = visitor.get("/sign-in/second")
        assert '<svg class="qr' not in page.text, "the secret is shown only before it is confirmed"
        answer = visitor.submit(page, "/sign-in/second", code=code)
        assert answer.status_code == 401, "a code is used once"
        ledger.clock.forward(seconds=60)
        code = code_at(ledger, "zheng")
        assert visitor.submit(page, "/sign-in/second", code=code).status_code == 303


def test_wrong_codes_rest_the_second_step(ledger: Ledger) -> None:
    set_password(ledger, "zheng", PASSWORD)
    with ledger.open_client(second_factor=True) as client:
        visitor = LedgerVisitor(client)
        sign_in(client, "zheng")
        page = visitor.get("/sign-in/second")
        for _ in range(5):
            assert visitor.submit(page, "/sign-in/second", code="123").status_code == 401
        code = code_at(ledger, "zheng")
        assert visitor.submit(page, "/sign-in/second", code=code).status_code == 401
        ledger.clock.forward(minutes=6)
        sign_in(client, "zheng")
        page = visitor.get("/sign-in/second")
        code = code_at(ledger, "zheng")
        assert visitor.submit(page, "/sign-in/second", code=code).status_code == 303


def test_half_a_sign_in_ends_after_five_minutes(ledger: Ledger) -> None:
    set_password(ledger, "zheng", PASSWORD)
    with ledger.open_client(second_factor=True) as client:
        visitor = LedgerVisitor(client)
        sign_in(client, "zheng")
        page = visitor.get("/sign-in/second")
        ledger.clock.forward(minutes=6)
        code = code_at(ledger, "zheng")
        answer = visitor.submit(page, "/sign-in/second", code=code)
        assert answer.headers["location"] == "/sign-in"


def test_who_only_reads_needs_no_second_factor(ledger: Ledger) -> None:
    set_password(ledger, "fenxi", PASSWORD)
    with ledger.open_client(second_factor=True) as client:
        assert sign_in(client, "fenxi").headers["location"] == "/"


# ---------------------------------------------------------------- sessions and accounts


def test_a_new_password_ends_every_other_session(ledger: Ledger) -> None:
    set_password(ledger, "zheng", PASSWORD)
    with ledger.visit("zheng") as here, ledger.visit("zheng") as there:
        page = here.get("/account")
        values = {"old": PASSWORD, "new": "another long one 9", "again": "another long one 9"}
        for bad in (
            {"old": "wrong"},
            {"again": "other"},
            {"new": "short", "again": "short"},
            {"new": "zhengzhengzheng", "again": "zhengzhengzheng"},
        ):
            answer = here.submit(page, "/account/password", **(values | bad))
            assert answer.status_code == 400, bad
        assert there.get("/").status_code == 200
        assert here.submit(page, "/account/password", **values).status_code == 303
        assert here.get("/").status_code == 200
        assert there.get("/").headers["location"] == "/sign-in"


def test_a_wrong_present_password_counts_as_a_wrong_code_does(ledger: Ledger) -> None:
    """Who sits down at an open desk cannot try passwords until one fits."""
    set_password(ledger, "zheng", PASSWORD)
    values = {"old": PASSWORD, "new": "another long one 9", "again": "another long one 9"}
    with ledger.visit("zheng") as here:
        page = here.get("/account")
        for _ in range(5):
            answer = here.submit(page, "/account/password", **(values | {"old": "wrong"}))
            assert answer.status_code == 400
        answer = here.submit(page, "/account/password", **values)
        assert answer.status_code == 400, "even the right one has to wait now"
        assert "五分钟" in answer.text
        ledger.clock.forward(minutes=6)
        assert here.submit(page, "/account/password", **values).status_code == 303
    with ledger.storage.look() as rows:
        actions = [each.action for each in rows.audit.list_newest(limit=20)]
    assert actions.count("sign_in.wrong_password") == 5


def test_a_new_role_or_disabling_ends_the_sessions(ledger: Ledger) -> None:
    with ledger.visit("guan") as admin, ledger.visit("zheng") as officer:
        page = admin.get("/users")
        assert page.status_code == 200
        answer = admin.submit(page, "/users/zheng/change", role="reviewer", disabled="")
        assert answer.status_code == 303
        assert officer.get("/").headers["location"] == "/sign-in"
        answer = admin.force("/users/guan/change", role="analyst")
        assert answer.status_code == 400, "nobody takes their own right away"
        answer = admin.submit(page, "/users", username="xin", name="新来的", role="duty_officer")
        assert answer.status_code in {200, 201}
        assert "/sign-in/once/" in answer.text
        assert admin.submit(page, "/users/zhou/link").status_code in {200, 201}


@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "guan"])
def test_nobody_else_administers(ledger: Ledger, name: str) -> None:
    with ledger.visit(name) as visitor:
        assert visitor.get("/users").status_code == 403
        forms: dict[str, dict[str, Any]] = {
            "/users": {"username": "x", "name": "x", "role": "administrator"},
            "/users/zhou/change": {"role": "administrator"},
            "/users/zhou/link": {},
            "/users/zhou/totp-reset": {},
            "/users/zhou/sign-out": {},
            "/users/sign-out": {},
            "/tokens": {"name": "x", "scopes": "ledger", "days": "9"},
            "/tokens/1/revoke": {},
        }
        for path, values in forms.items():
            assert visitor.force(path, **values).status_code == 403, path
    assert ledger.desk.find_person("zhou").role is Role.DUTY_OFFICER  # type: ignore[union-attr]


@pytest.mark.parametrize("name", PEOPLE)
def test_the_audit_is_for_leaders_and_administrators(ledger: Ledger, name: str) -> None:
    with ledger.visit(name) as visitor:
        may = PEOPLE[name] in {Role.LEADER, Role.ADMINISTRATOR}
        assert visitor.get("/audit").status_code == (200 if may else 403)

"""Recovery codes: in at night without the phone, each once, and never a way around the limits."""

import re
from collections.abc import Iterator

import pytest

from monitor.storage.session import Storage
from tests.county import County
from tests.integration.ledger_office import Ledger, LedgerVisitor
from tests.integration.test_desk_rights import PASSWORD, code_at, set_password, sign_in

CODE = re.compile(r'<li class="once">([0-9A-Z]{5}-[0-9A-Z]{5})</li>')


@pytest.fixture
def ledger(storage: Storage) -> Iterator[Ledger]:
    opened = Ledger(County(storage))
    set_password(opened, "zheng", PASSWORD)
    yield opened
    opened.close()


def enter(ledger: Ledger, visitor: LedgerVisitor, **typed: str) -> int:
    """Sign in with the password, then with what is typed on the second page; its status."""
    sign_in(visitor.client, "zheng")
    page = visitor.get("/sign-in/second")
    sent = typed or {"code": code_at(ledger, "zheng")}
    return visitor.submit(page, "/sign-in/second", **sent).status_code


def make_codes(ledger: Ledger, visitor: LedgerVisitor) -> list[str]:
    ledger.clock.forward(seconds=60)
    page = visitor.get("/account")
    answer = visitor.submit(page, "/account/recovery", code=code_at(ledger, "zheng"))
    assert answer.status_code == 200
    return CODE.findall(answer.text)


def test_a_code_opens_the_account_once_and_is_written_down(ledger: Ledger) -> None:
    with ledger.open_client(second_factor=True) as client:
        visitor = LedgerVisitor(client)
        assert enter(ledger, visitor) == 303
        codes = make_codes(ledger, visitor)
        assert len(set(codes)) == 10
        assert CODE.findall(visitor.get("/account").text) == [], "shown only once"
    with ledger.storage.look() as rows:
        hashes = [hashed for _, hashed in rows.recovery.list_unused("zheng")]
    assert all(each.startswith("$argon2id$") for each in hashes)
    with ledger.open_client(second_factor=True) as client:
        visitor = LedgerVisitor(client)
        assert enter(ledger, visitor, recovery=codes[3].lower().replace("-", " ")) == 303
        assert visitor.get("/").status_code == 200
        assert "还有 9 个没有用过" in visitor.get("/account").text
    with ledger.open_client(second_factor=True) as client:
        assert enter(ledger, LedgerVisitor(client), recovery=codes[3]) == 401, "used up"
        assert enter(ledger, LedgerVisitor(client), recovery=codes[4]) == 303
    with ledger.storage.look() as rows:
        actions = [each.action for each in rows.audit.list_newest(actor="zheng")]
    assert actions.count("sign_in.recovery") == 2
    assert "recovery.made" in actions


def test_guessing_rests_the_second_step_like_wrong_codes_of_the_phone(ledger: Ledger) -> None:
    with ledger.open_client(second_factor=True) as client:
        visitor = LedgerVisitor(client)
        enter(ledger, visitor)
        codes = make_codes(ledger, visitor)
        for guess in ("AAAAA-AAAAA", "1", "￥", "A" * 20, "22222-22222"):
            assert enter(ledger, LedgerVisitor(client), recovery=guess) == 401
        assert enter(ledger, LedgerVisitor(client), recovery=codes[0]) == 401, "it rests"
        ledger.clock.forward(minutes=6)
        assert enter(ledger, LedgerVisitor(client), recovery=codes[0]) == 303


def test_codes_take_the_phone_and_end_with_it(ledger: Ledger) -> None:
    with ledger.open_client(second_factor=True) as client:
        visitor = LedgerVisitor(client)
        enter(ledger, visitor)
        page = visitor.get("/account")
        assert visitor.submit(page, "/account/recovery", code="000000").status_code == 400
        old = make_codes(ledger, visitor)
        make_codes(ledger, visitor)
        assert enter(ledger, LedgerVisitor(client), recovery=old[0]) == 401, "new ones end them"
    with ledger.visit("guan") as administrator:
        page = administrator.get("/users")
        administrator.submit(page, "/users/zheng/totp-reset")
    assert ledger.office.recovery.count("zheng") == 0

"""Every kind of channel tested from the desk against a line that is down: no secret on any page."""

import logging
import secrets
from datetime import timedelta
from pathlib import Path

import pytest
from litestar.stores.memory import MemoryStore
from litestar.testing import TestClient

from alerts.outbox import RetryPolicy, deliver_due
from monitor.bootstrap.app import App, read_clock
from monitor.bootstrap.channels import make_channels
from monitor.bootstrap.desk import (
    make_channel_board,
    make_desk,
    make_duty_desk,
    make_ledger_office,
    make_pushes,
)
from monitor.desk.codes import hash_code
from monitor.domain import Contact, Person, Role
from monitor.outlets import make_rules
from monitor.sending import StoringOutbox
from monitor.web.app import create_app
from monitor.web.incoming import Intake
from monitor.web.options import WebSettings
from tests.integration.desk_client import read_forms
from tests.integration.test_outlets import PARTS, office, settings_file

__all__ = ["office", "settings_file"]

PAGES = [
    "/",
    "/channels",
    "/alerts?state=all",
    "/alerts?state=all&reason=test",
    "/sources",
    "/duty",
]


def test_no_page_log_or_record_shows_a_channels_secret(
    office: App, settings_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now, code = read_clock(), secrets.token_urlsafe(12)
    names = [*office.settings.channels]
    with office.storage.work() as rows:
        contacts = tuple(
            Contact(name, "13800001111" if name in {"ali", "ten"} else "wang@example.org")
            for name in names
        )
        rows.users.add(Person("wang", "王芳", Role.ADMINISTRATOR, contacts), None, now)
        rows.users.add_sign_in_code(hash_code(code), "wang", now + timedelta(hours=1))
    app = create_app(
        make_desk(office),
        clock=read_clock,
        settings=WebSettings(bytes(range(32)), "http://desk.example", cookie_secure=False),
        session_store=MemoryStore(),
        limit_store=MemoryStore(),
        office=make_ledger_office(office),
        duty=make_duty_desk(office),
        intake=Intake(make_pushes(office)),
        channels=make_channel_board(office),
    )
    senders = make_channels(office)
    with TestClient(app) as desk, caplog.at_level(logging.DEBUG):
        path = f"/sign-in/once/{code}"
        desk.post(path, data=read_forms(desk.get(path))[path].fields)
        form = read_forms(desk.get("/channels"))["/channels/test"]
        assert desk.post("/channels/test", data=form.fields).status_code == 200
        done = deliver_due(
            StoringOutbox(office.storage, make_rules(office.settings, senders)),
            senders,
            clock=read_clock,
            lease=timedelta(seconds=60),
            retry=RetryPolicy(),
            limit=100,
        )
        assert done.sent == 1, "the terminal; nothing else can be reached"
        assert done.retried + done.failed == len(names) - 1
        shown = {path: desk.get(path).text for path in PAGES}
    for name in names:
        assert name in shown["/channels"], f"{name} was tested, and its result is shown"
    said = "".join([*shown.values(), caplog.text])
    database = (settings_file.parent / "data" / "qingxin.db").read_bytes().decode("latin-1")
    assert [part for part in PARTS if part in said or part in database] == []

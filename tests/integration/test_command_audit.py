"""Who changes something by a command leaves a line in the audit, in the desk's words."""

from pathlib import Path

from typer.testing import CliRunner

from monitor.bootstrap.app import build, read_clock
from monitor.bootstrap.worker import Worker
from monitor.casework import AuditEntry
from monitor.cli import app
from monitor.domain import Person, Role
from monitor.storage.session import Storage
from monitor.web.audit_labels import find_action_word, find_subject
from tests.conftest import write_settings
from tests.factories import make_document


def run(*words: object) -> None:
    answer = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output


def read_audit(storage: Storage) -> list[AuditEntry]:
    with storage.look() as rows:
        assert rows.audit.verify().broken_at is None
        return rows.audit.list_newest(limit=20)[::-1]


def test_forgetting_by_a_command_is_audited(tmp_path: Path) -> None:
    settings = write_settings(tmp_path)
    built = build(settings)
    built.prepare()
    with built.storage.work() as rows:
        rows.users.add(Person("han", "韩", Role.LEADER), None, read_clock())
        text = "宏图公司欠我们十五个人三个月工资，一分钱没发。"
        rows.documents.add_many([make_document(source="lin-forum", text=text)])
    worker = Worker(built, lambda: False)
    worker.digest()
    worker.close()
    with built.storage.look() as rows:
        number = rows.cases.get(1).number
    at = ("--settings", settings)
    day = f"{read_clock().year + 1}-01-05"
    by = ("--as", "han")
    run("purge", "--dry-run", *at)
    assert read_audit(built.storage) == [], "counting changes nothing"
    run("purge", *at)
    run("hold", "add", number, "--reason", "核查", "--until", day, *by, *at)
    run("hold", "lift", number, *by, *at)
    run("removal", "document", "1", *by, *at)
    found = read_audit(built.storage)
    assert [(each.actor, each.action, each.subject) for each in found] == [
        ("command", "retention.purge", "retention"),
        ("han", "case.held", "case:1"),
        ("han", "case.hold_lifted", "case:1"),
        ("han", "removal.made", "source:lin-forum"),
    ]
    for each in found:
        assert find_action_word(each.action), each.action
        assert find_subject(each.subject)[0], each.subject
    built.storage.close()

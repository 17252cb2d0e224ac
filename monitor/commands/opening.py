"""Opening the installation that a command acts on, and writing down what it changes."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.bootstrap.app import App, build, read_clock
from monitor.storage.repositories import Rows

COMMAND = "command"
"""Who acts, in the audit, where somebody with the right to the machine used a command."""


def note_act(rows: Rows, action: str, subject: str, detail: str = "") -> None:
    """Write into the audit what a command changes, in the transaction that changes it.

    Who typed it is known by the name of the account of the machine, as far as that goes.
    """
    try:
        account = getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        account = str(os.getuid())
    said = "，".join(each for each in (detail, account) if each)
    rows.audit.add(COMMAND, action, subject[:80], read_clock(), said[:200])


@contextmanager
def open_app(settings: Path | None) -> Iterator[App]:
    """Build the application and bring its database up to date.

    Raises:
        MonitorError: Settings or database cannot be used.
    """
    built = build(settings)
    built.prepare()
    try:
        yield built
    finally:
        built.storage.close()

"""Each command loads what it needs and no more, and the list of commands tells the truth."""

import inspect
import json
import subprocess
import sys

import pytest

from monitor.cli import ENTRIES, load_command
from tests.conftest import ROOT

# What takes long to load or much memory, by the packages that only some commands have a use for.
_HEAVY = (
    "alembic", "alerts.channels", "apscheduler", "docx", "httpx", "litestar", "matplotlib",
    "models.reader", "monitor.desk.stored_desk", "monitor.pipeline", "monitor.settings",
    "monitor.web",
    "numpy", "openpyxl", "rjieba", "scipy", "scrapy", "sklearn", "spiders.catalogue", "sqlalchemy",
    "twisted.internet.reactor", "uvicorn",
)  # fmt: skip

_BASE = {"monitor.settings", "sqlalchemy"}
_TEXTS = {"rjieba"}
_LOADS = {
    "mask": _TEXTS,
    "user": _BASE,
    "roster": _BASE,
    "export": _BASE,
    "assess": _BASE | _TEXTS | {"models.reader", "numpy"},
    "source": _BASE | _TEXTS | {"spiders.catalogue", "models.reader", "numpy"},
    "report": _BASE | _TEXTS | {"spiders.catalogue", "numpy", "scipy"},
}


def find_loaded(code: str) -> set[str]:
    """Which of the heavy modules stand in a new process after this code."""
    program = (
        f"import json, sys\n{code}\n"
        f"print(json.dumps([each for each in {_HEAVY!r} if each in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_list_of_commands_loads_nothing_heavy() -> None:
    code = (
        "from typer.testing import CliRunner\nfrom monitor.cli import app\n"
        "assert 'report' in CliRunner().invoke(app, ['--help']).stdout"
    )
    assert find_loaded(code) == set()


@pytest.mark.parametrize("name", _LOADS)
def test_a_command_loads_only_what_it_needs(name: str) -> None:
    code = f"from monitor.cli import load_command\nload_command({name!r})"
    assert find_loaded(code) == _LOADS[name]


@pytest.mark.parametrize(
    ("role", "never"),
    [
        ("collect", {"litestar", "models.reader", "matplotlib", "docx", "apscheduler"}),
        ("work", {"litestar", "scrapy", "monitor.web", "matplotlib", "docx", "openpyxl"}),
        ("desk", {"scrapy", "twisted.internet.reactor"}),
        ("sample", {"scrapy", "models.reader", "sqlalchemy.orm.session"}),
    ],
)
def test_a_role_does_not_load_another_role_s_framework(role: str, never: set[str]) -> None:
    code = f"from monitor.cli import load_command\nload_command({role!r})"
    assert find_loaded(code) & never == set()


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_says_what_its_command_says(name: str) -> None:
    command = load_command(name)
    assert ENTRIES[name].help == inspect.cleandoc(command.help or "").partition("\n\n")[0]
    assert ENTRIES[name].hidden is command.hidden

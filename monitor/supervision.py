"""`qingxin run`: supervisord starts the roles, restarts one that dies, and stops them on SIGTERM.

Supervising is supervisord's work; ours is to write down what it should run. When the parent is
killed the roles notice by themselves (`die_with_parent`), so that no orphan keeps a port.
"""

import ctypes
import os
import shlex
import signal
import sys
from pathlib import Path

ROLES = ("collect", "work", "desk")
_PR_SET_PDEATHSIG = 1


def write_supervisor_file(
    folder: Path, settings_file: Path, *, sample: bool, browser: bool = False
) -> Path:
    """Write supervisord's configuration; return its path.

    Args:
        folder: Where it, its pid file and its log go; made if it is missing.
        settings_file: Handed to every role.
        sample: True starts the sample county as well.
        browser: True starts a second `collect`, for the sources that only a script fills.
    """
    folder.mkdir(parents=True, exist_ok=True)
    roles = (*(("sample",) if sample else ()), *ROLES)
    as_root = "user=root\n" if os.geteuid() == 0 else ""  # else it warns at every start
    head = (
        f"[supervisord]\nnodaemon=true\nsilent=true\n{as_root}"
        f"logfile={_escaped(folder / 'supervisord.log')}\n"
        f"pidfile={_escaped(folder / 'supervisord.pid')}\n"
        f"childlogdir={_escaped(folder)}\n"
    )
    programs = [_program(role, role, settings_file) for role in roles]
    if browser:
        programs.append(_program("browser", "collect", settings_file, "--browser"))
    path = folder / "supervisord.conf"
    path.write_text("".join([head, *programs]), "utf-8")
    return path


def _program(name: str, role: str, settings_file: Path, *options: str) -> str:
    command = " ".join(
        _quoted(each)
        for each in (
            *(sys.executable, "-m", "monitor.cli", role, *options, "--settings", settings_file),
            # The supervisor is this very process, after `become_supervisor`.
            *("--parent", os.getpid()),
        )
    )
    return (
        f"\n[program:{name}]\ncommand={command}\n"
        f"directory={_escaped(Path(__file__).resolve().parent.parent)}\n"
        "autorestart=true\nstartsecs=1\nstartretries=1000000\n"
        "stopsignal=TERM\nstopwaitsecs=15\nstopasgroup=false\nkillasgroup=true\n"
        "stdout_logfile=/dev/fd/1\nstdout_logfile_maxbytes=0\n"
        "stderr_logfile=/dev/fd/2\nstderr_logfile_maxbytes=0\n"
    )


def _escaped(value: object) -> str:
    return str(value).replace("%", "%%")


def _quoted(value: object) -> str:
    return shlex.quote(str(value)).replace("%", "%%")


def become_supervisor(configuration: Path) -> None:
    """Turn this process into supervisord; does not return."""
    sys.stdout.flush()
    os.execv(  # noqa: S606 - our own interpreter with our own file
        sys.executable,
        [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(configuration)],
    )


def die_with_parent(parent: int | None) -> None:
    """Stop with SIGTERM when the parent dies, so that a killed `run` leaves no orphans.

    Args:
        parent: The supervisor's process number; None for a role that was started by hand.

    Elsewhere than on Linux this does nothing: there an orphan is found by its port.
    """
    if parent is None or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died while we were loading, before we had asked
        raise SystemExit(0)

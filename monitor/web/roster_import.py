"""Importing a duty table from the desk: choose a file, look at what it says, let it take effect.

What was read is kept for an hour in the store of the sessions, under a random name of the person's
own; the file itself is not kept.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, URLEncodedBody
from litestar.response import Template
from litestar.stores.base import Store

from alerts.duty_sheet import MOST_FILE_BYTES
from monitor.desk.roster_import import TableDraft
from monitor.desk.rostering import may_keep
from monitor.domain import DutyRole, Shift
from monitor.errors import IllegalStepError, InputError, NotAllowedError
from monitor.web.sessions import SESSION_STORE
from monitor.web.visit import Here, Visit

KEPT_SECONDS = 3600
_LONGEST_NAME = 80
_ROOM_FOR_THE_FORM = 64 * 1024


@dataclass
class TableForm:
    """A file that a browser sends."""

    table: UploadFile


@dataclass(frozen=True, slots=True)
class TakeForm:
    """Which table, of those that were looked at."""

    draft: str = ""


@get("/duty/roster/import", sync_to_thread=False)
def show_import(visit: Here) -> Template:
    """Show the form, to whoever keeps the roster."""
    _check_keeper(visit)
    return visit.page("roster_import.html", table=None, token="", duties=tuple(DutyRole))


@post(
    "/duty/roster/import",
    status_code=200,
    request_max_body_size=MOST_FILE_BYTES + _ROOM_FOR_THE_FORM,
)
async def look_at_table(
    visit: Here,
    data: Annotated[TableForm, Body(media_type=RequestEncodingType.MULTI_PART)],
) -> Template:
    """Read a file and show what it would change; nothing takes effect."""
    _check_keeper(visit)
    name = "".join(each for each in data.table.filename if each.isprintable())[-_LONGEST_NAME:]
    if not name:
        raise InputError(visit.language.gettext("请先选择值班表文件（xlsx 或 csv）。"))
    content = await data.table.read()
    table = await sync_to_thread(visit.duty.read_table, visit.person, content, name, visit.now)
    token = ""
    if table.can_be_taken:
        token = secrets.token_urlsafe(18)
        await _store(visit).set(_key(visit, token), _dump(table), expires_in=KEPT_SECONDS)
    return visit.page("roster_import.html", table=table, token=token, duties=tuple(DutyRole))


@post("/duty/roster/import/take")
async def take_table(visit: Here, data: URLEncodedBody[TakeForm]) -> Response[Any]:
    """Let the table take effect that was looked at."""
    _check_keeper(visit)
    key = _key(visit, data.draft)
    kept = await _store(visit).get(key)
    if kept is None:
        raise IllegalStepError("这份值班表已经导入过，或核对时间超过一小时；请重新上传。")
    name, basis, shifts = _load(kept)
    await sync_to_thread(visit.duty.take_table, visit.person, shifts, basis, name, visit.now)
    await _store(visit).delete(key)
    return visit.redirect("/duty/roster?done=imported")


def _check_keeper(visit: Visit) -> None:
    if not may_keep(visit.person):
        raise NotAllowedError("值班表由带班领导或管理员导入。")


def _store(visit: Visit) -> Store:
    return visit.request.app.stores.get(SESSION_STORE)


def _key(visit: Visit, token: str) -> str:
    """Name the place of a draft: nobody else's name finds it."""
    return "roster-" + hashlib.sha256(f"{visit.person.username}\n{token}".encode()).hexdigest()


def _dump(table: TableDraft) -> bytes:
    shifts = [
        (
            each.duty.value,
            each.person,
            each.starts_at.isoformat(),
            each.ends_at.isoformat(),
            each.note,
        )
        for each in table.shifts
    ]
    return json.dumps({"name": table.name, "basis": table.basis, "shifts": shifts}).encode()


def _load(kept: bytes) -> tuple[str, str, list[Shift]]:
    found = json.loads(kept)
    shifts = [
        Shift(
            DutyRole(duty),
            person,
            datetime.fromisoformat(starts_at),
            datetime.fromisoformat(ends_at),
            note,
        )
        for duty, person, starts_at, ends_at, note in found["shifts"]
    ]
    return found["name"], found["basis"], shifts


ROSTER_IMPORT = [show_import, look_at_table, take_table]

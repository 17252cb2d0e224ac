"""A way in for somebody who has no password yet."""

import secrets
from datetime import datetime, timedelta

from monitor.bootstrap.app import App
from monitor.desk.codes import hash_code
from monitor.domain import Role

VALID_FOR = timedelta(hours=12)


def make_sign_in(app: App, now: datetime, username: str | None = None) -> str | None:
    """Make a one-time sign-in, for the first duty officer if nobody is named; None if none."""
    with app.storage.work() as rows:
        people = [each for each in rows.users.list_all() if not each.disabled]
        named = [each for each in people if each.username == username]
        officers = [each for each in people if each.role is Role.DUTY_OFFICER]
        wanted = named if username else officers or people
        if not wanted:
            return None
        code = secrets.token_urlsafe(18)
        rows.users.add_sign_in_code(hash_code(code), wanted[0].username, now + VALID_FOR)
    return f"{app.desk_url}/sign-in/once/{code}"

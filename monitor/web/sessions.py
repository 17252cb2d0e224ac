"""Who is signed in: Litestar's server-side sessions, with the four promises that it leaves open.

A new sign-in gets a new session number; strangers get no session; the store holds only a digest of
the number; nothing is written while nothing changes.
"""

import hashlib
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from litestar.connection import ASGIConnection, Request
from litestar.datastructures import State
from litestar.middleware.session.server_side import (
    ServerSideSessionBackend,
    ServerSideSessionConfig,
)
from litestar.security.session_auth import SessionAuth
from litestar.stores.base import Store
from litestar.types import Empty, Message, ScopeSession

from monitor.desk.people import PeopleDesk
from monitor.desk.views import Desk
from monitor.domain import Person
from monitor.web.options import WebSettings

DeskRequest = Request[Person, dict[str, Any], State]

SESSION_STORE = "sessions"
SEEN_EVERY = timedelta(seconds=60)
"""How exactly the last request is remembered; keeps a page view from being a write."""

LOADED = "qingxin_session_as_loaded"
RENEW = "qingxin_session_renew"


class DeskSessionBackend(ServerSideSessionBackend):
    """Litestar's backend, safe against a planted session number and against needless writes."""

    async def get(self, session_id: str, store: Store) -> bytes | None:
        """Look a session up by the digest of its number."""
        return await super().get(digest(session_id), store)

    async def set(self, session_id: str, data: bytes, store: Store) -> None:
        """Keep a session under the digest of its number."""
        await super().set(digest(session_id), data, store)

    async def delete(self, session_id: str, store: Store) -> None:
        """End a session; harmless when there is none."""
        await super().delete(digest(session_id), store)

    def get_session_id(self, connection: ASGIConnection[Any, Any, Any, Any]) -> str:
        """Give the number in the cookie, or a fresh one from the moment of a sign-in."""
        renewed: str | None = connection.scope.get("state", {}).get(RENEW)
        return renewed or super().get_session_id(connection)

    async def load_from_connection(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> dict[str, Any]:
        """Load the session and remember what it was."""
        session = await super().load_from_connection(connection)
        connection.scope["state"][LOADED] = deepcopy(session)
        return session

    async def store_in_message(
        self,
        scope_session: ScopeSession,
        message: Message,
        connection: ASGIConnection[Any, Any, Any, Any],
    ) -> None:
        """Write what changed: nothing for a stranger, nothing for an unchanged session."""
        state = connection.scope["state"]
        cookie = connection.cookies.get(self.config.key)
        if RENEW in state and cookie:
            await self.delete(cookie, self.config.get_store_from_app(connection.app))
        is_empty = not scope_session or scope_session is Empty
        if is_empty and "half" in (state.get(LOADED) or {}) and not is_sign_out(connection):
            return  # another tab that asks with an ended session must not undo half a sign-in
        if is_empty:
            if cookie and cookie != "null":
                await super().store_in_message(Empty, message, connection)
            return
        if RENEW in state or (
            scope_session != state.get(LOADED) and await self.is_open(cookie, connection)
        ):
            await super().store_in_message(scope_session, message, connection)

    async def is_open(
        self, cookie: str | None, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> bool:
        """Say whether the session still stands: one that was ended meanwhile does not come back."""
        store = self.config.get_store_from_app(connection.app)
        return cookie is not None and await self.get(cookie, store) is not None


def is_sign_out(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Say whether the person has asked to leave."""
    return connection.url.path == "/sign-out"


@dataclass
class DeskSessionConfig(ServerSideSessionConfig):
    """The configuration that goes with the backend above."""

    _backend_class = DeskSessionBackend


def digest(session_id: str) -> str:
    """Hash a session number, so that a copy of the store opens no session."""
    return hashlib.sha256(session_id.encode()).hexdigest()


def set_half_session(
    request: DeskRequest, person: Person, now: datetime, then: str, how: str
) -> None:
    """Remember under a new number who has passed the first step; it opens nothing yet."""
    request.scope["state"][RENEW] = DeskSessionBackend(DeskSessionConfig()).generate_session_id()
    half = {"username": person.username, "at": now.isoformat(), "then": then, "how": how}
    request.set_session({"half": half})


def open_session(request: DeskRequest, person: Person, now: datetime, epoch: int = 0) -> None:
    """Sign a person in under a new session number; the session ends with its epoch."""
    request.scope["state"][RENEW] = DeskSessionBackend(DeskSessionConfig()).generate_session_id()
    request.set_session(
        {
            "username": person.username,
            "role": person.role.value,
            "signed_in_at": now.isoformat(),
            "seen_at": now.isoformat(),
            "epoch": epoch,
            "device": find_device(request.headers.get("user-agent", "")),
        }
    )


def find_device(user_agent: str) -> str:
    """Say what somebody signs in with, in one word; nothing else of the browser is kept."""
    return "phone" if "Mobile" in user_agent or "Android" in user_agent else "computer"


def find_own_key(request: DeskRequest, settings: WebSettings) -> str:
    """The digest of this request's own session; empty without one."""
    cookie = request.cookies.get(cookie_name(settings), "")
    return digest(cookie) if cookie else ""


def cookie_name(settings: WebSettings) -> str:
    """What the session's cookie is called."""
    return "__Host-qingxin" if settings.cookie_secure else "qingxin"


def find_session_person(
    session: dict[str, Any],
    desk: Desk,
    settings: WebSettings,
    now: datetime,
    people: PeopleDesk | None = None,
) -> Person | None:
    """Say whose session this is; None when it has ended.

    It ends by time, and at once when the person is disabled, gone, or has another role than at the
    sign-in, and when the account's sessions were ended (a new password, a lost phone). Remembers
    the request in the session, at most once a minute.
    """
    try:
        signed_in_at = datetime.fromisoformat(session["signed_in_at"])
        seen_at = datetime.fromisoformat(session["seen_at"])
    except (KeyError, TypeError, ValueError):
        return None
    if now - signed_in_at >= settings.session_absolute or now - seen_at >= settings.session_idle:
        return None
    person = desk.find_person(session["username"])
    if person is None or person.disabled or person.role.value != session["role"]:
        return None
    if people is not None:
        epoch = people.get_security(person.username).epoch
        if session.get("epoch", 0) != epoch:
            return None
    if now - seen_at >= SEEN_EVERY:
        session["seen_at"] = now.isoformat()
    return person


def make_session_auth(
    desk: Desk,
    clock: Callable[[], datetime],
    settings: WebSettings,
    people: PeopleDesk | None = None,
) -> SessionAuth[Person, ServerSideSessionBackend]:
    """Join Litestar's session sign-in to the desk; handlers with `public=True` need none."""

    def retrieve_person(
        session: dict[str, Any], _connection: ASGIConnection[Any, Any, Any, Any]
    ) -> Person | None:
        return find_session_person(session, desk, settings, clock(), people)

    return SessionAuth[Person, ServerSideSessionBackend](
        retrieve_user_handler=retrieve_person,
        session_backend_config=DeskSessionConfig(
            key=cookie_name(settings),
            max_age=int(settings.session_idle.total_seconds()),
            secure=settings.cookie_secure,
            httponly=True,
            samesite="lax",
            store=SESSION_STORE,
        ),
        exclude=["^/api/openapi", "^/static"],
        exclude_opt_key="public",
        exclude_http_methods=["OPTIONS"],
    )

"""Puts the desk together: routes, sign-in, limits, headers, errors, language."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Router
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import CacheControlHeader, MutableScopeHeaders, State
from litestar.di import Provide
from litestar.exceptions import TooManyRequestsException
from litestar.middleware.rate_limit import RateLimitConfig, get_remote_address
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.static_files import create_static_files_router
from litestar.stores.base import Store
from litestar.template import TemplateConfig
from litestar.types import Message, Scope

from monitor.desk.channels import ChannelBoard
from monitor.desk.duty_views import DutyDesk
from monitor.desk.office import LedgerOffice
from monitor.desk.views import Desk
from monitor.learning.board import ModelBoard
from monitor.web.alert_pages import ALERTS
from monitor.web.api import make_api
from monitor.web.book_pages import BOOKS
from monitor.web.buttons import Buttons, make_buttons
from monitor.web.canary_pages import CANARY
from monitor.web.channels import CHANNELS
from monitor.web.duty_pages import CALENDARS, DUTY_PAGES
from monitor.web.duty_steps import DUTY_STEPS
from monitor.web.entry import ENTRY
from monitor.web.incoming import Intake, hold_up, is_wrong_path, take_push
from monitor.web.language import load_languages
from monitor.web.life import LIFE
from monitor.web.links import LINKS
from monitor.web.model_pages import MODELS
from monitor.web.options import WebSettings
from monitor.web.pages import PAGES
from monitor.web.papers import PAPERS
from monitor.web.party_pages import PARTIES
from monitor.web.people_pages import PEOPLE
from monitor.web.refusals import refuse
from monitor.web.removing import REMOVING
from monitor.web.rendering import make_template_engine
from monitor.web.reports import REPORTS
from monitor.web.roster_import import ROSTER_IMPORT
from monitor.web.sessions import SESSION_STORE, make_session_auth
from monitor.web.steps import STEPS
from monitor.web.visit import House, receive_visit
from monitor.web.vitals import VITALS

STATIC_FOLDER = Path(__file__).parent / "static"
LIMIT_STORE = "limits"
LARGEST_FORM = 64 * 1024

CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def create_app(
    desk: Desk,
    *,
    clock: Callable[[], datetime],
    settings: WebSettings,
    session_store: Store,
    limit_store: Store,
    office: LedgerOffice | None = None,
    duty: DutyDesk | None = None,
    intake: Intake | None = None,
    channels: ChannelBoard | None = None,
    models: ModelBoard | None = None,
    buttons: Buttons | None = None,
) -> Litestar:
    """Build the desk.

    Args:
        desk: Answers every question and does every act.
        clock: Tells the time, aware, in UTC.
        settings: How the desk is set up.
        session_store: Keeps the sessions; must outlive a restart and be shared by all hosts.
        limit_store: Keeps the counts of the rate limits; shared where the limits should be.
        office: The ledger's parts; without it only the first minute of a case is served.
        duty: Answers and does what the duty pages need; None leaves them out.
        intake: What SMS vendors may push; None for nothing.
        channels: Answers the page of the channels; None shows no such page.
        models: Answers the pages of the model; None shows no such pages.
        buttons: The cards whose buttons acknowledge; None for none.
    """
    auth = make_session_auth(desk, clock, settings, office.people if office else None)
    house = House(desk, clock, settings, load_languages(), duty, office)
    routes = make_routes(settings, has_ledger=office is not None)
    vendors = [*([make_intake(settings)] if intake else [])]
    if buttons:
        vendors.append(make_buttons(limit_requests("press", settings.pushes_per_minute).middleware))
    return Litestar(
        route_handlers=[*routes, *vendors],
        on_app_init=[auth.on_app_init],
        state=State(
            {
                "house": house,
                "intake": intake,
                "channels": channels,
                "models": models,
                "buttons": buttons or {},
            }
        ),
        dependencies={"visit": Provide(receive_visit, sync_to_thread=False)},
        template_config=TemplateConfig(instance=make_template_engine()),
        csrf_config=CSRFConfig(
            secret=settings.secret_key.hex(),
            cookie_name="__Host-qingxin-csrf" if settings.cookie_secure else "qingxin-csrf",
            cookie_secure=settings.cookie_secure,
            cookie_httponly=True,
            cookie_samesite="lax",
        ),
        openapi_config=OpenAPIConfig(
            title="Qingxin",
            version="1",
            description="The ledger of unpaid wages: cases and parties, reading only.",
            path="/api",
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
            components=Components(
                security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer")}
            ),
        ),
        exception_handlers={Exception: refuse},
        before_send=[make_header_writer(settings)],
        stores={SESSION_STORE: session_store, LIMIT_STORE: limit_store},
        request_max_body_size=LARGEST_FORM,
        logging_config=None,
    )


def make_routes(settings: WebSettings, *, has_ledger: bool) -> list[Any]:
    """List the routes; what strangers may try is limited by address."""
    static = create_static_files_router(
        path="/static",
        directories=[STATIC_FOLDER],
        cache_control=CacheControlHeader(public=True, max_age=3600),
        opt={"public": True},
    )
    sign_ins = limit_requests("sign-in", settings.sign_ins_per_minute, is_post)
    links = limit_requests("link", settings.links_per_minute)
    programs = limit_requests("api", settings.api_per_minute)
    pages: list[Any] = [
        *VITALS,
        *CANARY,
        Router("/", route_handlers=ENTRY, middleware=[sign_ins.middleware]),
        Router("/", route_handlers=[*LINKS, *CALENDARS], middleware=[links.middleware]),
        *PAGES,
        *STEPS,
        *REMOVING,
        *DUTY_PAGES,
        *DUTY_STEPS,
        *ROSTER_IMPORT,
        *CHANNELS,
        *MODELS,
        *REPORTS,
    ]
    ledger: list[Any] = [*ALERTS, *LIFE, *PARTIES, *BOOKS, *PEOPLE, *PAPERS] if has_ledger else []
    # The description is of what programs may use; pages are for people.
    people = Router("/", route_handlers=[*pages, *ledger], include_in_schema=False)
    return [static, people, make_api(programs.middleware)] if has_ledger else [static, people]


def make_intake(settings: WebSettings) -> Router:
    """Make the route that vendors push to: guesses are held up long before a vendor is."""
    guesses = limit_requests("guess", settings.links_per_minute, is_wrong_path)
    pushes = limit_requests("push", settings.pushes_per_minute)
    return Router(
        "/",
        route_handlers=[take_push],
        middleware=[guesses.middleware, pushes.middleware],
        exception_handlers={TooManyRequestsException: hold_up},
    )


def is_post(request: Request[Any, Any, Any]) -> bool:
    """Tell a try from looking at the form."""
    return request.method == "POST"


def limit_requests(
    purpose: str, per_minute: int, only: Callable[[Request[Any, Any, Any]], bool] | None = None
) -> RateLimitConfig:
    """Limit one purpose for each client address, apart from other purposes."""

    def identify(request: Request[Any, Any, Any]) -> str:
        return f"{purpose}:{get_remote_address(request)}"

    return RateLimitConfig(
        ("minute", per_minute),
        identifier_for_request=identify,
        check_throttle_handler=only,
        store=LIMIT_STORE,
    )


def make_header_writer(settings: WebSettings) -> Callable[[Message, Scope], None]:
    """Make the hook that puts the protecting headers on every answer, errors included."""
    extra = {"strict-transport-security": "max-age=31536000"} if settings.cookie_secure else {}

    def write_headers(message: Message, _scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        headers = MutableScopeHeaders.from_message(message)
        for name, value in {**HEADERS, **extra}.items():
            headers[name] = value
        headers.setdefault("cache-control", "no-store")

    return write_headers

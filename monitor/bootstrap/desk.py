"""The desk: what its pages ask, and what may call it from outside."""

import secrets
from collections.abc import Callable

from alerts.channels.sms_aliyun import parse_push
from alerts.channels.wecom_callback import CallbackBox
from monitor.bootstrap.app import App, read_clock
from monitor.bootstrap.calendars import read_roster_rules
from monitor.bootstrap.channels import make_receiver
from monitor.bootstrap.duty import read_duty_policy
from monitor.bootstrap.ledger import make_casework
from monitor.bootstrap.reading import make_shelf
from monitor.bootstrap.sources import load_sources
from monitor.desk.channels import StoredChannelBoard
from monitor.desk.office import LedgerOffice, open_office
from monitor.desk.pressing import PressButton, Pressing
from monitor.desk.stored_desk import DeskPolicy, StoredDesk
from monitor.desk.stored_duty import StoredDutyDesk
from monitor.learning.board import ModelBoard
from monitor.outlets import list_callbacks, list_push_secrets
from monitor.settings import Settings


def make_desk(app: App) -> StoredDesk:
    """What the pages ask."""
    sources, _ = load_sources(app)
    return StoredDesk(app.storage, sources, read_desk_policy(app.settings), make_casework(app))


def make_ledger_office(app: App) -> LedgerOffice:
    """The ledger's parts of the pages."""
    return open_office(
        app.storage,
        make_casework(app),
        base_url=app.desk_url,
        find_threshold=make_shelf(app).find_working_threshold,
        hotline=app.settings.desk.hotline,
        repeat_of=read_duty_policy(app.settings).repeat_of,
    )


def make_duty_desk(app: App) -> StoredDutyDesk:
    """What the duty pages ask."""
    return StoredDutyDesk(app.storage, read_desk_policy(app.settings))


def read_desk_policy(settings: Settings) -> DeskPolicy:
    """What the desk's judgements depend on."""
    return DeskPolicy(
        triage_within=settings.cases.triage_within,
        role_late_after=settings.health.role_late_after,
        rules=read_roster_rules(settings),
        needed=settings.roster.required,
        look_ahead=settings.roster.look_ahead,
        desk_url=settings.desk.base_url.rstrip("/"),
    )


def make_model_board(app: App) -> ModelBoard:
    """What the pages of the model ask and do."""
    return ModelBoard(app.storage, make_shelf(app))


def make_channel_board(app: App) -> StoredChannelBoard:
    """What the page of the channels asks and does."""
    kinds = {name: each.kind for name, each in app.settings.channels.items()}
    return StoredChannelBoard(app.storage, kinds, app.desk_url)


def make_presses(app: App) -> dict[str, tuple[CallbackBox, str, PressButton]]:
    """The buttons of every application that calls back: what opens a call, and who acts."""
    return {
        name: (box, corp_id, Pressing(app.storage, name).press)
        for name, (box, corp_id) in list_callbacks(app.settings).items()
    }


def make_pushes(app: App) -> dict[str, tuple[str, Callable[[object], None]]]:
    """What SMS vendors may push to the desk: of each channel its secret and who acts on it."""
    receiver = make_receiver(app)

    def taking(name: str) -> Callable[[object], None]:
        def take(pushed: object) -> None:
            receiver.take(name, *parse_push(pushed, read_clock()))

        return take

    return {
        name: (secret, taking(name)) for name, secret in list_push_secrets(app.settings).items()
    }


def get_desk_secret(app: App) -> bytes:
    """The key that signs CSRF tokens: from the environment, else made once and kept."""
    if app.settings.desk.secret is not None:
        return app.settings.desk.secret.get_secret_value().encode()
    path = app.settings.data.folder / "desk.key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(secrets.token_hex(32).encode())
    except FileExistsError:
        pass
    return path.read_bytes()

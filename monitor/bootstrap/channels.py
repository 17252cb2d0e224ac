"""The channels, who sends through them, and who hears the answers."""

from alerts.channels.port import Channel
from monitor.bootstrap.app import App, read_clock
from monitor.delivering import Deliverer
from monitor.outlets import make_channels as make_outlets
from monitor.outlets import make_rules
from monitor.receiving import Receiver


def make_channels(app: App) -> dict[str, Channel]:
    """Every channel of the settings, by its name."""
    return make_outlets(app.settings, read_clock)


def make_deliverer(app: App) -> Deliverer:
    """The sender, with a thread for every channel."""
    channels = make_channels(app)
    return Deliverer(
        app.storage,
        channels,
        make_rules(app.settings, channels),
        clock=read_clock,
        lease=app.settings.alerts.lease,
    )


def make_receiver(app: App) -> Receiver:
    """Who asks the vendors what arrived and what was answered."""
    return Receiver(app.storage, make_channels(app), read_clock)

"""The terminal: a card on standard output, for the first minute and for trying things out."""

import re
from dataclasses import dataclass

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from alerts.rendering import render_text
from monitor.domain import AlertCard, Receipt
from monitor.errors import DeliveryError

_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class TerminalSettings:
    """How a card is drawn. `width` in columns; None takes the width of the terminal."""

    name: str = "terminal"
    width: int | None = None


class TerminalChannel:
    """Draws a card on standard output. Nobody is called: it is seen only by who looks."""

    def __init__(self, settings: TerminalSettings, console: Console | None = None) -> None:
        """Draw on `console`, or on standard output as it is at the time of drawing."""
        self._settings = settings
        self._console = console

    @property
    def name(self) -> str:
        """The name in the settings."""
        return self._settings.name

    def send(self, card: AlertCard, address: str, idempotency_key: str) -> Receipt:  # noqa: ARG002 - one target, drawn anew on every try
        """Draw the card.

        Raises:
            DeliveryError: Standard output is closed or cannot be written; temporary.
        """
        console = self._console or Console(width=self._settings.width)
        # Neither markup nor escapes: nothing that a case says may command the terminal.
        body = Text(_CONTROLS.sub("", render_text(card)), overflow="fold")
        border = "bold red" if card.urgent else "cyan"
        try:
            console.print(
                Panel(body, border_style=border, title=f"→ {address}" if address else None)
            )
        except (OSError, ValueError) as error:
            raise DeliveryError(
                f"标准输出写不进去（{type(error).__name__}）", permanent=False
            ) from error
        return Receipt("shown")

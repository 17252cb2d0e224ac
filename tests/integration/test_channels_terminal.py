"""The terminal shows a card and nothing in it can command the terminal."""

import io

import pytest
from rich.console import Console

from alerts.channels.terminal import TerminalChannel, TerminalSettings
from monitor.domain import AlertCard
from monitor.errors import DeliveryError

CARD = AlertCard(
    "【清薪】紧急·新发现欠薪：甲公司", ("涉及人数：23 人",), "https://d.example/a/c", urgent=True
)


def test_a_card_is_drawn_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    receipt = TerminalChannel(TerminalSettings(width=80)).send(CARD, "", "key-1")
    shown = capsys.readouterr().out
    assert CARD.title in shown
    assert CARD.lines[0] in shown
    assert CARD.link in shown
    assert receipt.answer == "shown"


def test_markup_and_escapes_in_a_card_are_only_text() -> None:
    drawn = io.StringIO()
    nasty = AlertCard(
        "[bold]甲[/bold]", ("[link=http://evil.example]x[/link]\x1b[2J",), "", urgent=False
    )
    TerminalChannel(TerminalSettings(), Console(file=drawn, width=80)).send(nasty, "", "key-1")
    assert "[bold]甲[/bold]" in drawn.getvalue()
    assert "\x1b" not in drawn.getvalue()


def test_a_closed_output_is_tried_again() -> None:
    drawn = io.StringIO()
    drawn.close()
    channel = TerminalChannel(TerminalSettings(), Console(file=drawn, width=80))
    with pytest.raises(DeliveryError) as caught:
        channel.send(CARD, "", "key-1")
    assert not caught.value.permanent

"""`alert test`: whether somebody is reached."""

import secrets

import typer

from alerts.wording import word_test
from monitor.bootstrap.app import read_clock
from monitor.bootstrap.channels import make_channels
from monitor.commands.opening import open_app
from monitor.commands.people import NameArgument, get_person
from monitor.commands.terms import SettingsOption, say
from monitor.errors import DeliveryError, InputError

alerts = typer.Typer(help="提醒。", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(alerts, name="alert")


@alerts.command("test")
def test_alert(person: NameArgument, settings: SettingsOption = None) -> None:
    """给一个人的每个渠道发一条标明是测试的消息。"""
    with open_app(settings) as built:
        with built.storage.look() as rows:
            known = get_person(rows, person)
        if not known.contacts:
            raise InputError(f"{person} 没有任何渠道")
        channels = make_channels(built)
        now = read_clock()
        card = word_test(
            desk_url=built.settings.desk.base_url.rstrip("/"),
            now=now,
            shown_person_name=known.display_name,
        )
        failed = 0
        for contact in known.contacts:
            channel = channels.get(contact.channel)
            if channel is None:
                failed += 1
                say(f"✗ {contact.channel}：设置里没有这个渠道")
                continue
            try:
                channel.send(card, contact.address, f"test-{secrets.token_hex(8)}")
            except DeliveryError as error:
                failed += 1
                say(f"✗ {contact.channel}：{error} {error.answer}".rstrip())
            else:
                say(f"✓ {contact.channel}：渠道已接收")
    if failed:
        raise typer.Exit(1)

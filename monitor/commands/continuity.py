"""`continuity`: what can be shown of the last 90 days, minute by minute."""

from typing import Annotated

import typer

from alerts.continuity import DUTY, SENDING, SOURCE
from monitor.bootstrap.app import read_clock
from monitor.bootstrap.desk import make_duty_desk
from monitor.commands.opening import open_app
from monitor.commands.terms import JsonOption, SettingsOption, emit, say

_WORDS = {DUTY: "值班有人", SENDING: "提醒能发出"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("continuity")(show_continuity)


def show_continuity(
    subject: Annotated[
        str | None, typer.Option("--breaks", help="列出这一项的每一次中断，例如 duty")
    ] = None,
    settings: SettingsOption = None,
    as_json: JsonOption = False,
) -> None:
    """不间断的证明：近 90 天每一分钟，是否有人值班、来源是否读到、提醒能否发出。"""
    with open_app(settings) as built:
        desk, now = make_duty_desk(built), read_clock()
        if subject is not None:
            for each in desk.breaks(subject, now).breaks:
                said = "没有记录" if each.is_unseen else "中断"
                if as_json:
                    emit(
                        {
                            "starts_at": each.starts_at.isoformat(),
                            "ends_at": each.ends_at.isoformat(),
                            "unseen": each.is_unseen,
                        }
                    )
                else:
                    typer.echo(
                        f"{each.starts_at:%Y-%m-%d %H:%M} 至 {each.ends_at:%m-%d %H:%M}  {said}"
                    )
            return
        view = desk.continuity(now)
    for one in view.subjects:
        if as_json:
            windows = {
                str(days): {"minutes": c.minutes, "observed": c.observed, "good": c.good}
                for days, c in one.windows.items()
            }
            emit({"subject": one.subject, "windows": windows})
        else:
            shares = "  ".join(f"{days} 天 {c.share:.3%}" for days, c in one.windows.items())
            name = _WORDS.get(one.subject, one.subject.removeprefix(SOURCE))
            typer.echo(f"{name}：{shares}")
    if not view.subjects:
        say("还没有记录；运行起来一分钟后再看。")

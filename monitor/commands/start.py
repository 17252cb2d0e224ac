"""`run`: start everything."""

import typer

from monitor.bootstrap.app import App, read_clock
from monitor.bootstrap.collecting import list_enabled_sources
from monitor.bootstrap.sign_in import make_sign_in
from monitor.checking import find_problems, find_taken_ports
from monitor.commands.opening import open_app
from monitor.commands.terms import SettingsOption, say
from monitor.domain import Severity
from monitor.supervision import become_supervisor, write_supervisor_file


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("run")(run)


def run(settings: SettingsOption = None) -> None:
    """启动全部角色：采集、处理、页面；有一个死了就重启它。"""
    with open_app(settings) as built:
        now = read_clock()
        problems = [*find_problems(built, now), *find_taken_ports(built)]
        for problem in problems:
            say(f"  {'✗' if problem.severity is Severity.ERROR else '!'} {problem}")
        if any(problem.severity is Severity.ERROR for problem in problems):
            say("有错误，没有启动。改好后再运行。")
            raise typer.Exit(1)
        _greet(built)
        configuration = write_supervisor_file(
            built.settings.data.folder / "run",
            built.settings_file.resolve(),
            sample=built.settings.sample.enabled,
            browser=any(each.browser for each in list_enabled_sources(built)),
        )
    become_supervisor(configuration)


def _greet(built: App) -> None:
    sources = list_enabled_sources(built)
    say(f"清薪  正在看 {len(sources)} 个地方：" + "、".join(source.title for source in sources))
    if built.settings.sample.enabled:
        sample = built.settings.sample
        say(f"样例县（全是虚构）：http://{sample.host}:{sample.port}/  可以自己发一帖试试")
    link = make_sign_in(built, read_clock())
    if link is None:
        say("还没有用户：qingxin user add NAME --role administrator")
    else:
        say(f"页面：{built.settings.desk.base_url}   一次性登录（12 小时内）：{link}")
    say("Ctrl-C 停止。\n")

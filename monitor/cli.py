"""The `qingxin` command. Exit 0 done, 1 something is wrong with input or state, 2 wrong usage.

With `--json` standard output holds nothing but the result; progress and log go to standard error.

A command's file, and all that it needs, is loaded when that command is the one that was typed: the
whole of the software takes three seconds of processor to load, of which no command needs all.
"""

import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from monitor.core_dumps import forbid_core_dumps
from monitor.errors import MonitorError, SettingsError


@dataclass(frozen=True, slots=True)
class Entry:
    """One command of the list: the file of `monitor.commands` that holds it, and its help.

    The help stands here so that the list is shown without loading what it lists; a test holds both
    against the command's own.
    """

    file: str
    help: str
    hidden: bool = False


ENTRIES = {
    "run": Entry("start", "启动全部角色：采集、处理、页面；有一个死了就重启它。"),
    "collect": Entry("collect", "只运行采集。"),
    "work": Entry("work", "只运行处理：判读、立案、提醒、升级。"),
    "desk": Entry("desk", "只运行页面。"),
    "sample": Entry("sample", "只运行样例县。", hidden=True),
    "check": Entry("check", "检查设置、来源、值班表、模型、数据库、渠道：每个问题有代号和改法。"),
    "assess": Entry("reading", '判读：每行 {"id","title","text"[,"published_at"]}，每行一个答案。'),
    "evaluate": Entry(
        "evaluating",
        '评估：每行 {"id","title","text","label":0|1}，给出查准、查全、F1、PR-AUC、Brier。',
    ),
    "mask": Entry("masking", '遮盖：每行 {"id","text"}，与入库前同样的遮盖。'),
    "train": Entry(
        "learning", "用语料和复核意见训练一个候选模型，说明启用了会改变什么；不会自动启用。"
    ),
    "backup": Entry("keeping", "备份数据库；可以在运行中备份。不覆盖已有的文件。"),
    "restore": Entry("keeping", "从备份恢复数据库；现有的数据库留在旁边。"),
    "disclose": Entry("disclosure", "看什么、存什么、存多久、谁看、怎样删除、不做什么：可以公开。"),
    "continuity": Entry(
        "continuity", "不间断的证明：近 90 天每一分钟，是否有人值班、来源是否读到、提醒能否发出。"
    ),
    "purge": Entry("forgetting", "清除：到期的原文、提醒和记录；只留数目。可以随时重复运行。"),
    "model": Entry("learning", "判读模型：列出、启用、撤销、看分数和用词有没有变。"),
    "user": Entry("people", "用户：谁能登录，怎样找到他。"),
    "alert": Entry("alerting", "提醒。"),
    "roster": Entry("roster_changes", "值班表。"),
    "source": Entry("sources", "来源：看哪些地方。"),
    "export": Entry("records", "导出。"),
    "report": Entry("reporting", "报告：周、月、季、专项行动；补做往期。"),
    "hold": Entry("forgetting", "保留：办案需要时，线索的原文到期不清除。"),
    "removal": Entry("forgetting", "删除：应要求立即清除一条原文，今后不再读取。"),
}
"""The commands by name, in the order in which they are listed."""


def load_command(name: str) -> Any:
    """Load a command with all that it needs; for the name of a group, the group."""
    holder = typer.Typer()
    import_module(f"monitor.commands.{ENTRIES[name].file}").register(holder)
    return typer.main.get_group(holder).commands[name]


class LoadingGroup(TyperGroup):
    """Lists commands by their entries, and loads the one that is called."""

    def __init__(self, **attributes: Any) -> None:
        """Put an entry where each command will stand."""
        super().__init__(**attributes)
        for name, each in ENTRIES.items():
            self.add_command(TyperCommand(name, help=each.help, hidden=each.hidden))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Put the command itself in the place of its entry before it is called."""
        if args[0] in ENTRIES:
            self.add_command(load_command(args[0]), args[0])
        return super().resolve_command(ctx, args)


app = typer.Typer(
    name="qingxin", cls=LoadingGroup, no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False,
)  # fmt: skip


@app.callback()
def qingxin() -> None:
    """清薪：听见欠薪，几分钟内告诉值班的人，直到工资发到手。"""


def main() -> None:
    """Run the command; our own errors become one line each, never a traceback."""
    forbid_core_dumps()
    try:
        app()
    except SettingsError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)  # noqa: T201 - what a command line says
        raise SystemExit(1) from None
    except MonitorError as error:
        print(f"qingxin: {error}", file=sys.stderr)  # noqa: T201
        raise SystemExit(1) from None
    except BrokenPipeError:
        raise SystemExit(1) from None  # whoever read us has gone; nothing more can be said


if __name__ == "__main__":
    main()

"""`backup`, `restore`: keeping the ledger of a SQLite installation."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from monitor.bootstrap.app import App, build, make_holder, read_clock
from monitor.bootstrap.keeping import read_retention_policy
from monitor.commands.terms import SettingsOption, say
from monitor.domain import SHANGHAI, Removal
from monitor.errors import InputError, StorageError
from monitor.purging import purge, register_again
from monitor.storage.copying import (
    check_copy,
    copy_database,
    find_database_file,
    find_known_versions,
    is_in_use,
    put_back,
    set_aside,
)
from monitor.storage.session import Storage

FileArgument = Annotated[Path, typer.Argument(help="备份文件")]
ForceOption = Annotated[
    bool, typer.Option("--force", help="数据库正在使用、已损坏或版本更新时也恢复")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(file: FileArgument, settings: SettingsOption = None) -> None:
    """备份数据库；可以在运行中备份。不覆盖已有的文件。"""
    copy = copy_database(_find_database(build(settings)), file)
    say(f"已备份，通过完整性检查，{copy.size_bytes:,} 字节，只有本用户可读。")
    typer.echo(str(file))


def restore(
    file: FileArgument, force: ForceOption = False, settings: SettingsOption = None
) -> None:
    """从备份恢复数据库；现有的数据库留在旁边。"""
    built = build(settings)
    database = _find_database(built)
    copy = check_copy(file)
    if database.exists() and file.samefile(database):
        raise InputError(f"{file} 就是正在用的数据库，不是备份")
    if copy.version not in find_known_versions() and not force:
        raise InputError(f"{file} 来自更新的版本（{copy.version}）；先升级清薪，或加 --force")
    if database.exists():
        aside = _keep_aside(database, read_clock(), force=force)
        say(f"现有的数据库留在 {aside}")
    removals = read_removals(built.storage) if database.exists() else []
    put_back(file, database)
    carry_out_again(built, removals)
    say(f"已恢复。{file.name} 之后收到的线索和处置都不在其中；没有发完的提醒会再发。")
    typer.echo(str(database))


def read_removals(storage: Storage) -> list[Removal]:
    """What was removed on request, as far as the present database can still say."""
    try:
        with storage.look() as rows:
            return rows.removals.list_all()
    except StorageError:
        return []
    finally:
        storage.close()


def carry_out_again(built: App, removals: Sequence[Removal]) -> None:
    """Forget anew what a backup brought back: what was removed since, and what is over its time."""
    built.storage.migrate()
    register_again(built.storage, removals)
    policy = read_retention_policy(built.settings)
    purged = purge(built.storage, policy, read_clock(), holder=make_holder())
    built.storage.close()
    if purged.total:
        say(f"备份里到期的或应要求删除过的原文等 {purged.total} 份，已再次清除。")


def _find_database(built: App) -> Path:
    database = find_database_file(built.settings.database.address.get_secret_value())
    if database is None:
        raise InputError("这里用的不是 SQLite 文件；PostgreSQL 请用 pg_dump 备份、pg_restore 恢复")
    return database


def _keep_aside(database: Path, now: datetime, *, force: bool) -> Path:
    """Keep what is there; refuse where that would be a surprise to somebody, unless forced."""
    local = now.astimezone(SHANGHAI)
    aside = database.with_name(f"{database.name}.before-{local:%Y%m%dT%H%M%S}")
    try:
        version, in_use = check_copy(database).version, is_in_use(database)
    except (InputError, StorageError) as error:
        if not force:
            raise InputError(f"现有的数据库读不了（{error}）；加 --force，把它移到旁边") from error
        set_aside(database, aside)
        return aside
    if in_use and not force:
        raise InputError("数据库正在使用；先停下 qingxin，再恢复，或加 --force")
    if version not in find_known_versions() and not force:
        raise InputError(f"现有的数据库来自更新的版本（{version}）；先升级清薪，或加 --force")
    copy_database(database, aside)
    return aside

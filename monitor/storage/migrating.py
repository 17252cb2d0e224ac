"""Alembic, which brings the tables to the newest version; apart, because it takes long to load."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"


def make_config() -> Config:
    """Point alembic at our steps."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def upgrade(connection: Connection) -> None:
    """Take every step that this database has not taken, inside the caller's transaction."""
    config = make_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def downgrade(connection: Connection) -> None:
    """Take every step back; nothing of ours is left."""
    config = make_config()
    config.attributes["connection"] = connection
    command.downgrade(config, "base")


def find_newest_version() -> str | None:
    """Ask alembic which step is the newest."""
    return ScriptDirectory.from_config(make_config()).get_current_head()

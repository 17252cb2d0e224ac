"""Insert or change, in one statement, on both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from monitor.storage.tables import Row


def upsert(
    connection: Connection,
    table: type[Row],
    rows: Sequence[Mapping[str, Any]],
    *,
    keys: Sequence[str],
    changing: Sequence[str] | None = None,
    adding: Sequence[str] = (),
) -> None:
    """Insert rows; where one with these keys is there already, change it.

    Args:
        connection: The transaction.
        table: The table.
        rows: At least one, all with the same columns; keys are unique among them.
        keys: The columns of its primary key or a unique index.
        changing: The columns that take the new value; None for all but the keys.
        adding: The columns to which the new value is added.
    """
    # Whichever dialect: the two inserts have the same methods, and their types no common one.
    make: Any = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgresql
    statement = make(table)
    changed = changing if changing is not None else [n for n in rows[0] if n not in keys]
    new_values = {name: statement.excluded[name] for name in changed}
    for name in adding:
        new_values[name] = table.__table__.c[name] + statement.excluded[name]
    if new_values:
        statement = statement.on_conflict_do_update(index_elements=keys, set_=new_values)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    connection.execute(statement, [dict(row) for row in rows])

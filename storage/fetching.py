"""Rows of a statement as dictionaries, at the price of one statement.

`Database.query` puts a savepoint around each, in case it returns no rows: three statements for one,
at each of which other threads may take over.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlite_utils import Database


def fetch(
    db: Database, sql: str, values: Sequence[Any] | dict[str, Any] = ()
) -> Iterator[dict[str, Any]]:
    """Run a statement that returns rows, inside the open transaction; they come one by one."""
    cursor = db.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)

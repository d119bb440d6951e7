"""Copies of the database, taken while others use it, and the mark by which a copy knows itself.

A copy that is put back does not know what was sent since it was taken: the bot has to see that it
runs on one. The mark is SQLite's own `user_version`, which no schema of ours uses, so that a copy of
any age can carry it: the minute in which it was taken, counted from 1970. It is negative once the copy
is in use, and 0 in a database at work.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

PAGES_AT_ONCE: Final = 500  # 2 MB: seldom enough to cost nothing, often enough to show and to stop
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE: Final = timedelta(minutes=1)

Shown = Callable[[int, int], None]


def copy_into(
    target: Path, source: sqlite3.Connection, now: datetime, shown: Shown = lambda *_: None
) -> None:
    """Copy what `source` sees into this file, and mark it; raises sqlite3.Error.

    A `source` within a transaction that has read sees one moment: others may write meanwhile as much
    as they like, and neither waits for the other. Outside of one, each change of theirs would have
    SQLite begin anew. `shown` is told after each step how many pages are copied, and of how many;
    what it raises ends the copying.
    """
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        source.backup(
            copy, pages=PAGES_AT_ONCE, progress=lambda _, left, total: shown(total - left, total)
        )
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, complete in itself
        _set_mark(copy, abs(_mark(copy)) or (now - _BEGINNING) // _MINUTE)


def copied_at(db: sqlite3.Connection) -> datetime | None:
    """To the minute when this copy was taken; None for a database at work."""
    minutes = abs(_mark(db))
    return _BEGINNING + minutes * _MINUTE if minutes else None


def begin_use(db: sqlite3.Connection) -> None:
    """From now on a write-ahead log beside this file is its own."""
    if (mark := _mark(db)) > 0:
        _set_mark(db, -mark)


def forget_copied(db: sqlite3.Connection) -> None:
    """This copy is the database at work from now on."""
    _set_mark(db, 0)


def is_unused_copy(path: Path) -> bool:
    """Whether the file is a copy as it was made, whatever a write-ahead log beside it says.

    Such a log is another database's. SQLite itself has to read the file: a file that is opened and
    closed in another way loses the locks that this process has on it,
    https://www.sqlite.org/howtocorrupt.html.
    """
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(address, uri=True)) as db:
        return _mark(db) > 0
    return False  # whoever opens it as usual will hear what is wrong with it


def _mark(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _set_mark(db: sqlite3.Connection, mark: int) -> None:
    db.execute(f"PRAGMA user_version = {mark}")

"""Open connections to one SQLite file, lent to one thread at a time."""

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from storage.copies import is_unused_copy

BUSY_TIMEOUT_S: Final = 4.0  # below the 5 s within which Meta wants its answer
CHECKPOINT_PAGES: Final = 4000  # of 4 KiB
Identity = tuple[int, int]


class SqliteConnections:
    """Opening one costs about as much as the work of a small block: those given back are lent again."""

    def __init__(self, path: Path, *, query_only: bool = False) -> None:
        """With `query_only`, a write over these connections is an error."""
        self._path = path
        self._query_only = query_only
        self._idle: deque[tuple[Identity, Database]] = deque()

    @contextmanager
    def lent(self) -> Iterator[Database]:
        """One that nobody else uses meanwhile; raises sqlite3.OperationalError without the file."""
        identity, db = self._take()
        try:
            yield db
        except sqlite3.Error:
            db.conn.close()  # whatever is wrong with it, the next block begins afresh
            raise
        except BaseException:
            self._idle.append((identity, db))
            raise
        self._idle.append((identity, db))

    def close(self) -> None:
        """Close those that nobody uses now."""
        while self._idle:
            self._idle.pop()[1].conn.close()

    def _take(self) -> tuple[Identity, Database]:
        identity = self._identity()
        while self._idle:
            try:
                known, db = self._idle.pop()
            except IndexError:
                break  # another thread took the last one
            if known == identity:
                return identity, db
            db.conn.close()  # the file was replaced: what is written there would be lost
        return self._open()

    def _open(self) -> tuple[Identity, Database]:
        self._refuse_another_databases_log()
        # "rw": a file that has vanished is an error, not a new and empty database.
        address = f"{self._path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(
            address, uri=True, timeout=BUSY_TIMEOUT_S, check_same_thread=False
        )
        connection.execute("PRAGMA foreign_keys = ON")
        # What was answered 200 survives a power cut.
        connection.execute("PRAGMA synchronous = FULL")
        # Fewer, larger checkpoints: at each the writer waits for the disk several times.
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        connection.execute(f"PRAGMA query_only = {self._query_only:d}")
        return self._identity() or (0, 0), Database(connection, execute_plugins=False)

    def _refuse_another_databases_log(self) -> None:
        """A backup in the place of a database whose log was left: SQLite would write that into it."""
        log = self._path.with_name(f"{self._path.name}-wal")
        if log.exists() and is_unused_copy(self._path):
            raise sqlite3.OperationalError(
                f"{log.name} was left by another database: move it and {self._path.name}-shm away"
            )

    def _identity(self) -> Identity | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

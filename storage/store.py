"""Transactions, nowhere else: `Store.read()`, `Store.write()`; and bringing the file up to date."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from filelock import FileLock, Timeout
from sqlite_utils import Database, Migrations

from storage.connections import BUSY_TIMEOUT_S, SqliteConnections
from storage.copies import begin_use, copy_into
from storage.migrations import MIGRATIONS
from storage.turns import Turns

WORTH_COUNTING_S: Final = 0.1
Schema = Literal["new", "older", "current"]


class StoreError(Exception):
    """The database cannot be used as it is; the text says what to do."""


class Store:
    """One SQLite file. Any thread may use it; connections are kept open between the blocks."""

    def __init__(self, path: Path, migrations: Migrations = MIGRATIONS) -> None:
        self.path = path
        self._migrations = migrations
        self._readers = SqliteConnections(path, query_only=True)
        self._writers = SqliteConnections(path)
        # Threads of one process take turns here: SQLite itself would have them sleep and try again.
        self._writers_turn = Turns()

    @contextmanager
    def read(self) -> Iterator[Database]:
        """A consistent view; a write inside is an error, not a change that gets lost."""
        with self._readers.lent() as db:
            db.conn.execute("BEGIN")
            try:
                yield db
            finally:
                db.conn.rollback()

    @contextmanager
    def write(self, waiting_since: float | None = None) -> Iterator[Database]:
        """One transaction: all of it, or none of it. It takes the writer's turn at once.

        Raises sqlite3.OperationalError when its turn does not come within BUSY_TIMEOUT_S of now, or of
        `waiting_since`, a monotonic time.
        """
        asked_at = waiting_since or time.monotonic()
        patience_s = max(0.0, asked_at + BUSY_TIMEOUT_S - time.monotonic())
        if not self._writers_turn.acquire(patience_s):
            raise sqlite3.OperationalError("database is locked")
        try:
            with self._transaction(time.monotonic() - asked_at) as db:
                yield db
        finally:
            self._writers_turn.release()

    @contextmanager
    def _transaction(self, waited_s: float) -> Iterator[Database]:
        with self._writers.lent() as db:
            with _patience(db, waited_s):
                db.conn.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.conn.rollback()
                raise
            db.conn.commit()

    def close(self) -> None:
        """Let go of the connections that are kept open; the next block opens a new one."""
        self._readers.close()
        self._writers.close()

    def migrate(self, now: datetime) -> Path | None:
        """Bring the schema up to date; returns where a copy of the older file was kept, if it was.

        Raises StoreError when the file is no database, cannot be written, or is newer than this code.
        """
        with self._told_plainly():
            _create_private(self.path)
            kept = self._migrate(now)
            self.close()  # another schema than its statements were made for
            return kept

    def schema(self) -> Schema:
        """What `migrate` would find; raises StoreError as it does, and changes nothing."""
        if not self.path.exists():
            return "new"
        with self._told_plainly(), self._readers.lent() as db:
            return self._schema_of(db)

    @contextmanager
    def _told_plainly(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.DatabaseError, OSError) as error:
            raise StoreError(
                f"The database {self.path} cannot be used ({error}). Check DATABASE_PATH, the folder's "
                "permissions and the free space; if the file is damaged, restore a backup."
            ) from error

    def _migrate(self, now: datetime) -> Path | None:
        with self._writers.lent() as db:
            kept = self._keep_copy(now) if self._schema_of(db) == "older" else None
            begin_use(db.conn)
            db.enable_wal()
            self._migrations.apply(db)
            return kept

    def _schema_of(self, db: Database) -> Schema:
        applied = {step.name for step in self._migrations.applied(db)}
        if applied - known_steps(self._migrations):
            raise StoreError(
                f"The database {self.path} was written by a newer Tagwise. "
                "Install that version again, or point DATABASE_PATH to another file."
            )
        if not applied and db.table_names():
            raise StoreError(
                f"{self.path} is a database of another program. Point DATABASE_PATH elsewhere."
            )
        if not applied:
            return "new"
        return "older" if self._migrations.pending(db) else "current"

    def _keep_copy(self, now: datetime) -> Path:
        copy = self.path.with_name(f"{self.path.name}.before-{now:%Y%m%dT%H%M%S}")
        _create_private(copy)
        with self._readers.lent() as db:
            copy_into(copy, db.conn, now)
        return copy

    @contextmanager
    def sole_user(self) -> Iterator[None]:
        """Hold the database for one process; raises StoreError when another one has it."""
        lock_path = self.path.with_name(f"{self.path.name}.lock")
        lock = FileLock(lock_path, mode=0o600)
        try:
            _create_private(lock_path)  # a folder that cannot be written looks like a held lock
            lock.acquire(timeout=0)
        except Timeout:
            raise StoreError(
                f"Another Tagwise is already running on {self.path}. Two would share one outbox: "
                "stop the other one, or give this one its own DATABASE_PATH."
            ) from None
        except OSError as error:
            raise StoreError(
                f"The folder of {self.path} cannot be written ({error}). Check DATABASE_PATH."
            ) from error
        try:
            yield
        finally:
            lock.release()


@contextmanager
def _patience(db: Database, waited_s: float) -> Iterator[None]:
    """Wait less for other processes where the turn itself was long in coming."""
    if waited_s < WORTH_COUNTING_S:
        yield
        return
    db.conn.execute(f"PRAGMA busy_timeout = {max(1, int((BUSY_TIMEOUT_S - waited_s) * 1000))}")
    try:
        yield
    finally:
        db.conn.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT_S * 1000)}")


def known_steps(migrations: Migrations) -> frozenset[str]:
    """The names of all of them."""
    with closing(sqlite3.connect(":memory:")) as empty:
        return frozenset(step.name for step in migrations.pending(Database(empty)))


def _create_private(path: Path) -> None:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))

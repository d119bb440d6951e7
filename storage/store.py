"""Connections and transactions, nowhere else: `Store.read()`, `Store.write()`, and opening the file."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from filelock import FileLock, Timeout
from sqlite_utils import Database, Migrations

from storage.migrations import MIGRATIONS

Schema = Literal["new", "older", "current"]
BUSY_TIMEOUT_S: Final = 4.0  # below the 5 s within which Meta wants its answer


class StoreError(Exception):
    """The database cannot be used as it is; the text says what to do."""


class Store:
    """One SQLite file. Any thread may use it: a connection lives as long as its block."""

    def __init__(self, path: Path, migrations: Migrations = MIGRATIONS) -> None:
        self.path = path
        self._migrations = migrations

    @contextmanager
    def read(self) -> Iterator[Database]:
        """A consistent view; a write inside is an error, not a change that gets lost."""
        with self._connect() as db:
            db.execute("PRAGMA query_only = ON")
            db.execute("BEGIN")
            yield db

    @contextmanager
    def write(self) -> Iterator[Database]:
        """One transaction: all of it, or none of it. It takes the writer's turn at once."""
        with self._connect() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.rollback()
                raise
            db.commit()

    @contextmanager
    def _connect(self) -> Iterator[Database]:
        with closing(self._open()) as connection:
            db = Database(connection, execute_plugins=False)
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("PRAGMA synchronous = FULL")  # what was answered 200 survives a power cut
            yield db

    def _open(self) -> sqlite3.Connection:
        # "rw": a file that has vanished is an error, not a new and empty database.
        address = f"{self.path.absolute().as_uri()}?mode=rw"
        return sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT_S)

    def migrate(self, now: datetime) -> Path | None:
        """Bring the schema up to date; returns where a copy of the older file was kept, if it was.

        Raises StoreError when the file is no database, cannot be written, or is newer than this code.
        """
        with self._told_plainly():
            _create_private(self.path)
            return self._migrate(now)

    def schema(self) -> Schema:
        """What `migrate` would find; raises StoreError as it does, and changes nothing."""
        if not self.path.exists():
            return "new"
        with self._told_plainly(), self._connect() as db:
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
        with self._connect() as db:
            kept = self._keep_copy(now) if self._schema_of(db) == "older" else None
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
        with self._connect() as db, closing(sqlite3.connect(copy)) as target:
            db.conn.backup(target)
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


def known_steps(migrations: Migrations) -> frozenset[str]:
    """The names of all of them."""
    with closing(sqlite3.connect(":memory:")) as empty:
        return frozenset(step.name for step in migrations.pending(Database(empty)))


def _create_private(path: Path) -> None:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))

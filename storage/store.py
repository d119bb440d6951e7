"""Connections and transactions, nowhere else: `Store.read()`, `Store.write()`, and opening the file."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout
from sqlite_utils import Database

from storage.migrations import MIGRATIONS

BUSY_TIMEOUT_S: Final = 4.0  # below the 5 s within which Meta wants its answer


class StoreError(Exception):
    """The database cannot be used as it is; the text says what to do."""


class Store:
    """One SQLite file. Any thread may use it: a connection lives as long as its block."""

    def __init__(self, path: Path) -> None:
        self.path = path

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
        with closing(sqlite3.connect(self.path, timeout=BUSY_TIMEOUT_S)) as connection:
            db = Database(connection, execute_plugins=False)
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("PRAGMA synchronous = FULL")  # what was answered 200 survives a power cut
            yield db

    def migrate(self, now: datetime) -> Path | None:
        """Bring the schema up to date; returns where a copy of the older file was kept, if it was.

        Raises StoreError when the file is no database, cannot be written, or is newer than this code.
        """
        try:
            _create_private(self.path)
            return self._migrate(now)
        except (sqlite3.DatabaseError, OSError) as error:
            raise StoreError(
                f"The database {self.path} cannot be used ({error}). Check DATABASE_PATH, the folder's "
                "permissions and the free space; if the file is damaged, restore a backup."
            ) from error

    def _migrate(self, now: datetime) -> Path | None:
        with self._connect() as db:
            applied = {step.name for step in MIGRATIONS.applied(db)}
            pending = MIGRATIONS.pending(db)
            if applied - known_steps():
                raise StoreError(
                    f"The database {self.path} was written by a newer Tagwise. "
                    "Install that version again, or point DATABASE_PATH to another file."
                )
            if not applied and db.table_names():
                raise StoreError(
                    f"{self.path} is a database of another program. Point DATABASE_PATH elsewhere."
                )
            kept = self._keep_copy(now) if applied and pending else None
            db.enable_wal()
            MIGRATIONS.apply(db)
            return kept

    def _keep_copy(self, now: datetime) -> Path:
        copy = self.path.with_name(f"{self.path.name}.before-{now:%Y%m%dT%H%M%S}")
        _create_private(copy)
        with self._connect() as db, closing(sqlite3.connect(copy)) as target:
            db.conn.backup(target)
        return copy

    @contextmanager
    def sole_user(self) -> Iterator[None]:
        """Hold the database for one process; raises StoreError when another one has it."""
        lock = FileLock(f"{self.path}.lock", mode=0o600)
        try:
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


def known_steps() -> frozenset[str]:
    """The names of every migration that this code has."""
    with closing(sqlite3.connect(":memory:")) as empty:
        return frozenset(step.name for step in MIGRATIONS.pending(Database(empty)))


def _create_private(path: Path) -> None:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))

"""A backup: a copy taken while the bot runs, looked through, and only then given its name."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from storage.copies import Shown, copied_at, copy_into
from storage.store import Store, StoreError

BESIDE: Final = ("-wal", "-shm", "-journal")  # what SQLite takes for a part of the file they name
LOCK: Final = ".lock"
DAMAGED: Final = (
    "No backup was made, because the database is damaged ({}). Keep your older backups: the last "
    "good one has to be restored."
)


class CannotBegin(Exception):
    """FILE or the database is not what it has to be; the text says what to do."""


class NoBackup(Exception):
    """It could not be done; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A complete backup: how many rows each table has, and its size in bytes."""

    rows: Mapping[str, int]
    size: int


def back_up(
    store: Store,
    file: Path,
    *,
    now: datetime,
    force: bool = False,
    shown: Shown = lambda *_: None,
    checking: Callable[[], None] = lambda: None,
) -> Backup:
    """Make this file a backup of the database; with `force` it may take an existing one's place.

    Until the copy is complete and was looked through, nothing has its name. `shown` is told of the
    progress, `checking` when the looking through begins. Raises CannotBegin, NoBackup.
    """
    _check_source(store)
    _check_place(store.path, file, force=force)
    with _told_plainly(file), _unfinished(file) as copy:
        with store.read() as db:
            rows = _row_counts(db)  # a transaction sees one moment from its first look on
            copy_into(copy, db.conn, now, shown)
        checking()
        _look_through(copy, rows)
        size = copy.stat().st_size
        _sync(copy)
        if not force:
            _reserve(file)
        copy.replace(file)
        _sync(file.parent)
    return Backup(rows, size)


def _check_source(store: Store) -> None:
    try:
        schema = store.schema()
    except StoreError as error:
        raise CannotBegin(str(error)) from None
    if schema == "new":
        raise CannotBegin(
            f"There is nothing to back up at {store.path} yet. Check DATABASE_PATH, and the folder "
            "from which you call."
        )


def _check_place(database: Path, file: Path, *, force: bool) -> None:
    if not file.parent.is_dir():
        raise CannotBegin(f"There is no folder {file.parent}: make it, or name a file elsewhere.")
    if file.is_dir():
        raise CannotBegin(f"{file} is a folder: name a file in it.")
    own = {_beside(database.resolve(), end) for end in ("", *BESIDE, LOCK)}
    if file.resolve() in own:
        raise CannotBegin(f"{file} belongs to the database itself: name another file.")
    if os.path.lexists(file) and not force:
        raise _in_the_way(file)
    for left in (_beside(file, end) for end in BESIDE):
        if left.exists():
            raise CannotBegin(
                f"{left} lies there from an earlier use of {file.name}, and SQLite would take it for "
                "a part of the backup: move it away, or name another file."
            )


def _beside(file: Path, end: str) -> Path:
    return file.with_name(file.name + end)


def _in_the_way(file: Path) -> CannotBegin:
    return CannotBegin(f"{file} exists: name another file, or replace it with --force.")


def _reserve(file: Path) -> None:
    """Take the name, unless somebody else did while the copy was made."""
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise _in_the_way(file) from None


@contextmanager
def _told_plainly(file: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.OperationalError, OSError) as error:
        raise NoBackup(
            f"No backup was made ({error}): see that {file.parent} can be written and has room for a "
            "second copy of the database."
        ) from error
    except sqlite3.DatabaseError as error:
        raise NoBackup(DAMAGED.format(error)) from error


@contextmanager
def _unfinished(file: Path) -> Iterator[Path]:
    """A file of its own in the same folder, for its owner alone; whatever is left of it goes."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    os.close(handle)
    copy = Path(name)
    try:
        yield copy
    finally:
        for left in (_beside(copy, end) for end in ("", *BESIDE)):
            with suppress(FileNotFoundError):
                left.unlink()


def _look_through(copy: Path, rows: Mapping[str, int]) -> None:
    """Open the copy as the bot would; raises NoBackup when it is not what was copied."""
    store = Store(copy)
    try:
        store.schema()
        with store.read() as db:
            faults = [row[0] for row in db.execute("PRAGMA integrity_check(1)")]
            if faults != ["ok"]:
                raise NoBackup(DAMAGED.format(faults[0]))
            if _row_counts(db) != rows or copied_at(db.conn) is None:
                raise NoBackup("No backup was made: the copy differs from the database. Try again.")
    except StoreError as error:
        raise NoBackup(f"No backup was made: the copy cannot be opened ({error})") from None
    finally:
        store.close()


def _row_counts(db: Database) -> dict[str, int]:
    return {name: db.table(name).count for name in db.table_names()}


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

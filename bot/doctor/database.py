"""Checks of the SQLite file: its schema, who may read it, and the space left for it."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.doctor.finding import Finding, fail, ok, warn
from storage.store import Store, StoreError

MEGABYTE: Final = 1024 * 1024
LITTLE_SPACE: Final = 500 * MEGABYTE
NO_SPACE: Final = 20 * MEGABYTE
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def database_findings(store: Store) -> Iterator[Finding]:
    """Everything about the file at DATABASE_PATH, whether it is there yet or not."""
    yield _schema(store)
    yield _access(store.path)
    if store.path.parent.is_dir():
        yield disk_space(shutil.disk_usage(store.path.parent).free)


def _schema(store: Store) -> Finding:
    path = store.path
    try:
        schema = store.schema()
    except StoreError as error:
        return fail("Database", str(error))
    if schema == "new":
        return ok("Database", f"{path} will be made when the bot starts.")
    if schema == "older":
        return ok(
            "Database",
            f"{path} is of an older Tagwise: the next start keeps a copy and brings it up to date.",
        )
    return ok("Database", f"{path} is up to date.")


def _access(path: Path) -> Finding:
    title, folder = "Database file", path.parent
    if not folder.is_dir():
        return fail(title, f"There is no folder {folder}: make it, or change DATABASE_PATH.")
    if not os.access(folder, os.W_OK | os.X_OK):
        return fail(
            title, f"This user cannot write in {folder}: SQLite keeps files beside its own."
        )
    if not path.exists():
        return ok(title, "Its folder can be written.")
    if not os.access(path, os.R_OK | os.W_OK):
        return fail(title, f"This user cannot write {path}: see who owns it.")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & OTHERS:
        return warn(
            title,
            f"Others on this machine can read it (mode {mode:04o}) and it holds customers' data: "
            f"chmod 600 {path}",
        )
    return ok(title, "Can be written, by this user alone.")


def disk_space(free: int) -> Finding:
    """Whether there is room to go on; `free` is in bytes."""
    left = f"{free // MEGABYTE:,} MB are free where the database is"
    if free < NO_SPACE:
        return fail("Disk space", f"Only {left}: nothing more can be recorded. Make room.")
    if free < LITTLE_SPACE:
        return warn("Disk space", f"Only {left}: make room soon.")
    return ok("Disk space", f"{left}.")

"""What `doctor` says of the SQLite file."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from bot.doctor.database import LITTLE_SPACE, NO_SPACE, database_findings, disk_space
from storage.store import Store
from tests.commands.installation import Setup

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def step(db: Database) -> None:
    db.execute("CREATE TABLE IF NOT EXISTS things (id INTEGER)")


def steps(*names: str) -> Migrations:
    migrations = Migrations("tagwise")
    for name in names:
        migrations(name=name)(step)
    return migrations


def found(store: Store) -> dict[str, tuple[str, str]]:
    return {one.name: (one.level, one.sentence) for one in database_findings(store)}


def test_a_file_that_is_not_there_yet_will_be_made(tmp_path: Path) -> None:
    path = tmp_path / "tagwise.db"

    assert found(Store(path))["Database"] == ("ok", f"{path} will be made when the bot starts.")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_brought_up_to_date_is_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "tagwise.db")
    store.migrate(NOW)
    report = found(store)

    assert report["Database"] == ("ok", f"{store.path} is up to date.")
    assert report["Database file"] == ("ok", "Can be written, by this user alone.")


def test_an_older_file_will_be_brought_up_to_date_and_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "tagwise.db"
    Store(path, steps("one")).migrate(NOW)
    newer = Store(path, steps("one", "two"))

    level, sentence = found(newer)["Database"]
    assert (level, "older Tagwise" in sentence) == ("ok", True)
    assert newer.schema() == "older"


def test_a_file_of_a_newer_tagwise_fails(tmp_path: Path) -> None:
    path = tmp_path / "tagwise.db"
    Store(path, steps("one", "two")).migrate(NOW)

    level, sentence = found(Store(path, steps("one")))["Database"]
    assert (level, "newer Tagwise" in sentence) == ("fail", True)


def test_a_database_of_another_program_fails(setup: Setup) -> None:
    with closing(sqlite3.connect(setup.database)) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")

    level, sentence = setup.doctor().of("Database")
    assert (level, "another program" in sentence) == ("fail", True)


@pytest.mark.parametrize("content", [b"not a database at all" * 100, None])
def test_what_is_no_database_fails(setup: Setup, content: bytes | None) -> None:
    if content is None:
        setup.database.mkdir()
    else:
        setup.database.write_bytes(content)

    level, sentence = setup.doctor().of("Database")
    assert (level, "cannot be used" in sentence) == ("fail", True)


def test_a_file_that_others_can_read_is_warned_of(setup: Setup) -> None:
    Store(setup.database).migrate(NOW)
    setup.database.chmod(0o640)

    level, sentence = setup.doctor().of("Database file")
    assert level == "warn"
    assert sentence.endswith(f"chmod 600 {setup.database}")


def test_a_folder_that_is_not_there_fails(setup: Setup) -> None:
    report = setup.doctor(DATABASE_PATH=str(setup.database.parent / "no" / "tagwise.db"))

    assert report.of("Database file")[0] == "fail"
    assert "Disk space" not in report.names()


@pytest.mark.parametrize(
    ("free", "level"),
    [(0, "fail"), (NO_SPACE - 1, "fail"), (NO_SPACE, "warn"), (LITTLE_SPACE, "ok")],
)
def test_little_space_is_warned_of_and_none_fails(free: int, level: str) -> None:
    assert disk_space(free).level == level

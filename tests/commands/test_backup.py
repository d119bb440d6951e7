"""`tagwise backup`: a copy of a database at work, whole, private, never in the place of another file."""

import os
import pty
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result

from storage import contacts
from storage.backup import CannotBegin, back_up
from storage.copies import copied_at
from storage.store import Store
from tests.commands.running import run
from tests.house import until

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    (tmp_path / "bot").mkdir()
    made = Store(tmp_path / "bot" / "tagwise.db")
    made.migrate(NOW)
    add_people(made, 3)
    return made


def add_people(store: Store, count: int) -> None:
    with store.write() as db:
        for number in range(count):
            contacts.ensure(db, "1", str(number), "messenger", NOW)


def fill(store: Store, megabytes: int) -> None:
    """Make the database so large, with answers to other systems."""
    with store.write() as db:
        db.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            " INSERT INTO draft_requests SELECT i, 'hash', 201, hex(randomblob(512)), '' FROM n",
            [megabytes * 1000],
        )


def backup(store: Store, file: Path, *options: str) -> Result:
    return run("backup", str(file), *options, env={"DATABASE_PATH": str(store.path)})


def people_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as db:
        return int(db.execute("SELECT count(*) FROM contacts").fetchone()[0])


def started(store: Store, file: Path, before: str = "pass") -> list[str]:
    """The command in a process of its own; `before` is done in it first."""
    code = f"{before}; from bot.__main__ import main; main(['backup', {str(file)!r}, '--force'])"
    return ["env", f"DATABASE_PATH={store.path}", f"PYTHONPATH={ROOT}", sys.executable, "-c", code]


def test_a_backup_is_one_private_file_with_everything_in_it(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    result = backup(store, file)
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"{file} is complete" in result.stdout
    assert "3 people, 0 drafts, 0 messages" in result.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.db", "bot"]
    assert Store(file).schema() == "current"
    assert people_in(file) == 3
    with closing(
        sqlite3.connect(file)
    ) as db:  # so that it can be read where nothing can be written
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_the_copy_shows_one_moment_however_much_is_written_meanwhile(
    store: Store, tmp_path: Path
) -> None:
    fill(store, 12)
    add_people(store, 10)
    seen: list[int] = []

    def write_meanwhile(done: int, total: int) -> None:
        seen.append(done)
        with store.write() as db:
            contacts.ensure(db, "2", str(len(seen)), "messenger", NOW)
        assert len(seen) < 50, "it begins anew with every change"

    made = back_up(store, tmp_path / "backup.db", now=NOW, shown=write_meanwhile)
    assert len(seen) > 5
    assert seen == sorted(set(seen))
    assert made.rows["contacts"] == people_in(tmp_path / "backup.db") == 10
    assert people_in(store.path) == 10 + len(seen)


def test_an_existing_file_is_replaced_only_when_asked_to(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    file.write_text("an older backup")
    result = backup(store, file)
    assert (result.exit_code, file.read_text()) == (2, "an older backup")
    assert "exists" in result.stderr
    assert "--force" in result.stderr
    assert backup(store, file, "--force").exit_code == 0
    assert people_in(file) == 3


def test_a_file_that_appears_meanwhile_stays_as_it_is(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"

    def another_appears() -> None:
        file.write_text("another's")

    with pytest.raises(CannotBegin, match="exists"):
        back_up(store, file, now=NOW, checking=another_appears)
    assert file.read_text() == "another's"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.db", "bot"]


@pytest.mark.parametrize("name", ["tagwise.db", "tagwise.db-wal", "tagwise.db.lock", "link.db"])
def test_the_database_itself_is_never_written_over(store: Store, name: str) -> None:
    (store.path.parent / "link.db").symlink_to(store.path)
    result = backup(store, store.path.parent / name, "--force")
    assert result.exit_code == 2
    assert "belongs to the database itself" in result.stderr
    assert people_in(store.path) == 3


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("nowhere/backup.db", "There is no folder"),
        ("bot", "is a folder: name a file in it"),
        ("used.db", "used.db-wal lies there from an earlier use"),
    ],
)
def test_a_place_that_cannot_be_is_said_plainly(
    store: Store, tmp_path: Path, file: str, said: str
) -> None:
    (tmp_path / "used.db-wal").write_text("")
    result = backup(store, tmp_path / file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_without_a_database_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    result = backup(Store(tmp_path / "tagwise.db"), tmp_path / "backup.db")
    assert result.exit_code == 2
    assert "nothing to back up" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_of_ours_is_no_backup(store: Store, tmp_path: Path) -> None:
    diary, recipes = tmp_path / "diary.txt", tmp_path / "recipes.db"
    diary.write_text("Dear diary, " * 1000)
    with closing(sqlite3.connect(recipes)) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
    for path, said in ((diary, "cannot be used"), (recipes, "another program")):
        result = backup(Store(path), tmp_path / "backup.db")
        assert (result.exit_code, said in result.stderr) == (2, True)
    assert not (tmp_path / "backup.db").exists()


def test_a_damaged_database_does_not_replace_a_good_backup(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    assert backup(store, file).exit_code == 0
    with closing(sqlite3.connect(store.path)) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute(
            "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema"
            " WHERE name = 'drafts_by_state') WHERE name = 'contacts_without_name'"
        )
        db.commit()
    store.close()
    result = backup(store, file, "--force")
    assert result.exit_code == 1
    assert "the database is damaged" in result.stderr
    assert people_in(file) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.db", "bot"]


def test_no_room_is_said_and_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    fill(store, 2)
    store.close()
    file = tmp_path / "backup.db"
    file.write_text("an older backup")
    small = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))"
    command = started(store, file, small)
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert "No backup was made" in done.stderr
    assert f"see that {tmp_path} can be written and has room" in done.stderr
    assert file.read_text() == "an older backup"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.db", "bot"]


def test_ctrl_c_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    fill(store, 30)
    store.close()
    slowly = "import storage.copies; storage.copies.PAGES_AT_ONCE = 1"
    command = started(store, tmp_path / "backup.db", slowly)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        until(lambda: list(tmp_path.glob(".backup.db.*")), 20)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert said == "Stopped: no backup was made.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["bot"]


def test_a_person_at_a_terminal_sees_how_far_it_is(store: Store, tmp_path: Path) -> None:
    fill(store, 20)
    store.close()
    mine, theirs = pty.openpty()
    command = ["env", "TERM=xterm", *started(store, tmp_path / "backup.db")]
    with subprocess.Popen(command, stderr=theirs, stdout=subprocess.PIPE) as process:
        os.close(theirs)
        seen = b""
        with suppress(OSError):  # how a terminal ends
            while more := os.read(mine, 65536):
                seen += more
        assert process.wait(60) == 0
    os.close(mine)
    assert b"Copying" in seen
    assert b"100%" in seen


def test_a_copy_knows_that_it_is_one_and_since_when(store: Store, tmp_path: Path) -> None:
    first, second = tmp_path / "first.db", tmp_path / "second.db"
    back_up(store, first, now=NOW + timedelta(seconds=59))
    back_up(Store(first), second, now=NOW + timedelta(days=1))
    for path, taken in ((store.path, None), (first, NOW), (second, NOW)):
        with closing(sqlite3.connect(path)) as db:
            assert copied_at(db) == taken


def test_the_help_says_how_to_restore() -> None:
    said = " ".join(run("backup", "--help").stdout.split())
    assert "stop the bot, put FILE in the place of DATABASE_PATH" in said
    assert "sends nothing twice by itself" in said

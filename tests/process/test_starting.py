"""What a start refuses, with one clear message and exit code 2; and what it keeps safe."""

import json
import socket
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from storage.migrations import MIGRATIONS
from storage.store import Store, StoreError
from tests.house import ADA, until
from tests.process.running import Site, free_port, start

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def _later_migrations() -> Migrations:
    """What the next version of Tagwise may bring: every step of today's, and one more."""
    later = Migrations(MIGRATIONS.name)
    with closing(sqlite3.connect(":memory:")) as empty:
        for step in MIGRATIONS.pending(Database(empty)):
            later(name=step.name)(step.fn)

    @later()
    def m999_something_new(db: Database) -> None:
        db.execute("ALTER TABLE contacts ADD COLUMN shoe_size INTEGER")

    return later


def _refused(site: Site, **changes: str | None) -> str:
    """What the bot says when it does not start."""
    bot = site.start(**changes)
    assert bot.ended() == 2
    assert "Traceback" not in bot.log
    return bot.log


def test_half_a_set_of_credentials_names_all_that_is_missing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-practice\nPAGE_ID=1\n")
    bot = start({}, tmp_path)
    assert bot.ended() == 2
    for name in (
        "SLACK_APP_TOKEN",
        "SLACK_SIGNING_SECRET",
        "APPROVALS_CHANNEL",
        "PAGE_ACCESS_TOKEN",
        "APP_SECRET",
        "VERIFY_TOKEN",
    ):
        assert name in bot.log
    assert "SLACK_BOT_TOKEN" not in bot.log


def test_wrong_settings_are_all_named_at_once(site: Site) -> None:
    said = _refused(
        site,
        SLACK_BOT_TOKEN="wrong",
        PORT="99999",
        SEND_RATE="-1",
        POLICY_EDITION="1999-01",
        GRAPH_API_URL="ftp://x",
        LOG_FORMAT="xml",
    )
    for name in ("SLACK_BOT_TOKEN", "PORT", "SEND_RATE", "POLICY_EDITION", "GRAPH_API_URL"):
        assert name in said
    assert "LOG_FORMAT" in said


def test_a_second_process_on_the_same_database_is_refused(site: Site) -> None:
    first = site.run()
    assert "Another Tagwise is already running" in _refused(site)
    assert site.health(first).status_code == 200
    first.kill()
    site.run()  # a killed process leaves no lock behind


def test_a_port_that_is_taken_is_named(site: Site) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        assert f"127.0.0.1:{port}" in _refused(site, PORT=str(port))


@pytest.mark.parametrize("host", ["192.0.2.1", "*", "nobody.invalid"])
def test_a_host_that_is_not_ours_is_named(site: Site, host: str) -> None:
    assert f"cannot listen on {host}:" in _refused(site, HOST=host, PORT=str(free_port()))


def test_a_newer_database_is_refused_and_left_as_it_is(site: Site) -> None:
    Store(site.database, _later_migrations()).migrate(NOW)
    before = site.database.read_bytes()
    assert "newer Tagwise" in _refused(site)
    assert site.database.read_bytes() == before


def test_an_older_database_is_brought_up_to_date_and_a_copy_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "tagwise.db"
    today, later = Store(path), Store(path, _later_migrations())
    assert today.migrate(NOW) is None
    assert today.migrate(NOW) is None
    with today.write() as db:
        db.execute(
            "INSERT INTO contacts (page_id, psid, channel, created_at) VALUES ('1', '2', 'messenger', '')"
        )
    copy = later.migrate(NOW)
    assert copy is not None
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert later.migrate(NOW) is None
    with later.read() as db:
        assert next(db.query("SELECT psid, shoe_size FROM contacts")) == {
            "psid": "2",
            "shoe_size": None,
        }
    with pytest.raises(StoreError, match="newer"):
        today.migrate(NOW)
    kept = Store(copy)
    assert kept.migrate(NOW) is None
    with kept.read() as db:
        assert next(db.query("SELECT psid FROM contacts"))["psid"] == "2"


def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tagwise.db"
    Store(path).migrate(NOW)
    broken = _later_migrations()

    @broken()
    def m1000_broken(db: Database) -> None:
        db.execute("ALTER TABLE contacts ADD COLUMN hat_size INTEGER")
        db.execute("NONSENSE")

    with pytest.raises(StoreError, match="cannot be used"):
        Store(path, broken).migrate(NOW)
    assert Store(path, _later_migrations()).migrate(NOW) is None
    with Store(path).read() as db:
        assert "hat_size" not in db["contacts"].columns_dict


def test_the_database_of_another_program_is_left_alone(site: Site) -> None:
    with closing(sqlite3.connect(site.database)) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
        db.commit()
    before = site.database.read_bytes()
    assert "another program" in _refused(site)
    assert site.database.read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(site: Site) -> None:
    site.database.write_text("Dear diary, " * 1000)
    assert "cannot be used" in _refused(site)
    assert site.database.read_text() == "Dear diary, " * 1000


@pytest.mark.parametrize("inside", ["nowhere", "file"])
def test_a_folder_that_does_not_exist_is_named(site: Site, inside: str) -> None:
    (site.folder / "file").write_text("")
    path = site.folder / inside / "tagwise.db"
    assert f"The folder of {path} cannot be written" in _refused(site, DATABASE_PATH=str(path))


@pytest.mark.skipif(
    not Path("/proc").is_dir(), reason="needs a folder that not even root may write"
)
def test_a_folder_that_is_read_only_is_named(site: Site) -> None:
    said = _refused(site, DATABASE_PATH="/proc/tagwise.db")
    assert "The folder of /proc/tagwise.db cannot be written" in said


def test_the_record_can_be_read_by_its_owner_alone(site: Site) -> None:
    bot = site.run()
    site.graph.person(ADA).writes("Hi")
    assert bot.end() == 0
    left = list(site.folder.glob("tagwise.db*"))
    assert site.database in left
    for path in left:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name


def test_every_line_of_the_json_log_is_json(site: Site) -> None:
    bot = site.run(LOG_LEVEL="DEBUG")
    site.graph.person(ADA).writes("Hi")
    assert bot.end() == 0
    for entry in [json.loads(line) for line in bot.lines]:
        assert {"event", "level", "timestamp"} <= set(entry)
    assert "stopped" in [entry["event"] for entry in bot.events()]


def test_the_console_log_is_for_people(site: Site) -> None:
    bot = site.start(LOG_FORMAT="console")
    until(lambda: "running" in bot.log)
    assert bot.end() == 0
    assert "{" not in bot.log


def test_health_says_when_the_database_is_gone(site: Site) -> None:
    bot = site.run()
    assert site.health(bot).status_code == 200
    for path in list(site.folder.glob("tagwise.db*")):
        path.rename(path.with_suffix(".away"))
    answer = site.health(bot)
    assert answer.status_code == 503
    assert "database" in answer.json()["error"]
    assert not site.database.exists()
    assert bot.end() == 0

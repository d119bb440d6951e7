"""A backup taken from a bot at work, and put back after that bot is gone: nothing is sent twice."""

import json
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.house import ADA, until
from tests.process.running import ROOT, Bot, Site, environment

DUE = "2026-01-01T00:00:00.000000Z"
COUNT = 300


def _queue(site: Site) -> None:
    """So many approved messages to Ada, due at once: written to the database of a stopped bot."""
    bot = site.run()
    site.graph.person(ADA).writes("Hi")
    assert bot.end() == 0
    with closing(sqlite3.connect(site.database)) as db:
        for number in range(1, COUNT + 1):
            message = json.dumps({"text": f"MESSAGE-TEXT-MARK {number}"})
            ben, channel = site.ben.id, site.approvals.id
            db.execute(
                "INSERT INTO drafts (id, author, message, facts, state, needs_second_person,"
                " decided_by, decided_at, card_channel, created_at)"
                " VALUES (?, ?, ?, '{}', 'approved', 0, ?, ?, ?, ?)",
                [number, ben, message, ben, DUE, channel, DUE],
            )
            db.execute(
                "INSERT INTO deliveries (draft_id, contact_id, page_id, due_at, try_at, scheduled,"
                " state, changed_at) SELECT ?, id, page_id, ?, ?, 0, 'pending', ? FROM contacts",
                [number, DUE, DUE, DUE],
            )
        db.commit()


@contextmanager
def _writing(site: Site) -> Iterator[None]:
    """Ada writes all the time."""
    enough = threading.Event()

    def write() -> None:
        while not enough.wait(0.02):
            site.graph.person(ADA).writes("Hi")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def _back_up(site: Site, file: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "bot", "backup", str(file)],
        env=environment(site.settings()) | {"PYTHONPATH": str(ROOT)},
        cwd=site.folder,
        check=True,
        timeout=60,
        stdout=subprocess.DEVNULL,
    )


def _put_back(site: Site, file: Path, *, whole: bool = True) -> None:
    if whole:
        for end in ("-wal", "-shm"):
            site.database.with_name(site.database.name + end).unlink(missing_ok=True)
    shutil.copy(file, site.database)


def _texts(site: Site) -> Counter[str | None]:
    return Counter(sent.text for sent in site.graph.sent_to(ADA))


def _killed_after_a_backup(site: Site) -> Path:
    """The backup; the bot it was taken from has sent more since, and is gone."""
    _queue(site)
    file = site.folder / "backup.db"
    bot = site.run(SEND_RATE="20")
    with _writing(site):
        until(lambda: sum(_texts(site).values()) > 5)
        _back_up(site, file)
        then = sum(_texts(site).values())
        until(lambda: sum(_texts(site).values()) > then)
    bot.kill()
    return file


def _states(file: Path) -> Counter[str]:
    with closing(sqlite3.connect(file)) as db:
        return Counter(dict(db.execute("SELECT state, count(*) FROM deliveries GROUP BY state")))


def _reads_webhooks(site: Site, bot: Bot) -> None:
    before = site.rows("SELECT count(*) FROM interactions")
    site.graph.person(ADA).writes("Is anybody there?")
    until(lambda: site.rows("SELECT count(*) FROM interactions") > before)
    assert site.health(bot).status_code == 200


def test_a_backup_of_a_bot_at_work_is_put_back_and_nothing_is_sent_twice(site: Site) -> None:
    file = _killed_after_a_backup(site)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    then, sent = _states(file), sum(_texts(site).values())
    assert then["pending"]
    assert then["sent"] + then["delivered"] < sent < COUNT
    _put_back(site, file)
    again = site.run()
    doubted = again.says("a backup was restored: sending is paused")["may_have_been_sent"]
    assert doubted == then["pending"]
    _reads_webhooks(site, again)
    now = _states(site.database)
    assert (now["pending"], now["sending"]) == (0, 0)
    assert now["unknown"] + now["sent"] + now["delivered"] == COUNT
    assert again.end() == 0
    assert sum(_texts(site).values()) == sent
    assert set(_texts(site).values()) == {1}
    site.run()
    assert not [e for e in site.bots[-1].events() if "restored" in e["event"]]


def test_a_log_that_the_old_database_left_is_not_written_into_the_backup(site: Site) -> None:
    file = _killed_after_a_backup(site)
    backup = file.read_bytes()
    assert site.database.with_name("tagwise.db-wal").exists()
    _put_back(site, file, whole=False)
    bot = site.start(LOG_FORMAT="console")
    assert bot.ended() == 2
    assert "tagwise.db-wal was left by another database: move it and tagwise.db-shm" in bot.log
    assert site.database.read_bytes() == backup
    _put_back(site, file)
    site.run()

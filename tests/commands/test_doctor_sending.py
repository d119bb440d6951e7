"""What `doctor` says of Pages that may not send."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

from bot.breakers import hold_tagged, pause_for_rate, restrict
from storage import tags
from storage.store import Store
from tests.commands.installation import Setup

NOW = datetime.now(UTC)  # the command line looks at the real clock


def test_whatever_stops_a_page_is_a_warning_with_the_way_out(setup: Setup) -> None:
    store = Store(setup.database)
    store.migrate(NOW)
    with store.write() as db:
        restrict(db, "1", "Meta restricts it.", NOW)
        pause_for_rate(db, "2", NOW + timedelta(hours=1), "Nothing is left.", NOW)
        pause_for_rate(db, "3", NOW - timedelta(hours=1), "It passed.", NOW - timedelta(hours=2))
        hold_tagged(db, "1", "Meta warns.", NOW)
        tags.refuse(db, "1", "ACCOUNT_UPDATE", "Meta said no.", NOW)
    result = setup.run("doctor")
    told = [line for line in result.stdout.splitlines() if line.split()[1] == "Sending"]

    assert [line[:4] for line in told] == ["warn"] * 4
    for line, said in zip(
        told,
        ("Meta restricts it.", "Nothing is left.", "Meta warns.", "ACCOUNT_UPDATE"),
        strict=True,
    ):
        assert said in line
        assert "/notify queue" in line
    assert " until " in told[1]
    assert result.exit_code == 0


def test_a_database_that_cannot_be_read_is_spoken_of_once(setup: Setup) -> None:
    with closing(sqlite3.connect(setup.database)) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    report = setup.doctor()

    assert report.of("Database")[0] == "fail"
    assert "Sending" not in report.names()

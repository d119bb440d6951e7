"""Whether the database takes what is written: on a full disk only a real write tells."""

from datetime import datetime

from sqlite_utils import Database

from storage.times import as_text


def note_check(db: Database, now: datetime) -> None:
    """Put on record that somebody asks; it takes a page of the log, which a full disk has not."""
    db.execute(
        "INSERT INTO health_checks (id, at) VALUES (1, ?)"
        " ON CONFLICT DO UPDATE SET at = excluded.at",
        [as_text(now)],
    )

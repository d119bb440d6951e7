"""How far each of the Page's conversations has been read, so that backfill can be repeated."""

from datetime import datetime

from sqlite_utils import Database

from storage.fetching import fetch
from storage.times import as_text, from_text


def read_until(db: Database, conversation_id: str) -> datetime | None:
    """Meta's time of the newest change that was read; None when the conversation never was."""
    rows = fetch(db, "SELECT read_until FROM conversations WHERE id = ?", [conversation_id])
    return next((from_text(row["read_until"]) for row in rows), None)


def note_read(db: Database, conversation_id: str, until: datetime) -> None:
    """The conversation was read up to this change; that never goes back."""
    db.execute(
        "INSERT INTO conversations (id, read_until) VALUES (?, ?)"
        " ON CONFLICT (id) DO UPDATE SET read_until = max(read_until, excluded.read_until)",
        [conversation_id, as_text(until)],
    )

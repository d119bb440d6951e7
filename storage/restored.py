"""What changes on record when a copy becomes the database at work: what may have been sent since."""

from datetime import datetime
from typing import Final

from sqlite_utils import Database

from storage.fetching import fetch
from storage.records import Delivery
from storage.times import as_text

DRAFTS_LEFT_OUT: Final = 100_000
DELIVERIES_LEFT_OUT: Final = 10_000_000


def doubt_due(db: Database, note: str, now: datetime) -> list[Delivery]:
    """Approved deliveries whose time came before `now` are in doubt: another bot had them too.

    When they were last tried is not known; that they were is taken for granted, so that their echo is
    believed. By either time: what was put off may have been let go early.
    """
    rows = fetch(
        db,
        "UPDATE deliveries SET state = 'unknown', attempts = attempts + 1, claimed_at = NULL,"
        " note = ?, changed_at = ? WHERE state = 'pending' AND (due_at <= ? OR try_at <= ?)"
        " AND draft_id IN (SELECT id FROM drafts WHERE state = 'approved') RETURNING *",
        [note, as_text(now), as_text(now), as_text(now)],
    )
    return [Delivery.of(row) for row in rows]


def warn_on_queued(db: Database, note: str) -> None:
    """Put this note on everything that waits for approval: it may have been decided since."""
    db.execute(
        "UPDATE deliveries SET note = ? WHERE state = 'pending'"
        " AND draft_id IN (SELECT id FROM drafts WHERE state = 'queued')",
        [note],
    )
    db.execute("UPDATE drafts SET version = version + 1 WHERE state = 'queued'")


def leave_numbers_out(db: Database, why: str, now: datetime) -> None:
    """Begin with higher numbers: those given since the copy was taken are on cards and at Meta.

    SQLite numbers on from the highest there is, which is from now on that of a withdrawn draft.
    """
    db.execute(
        "INSERT INTO drafts (id, requested_by, message, facts, state, needs_second_person, decided_by,"
        " decided_at, reason, drawn, card_channel, created_at) SELECT coalesce(max(id), 0) + ?,"
        " 'tagwise', '{\"text\": \"\"}', '{}', 'withdrawn', 0, 'tagwise', ?, ?, 1, '', ? FROM drafts",
        [DRAFTS_LEFT_OUT, as_text(now), why, as_text(now)],
    )
    db.execute(
        "INSERT INTO deliveries (id, draft_id, contact_id, page_id, due_at, try_at, scheduled, state,"
        " changed_at) SELECT (SELECT coalesce(max(id), 0) + ? FROM deliveries),"
        " (SELECT max(id) FROM drafts), id, page_id, ?, ?, 0, 'cancelled', ? FROM contacts LIMIT 1",
        [DELIVERIES_LEFT_OUT, as_text(now), as_text(now), as_text(now)],
    )

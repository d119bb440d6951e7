"""What Meta did to a Page for breaking its rules, each step once and at Meta's own time."""

from datetime import datetime

from sqlite_utils import Database

from storage.fetching import fetch
from storage.times import as_text


def add(db: Database, page_id: str, action: str, at: datetime) -> bool:
    """Record a `warning`, a `block` or an `unblock`; False when it was known already."""
    cursor = db.execute(
        "INSERT INTO enforcements (page_id, at, action) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [page_id, as_text(at), action],
    )
    return cursor.rowcount == 1


def blocked(db: Database, page_id: str) -> bool:
    """Whether the last of the Page's blocks and unblocks, in Meta's order, is a block."""
    rows = fetch(
        db,
        "SELECT action FROM enforcements WHERE page_id = ? AND action IN ('block', 'unblock')"
        " ORDER BY at DESC, action LIMIT 1",
        [page_id],
    )
    return any(row["action"] == "block" for row in rows)

"""Pages whose sending is stopped until somebody, or Meta, lets it go on."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from storage.times import as_text, from_text

Kind = Literal["token", "policy"]


@dataclass(frozen=True, slots=True)
class Pause:
    """Why and since when a Page's deliveries wait."""

    page_id: str
    kind: Kind
    reason: str
    at: datetime


def begin(db: Database, page_ids: Iterable[str], kind: Kind, reason: str, now: datetime) -> bool:
    """Stop the sending of these Pages or accounts; False when all were stopped already.

    A restriction of Meta's takes the place of token trouble, because a restart does not end it.
    """
    stopped = [
        db.execute(
            "INSERT INTO pauses (page_id, kind, reason, at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET kind = excluded.kind, reason = excluded.reason,"
            " at = excluded.at WHERE kind = 'token' AND excluded.kind = 'policy'",
            [page_id, kind, reason, as_text(now)],
        ).rowcount
        for page_id in page_ids
    ]
    return any(stopped)


def end(
    db: Database, page_ids: Iterable[str], kinds: Collection[Kind] = ("token", "policy")
) -> bool:
    """Let these send again where they are stopped for such a reason; False where none was."""
    cursor = db.execute(
        "DELETE FROM pauses WHERE page_id IN (SELECT value FROM json_each(?))"
        " AND kind IN (SELECT value FROM json_each(?))",
        [json.dumps(tuple(page_ids)), json.dumps(tuple(kinds))],
    )
    return bool(cursor.rowcount)


def all_of_them(db: Database) -> list[Pause]:
    """Every Page that is stopped."""
    rows = db.query("SELECT * FROM pauses ORDER BY at")
    return [Pause(r["page_id"], r["kind"], r["reason"], from_text(r["at"])) for r in rows]

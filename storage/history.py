"""Who did what, when, and on which verdict: only appended to; and who is yet to be told of it."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlite_utils import Database

from storage.records import Entry
from storage.times import as_text

SYSTEM: Final = "tagwise"
Place = Literal["thread", "author", "channel"]


@dataclass(frozen=True, slots=True)
class Notice:
    """An entry that is still to be told somewhere in Slack."""

    id: int
    place: Place
    entry: Entry


def append(
    db: Database,
    *,
    who: str,
    what: str,
    now: datetime,
    draft_id: int | None = None,
    delivery_id: int | None = None,
    note: str | None = None,
    verdict: Mapping[str, Any] | None = None,
    tell: Collection[Place] = (),
) -> int:
    """One more line; `tell` names where in Slack it is to be told. Returns its id."""
    row = next(
        db.query(
            "INSERT INTO history (draft_id, delivery_id, at, who, what, note, verdict)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
            [
                draft_id,
                delivery_id,
                as_text(now),
                who,
                what,
                note,
                json.dumps(verdict, ensure_ascii=False) if verdict is not None else None,
            ],
        )
    )
    for place in tell:
        db.execute("INSERT INTO notices (history_id, place) VALUES (?, ?)", [row["id"], place])
    return int(row["id"])


def of_draft(db: Database, draft_id: int) -> list[Entry]:
    """The draft's history, oldest first."""
    rows = db.query("SELECT * FROM history WHERE draft_id = ? ORDER BY id", [draft_id])
    return [Entry.of(row) for row in rows]


def untold(db: Database, limit: int) -> list[Notice]:
    """Notices not yet posted, oldest first; a thread's wait until its card is there."""
    rows = db.query(
        "SELECT history.*, notices.id AS notice_id, notices.place FROM notices"
        " JOIN history ON history.id = notices.history_id"
        " LEFT JOIN drafts ON drafts.id = history.draft_id"
        " WHERE notices.posted_at IS NULL"
        " AND (notices.place <> 'thread' OR drafts.card_ts IS NOT NULL)"
        " ORDER BY notices.id LIMIT ?",
        [limit],
    )
    return [Notice(row["notice_id"], row["place"], Entry.of(row)) for row in rows]


def note_told(db: Database, notice_ids: Collection[int], now: datetime) -> None:
    """These notices were posted."""
    db.execute(
        "UPDATE notices SET posted_at = ? WHERE id IN (SELECT value FROM json_each(?))",
        [as_text(now), json.dumps(tuple(notice_ids))],
    )

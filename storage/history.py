"""Who did what, when, and on which verdict: only appended to; and who is yet to be told of it."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlite_utils import Database

from storage.fetching import fetch
from storage.records import Entry
from storage.times import as_text, maybe_text

SYSTEM: Final = "tagwise"
Place = Literal["thread", "author", "channel"]


@dataclass(frozen=True, slots=True)
class Notice:
    """An entry that is still to be told somewhere in Slack."""

    id: int
    place: Place
    entry: Entry


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done, before it is written; `tell` names where in Slack it is told."""

    who: str
    what: str
    draft_id: int | None = None
    note: str | None = None
    verdict: Mapping[str, Any] | None = None
    tell: Collection[Place] = ()
    page_id: str | None = None
    tag: str | None = None
    until: datetime | None = None


def append(db: Database, step: Step, now: datetime) -> None:
    """One more line, of this moment."""
    last = _last(db)
    db.execute(
        "INSERT INTO history (draft_id, who, what, note, verdict, page_id, tag, until, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            step.draft_id,
            step.who,
            step.what,
            step.note,
            _json(step.verdict),
            step.page_id,
            step.tag,
            maybe_text(step.until),
            as_text(now),
        ],
    )
    _tell(db, step, last)


def append_each(db: Database, step: Step, delivery_ids: Collection[int], now: datetime) -> None:
    """A line for each of these deliveries: the same step of all of them, at this moment."""
    last = _last(db)
    db.execute(
        "INSERT INTO history (draft_id, delivery_id, who, what, note, verdict, at)"
        " SELECT draft_id, id, ?, ?, ?, ?, ? FROM deliveries"
        " WHERE id IN (SELECT value FROM json_each(?))",
        [
            step.who,
            step.what,
            step.note,
            _json(step.verdict),
            as_text(now),
            json.dumps(tuple(delivery_ids)),
        ],
    )
    _tell(db, step, last)


def _last(db: Database) -> int:
    return int(next(fetch(db, "SELECT coalesce(max(id), 0) AS id FROM history"))["id"])


def _tell(db: Database, step: Step, after: int) -> None:
    """Have the lines after that one told: nobody else can have written since."""
    for place in step.tell:
        db.execute(
            "INSERT INTO notices (history_id, place) SELECT id, ? FROM history WHERE id > ?",
            [place, after],
        )


def _json(verdict: Mapping[str, Any] | None) -> str | None:
    return None if verdict is None else json.dumps(verdict, ensure_ascii=False)


def of_draft(db: Database, draft_id: int) -> list[Entry]:
    """The draft's history, oldest first."""
    rows = fetch(db, "SELECT * FROM history WHERE draft_id = ? ORDER BY id", [draft_id])
    return [Entry.of(row) for row in rows]


def untold(db: Database, limit: int) -> list[Notice]:
    """Notices not yet posted, oldest first; a thread's wait until its card is there."""
    rows = fetch(
        db,
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

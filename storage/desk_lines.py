"""The lines of the threads in Slack: what a person and the Page said and did, each of it once.

A line keeps what the person wrote only until it stands in Slack; the newest of a thread stays until the
next one takes its place, so that whoever answers has it before them.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from sqlite_utils import Database

from storage.desk import QUIET, Thread, touch_contact
from storage.drafts import IS_REPLY
from storage.fetching import fetch
from storage.records import Delivery, DeliveryKey
from storage.times import as_text, from_text, maybe_moment

ASKS: Final = ("message", "postback", "order")  # what waits for an answer of the Page
OURS: Final = "ours"  # a delivery of our own
ECHO: Final = "echo"  # what the Page said by other means
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was said or done; `content` is empty once it was shown, `ts` where it stands."""

    id: int
    thread_id: int
    kind: str
    at: datetime
    content: Mapping[str, Any]
    draft_id: int | None
    delivery_id: int | None
    deleted: bool
    ts: str | None
    version: int

    @classmethod
    def of(cls, row: Row) -> Self:
        """The line of a row."""
        return cls(
            row["id"],
            row["thread_id"],
            row["kind"],
            from_text(row["at"]),
            json.loads(row["content"]) if row["content"] else {},
            row["draft_id"],
            row["delivery_id"],
            bool(row["deleted"]),
            row["ts"],
            row["version"],
        )


def is_known(db: Database, contact_id: int, key: str) -> bool:
    """Whether this was told of the person before."""
    rows = fetch(db, "SELECT 1 FROM desk_lines WHERE contact_id = ? AND key = ?", [contact_id, key])
    return any(True for _ in rows)


def add(
    db: Database,
    thread: Thread,
    key: str,
    kind: str,
    at: datetime,
    *,
    content: Mapping[str, Any] | None = None,
    mid: str | None = None,
    draft_id: int | None = None,
    delivery_id: int | None = None,
) -> bool:
    """One more line; False when the person's lines hold this key already."""
    cursor = db.execute(
        "INSERT INTO desk_lines (thread_id, contact_id, key, kind, at, content, mid,"
        " draft_id, delivery_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [
            thread.id,
            thread.contact_id,
            key,
            kind,
            as_text(at),
            json.dumps(content, ensure_ascii=False) if content else None,
            mid,
            draft_id,
            delivery_id,
        ],
    )
    if cursor.rowcount != 1:
        return False
    db.execute(
        "UPDATE desk_threads SET version = version + 1, last_at = max(last_at, ?) WHERE id = ?",
        [as_text(at), thread.id],
    )
    return True


def add_sent(db: Database, taken: Collection[Delivery | DeliveryKey], now: datetime) -> None:
    """Lines for messages that went out to people who are talked with, but for answers, which have one."""
    rows = fetch(
        db,
        "INSERT INTO desk_lines"  # noqa: S608 - our own words
        " (thread_id, contact_id, key, kind, at, draft_id, delivery_id)"
        " SELECT desk_threads.id, deliveries.contact_id, 'delivery:' || deliveries.id, 'ours', ?,"
        " draft_id, deliveries.id FROM deliveries JOIN drafts ON drafts.id = draft_id JOIN desk_threads"
        " ON desk_threads.id = (SELECT max(id) FROM desk_threads AS newest"
        " WHERE newest.contact_id = deliveries.contact_id)"
        " WHERE deliveries.id IN (SELECT value FROM json_each(?)) AND last_at > ?"
        f" AND NOT {IS_REPLY} ON CONFLICT DO NOTHING RETURNING thread_id",
        [as_text(now), json.dumps([delivery.id for delivery in taken]), as_text(now - QUIET)],
    )
    db.execute(
        "UPDATE desk_threads SET last_at = max(last_at, ?)"
        " WHERE id IN (SELECT value FROM json_each(?))",
        [as_text(now), json.dumps([row["thread_id"] for row in rows])],
    )


def take_back(db: Database, contact_id: int, mid: str) -> Line | None:
    """The person has unsent this message: forget what it said. The line, or None if it is not known."""
    rows = list(
        fetch(
            db,
            "UPDATE desk_lines SET deleted = 1, content = NULL, version = version + 1"
            " WHERE contact_id = ? AND mid = ? AND kind IN ('message', 'edited') RETURNING *",
            [contact_id, mid],
        )
    )
    touch_contact(db, contact_id)
    return Line.of(rows[0]) if rows else None


def change_text(db: Database, contact_id: int, mid: str, text: str) -> Line | None:
    """The person has rewritten this message; the line, or None if it is not known (yet)."""
    rows = list(
        fetch(
            db,
            "UPDATE desk_lines SET"
            " content = CASE WHEN content IS NOT NULL THEN json_set(content, '$.text', ?) END"
            " WHERE contact_id = ? AND mid = ? AND kind = 'message' AND deleted = 0 RETURNING *",
            [text, contact_id, mid],
        )
    )
    return Line.of(rows[0]) if rows else None


def stands_alone(db: Database, line: Line) -> bool:
    """Whether its message in Slack holds this line and no other."""
    rows = fetch(
        db,
        "SELECT count(*) AS n FROM desk_lines WHERE thread_id = ? AND ts = ?",
        [line.thread_id, line.ts],
    )
    return bool(next(rows)["n"] == 1)


def lines_to_post(db: Database, limit: int) -> list[Line]:
    """Lines that do not stand in Slack yet, in their order; they wait for their thread's first message."""
    rows = fetch(
        db,
        "SELECT desk_lines.* FROM desk_lines JOIN desk_threads ON desk_threads.id = thread_id"
        " WHERE posted_at IS NULL AND root_ts IS NOT NULL ORDER BY desk_lines.id LIMIT ?",
        [limit],
    )
    return [Line.of(row) for row in rows]


def lines_to_redraw(db: Database, limit: int) -> list[Line]:
    """Lines whose message in Slack is no longer right."""
    rows = fetch(
        db,
        "SELECT * FROM desk_lines WHERE posted_at IS NOT NULL AND drawn < version ORDER BY id LIMIT ?",
        [limit],
    )
    return [Line.of(row) for row in rows]


def note_posted(db: Database, lines: Collection[Line], ts: str | None, now: datetime) -> None:
    """These lines stand in Slack as they were; what they said is forgotten but for the newest."""
    for line in lines:
        db.execute(
            "UPDATE desk_lines SET posted_at = coalesce(posted_at, ?), ts = coalesce(?, ts),"
            " drawn = max(drawn, ?) WHERE id = ?",
            [as_text(now), ts, line.version, line.id],
        )
    for thread_id in {line.thread_id for line in lines}:
        newest = newest_ask(db, thread_id)
        forget(db, thread_id, but=newest.id if newest else None)


def forget(db: Database, thread_id: int, but: int | None = None) -> None:
    """Forget what the thread's lines that stand in Slack say, but for one of them."""
    db.execute(
        "UPDATE desk_lines SET content = NULL WHERE thread_id = ? AND posted_at IS NOT NULL"
        " AND content IS NOT NULL AND id <> coalesce(?, 0)",
        [thread_id, but],
    )


def newest_ask(db: Database, thread_id: int) -> Line | None:
    """The newest thing of the person's that waits for an answer, by Meta's time."""
    rows = fetch(
        db,
        "SELECT * FROM desk_lines WHERE thread_id = ? AND kind IN ('message', 'postback', 'order')"
        " AND deleted = 0 ORDER BY at DESC, id DESC LIMIT 1",
        [thread_id],
    )
    return next((Line.of(row) for row in rows), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """Something that the Page says to the person; `author` is None where Tagwise does not know who.

    Its line tells when it was written, `left_at` when it went out; None: it has not.
    """

    line: Line
    author: str | None
    left_at: datetime | None


def answers(db: Database, thread_id: int, after: int = 0) -> list[Answer]:
    """What the Page said in this thread, after that line, newest first.

    Without what a timer or another system sent: nobody has read the question before that.
    """
    rows = fetch(
        db,
        "SELECT desk_lines.*, author, CASE WHEN kind = 'echo' THEN desk_lines.at"
        " WHEN deliveries.state IN ('sent', 'delivered', 'read') THEN sent_at END AS said_at"
        " FROM desk_lines LEFT JOIN drafts ON drafts.id = desk_lines.draft_id"
        " LEFT JOIN deliveries ON deliveries.draft_id = desk_lines.draft_id"
        " AND deliveries.contact_id = desk_lines.contact_id"
        " AND deliveries.id = coalesce(delivery_id, deliveries.id)"
        " WHERE thread_id = ? AND desk_lines.id > ?"
        " AND (kind = 'echo' OR (author IS NOT NULL AND scheduled = 0"
        " AND drafts.state IN ('queued', 'approved')"
        " AND deliveries.state NOT IN ('refused', 'failed', 'missed', 'cancelled')))"
        " ORDER BY desk_lines.id DESC",
        [thread_id, after],
    )
    return [Answer(Line.of(row), row["author"], maybe_moment(row["said_at"])) for row in rows]


def turn_before(db: Database, line: Line) -> Line | None:
    """Who spoke last before this line: the person, or the Page."""
    rows = fetch(
        db,
        "SELECT * FROM desk_lines WHERE thread_id = ? AND id < ?"
        " AND kind IN ('message', 'postback', 'order', 'echo', 'ours') ORDER BY id DESC LIMIT 1",
        [line.thread_id, line.id],
    )
    return next((Line.of(row) for row in rows), None)


def newest_line_id(db: Database, thread_id: int) -> int:
    """The number of the thread's newest line; 0 where it has none."""
    rows = fetch(
        db, "SELECT coalesce(max(id), 0) AS id FROM desk_lines WHERE thread_id = ?", [thread_id]
    )
    return int(next(rows)["id"])

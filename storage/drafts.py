"""Drafts: written, edited while they wait, and decided once."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlite_utils import Database

from storage.fetching import fetch
from storage.records import Audience, Draft
from storage.times import as_text, maybe_text

# Also where a disk has damaged the draft: what waits or is recorded beside it must not suffer.
IS_REPLY: Final = "iif(json_valid(facts), coalesce(json_extract(facts, '$.reply'), 0), 0)"


def add(
    db: Database,
    *,
    author: str | None,
    requested_by: str | None,
    message: Mapping[str, Any],
    tag: str | None,
    facts: Mapping[str, Any],
    send_at: datetime | None,
    needs_second_person: bool,
    card_channel: str,
    now: datetime,
) -> Draft:
    """A new draft, queued."""
    rows = fetch(
        db,
        "INSERT INTO drafts (author, requested_by, message, tag, facts, send_at, state,"
        " needs_second_person, card_channel, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?) RETURNING *",
        [
            author,
            requested_by,
            _json(message),
            tag,
            _json(facts),
            maybe_text(send_at),
            int(needs_second_person),
            card_channel,
            as_text(now),
        ],
    )
    return Draft.of(next(rows))


def get(db: Database, draft_id: int) -> Draft | None:
    """The draft with that number."""
    rows = fetch(db, "SELECT * FROM drafts WHERE id = ?", [draft_id])
    return next((Draft.of(row) for row in rows), None)


def get_all(db: Database, draft_ids: Collection[int]) -> dict[int, Draft]:
    """The drafts with these numbers, by number."""
    rows = fetch(
        db,
        "SELECT * FROM drafts WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps(tuple(draft_ids))],
    )
    return {row["id"]: Draft.of(row) for row in rows}


def of_delivery(db: Database, delivery_id: int) -> Draft | None:
    """The draft that a delivery belongs to."""
    rows = fetch(
        db,
        "SELECT * FROM drafts WHERE id = (SELECT draft_id FROM deliveries WHERE id = ?)",
        [delivery_id],
    )
    return next((Draft.of(row) for row in rows), None)


def decide(
    db: Database,
    draft_id: int,
    *,
    was: tuple[str, ...],
    to: str,
    by: str,
    reason: str | None,
    revision: int | None,
    now: datetime,
) -> Draft | None:
    """Move a draft to a decision; None when it was no longer so, or edited since that revision."""
    rows = fetch(
        db,
        "UPDATE drafts SET state = ?, decided_by = ?, decided_at = ?, reason = ?,"
        " version = version + 1"
        " WHERE id = ? AND state IN (SELECT value FROM json_each(?)) AND revision = coalesce(?, revision)"
        " RETURNING *",
        [to, by, as_text(now), reason, draft_id, json.dumps(was), revision],
    )
    return next((Draft.of(row) for row in rows), None)


def rewrite(
    db: Database,
    draft_id: int,
    *,
    editor: str,
    message: Mapping[str, Any],
    tag: str | None,
    facts: Mapping[str, Any],
    send_at: datetime | None,
    revision: int,
) -> Draft | None:
    """Replace a waiting draft's content; None when it was decided or edited meanwhile."""
    rows = fetch(
        db,
        "UPDATE drafts SET editor = ?, message = ?, tag = ?, facts = ?, send_at = ?,"
        " revision = revision + 1, version = version + 1"
        " WHERE id = ? AND state = 'queued' AND revision = ? RETURNING *",
        [editor, _json(message), tag, _json(facts), maybe_text(send_at), draft_id, revision],
    )
    return next((Draft.of(row) for row in rows), None)


def touch(db: Database, draft_ids: Collection[int]) -> dict[int, Audience]:
    """Something that the cards of these drafts show has changed: whom it concerns, by number."""
    rows = db.execute(
        "UPDATE drafts SET version = version + 1"  # noqa: S608 - our own words
        " WHERE id IN (SELECT value FROM json_each(?))"
        f" RETURNING id, author, needs_second_person, {IS_REPLY}",
        [json.dumps(tuple(draft_ids))],
    )
    return {
        number: Audience(author, bool(second_person), bool(reply))
        for number, author, second_person, reply in rows
    }


def touch_waiting_for(db: Database, contact_ids: Collection[int]) -> int:
    """Something that cards with a message still to go to these contacts show has changed; how many."""
    return db.execute(
        "UPDATE drafts SET version = version + 1 WHERE id IN"
        " (SELECT draft_id FROM deliveries WHERE state = 'pending'"
        " AND contact_id IN (SELECT value FROM json_each(?)))",
        [json.dumps(tuple(contact_ids))],
    ).rowcount


def touch_waiting_at(db: Database, page_ids: Collection[str], tag: str | None = None) -> None:
    """Something that cards with a message still to go from these Pages show has changed.

    With a tag: those of drafts under that tag only.
    """
    db.execute(
        "UPDATE drafts SET version = version + 1 WHERE coalesce(tag, '') = coalesce(?, tag, '') AND id IN"
        " (SELECT draft_id FROM deliveries WHERE state = 'pending'"
        " AND page_id IN (SELECT value FROM json_each(?)))",
        [tag, json.dumps(tuple(page_ids))],
    )


def to_draw(db: Database, limit: int) -> list[Draft]:
    """Drafts whose card does not yet show the latest change."""
    rows = fetch(db, "SELECT * FROM drafts WHERE drawn < version ORDER BY id LIMIT ?", [limit])
    return [Draft.of(row) for row in rows]


def note_drawn(db: Database, draft_id: int, version: int, channel: str, ts: str) -> None:
    """The card now shows that version."""
    db.execute(
        "UPDATE drafts SET drawn = max(drawn, ?), card_channel = ?, card_ts = ? WHERE id = ?",
        [version, channel, ts, draft_id],
    )


def note_shown_elsewhere(db: Database, draft_id: int, version: int) -> None:
    """That version needs no card: something else in Slack shows it."""
    db.execute("UPDATE drafts SET drawn = max(drawn, ?) WHERE id = ?", [version, draft_id])


def waiting(db: Database, limit: int) -> list[Draft]:
    """Drafts that wait for a decision, oldest first."""
    rows = fetch(db, "SELECT * FROM drafts WHERE state = 'queued' ORDER BY id LIMIT ?", [limit])
    return [Draft.of(row) for row in rows]


def scheduled(db: Database, page_ids: Collection[str], limit: int) -> list[Draft]:
    """Approved drafts with something still to send from these Pages, soonest first."""
    found: dict[int, str] = {}
    for page_id in page_ids:
        rows = fetch(
            db,
            "SELECT draft_id, due_at FROM deliveries WHERE state = 'pending' AND page_id = ?"
            " AND EXISTS (SELECT 1 FROM drafts WHERE id = draft_id AND state = 'approved')"
            " ORDER BY try_at",
            [page_id],
        )
        soonest: dict[int, str] = {}
        for row in rows:  # as the index has them: of a million only the first few are read
            soonest.setdefault(row["draft_id"], row["due_at"])
            if len(soonest) == limit:
                break
        found |= soonest
    known = get_all(db, found)
    return [known[number] for number in sorted(found, key=lambda number: found[number])][:limit]


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

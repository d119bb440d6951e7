"""People, and when they last did what."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlite_utils import Database

from storage.fetching import fetch
from storage.folding import fold
from storage.records import Contact
from storage.times import as_text


def ensure(db: Database, page_id: str, psid: str, channel: str, now: datetime) -> Contact:
    """The contact, made known if it was not."""
    if found := find(db, page_id, psid):
        return found
    rows = fetch(
        db,
        "INSERT INTO contacts (page_id, psid, channel, created_at) VALUES (?, ?, ?, ?) RETURNING *",
        [page_id, psid, channel, as_text(now)],
    )
    return Contact.of(next(rows))


def find(db: Database, page_id: str, psid: str) -> Contact | None:
    """The contact of that Page with that PSID."""
    return _one(db, "page_id = ? AND psid = ?", [page_id, psid])


def get(db: Database, contact_id: int) -> Contact | None:
    """The contact with our own id."""
    return _one(db, "id = ?", [contact_id])


def get_all(db: Database, contact_ids: Collection[int]) -> dict[int, Contact]:
    """The contacts with these ids of ours, by id."""
    rows = fetch(
        db,
        "SELECT * FROM contacts WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps(tuple(contact_ids))],
    )
    return {row["id"]: Contact.of(row) for row in rows}


def of_draft(db: Database, draft_id: int) -> Mapping[int, Contact]:
    """The draft's recipients, by contact id."""
    rows = fetch(
        db,
        "SELECT * FROM contacts WHERE id IN (SELECT contact_id FROM deliveries WHERE draft_id = ?)",
        [draft_id],
    )
    return {row["id"]: Contact.of(row) for row in rows}


def search(db: Database, accounts: Sequence[str], typed: str, limit: int) -> list[Contact]:
    """Contacts of these accounts whose name or PSID holds the typed words, last active first.

    Case and accents do not matter: "bela" finds Béla.
    """
    words = fold(typed).split()
    accounts_held = ", ".join("?" for _ in accounts)
    names = " AND ".join("instr(name_folded, ?) > 0" for _ in words) or "1"
    rows = fetch(
        db,
        f"SELECT * FROM contacts WHERE page_id IN ({accounts_held})"  # noqa: S608 - placeholders only
        f" AND (({names}) OR instr(psid, ?) > 0)"
        " ORDER BY (SELECT max(at) FROM interactions WHERE contact_id = contacts.id) DESC, id DESC"
        " LIMIT ?",
        [*accounts, *words, typed.strip(), limit],
    )
    return [Contact.of(row) for row in rows]


def active_since(db: Database, accounts: Sequence[str], since: datetime) -> list[Contact]:
    """Contacts of these accounts who have done something since then."""
    accounts_held = ", ".join("?" for _ in accounts)
    rows = fetch(
        db,
        f"SELECT * FROM contacts WHERE page_id IN ({accounts_held})"  # noqa: S608 - placeholders only
        " AND id IN (SELECT contact_id FROM interactions WHERE at >= ?) ORDER BY id",
        [*accounts, as_text(since)],
    )
    return [Contact.of(row) for row in rows]


def note_closed_by_meta(db: Database, contact_id: int, at: datetime) -> None:
    """Meta refused a message to this person as outside the window."""
    db.execute("UPDATE contacts SET closed_by_meta_at = ? WHERE id = ?", [as_text(at), contact_id])


def note_watermark(db: Database, contact_id: int, column: str, until: datetime) -> None:
    """Everything sent up to this moment was delivered (or read); a watermark never goes back."""
    assert column in ("delivered_until", "read_until")  # noqa: S101 - a name, never input
    db.execute(
        f"UPDATE contacts SET {column} = max(coalesce({column}, ''), ?) WHERE id = ?",  # noqa: S608
        [as_text(until), contact_id],
    )


def watermarks(db: Database, contact_id: int) -> tuple[str | None, str | None]:
    """Up to when this person's messages were delivered, and read."""
    row = next(
        fetch(db, "SELECT delivered_until, read_until FROM contacts WHERE id = ?", [contact_id])
    )
    return row["delivered_until"], row["read_until"]


def without_name(
    db: Database, accounts: Sequence[str], asked_before: datetime, limit: int
) -> list[Contact]:
    """Contacts whose name is not known and was not asked for since then, newest first."""
    accounts_held = ", ".join("?" for _ in accounts)
    rows = fetch(
        db,
        f"SELECT * FROM contacts WHERE name IS NULL AND page_id IN ({accounts_held})"  # noqa: S608
        " AND (name_asked_at IS NULL OR name_asked_at < ?) ORDER BY id DESC LIMIT ?",
        [*accounts, as_text(asked_before), limit],
    )
    return [Contact.of(row) for row in rows]


def awaits_name(db: Database, contact_id: int) -> bool:
    """Whether the person's name is not known, and Meta was never asked for it."""
    rows = fetch(
        db,
        "SELECT 1 FROM contacts WHERE id = ? AND name IS NULL AND name_asked_at IS NULL",
        [contact_id],
    )
    return any(True for _ in rows)


def note_name(db: Database, contact_id: int, name: str | None, now: datetime) -> None:
    """What the User Profile API said of the person's name; None when it did not say."""
    db.execute(
        "UPDATE contacts SET name = coalesce(?, name), name_folded = coalesce(?, name_folded),"
        " name_asked_at = ? WHERE id = ?",
        [name, name and fold(name), as_text(now), contact_id],
    )


def _one(db: Database, where: str, values: list[str | int]) -> Contact | None:
    rows = fetch(db, f"SELECT * FROM contacts WHERE {where}", values)  # noqa: S608 - our own words
    return next((Contact.of(row) for row in rows), None)

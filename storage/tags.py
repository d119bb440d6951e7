"""Message tags of a Page: those that Meta refused, and whether tagged messages wait after a warning."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage import waiting
from storage.fetching import fetch
from storage.times import as_text, from_text


@dataclass(frozen=True, slots=True)
class RefusedTag:
    """A tag that Meta did not take from this Page, and the sentence for it at the time."""

    page_id: str
    tag: str
    reason: str
    at: datetime

    @property
    def sentence(self) -> str:
        """What Meta said, and when."""
        return f"On {self.at:%-d %B %Y}: {self.reason}"


@dataclass(frozen=True, slots=True)
class TagHold:
    """Why and since when messages under a tag wait for a person."""

    page_id: str
    reason: str
    at: datetime


def refuse(db: Database, page_id: str, tag: str, reason: str, now: datetime) -> bool:
    """Remember that Meta refused the tag; False when that was known."""
    cursor = db.execute(
        "INSERT INTO refused_tags (page_id, tag, reason, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        [page_id, tag, reason, as_text(now)],
    )
    waiting.touch_at(db, [page_id], tag)
    return cursor.rowcount == 1


def reset(db: Database, page_id: str, tag: str) -> bool:
    """Forget it; False when it was not known, or not any more."""
    cursor = db.execute(
        "DELETE FROM refused_tags WHERE page_id = ? AND tag = ?",
        [page_id, tag],
    )
    waiting.touch_at(db, [page_id], tag)
    return cursor.rowcount == 1


def refused_of(db: Database, page_id: str) -> Mapping[str, str]:
    """The tags that Meta refused to this Page, each with what it said."""
    rows = fetch(db, "SELECT * FROM refused_tags WHERE page_id = ? ORDER BY tag", [page_id])
    return {row["tag"]: _refused(row).sentence for row in rows}


def refused(db: Database) -> list[RefusedTag]:
    """All of them."""
    return [_refused(row) for row in fetch(db, "SELECT * FROM refused_tags ORDER BY page_id, tag")]


def hold(db: Database, page_id: str, reason: str, now: datetime) -> None:
    """Let the Page's messages under a tag wait; a later warning takes the place of an earlier."""
    db.execute(
        "INSERT INTO tag_holds (page_id, reason, at) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET reason = excluded.reason, at = excluded.at",
        [page_id, reason, as_text(now)],
    )
    waiting.touch_at(db, [page_id])


def release(db: Database, page_id: str) -> bool:
    """Let them go; False when they did not wait."""
    released = db.execute("DELETE FROM tag_holds WHERE page_id = ?", [page_id]).rowcount == 1
    waiting.touch_at(db, [page_id] if released else [])
    return released


def hold_of(db: Database, page_id: str) -> TagHold | None:
    """Why this Page's tagged messages wait, if they do."""
    rows = fetch(db, "SELECT * FROM tag_holds WHERE page_id = ?", [page_id])
    return next((_hold(row) for row in rows), None)


def holds(db: Database) -> list[TagHold]:
    """All Pages whose tagged messages wait."""
    return [_hold(row) for row in fetch(db, "SELECT * FROM tag_holds ORDER BY page_id")]


def _refused(row: dict[str, str]) -> RefusedTag:
    return RefusedTag(row["page_id"], row["tag"], row["reason"], from_text(row["at"]))


def _hold(row: dict[str, str]) -> TagHold:
    return TagHold(row["page_id"], row["reason"], from_text(row["at"]))

"""Pages whose sending is stopped until somebody, or Meta, lets it go on."""

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


def begin(db: Database, page_id: str, kind: Kind, reason: str, now: datetime) -> bool:
    """Stop a Page's sending; False when it was stopped already."""
    cursor = db.execute(
        "INSERT INTO pauses (page_id, kind, reason, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [page_id, kind, reason, as_text(now)],
    )
    return cursor.rowcount == 1


def end(db: Database, page_id: str, kinds: tuple[Kind, ...] = ("token", "policy")) -> bool:
    """Let a Page send again if it is stopped for one of these reasons; False when it is not."""
    kinds_held = ", ".join("?" for _ in kinds)
    cursor = db.execute(
        f"DELETE FROM pauses WHERE page_id = ? AND kind IN ({kinds_held})",  # noqa: S608
        [page_id, *kinds],
    )
    return cursor.rowcount == 1


def all_of_them(db: Database) -> list[Pause]:
    """Every Page that is stopped."""
    rows = db.query("SELECT * FROM pauses ORDER BY at")
    return [Pause(r["page_id"], r["kind"], r["reason"], from_text(r["at"])) for r in rows]

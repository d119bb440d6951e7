"""What the bot's own record says, looked at and never written to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.live import Live


@dataclass(frozen=True, slots=True)
class ToCome:
    """A delivery that waits for its time or for a colleague."""

    draft_id: int
    due_at: datetime
    approved: bool


class Record:
    """Reads one bot's database."""

    def __init__(self, live: "Live") -> None:
        self._store = live.services.store

    def to_come(self, psid: str) -> list[ToCome]:
        """What this person has still to get, soonest first."""
        rows = self._rows(
            "SELECT draft_id, due_at, drafts.state = 'approved' AS approved FROM deliveries"
            " JOIN contacts ON contacts.id = contact_id JOIN drafts ON drafts.id = draft_id"
            " WHERE psid = ? AND deliveries.state = 'pending'"
            " AND drafts.state IN ('queued', 'approved') ORDER BY due_at",
            psid,
        )
        return [
            ToCome(row["draft_id"], datetime.fromisoformat(row["due_at"]), bool(row["approved"]))
            for row in rows
        ]

    def drafts(self) -> list[Mapping[str, Any]]:
        """Every draft, oldest first: tag, state, needs_second_person."""
        return self._rows("SELECT id, tag, state, needs_second_person FROM drafts ORDER BY id")

    def deliveries(self) -> list[Mapping[str, Any]]:
        """Every delivery, oldest first: psid, state, scheduled, tag."""
        return self._rows(
            "SELECT deliveries.id, psid, state, scheduled, tag FROM deliveries"
            " JOIN contacts ON contacts.id = contact_id ORDER BY deliveries.id"
        )

    def _rows(self, query: str, *values: str) -> list[Mapping[str, Any]]:
        with self._store.read() as db:
            return list(db.query(query, list(values)))

"""Pages whose sending is stopped: until somebody, or Meta, lets it go on, or for a while."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlite_utils import Database

from storage import waiting
from storage.fetching import fetch
from storage.times import as_text, from_text, maybe_moment, maybe_text

Kind = Literal["token", "policy", "rate"]
KINDS: Final[tuple[Kind, ...]] = ("rate", "token", "policy")  # the later outweighs the earlier


@dataclass(frozen=True, slots=True)
class Pause:
    """Why and since when a Page's deliveries wait; only a pause of kind `rate` has an end."""

    page_id: str
    kind: Kind
    reason: str
    at: datetime
    until: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether it has not ended by itself."""
        return self.until is None or now < self.until


def begin(
    db: Database,
    page_ids: Iterable[str],
    kind: Kind,
    reason: str,
    now: datetime,
    until: datetime | None = None,
) -> bool:
    """Stop the sending of these Pages or accounts; False when all were stopped already.

    A restriction of Meta's takes the place of token trouble, because a restart does not end it, and
    either that of a rate limit. A rate limit that still holds is only ever prolonged.
    """
    stopped = []
    for page_id in page_ids:
        known = latest(db, page_id)
        if known and not _gives_way(known, kind, until):
            continue
        prolonged = known is not None and known.kind == kind and known.holds(now)
        since = known.at if known and prolonged else now
        db.execute(
            "INSERT OR REPLACE INTO pauses (page_id, kind, reason, at, until) VALUES (?, ?, ?, ?, ?)",
            [page_id, kind, reason, as_text(since), maybe_text(until)],
        )
        stopped.append(page_id)
    if kind != "rate":  # that passes too soon to be drawn on every card
        waiting.touch_at(db, stopped)
    return bool(stopped)


def end(db: Database, page_ids: Iterable[str], kinds: Collection[Kind] = KINDS) -> bool:
    """Let these send again where they are stopped for such a reason; False where none was."""
    rows = fetch(
        db,
        "DELETE FROM pauses WHERE page_id IN (SELECT value FROM json_each(?))"
        " AND kind IN (SELECT value FROM json_each(?)) RETURNING page_id",
        [json.dumps(tuple(page_ids)), json.dumps(tuple(kinds))],
    )
    ended = [row["page_id"] for row in rows]
    waiting.touch_at(db, ended)
    return bool(ended)


def latest(db: Database, page_id: str) -> Pause | None:
    """The Page's last pause that nobody ended, whether it still holds or has passed."""
    rows = fetch(db, "SELECT * FROM pauses WHERE page_id = ?", [page_id])
    return next((_pause(row) for row in rows), None)


def holding(db: Database, now: datetime) -> list[Pause]:
    """Every pause that holds now, the longest first."""
    pauses = map(_pause, fetch(db, "SELECT * FROM pauses ORDER BY at, page_id"))
    return [pause for pause in pauses if pause.holds(now)]


def _gives_way(known: Pause, kind: Kind, until: datetime | None) -> bool:
    if known.until and until:
        return until > known.until
    return KINDS.index(kind) > KINDS.index(known.kind)


def _pause(row: dict[str, str]) -> Pause:
    kind: Kind = next(kind for kind in KINDS if kind == row["kind"])
    until = maybe_moment(row["until"])
    return Pause(row["page_id"], kind, row["reason"], from_text(row["at"]), until)

"""What was answered to each Idempotency-Key, so that a repeated post gets the first answer again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.fetching import fetch
from storage.times import as_text


@dataclass(frozen=True, slots=True)
class Answered:
    """The first answer to a key, and the hash of the body it was given to."""

    body_hash: str
    status: int
    answer: Mapping[str, Any]


def find(db: Database, key: str) -> Answered | None:
    """What was answered to this key, if anything was."""
    rows = fetch(db, "SELECT * FROM draft_requests WHERE key = ?", [key])
    return next(
        (Answered(r["body_hash"], r["status"], json.loads(r["answer"])) for r in rows), None
    )


def remember(db: Database, key: str, answered: Answered, now: datetime) -> None:
    """Keep the first answer."""
    db.execute(
        "INSERT INTO draft_requests (key, body_hash, status, answer, at) VALUES (?, ?, ?, ?, ?)",
        [
            key,
            answered.body_hash,
            answered.status,
            json.dumps(answered.answer, ensure_ascii=False),
            as_text(now),
        ],
    )

"""Answers to feedback forms: each kept once, with the delivery that asked."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from sqlite_utils import Database

from storage.fetching import fetch
from storage.records import Delivery
from storage.times import as_text, from_text

_QUESTION: Final = "$.attachment.payload.feedback_screens[0].questions[0]"
_TEMPLATE: Final = ("$.attachment.payload.template_type", "customer_feedback")
# Whatever may have reached the person: an answer proves that it has.
_LEFT: Final = ("sending", "unknown", "sent", "delivered", "read")


class Survey(NamedTuple):
    """A delivery that asks a question; `left_at` is when it was last handed to Meta, if known."""

    delivery: Delivery
    left_at: datetime | None
    answered: bool


class Tally(NamedTuple):
    """How many answers of a kind gave this score (None: in words), and how many of them said more."""

    kind: str
    score: int | None
    answers: int
    with_words: int


def surveys_of(db: Database, contact_id: int, question_id: str) -> list[Survey]:
    """The deliveries that asked this person this question, newest first."""
    rows = fetch(
        db,
        "SELECT deliveries.*, EXISTS (SELECT 1 FROM feedback_answers WHERE delivery_id = deliveries.id)"
        " AS answered FROM deliveries JOIN drafts ON drafts.id = deliveries.draft_id"
        " WHERE contact_id = ? AND json_extract(drafts.message, ?) = ?"
        " AND json_extract(drafts.message, ?) = ?"
        " AND deliveries.state IN (SELECT value FROM json_each(?)) ORDER BY deliveries.id DESC",
        [contact_id, *_TEMPLATE, f"{_QUESTION}.id", question_id, json.dumps(_LEFT)],
    )
    return [
        Survey(
            Delivery.of(row),
            from_text(row["claimed_at"]) if row["claimed_at"] else None,
            bool(row["answered"]),
        )
        for row in rows
    ]


def add(
    db: Database,
    contact_id: int,
    *,
    delivery_id: int | None,
    key: str,
    question_id: str,
    kind: str,
    score: int | None,
    words: str | None,
    at: datetime,
) -> bool:
    """Keep an answer; False when it is known. `key` is the same for the same form, come again."""
    cursor = db.execute(
        "INSERT INTO feedback_answers"
        " (contact_id, delivery_id, key, question_id, kind, score, words, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [contact_id, delivery_id, key, question_id, kind, score, words, as_text(at)],
    )
    return cursor.rowcount == 1


def tallies(db: Database, since: datetime, until: datetime) -> Iterator[Tally]:
    """The answers from that moment on and before the other, counted by kind and score."""
    rows = fetch(
        db,
        "SELECT kind, score, count(*) AS n, count(words) AS worded FROM feedback_answers"
        " WHERE at >= ? AND at < ? GROUP BY kind, score ORDER BY kind, score",
        [as_text(since), as_text(until)],
    )
    return (Tally(row["kind"], row["score"], row["n"], row["worded"]) for row in rows)


def asked(db: Database, since: datetime, until: datetime) -> dict[str, int]:
    """How many surveys of each kind Meta took in that time."""
    rows = fetch(
        db,
        "SELECT json_extract(drafts.message, ?) AS kind, count(*) AS n FROM deliveries"
        " JOIN drafts ON drafts.id = deliveries.draft_id"
        " WHERE json_extract(drafts.message, ?) = ?"
        " AND deliveries.sent_at >= ? AND deliveries.sent_at < ? GROUP BY kind",
        [f"{_QUESTION}.type", *_TEMPLATE, as_text(since), as_text(until)],
    )
    return {row["kind"]: row["n"] for row in rows}

"""Whoever asked to be told something, once; and the delivery that told them."""

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE one_time_tokens (
        id INTEGER PRIMARY KEY,
        contact_id INTEGER NOT NULL REFERENCES contacts (id),
        token TEXT NOT NULL UNIQUE,
        topic TEXT NOT NULL,
        asked_at TEXT NOT NULL,
        expires_at TEXT NOT NULL CHECK (expires_at > asked_at),
        spent_at TEXT
    ) STRICT
    """,
    "CREATE INDEX one_time_tokens_of_contact ON one_time_tokens (contact_id)",
    "ALTER TABLE deliveries ADD COLUMN one_time_id INTEGER REFERENCES one_time_tokens (id)",
    """
    CREATE UNIQUE INDEX deliveries_by_one_time ON deliveries (one_time_id)
    WHERE one_time_id IS NOT NULL
    """,
)

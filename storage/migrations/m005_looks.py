"""How often a delivery in doubt was looked for in Meta's conversation, and when next."""

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE looks (
        delivery_id INTEGER PRIMARY KEY REFERENCES deliveries (id),
        attempt INTEGER NOT NULL,
        times INTEGER NOT NULL,
        next_at TEXT
    ) STRICT
    """,
    "CREATE INDEX deliveries_in_doubt ON deliveries (changed_at) WHERE state = 'unknown'",
)

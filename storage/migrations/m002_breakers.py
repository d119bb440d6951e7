"""Pauses that end by themselves, tags that Meta refuses, tagged messages that wait."""

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE pauses_anew (
        page_id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('token', 'policy', 'rate')),
        reason TEXT NOT NULL,
        at TEXT NOT NULL,
        until TEXT CHECK (until > at),
        CHECK ((kind = 'rate') = (until IS NOT NULL))
    ) STRICT
    """,
    """
    INSERT INTO pauses_anew (page_id, kind, reason, at) SELECT page_id, kind, reason, at FROM pauses
    """,
    "DROP TABLE pauses",
    "ALTER TABLE pauses_anew RENAME TO pauses",
    """
    CREATE TABLE tag_holds (
        page_id TEXT PRIMARY KEY,
        reason TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE refused_tags (
        page_id TEXT NOT NULL,
        tag TEXT NOT NULL,
        reason TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (page_id, tag)
    ) STRICT, WITHOUT ROWID
    """,
    "ALTER TABLE history ADD COLUMN page_id TEXT",
    "ALTER TABLE history ADD COLUMN tag TEXT",
    "ALTER TABLE history ADD COLUMN until TEXT",
)

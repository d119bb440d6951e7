"""When somebody last asked whether the database can be written: the proof is that it was."""

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE health_checks (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        at TEXT NOT NULL
    ) STRICT
    """,
)

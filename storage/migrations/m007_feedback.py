"""What people answered in feedback forms."""

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE feedback_answers (
        id INTEGER PRIMARY KEY,
        contact_id INTEGER NOT NULL REFERENCES contacts (id),
        delivery_id INTEGER UNIQUE REFERENCES deliveries (id),
        key TEXT NOT NULL,
        question_id TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('csat', 'nps', 'ces', 'free_form')),
        score INTEGER,
        words TEXT,
        at TEXT NOT NULL,
        UNIQUE (contact_id, key, question_id),
        CHECK ((kind = 'free_form') = (score IS NULL))
    ) STRICT
    """,
    "CREATE INDEX feedback_answers_by_time ON feedback_answers (at)",
)

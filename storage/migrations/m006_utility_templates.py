"""The templates of utility messages that Meta lists for a Page."""

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE utility_templates (
        id INTEGER PRIMARY KEY,
        page_id TEXT NOT NULL,
        name TEXT NOT NULL,
        language TEXT NOT NULL,
        status TEXT NOT NULL,
        components TEXT NOT NULL,
        UNIQUE (page_id, name, language)
    ) STRICT
    """,
    """
    CREATE TABLE template_listings (
        page_id TEXT PRIMARY KEY,
        at TEXT NOT NULL,
        problem TEXT
    ) STRICT
    """,
)

"""Conversations as Slack shows them: threads, and their lines."""

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE deliveries ADD COLUMN pressed_at TEXT",
    "CREATE INDEX history_of_whole_draft ON history (draft_id) WHERE delivery_id IS NULL",
    """
    CREATE INDEX history_judged ON history (delivery_id) WHERE verdict IS NOT NULL OR what = 'send_again'
    """,
    """
    CREATE TABLE desk_threads (
        id INTEGER PRIMARY KEY,
        contact_id INTEGER NOT NULL REFERENCES contacts (id),
        channel TEXT NOT NULL,
        root_ts TEXT,
        last_at TEXT NOT NULL,
        look_at TEXT,
        version INTEGER NOT NULL DEFAULT 1,
        drawn INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    "CREATE INDEX desk_threads_of_contact ON desk_threads (contact_id)",
    "CREATE INDEX desk_threads_to_draw ON desk_threads (id) WHERE drawn < version",
    "CREATE INDEX desk_threads_to_look_at ON desk_threads (look_at) WHERE look_at IS NOT NULL",
    "CREATE UNIQUE INDEX desk_threads_in_slack ON desk_threads (channel, root_ts)",
    """
    CREATE TABLE desk_lines (
        id INTEGER PRIMARY KEY,
        thread_id INTEGER NOT NULL REFERENCES desk_threads (id),
        contact_id INTEGER NOT NULL REFERENCES contacts (id),
        key TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN (
            'message', 'postback', 'order', 'reaction', 'referral', 'optin', 'edited', 'deleted',
            'echo', 'ours', 'reminder')),
        at TEXT NOT NULL,
        content TEXT,
        mid TEXT,
        draft_id INTEGER REFERENCES drafts (id),
        delivery_id INTEGER REFERENCES deliveries (id),
        deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
        posted_at TEXT,
        ts TEXT,
        version INTEGER NOT NULL DEFAULT 1,
        drawn INTEGER NOT NULL DEFAULT 0,
        UNIQUE (contact_id, key),
        CHECK ((kind = 'ours') = (draft_id IS NOT NULL))
    ) STRICT
    """,
    "CREATE INDEX desk_lines_of_thread ON desk_lines (thread_id)",
    "CREATE INDEX desk_lines_by_mid ON desk_lines (contact_id, mid) WHERE mid IS NOT NULL",
    "CREATE INDEX desk_lines_of_draft ON desk_lines (draft_id) WHERE draft_id IS NOT NULL",
    "CREATE INDEX desk_lines_to_post ON desk_lines (id) WHERE posted_at IS NULL",
    "CREATE INDEX desk_lines_to_redraw ON desk_lines (id) WHERE posted_at IS NOT NULL AND drawn < version",
)

"""People and what they did, drafts and their deliveries, history and who is told of it."""

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE contacts (
        id INTEGER PRIMARY KEY,
        page_id TEXT NOT NULL,
        psid TEXT NOT NULL,
        channel TEXT NOT NULL CHECK (channel IN ('messenger', 'instagram')),
        name TEXT,
        name_folded TEXT,
        name_asked_at TEXT,
        closed_by_meta_at TEXT,
        delivered_until TEXT,
        read_until TEXT,
        created_at TEXT NOT NULL,
        UNIQUE (page_id, psid)
    ) STRICT
    """,
    "CREATE INDEX contacts_without_name ON contacts (name_asked_at) WHERE name IS NULL",
    """
    CREATE TABLE interactions (
        contact_id INTEGER NOT NULL REFERENCES contacts (id),
        kind TEXT NOT NULL CHECK (
            kind IN ('message', 'postback', 'referral', 'optin', 'reaction', 'ad_message')),
        reported_at TEXT NOT NULL,
        at TEXT NOT NULL CHECK (at <= reported_at),
        PRIMARY KEY (contact_id, kind, reported_at)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE drafts (
        id INTEGER PRIMARY KEY,
        author TEXT,
        requested_by TEXT,
        editor TEXT,
        message TEXT NOT NULL,
        tag TEXT,
        facts TEXT NOT NULL,
        send_at TEXT,
        state TEXT NOT NULL CHECK (state IN ('queued', 'approved', 'rejected', 'withdrawn')),
        needs_second_person INTEGER NOT NULL CHECK (needs_second_person IN (0, 1)),
        decided_by TEXT,
        decided_at TEXT,
        reason TEXT,
        revision INTEGER NOT NULL DEFAULT 1,
        version INTEGER NOT NULL DEFAULT 1,
        drawn INTEGER NOT NULL DEFAULT 0,
        card_channel TEXT NOT NULL,
        card_ts TEXT,
        created_at TEXT NOT NULL,
        CHECK (author IS NOT NULL OR requested_by IS NOT NULL),
        CHECK ((state = 'queued') = (decided_by IS NULL))
    ) STRICT
    """,
    "CREATE INDEX drafts_to_draw ON drafts (id) WHERE drawn < version",
    "CREATE INDEX drafts_by_state ON drafts (state)",
    """
    CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY,
        draft_id INTEGER NOT NULL REFERENCES drafts (id),
        contact_id INTEGER NOT NULL REFERENCES contacts (id),
        due_at TEXT NOT NULL,
        try_at TEXT NOT NULL,
        scheduled INTEGER NOT NULL CHECK (scheduled IN (0, 1)),
        state TEXT NOT NULL CHECK (state IN (
            'pending', 'sending', 'sent', 'delivered', 'read',
            'refused', 'failed', 'unknown', 'missed', 'cancelled')),
        attempts INTEGER NOT NULL DEFAULT 0,
        messaging_type TEXT,
        tag TEXT,
        mid TEXT,
        note TEXT,
        claimed_at TEXT,
        sent_at TEXT,
        changed_at TEXT NOT NULL,
        UNIQUE (draft_id, contact_id, due_at)
    ) STRICT
    """,
    "CREATE INDEX deliveries_due ON deliveries (try_at) WHERE state = 'pending'",
    "CREATE INDEX deliveries_in_flight ON deliveries (state) WHERE state = 'sending'",
    "CREATE INDEX deliveries_by_contact ON deliveries (contact_id, state)",
    "CREATE INDEX deliveries_by_mid ON deliveries (mid) WHERE mid IS NOT NULL",
    """
    CREATE TABLE early_receipts (
        contact_id INTEGER NOT NULL REFERENCES contacts (id),
        mid TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('delivered', 'read')),
        PRIMARY KEY (contact_id, mid, state)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE history (
        id INTEGER PRIMARY KEY,
        draft_id INTEGER REFERENCES drafts (id),
        delivery_id INTEGER REFERENCES deliveries (id),
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        what TEXT NOT NULL,
        note TEXT,
        verdict TEXT
    ) STRICT
    """,
    "CREATE INDEX history_of_draft ON history (draft_id)",
    """
    CREATE TRIGGER history_is_only_appended_to BEFORE UPDATE ON history
    BEGIN SELECT RAISE(ABORT, 'history is only appended to'); END
    """,
    """
    CREATE TRIGGER history_is_never_deleted BEFORE DELETE ON history
    BEGIN SELECT RAISE(ABORT, 'history is only appended to'); END
    """,
    """
    CREATE TABLE notices (
        id INTEGER PRIMARY KEY,
        history_id INTEGER NOT NULL REFERENCES history (id),
        place TEXT NOT NULL CHECK (place IN ('thread', 'author', 'channel')),
        posted_at TEXT
    ) STRICT
    """,
    "CREATE INDEX notices_to_post ON notices (id) WHERE posted_at IS NULL",
    """
    CREATE TABLE pauses (
        page_id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('token', 'policy')),
        reason TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE enforcements (
        page_id TEXT NOT NULL,
        at TEXT NOT NULL,
        action TEXT NOT NULL CHECK (action IN ('warning', 'block', 'unblock')),
        PRIMARY KEY (page_id, at, action)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE draft_requests (
        key TEXT PRIMARY KEY,
        body_hash TEXT NOT NULL,
        status INTEGER NOT NULL,
        answer TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE conversations (
        id TEXT PRIMARY KEY,
        read_until TEXT NOT NULL
    ) STRICT
    """,
)

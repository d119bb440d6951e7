"""The schema, one named step after another; a step that has shipped stays as it is."""

from typing import Final

from sqlite_utils import Database, Migrations

MIGRATIONS: Final = Migrations("tagwise")


@MIGRATIONS()
def m001_people_drafts_outbox(db: Database) -> None:
    """People and what they did, drafts and their deliveries, history and who is told of it."""
    for statement in _FIRST:
        db.execute(statement)


@MIGRATIONS()
def m002_breakers(db: Database) -> None:
    """Pauses that end by themselves, tags that Meta refuses, tagged messages that wait."""
    for statement in _BREAKERS:
        db.execute(statement)


@MIGRATIONS()
def m003_outbox_of_each_page(db: Database) -> None:
    """Each Page has its own row of deliveries, so that a Page that waits holds up no other."""
    for statement in _OUTBOX_OF_EACH_PAGE:
        db.execute(statement)


@MIGRATIONS()
def m004_desk(db: Database) -> None:
    """Conversations as Slack shows them: threads, and their lines."""
    for statement in _DESK:
        db.execute(statement)


@MIGRATIONS()
def m005_looks(db: Database) -> None:
    """How often a delivery in doubt was looked for in Meta's conversation, and when next."""
    db.execute(
        "CREATE TABLE looks (delivery_id INTEGER PRIMARY KEY REFERENCES deliveries (id),"
        " attempt INTEGER NOT NULL, times INTEGER NOT NULL, next_at TEXT) STRICT"
    )
    db.execute(
        "CREATE INDEX deliveries_in_doubt ON deliveries (changed_at) WHERE state = 'unknown'"
    )


@MIGRATIONS()
def m006_utility_templates(db: Database) -> None:
    """The templates of utility messages that Meta lists for a Page."""
    for statement in _UTILITY_TEMPLATES:
        db.execute(statement)


@MIGRATIONS()
def m007_feedback(db: Database) -> None:
    """What people answered in feedback forms."""
    for statement in _FEEDBACK:
        db.execute(statement)


@MIGRATIONS()
def m008_one_time(db: Database) -> None:
    """Whoever asked to be told something, once; and the delivery that told them."""
    for statement in _ONE_TIME:
        db.execute(statement)


_FIRST: Final = (
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

_BREAKERS: Final = (
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

_OUTBOX_OF_EACH_PAGE: Final = (
    "ALTER TABLE deliveries ADD COLUMN page_id TEXT NOT NULL DEFAULT ''",
    """
    UPDATE deliveries SET page_id = contacts.page_id
    FROM contacts WHERE contacts.id = deliveries.contact_id
    """,
    "DROP INDEX deliveries_due",
    "CREATE INDEX deliveries_due ON deliveries (page_id, try_at) WHERE state = 'pending'",
)

_DESK: Final = (
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

_UTILITY_TEMPLATES: Final = (
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

_FEEDBACK: Final = (
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

_ONE_TIME: Final = (
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

"""Each Page has its own row of deliveries, so that a Page that waits holds up no other."""

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE deliveries ADD COLUMN page_id TEXT NOT NULL DEFAULT ''",
    """
    UPDATE deliveries SET page_id = contacts.page_id
    FROM contacts WHERE contacts.id = deliveries.contact_id
    """,
    "DROP INDEX deliveries_due",
    "CREATE INDEX deliveries_due ON deliveries (page_id, try_at) WHERE state = 'pending'",
)

"""Records many messages that Meta accepted, in a few statements for all of them."""

from collections.abc import Mapping
from datetime import datetime

from sqlite_utils import Database

from bot.chronicle import note_deliveries
from bot.outcomes import apply_receipts
from storage import deliveries, receipts


def record_accepted(db: Database, mids: Mapping[int, str], now: datetime) -> None:
    """Meta gave these deliveries, by number, these message ids; echoes may have said so before."""
    moved = deliveries.confirm(db, mids, sent_at=now, now=now)
    note_deliveries(db, moved, "sent", now=now)
    people = {taken.contact_id for taken in moved}
    told_early = receipts.people_with_some(db, people, since=now)
    for taken in moved:
        if taken.contact_id in told_early and (delivery := deliveries.get(db, taken.id)):
            apply_receipts(db, delivery, now)

"""The first start on a restored backup: nothing may go out twice, nor what was withdrawn since.

The backup does not know what the bot did after it was taken. So what was due by now is in doubt, as
after a power cut, and everything else waits until a person lets the Page send again.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from bot.chronicle import note_deliveries, note_page
from storage import one_time, pauses
from storage.copies import copied_at, forget_copied
from storage.restored import doubt_due, leave_numbers_out, warn_on_queued

IN_DOUBT: Final = (
    "The bot's record was restored from a backup of {}, and this was due before the restart: it may "
    "have gone out meanwhile."
)
UNDECIDED: Final = (
    "The bot's record was restored from a backup of {}: a colleague may have decided this since, and "
    "it may have gone out. Look into the Page's inbox before you approve it"
)
PAUSED: Final = (
    "The bot's record was restored from a backup of {}. What was due by now is put down as possibly "
    "sent. What has been withdrawn since the backup is planned again: look at `/notify queue`, "
    "withdraw it once more, then resume sending."
)
LEFT_OUT: Final = "Numbers up to this one may have been given after the backup of {} was taken."


def settle_restored(db: Database, accounts: Collection[str], now: datetime) -> int | None:
    """On a restored backup: put down what may have been sent since, and pause these accounts.

    Once only: then the database is at work. Returns how many deliveries that concerns, None where the
    database was not restored.
    """
    taken = copied_at(db.conn)
    if taken is None:
        return None
    words = f"{taken.day} {taken:%B %Y, %H:%M} UTC"
    doubted = doubt_due(db, IN_DOUBT.format(words), now)
    note_deliveries(db, doubted, "unknown", now=now, note=IN_DOUBT.format(words))
    one_time.spend_all(db, now)
    warn_on_queued(db, UNDECIDED.format(words))
    leave_numbers_out(db, LEFT_OUT.format(words), now)
    for account in accounts:
        pauses.begin(db, [account], "policy", PAUSED.format(words), now)
        note_page(db, "page_paused", now=now, note=PAUSED.format(words), page_id=account)
    forget_copied(db.conn)
    return len(doubted)

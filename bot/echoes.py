"""Which of our own deliveries Meta's copy of a message tells of."""

from typing import Final

from sqlite_utils import Database

from bot.send_api import METADATA_PREFIX
from storage import deliveries
from storage.records import Delivery

MOST_DIGITS: Final = 18  # what SQLite can hold


def delivery_named(db: Database, metadata: str | None) -> Delivery | None:
    """The delivery whose number stands in this `message.metadata`; None where no number of ours does."""
    number = (metadata or "").removeprefix(METADATA_PREFIX)
    if number == metadata or not (number.isascii() and number.isdigit()):
        return None
    return deliveries.get(db, int(number)) if len(number) <= MOST_DIGITS else None

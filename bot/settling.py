"""A person settles a delivery that may have arrived: it did, or send it once more."""

from datetime import datetime

from bot.chronicle import note_delivery
from bot.deciding import AlreadyDecided, Refused, get_draft
from storage import deliveries
from storage.records import Delivery
from storage.store import Store


class AlreadySettled(Refused):
    """The delivery is no longer in doubt; it carries the delivery as it is now."""

    def __init__(self, delivery: Delivery | None) -> None:
        super().__init__("the delivery is no longer in doubt")
        self.delivery = delivery


class ToldOnce(Refused):
    """The person asked to be told once, and this delivery has used that up."""


def send_again(store: Store, delivery_id: int, *, by: str, now: datetime) -> Delivery:
    """Send it once more, now and by this person's word.

    Raises AlreadySettled, ToldOnce, and AlreadyDecided where its draft was withdrawn meanwhile.
    """
    with store.write() as db:
        before = deliveries.get(db, delivery_id)
        if before and before.state == "unknown" and before.one_time_id:
            raise ToldOnce
        moved = deliveries.retry_now(db, delivery_id, now)
        if moved is None:
            raise AlreadySettled(deliveries.get(db, delivery_id))
        draft = get_draft(db, moved.draft_id)
        if draft.state != "approved":
            raise AlreadyDecided(draft)
        note_delivery(db, moved, "send_again", who=by, now=now)
    return moved


def mark_arrived(store: Store, delivery_id: int, *, by: str, now: datetime) -> Delivery:
    """A person saw that it arrived; raises AlreadySettled."""
    with store.write() as db:
        moved = deliveries.move(db, delivery_id, was=("unknown",), to="sent", now=now, sent_at=now)
        if moved is None:
            raise AlreadySettled(deliveries.get(db, delivery_id))
        note_delivery(db, moved, "mark_arrived", who=by, now=now)
    return moved

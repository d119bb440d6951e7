"""Looks into Meta's conversations for messages that may have arrived, and settles those it finds.

What is found there has arrived. What is not found stays in doubt, for Meta shows the details of the 20
most recent messages only, and not every conversation: Conversations API, https://developers.facebook.com
/documentation/business-messaging/messenger-platform/conversations. It takes 2 calls a second; this
asks once a tick, a second long, and rests when Meta asks for that.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlite_utils import Database

from bot.chronicle import note_delivery
from bot.conversation import FIELDS, Conversation, match, read_conversation
from bot.graph_errors import Meaning
from bot.messenger import GraphFault
from bot.outcomes import confirm_by_echo
from bot.services import Services
from storage import looks
from storage.looks import Trace
from storage.records import Contact

FIRST_LOOK: Final = timedelta(minutes=1)  # before, the echo usually settles it
PAUSES: Final = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=18),
)
LOOKS: Final = 1 + len(PAUSES)
LONGEST: Final = timedelta(days=2)  # whatever keeps Meta from answering for so long
REST_S: Final = 60.0
LONG_REST_S: Final = 900.0
STOPS: Final = (Meaning.STOP_TOKEN, Meaning.STOP_POLICY, Meaning.STOP_RATE)

FOUND: Final = "Tagwise has looked into Meta's conversation and found it."
NOT_YET: Final = "Tagwise has looked into Meta's conversation and did not find it yet."
NEVER: Final = "Tagwise has looked into Meta's conversation for a day and did not find it."
NOT_SHOWN: Final = "Meta's conversation, as it is shown to Tagwise, does not go back that far."
_log = structlog.get_logger()


class LookUp:
    """Looks for one person's messages a tick."""

    def __init__(self, services: Services, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._services = services
        self._monotonic = monotonic
        self._rests_until = 0.0

    def tick(self) -> None:
        """Look into the conversation whose turn it is, if any; one call to Meta at most."""
        if self._monotonic() < self._rests_until:
            return
        services, now = self._services, self._services.clock()
        with services.store.read() as db:
            person = looks.person_to_look_for(
                db, services.settings.accounts, doubted=(now - LONGEST, now - FIRST_LOOK), now=now
            )
        if person is None:
            return
        try:
            shown = self._conversation_with(person)
        except GraphFault as fault:
            _log.info("a conversation could not be looked into", contact=person.id, why=str(fault))
            if fault.meaning in STOPS:
                self._rests_until = self._monotonic() + LONG_REST_S
                return
            shown = None
            if fault.meaning is Meaning.NO:  # to this question, ever
                shown = Conversation()
            else:
                self._rests_until = self._monotonic() + REST_S
        with services.store.write() as db:
            if _conclude(db, looks.traces(db, person.id), shown, now):
                services.bell.ring()

    def _conversation_with(self, person: Contact) -> Conversation:
        settings = self._services.settings
        answer = self._services.messenger.get(
            f"{settings.page_id}/conversations",
            platform=person.channel,
            user_id=person.psid,
            fields=FIELDS,
        )
        try:
            return read_conversation(answer, person.psid)
        except (LookupError, TypeError, ValueError, AttributeError):
            _log.warning("a conversation could not be read", contact=person.id)
            return Conversation()


def _conclude(
    db: Database, traces: Sequence[Trace], shown: Conversation | None, now: datetime
) -> bool:
    """Put down what was found and what was not; None was shown where Meta has to be asked later.

    Returns whether there is anything new to tell.
    """
    if any(trace.delivery.state == "sending" for trace in traces):
        return False  # what is shown may be this one; the next tick looks again
    found = match(traces, shown.texts) if shown else {}
    news = False
    for trace in traces:
        if trace.delivery.state != "unknown":
            continue
        if message := found.get(trace.delivery.id):
            note_delivery(db, trace.delivery, "looked_up", now=now, note=FOUND)
            confirm_by_echo(db, trace.delivery, mid=message.mid, sent_at=message.at, now=now)
            news = True
        elif trace.is_due(now, now - FIRST_LOOK):
            news |= _not_found(db, trace, shown, now)
    return news


def _not_found(db: Database, trace: Trace, shown: Conversation | None, now: datetime) -> bool:
    delivery, times = trace.delivery, trace.times
    if shown is None:
        looks.note_look(db, delivery, times, now + PAUSES[min(times, LOOKS - 2)], delivery.note)
        return False
    times += 1
    said = NOT_YET if times < LOOKS else NEVER
    said = said if shown.reaches(trace.left_after) else NOT_SHOWN
    why = delivery.note or ""
    news = not why.endswith(said)
    for before in (NOT_YET, NOT_SHOWN):
        why = why.removesuffix(before).strip()
    next_look = now + PAUSES[times - 1] if times < LOOKS else None
    looks.note_look(db, delivery, times, next_look, f"{why} {said}".strip())
    if news:
        note_delivery(db, delivery, "looked_up", now=now, note=said)
    return news

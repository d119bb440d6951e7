"""Reads the Page's conversations to learn when each person last wrote; may be stopped and repeated.

Meta's Conversations API (https://developers.facebook.com/documentation/business-messaging/
messenger-platform/conversations) takes 2 calls a second, tells details of the 20 most recent messages,
and knows messages only: no button, no reaction. So what is learnt can make a window look shorter than
it is, never longer.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

from bot.asking import reach_of
from bot.clock import Clock, system_clock
from bot.messenger import GraphFault, Messenger
from bot.moments import read_moment
from bot.policy.editions import EDITIONS
from bot.settings import Settings
from storage import contacts, conversations, interactions
from storage.interactions import Act
from storage.store import Store

SECONDS_BETWEEN_CALLS: Final = 0.5
PAUSES_S: Final = (5, 30, 120)  # before each further try when Meta says "later"
LISTED_AT_ONCE: Final = 50
DETAILED_MESSAGES: Final = 20
MOST_UNREADABLE_IN_A_ROW: Final = 3  # then it is not the conversation that is at fault
FIELDS: Final = f"messages.limit({DETAILED_MESSAGES}){{created_time,from,to}}"  # not what was said

Json = Mapping[str, Any]
T = TypeVar("T")


@dataclass(slots=True)
class Tally:
    """What was done so far."""

    read: int = 0
    unchanged: int = 0
    unreadable: int = 0
    people: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """The one person of a conversation, and when they last wrote, if that is among what Meta tells."""

    psid: str
    name: str | None
    last_wrote: datetime | None


class Patience:
    """Asks at most twice a second, and waits when Meta wants to be asked later."""

    def __init__(
        self,
        tell: Callable[[str], None],
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tell = tell
        self._sleep = sleep
        self._monotonic = monotonic
        self._not_before = monotonic()

    def ask(self, question: Callable[[], T]) -> T:
        """The answer; raises GraphFault when there is none, or still none after all pauses."""
        for pause in PAUSES_S:
            try:
                return self._ask_in_turn(question)
            except GraphFault as fault:
                if not fault.meaning.passes:
                    raise
                self._tell(f"{fault} Going on in {pause} s.")
                self._sleep(pause)
        return self._ask_in_turn(question)

    def _ask_in_turn(self, question: Callable[[], T]) -> T:
        self._sleep(max(0.0, self._not_before - self._monotonic()))
        self._not_before = self._monotonic() + SECONDS_BETWEEN_CALLS
        return question()


class Backfill:
    """One run over all conversations of the Page and of its Instagram account.

    Each conversation is one transaction, so a run may end anywhere; the next one leaves out what has
    not changed since. `shown` is called after each conversation.
    """

    def __init__(
        self,
        settings: Settings,
        messenger: Messenger,
        patience: Patience,
        *,
        clock: Clock = system_clock,
        shown: Callable[[Tally], None] = lambda _: None,
    ) -> None:
        self.tally = Tally()
        self._settings = settings
        self._store = Store(settings.database_path)
        self._messenger = messenger
        self._patience = patience
        self._clock = clock
        self._shown = shown
        self._unreadable_in_a_row = 0

    def run(self) -> None:
        """Read them all; raises GraphFault when Meta does not let it go on."""
        self._read_platform("messenger", self._settings.page_id)
        if self._settings.instagram_id:
            self._read_platform("instagram", self._settings.instagram_id)

    def windows_open(self) -> int:
        """How many people may be written to freely now, by all that is on record."""
        settings, now = self._settings, self._clock()
        longest = max(EDITIONS[settings.policy_edition].windows.values())
        with self._store.read() as db:
            active = contacts.active_since(db, settings.accounts, now - longest)
            return sum(reach_of(db, settings, contact, now).window.open for contact in active)

    def _read_platform(self, channel: str, account: str) -> None:
        path, after = f"{self._settings.page_id}/conversations", None
        while True:
            entries, after = self._patience.ask(
                partial(
                    self._messenger.page_of,
                    path,
                    after,
                    platform=channel,
                    fields="id,updated_time",
                    limit=LISTED_AT_ONCE,
                )
            )
            for entry in entries:
                self._read(entry, channel, account)
                self._shown(self.tally)
            if after is None:
                return

    def _read(self, entry: Json, channel: str, account: str) -> None:
        conversation_id, updated = str(entry["id"]), read_moment(entry["updated_time"])
        with self._store.read() as db:
            seen = conversations.read_until(db, conversation_id)
        if seen and updated <= seen:
            self.tally.unchanged += 1
            return
        try:
            answer = self._patience.ask(
                partial(self._messenger.get, conversation_id, fields=FIELDS)
            )
        except GraphFault:
            self.tally.unreadable += 1
            self._unreadable_in_a_row += 1
            if self._unreadable_in_a_row == MOST_UNREADABLE_IN_A_ROW:
                raise
            return
        self._unreadable_in_a_row = 0
        self._record(conversation_id, updated, answer, channel, account)

    def _record(
        self, conversation_id: str, updated: datetime, answer: Json, channel: str, account: str
    ) -> None:
        messages = answer.get("messages", {}).get("data", ())
        person = person_in(messages, self._settings.accounts)
        now = self._clock()
        with self._store.write() as db:
            conversations.note_read(db, conversation_id, updated)
            if person:
                contact = contacts.ensure(db, account, person.psid, channel, now)
                if person.name and contact.name is None:
                    contacts.note_name(db, contact.id, person.name, now)
                if person.last_wrote:
                    wrote = Act(account, person.psid, channel, "message", person.last_wrote, now)
                    self.tally.people += len(interactions.record(db, [wrote]))
        self.tally.read += 1


def person_in(messages: Iterable[Json], own: Collection[str]) -> Person | None:
    """The person of a conversation whose other side are `own` ids; None where that is not clear."""
    names: dict[str, str | None] = {}
    wrote: list[datetime] = []
    for message in messages:
        sender = message.get("from") or {}
        for party in (sender, *(message.get("to") or {}).get("data", ())):
            psid = str(party.get("id", ""))
            if psid and psid not in own:
                names[psid] = names.get(psid) or party.get("name") or party.get("username")
        if str(sender.get("id", "")) in names:
            wrote.append(read_moment(message["created_time"]))
    if len(names) != 1:
        return None
    ((psid, name),) = names.items()
    return Person(psid, name, max(wrote, default=None))

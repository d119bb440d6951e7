"""Draws the conversations: each thread's first message, its lines, and what has become of the answers."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlite_utils import Database

from bot.asking import template_of_draft
from bot.breakers import breakers_of
from bot.desk import Standing, forget_if_due, remind_if_due, standing_of
from bot.judging import judge_draft
from bot.services import Services
from handlers.people import slack_error
from handlers.posting import put
from handlers.tries import GONE, Tries, Work
from handlers.views.blocks import Block
from handlers.views.breakers import wait_words
from handlers.views.desk import root
from handlers.views.desk_answers import answer_message
from handlers.views.desk_posts import Shown, posts
from storage import contacts, deliveries, desk, desk_lines, drafts
from storage.desk import Thread
from storage.desk_lines import OURS, Line
from storage.records import Contact, Delivery, Draft

AT_ONCE: Final = 20
NAME_WAIT_S: Final = 5.0
ROOT_DELETED: Final = ("thread_not_found", "message_not_found")


class DeskPainter:
    """Makes the inbox channel say what the record says; nothing is lost, and nothing told twice."""

    def __init__(
        self,
        services: Services,
        client: WebClient,
        channel: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._client = client
        self._channel = channel
        self._tries = Tries(monotonic)
        self._monotonic = monotonic
        self._nameless_since: dict[int, float] = {}  # by thread
        # Known here, should the database not take it just now: it must not be posted again.
        self._roots_posted: dict[int, tuple[str, str]] = {}
        self._lines_posted: list[tuple[Sequence[Line], str]] = []

    def tick(self) -> None:
        """Bring the channel up to date; what fails is tried again after a growing rest."""
        self._tries.run(self._roots, self._posts, self._changes)

    def _roots(self) -> Work:
        with self._services.store.read() as db:
            limit = AT_ONCE + self._tries.resting
            found = desk.threads_to_draw(db, self._services.clock(), limit)
            threads = [thread for thread in found if not self._waits_for_name(db, thread)]
        return [(f"thread {thread.id}", partial(self._draw_root, thread)) for thread in threads]

    def _waits_for_name(self, db: Database, thread: Thread) -> bool:
        """Whether a new thread is better begun in a moment: Meta has not been asked for the name yet."""
        if thread.root_ts or not contacts.awaits_name(db, thread.contact_id):
            return False
        since = self._nameless_since.setdefault(thread.id, self._monotonic())
        return self._monotonic() - since < NAME_WAIT_S

    def _draw_root(self, thread: Thread) -> None:
        services = self._services
        with services.store.write() as db:  # what time has brought is put on record first
            remind_if_due(db, self._standing(db, thread))
            forget_if_due(db, self._standing(db, thread))
            standing = self._standing(db, thread)
        channel, ts = self._put(thread, root(standing))
        self._roots_posted[thread.id] = (channel, ts)
        with services.store.write() as db:
            desk.note_drawn(db, thread, channel, ts, standing.look_at)
        del self._roots_posted[thread.id]
        self._nameless_since.pop(thread.id, None)

    def _standing(self, db: Database, thread: Thread) -> Standing:
        return standing_of(db, self._services.settings, thread, self._services.clock())

    def _put(self, thread: Thread, message: Block) -> tuple[str, str]:
        known = self._roots_posted.get(thread.id, (thread.channel, thread.root_ts))
        return put(self._client, known, message, self._channel)

    def _post(self, **message: Any) -> Any:
        return self._client.chat_postMessage(unfurl_links=False, unfurl_media=False, **message)

    def _posts(self) -> Work:
        if self._lines_posted:
            yield "what was posted", self._note_posted
        posted = {line.id for lines, _ in self._lines_posted for line in lines}
        with self._services.store.read() as db:
            found = desk_lines.lines_to_post(db, (AT_ONCE + self._tries.resting) * 5)
        waiting = [line for line in found if line.id not in posted]
        waiting.sort(key=lambda line: line.thread_id)
        for thread_id, lines in groupby(waiting, key=lambda line: line.thread_id):
            yield f"lines of thread {thread_id}", partial(self._post_lines, thread_id, list(lines))

    def _post_lines(self, thread_id: int, lines: Sequence[Line]) -> None:
        services = self._services
        with services.store.read() as db:
            thread = desk.get(db, thread_id)
            if thread is None or thread.root_ts is None:
                return  # its first message is yet to be posted
            contact = _contact(db, thread)
            shown = list(posts(self._shown(db, lines, contact), contact))
        for post in shown:
            try:
                ts = self._post(channel=thread.channel, thread_ts=thread.root_ts, **post.message)[
                    "ts"
                ]
            except SlackApiError as error:
                if slack_error(error) not in ROOT_DELETED:
                    raise
                with services.store.write() as db:
                    desk.lose_root(db, thread_id)
                return
            self._lines_posted.append((post.lines, str(ts)))
            self._note_posted()

    def _note_posted(self) -> None:
        with self._services.store.write() as db:
            for lines, ts in self._lines_posted:
                desk_lines.note_posted(db, lines, ts, self._services.clock())
        self._lines_posted.clear()

    def _shown(self, db: Database, lines: Sequence[Line], contact: Contact) -> Iterator[Shown]:
        for line in lines:
            if line.kind == OURS:
                yield Shown(line, message=self._answer(db, line, contact))
                continue
            before = desk_lines.turn_before(db, line) if line.kind in desk_lines.ASKS else None
            draft = drafts.get(db, before.draft_id) if before and before.draft_id else None
            yield Shown(line, waited_on=draft.author if draft else None)

    def _changes(self) -> Work:
        with self._services.store.read() as db:
            changed = desk_lines.lines_to_redraw(db, AT_ONCE + self._tries.resting)
        return [(f"line {line.id}", partial(self._redraw, line)) for line in changed]

    def _redraw(self, line: Line) -> None:
        services = self._services
        with services.store.read() as db:
            thread = desk.get(db, line.thread_id)
            contact = _contact(db, thread) if thread else None
            message = self._message_of(db, line, contact) if contact else None
        if thread and message and line.ts:
            try:
                self._client.chat_update(channel=thread.channel, ts=line.ts, **message)
            except SlackApiError as error:
                if slack_error(error) not in GONE:
                    raise
        with services.store.write() as db:
            desk_lines.note_posted(db, [line], None, services.clock())

    def _message_of(self, db: Database, line: Line, contact: Contact) -> Block | None:
        if line.kind == OURS:
            return self._answer(db, line, contact)
        if line.deleted and desk_lines.stands_alone(db, line):
            (post,) = posts([Shown(line)], contact)
            return post.message
        return None

    def _answer(self, db: Database, line: Line, contact: Contact) -> Block:
        draft = drafts.get(db, line.draft_id or 0)
        assert draft is not None, "an answer has its draft"  # noqa: S101 - a foreign key
        to_them = (d for d in deliveries.of_draft(db, draft.id) if d.contact_id == contact.id)
        delivery = next((d for d in to_them if line.delivery_id in (None, d.id)), None)
        waits = self._why_it_waits(db, draft, delivery, contact) if delivery else None
        return answer_message(draft, delivery, contact, template_of_draft(db, draft), waits)

    def _why_it_waits(
        self, db: Database, draft: Draft, delivery: Delivery, contact: Contact
    ) -> str | None:
        if (draft.state, delivery.state) != ("approved", "pending"):
            return None
        now = self._services.clock()
        verdict = judge_draft(db, self._services.settings, draft, now)
        return wait_words(draft, delivery, breakers_of(db, contact.page_id, now), verdict, now)


def _contact(db: Database, thread: Thread) -> Contact:
    contact = contacts.get(db, thread.contact_id)
    assert contact is not None, "a thread has its contact"  # noqa: S101 - a foreign key
    return contact

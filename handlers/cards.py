"""The painter: makes Slack say what the database says, however often Slack fails in between."""

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlite_utils import Database

from bot.asking import template_of_draft
from bot.breakers import breakers_of
from bot.judging import judge_draft
from bot.services import Services
from bot.settings import RuleSettings
from handlers.people import slack_error
from handlers.posting import put
from handlers.tries import Tries, Work
from handlers.views.blocks import Block
from handlers.views.card import CardFacts, Line, card
from handlers.views.notices import notice_message
from storage import contacts, deliveries, drafts, history
from storage.history import Notice
from storage.records import Draft

AT_ONCE: Final = 20
INVALID_BLOCKS: Final = "invalid_blocks"


def card_facts(db: Database, settings: RuleSettings, draft: Draft, now: datetime) -> CardFacts:
    """All that the draft's card shows now."""
    people = contacts.of_draft(db, draft.id)
    lines = [Line(d, people[d.contact_id]) for d in deliveries.of_draft(db, draft.id)]
    waits = any(line.delivery.state == "pending" for line in lines)
    verdict = judge_draft(db, settings, draft, now) if waits else None
    accounts = {person.page_id for person in people.values()} if waits else ()
    breakers = {page_id: breakers_of(db, page_id, now) for page_id in accounts}
    template = template_of_draft(db, draft)
    return CardFacts(draft, lines, verdict, settings.policy_edition, now, breakers, template)


class Painter:
    """Draws the cards that have changed, then tells what is to be told."""

    def __init__(
        self,
        services: Services,
        client: WebClient,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._client = client
        self._posted: dict[int, tuple[str, str | None]] = {}
        self._told: set[int] = set()
        self._tries = Tries(monotonic)

    def tick(self) -> None:
        """Bring Slack up to date; what fails is tried again after a growing rest."""
        self._tries.run(self._cards, self._notices)

    def _cards(self) -> Work:
        with self._services.store.read() as db:
            changed = drafts.to_draw(db, AT_ONCE + self._tries.resting)
        return [(f"card {draft.id}", partial(self._draw, draft)) for draft in changed]

    def _draw(self, draft: Draft) -> None:
        services = self._services
        if draft.audience.in_conversation and services.settings.inbox_channel:
            with services.store.write() as db:
                drafts.note_shown_elsewhere(db, draft.id, draft.version)
            return
        with services.store.read() as db:
            facts = card_facts(db, services.settings, draft, services.clock())
        try:
            channel, ts = self._put(draft, card(facts))
        except SlackApiError as error:
            if slack_error(error) != INVALID_BLOCKS:
                raise
            # Slack refuses a message for a picture that it cannot load.
            channel, ts = self._put(draft, card(facts, pictures=False))
        self._posted[draft.id] = (channel, ts)  # known here, should the database not take it now
        with services.store.write() as db:
            drafts.note_drawn(db, draft.id, draft.version, channel, ts)
        del self._posted[draft.id]

    def _put(self, draft: Draft, message: Block) -> tuple[str, str]:
        known = self._posted.get(draft.id, (draft.card_channel, draft.card_ts))
        return put(self._client, known, message, draft.card_channel)

    def _notices(self) -> Work:
        with self._services.store.read() as db:
            untold = history.untold(db, (AT_ONCE + self._tries.resting) * 5)
        untold.sort(key=_where)  # one message for all that is to be told at one place
        for (draft_id, place), group in groupby(untold, key=_where):
            yield f"{place} of {draft_id}", partial(self._tell, draft_id, place, list(group))

    def _tell(self, draft_id: int, place: str, notices: list[Notice]) -> None:
        services = self._services
        with services.store.read() as db:
            draft = drafts.get(db, draft_id)
            people = contacts.of_draft(db, draft_id)
            of_delivery = {d.id: d for d in deliveries.of_draft(db, draft_id)}
        entries = []
        for notice in notices:
            if notice.id in self._told:
                continue
            delivery = of_delivery.get(notice.entry.delivery_id or 0)
            concerned = [people[delivery.contact_id]] if delivery else list(people.values())
            entries.append((notice.entry, concerned))
        message = notice_message(draft, place, entries, services.settings) if entries else None
        if message:
            self._client.chat_postMessage(unfurl_links=False, unfurl_media=False, **message)
        told = {notice.id for notice in notices}
        self._told |= told  # known here, should the database not take it now
        with services.store.write() as db:
            history.note_told(db, told, services.clock())
        self._told -= told


def _where(notice: Notice) -> tuple[int, str]:
    return notice.entry.draft_id or 0, notice.place

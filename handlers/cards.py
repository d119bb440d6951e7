"""The painter: makes Slack say what the database says, however often Slack fails in between."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Final
from urllib.error import URLError

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlite_utils import Database

from bot.judging import judge_draft
from bot.services import Services
from bot.settings import RuleSettings
from handlers.views.blocks import Block
from handlers.views.card import CardFacts, Line, card
from handlers.views.notices import notice_message
from storage import contacts, deliveries, drafts, history
from storage.history import Notice
from storage.records import Draft

AT_ONCE: Final = 20
LONGEST_REST_S: Final = 60.0
GONE: Final = ("message_not_found", "cant_update_message", "channel_not_found")
SlackTrouble = (SlackApiError, URLError, OSError)
_log = structlog.get_logger()


def card_facts(db: Database, settings: RuleSettings, draft: Draft, now: datetime) -> CardFacts:
    """All that the draft's card shows now."""
    people = contacts.of_draft(db, draft.id)
    lines = [Line(d, people[d.contact_id]) for d in deliveries.of_draft(db, draft.id)]
    undecided = draft.state in ("queued", "approved")
    open_lines = any(line.delivery.state == "pending" for line in lines)
    verdict = judge_draft(db, settings, draft, now) if undecided and open_lines else None
    return CardFacts(draft, lines, verdict, settings.policy_edition)


class Painter:
    """Draws the cards that have changed, then tells what is to be told; rests when Slack fails."""

    def __init__(
        self,
        services: Services,
        client: WebClient,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._client = client
        self._monotonic = monotonic
        self._rest_until = 0.0
        self._failures = 0

    def tick(self) -> None:
        """Bring Slack up to date; what fails is tried again after a growing rest."""
        if self._monotonic() < self._rest_until:
            return
        troubles = [*self._draw_cards(), *self._tell_notices()]
        if not troubles:
            self._failures = 0
            return
        self._failures += 1
        rest = max(_asked_rest(troubles), min(2.0**self._failures, LONGEST_REST_S))
        self._rest_until = self._monotonic() + rest
        _log.warning("Slack is not up to date", why=_reason(troubles[0]), next_try_s=rest)

    def _draw_cards(self) -> Iterator[Exception]:
        with self._services.store.read() as db:
            changed = drafts.to_draw(db, AT_ONCE)
        for draft in changed:
            try:
                self._draw(draft)
            except SlackTrouble as trouble:  # one bad card must not hide the others
                yield trouble

    def _draw(self, draft: Draft) -> None:
        services = self._services
        with services.store.read() as db:
            facts = card_facts(db, services.settings, draft, services.clock())
        channel, ts = self._put(draft, card(facts))
        with services.store.write() as db:
            drafts.note_drawn(db, draft.id, draft.version, channel, ts)

    def _put(self, draft: Draft, message: Block) -> tuple[str, str]:
        if draft.card_ts:
            try:
                self._client.chat_update(channel=draft.card_channel, ts=draft.card_ts, **message)
            except SlackApiError as error:
                if error.response.get("error") not in GONE:
                    raise
            else:
                return draft.card_channel, draft.card_ts
        posted = self._client.chat_postMessage(
            channel=draft.card_channel, unfurl_links=False, unfurl_media=False, **message
        )
        return str(posted["channel"]), str(posted["ts"])

    def _tell_notices(self) -> Iterator[Exception]:
        with self._services.store.read() as db:
            untold = history.untold(db, AT_ONCE * 5)
        for (draft_id, place), group in groupby(untold, key=_together):
            notices = list(group)
            try:
                self._tell(draft_id, place, notices)
            except SlackTrouble as trouble:
                yield trouble

    def _tell(self, draft_id: int | None, place: str, notices: list[Notice]) -> None:
        services = self._services
        with services.store.read() as db:
            draft = drafts.get(db, draft_id) if draft_id else None
            people = contacts.of_draft(db, draft_id) if draft_id else {}
            of_delivery = {d.id: d for d in deliveries.of_draft(db, draft_id)} if draft_id else {}
        entries = []
        for notice in notices:
            delivery = of_delivery.get(notice.entry.delivery_id or 0)
            concerned = [people[delivery.contact_id]] if delivery else list(people.values())
            entries.append((notice.entry, concerned))
        message = notice_message(draft, place, entries, services.settings)
        if message:
            self._client.chat_postMessage(unfurl_links=False, unfurl_media=False, **message)
        with services.store.write() as db:
            history.note_told(db, [notice.id for notice in notices], services.clock())


def _together(notice: Notice) -> tuple[int | None, str]:
    return notice.entry.draft_id, notice.place


def _asked_rest(troubles: list[Exception]) -> float:
    asked = 0.0
    for trouble in troubles:
        if isinstance(trouble, SlackApiError):
            headers = getattr(trouble.response, "headers", {}) or {}
            asked = max(asked, float(headers.get("Retry-After", 0)))
    return asked


def _reason(trouble: Exception) -> str:
    if isinstance(trouble, SlackApiError):
        return str(trouble.response.get("error"))
    return type(trouble).__name__

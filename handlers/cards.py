"""The painter: makes Slack say what the database says, however often Slack fails in between."""

import time
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Final

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlite_utils import Database

from bot.breakers import breakers_of
from bot.judging import judge_draft
from bot.services import Services
from bot.settings import RuleSettings
from handlers.people import SERVER_FAULT, slack_error
from handlers.rests import Rests
from handlers.views.blocks import Block
from handlers.views.card import CardFacts, Line, card
from handlers.views.notices import notice_message
from storage import contacts, deliveries, drafts, history
from storage.history import Notice
from storage.records import Draft

AT_ONCE: Final = 20
GONE: Final = ("message_not_found", "cant_update_message", "channel_not_found")
TOO_MANY: Final = 429
EVERYTHING: Final = "Slack"
_log = structlog.get_logger()


def card_facts(db: Database, settings: RuleSettings, draft: Draft, now: datetime) -> CardFacts:
    """All that the draft's card shows now."""
    people = contacts.of_draft(db, draft.id)
    lines = [Line(d, people[d.contact_id]) for d in deliveries.of_draft(db, draft.id)]
    waits = any(line.delivery.state == "pending" for line in lines)
    verdict = judge_draft(db, settings, draft, now) if waits else None
    accounts = {person.page_id for person in people.values()} if waits else ()
    breakers = {page_id: breakers_of(db, page_id, now) for page_id in accounts}
    return CardFacts(draft, lines, verdict, settings.policy_edition, now, breakers)


class Painter:
    """Draws the cards that have changed, then tells what is to be told.

    What Slack refuses rests for itself and holds up nothing else; when Slack cannot be reached, or
    asks for fewer calls, everything rests.
    """

    def __init__(
        self,
        services: Services,
        client: WebClient,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._client = client
        self._rests = Rests(monotonic)

    def tick(self) -> None:
        """Bring Slack up to date; what fails is tried again after a growing rest."""
        if self._rests.has(EVERYTHING):
            return
        if self._each(self._cards()) and self._each(self._notices()):
            self._rests.end(EVERYTHING)

    def _each(self, work: Iterable[tuple[Hashable, Callable[[], None]]]) -> bool:
        """Do what does not rest; False as soon as all of Slack has to."""
        for key, do in work:
            if self._rests.has(key):
                continue
            try:
                do()
            except Exception as error:  # noqa: BLE001 - one bad card must not hide the others
                if self._rest_after(error, key):
                    return False
            else:
                self._rests.end(key)
        return True

    def _rest_after(self, error: Exception, key: Hashable) -> bool:
        """Rest from what failed; True where that is everything."""
        asked_s, everything = 0.0, isinstance(error, OSError)
        if isinstance(error, SlackApiError):
            status = getattr(error.response, "status_code", 200)
            asked_s = float(getattr(error.response, "headers", {}).get("Retry-After", 0))
            everything = status == TOO_MANY or status >= SERVER_FAULT
        rest_s = self._rests.begin(EVERYTHING if everything else key, asked_s)
        log = _log.bind(about=str(key), next_try_s=rest_s)
        if isinstance(error, SlackApiError):
            log.warning("Slack is not up to date", why=slack_error(error))
        elif everything:
            log.warning("Slack cannot be reached", why=type(error).__name__)
        else:
            log.error("not told", exc_info=error)
        return everything

    def _cards(self) -> Iterable[tuple[Hashable, Callable[[], None]]]:
        with self._services.store.read() as db:
            changed = drafts.to_draw(db, AT_ONCE + self._rests.count)
        return [(f"card {draft.id}", partial(self._draw, draft)) for draft in changed]

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
                if slack_error(error) not in GONE:
                    raise
            else:
                return draft.card_channel, draft.card_ts
        posted = self._client.chat_postMessage(
            channel=draft.card_channel, unfurl_links=False, unfurl_media=False, **message
        )
        return str(posted["channel"]), str(posted["ts"])

    def _notices(self) -> Iterable[tuple[Hashable, Callable[[], None]]]:
        with self._services.store.read() as db:
            untold = history.untold(db, (AT_ONCE + self._rests.count) * 5)
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
            delivery = of_delivery.get(notice.entry.delivery_id or 0)
            concerned = [people[delivery.contact_id]] if delivery else list(people.values())
            entries.append((notice.entry, concerned))
        message = notice_message(draft, place, entries, services.settings)
        if message:
            self._client.chat_postMessage(unfurl_links=False, unfurl_media=False, **message)
        with services.store.write() as db:
            history.note_told(db, [notice.id for notice in notices], services.clock())


def _where(notice: Notice) -> tuple[int, str]:
    return notice.entry.draft_id or 0, notice.place

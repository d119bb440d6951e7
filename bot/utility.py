"""Fetches the Page's utility templates from Meta and keeps them fresh; nothing waits for that.

Source: https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/utility-messages
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from bot.messenger import GraphFault, Messenger
from bot.policy.editions import EDITIONS
from bot.policy.utility_templates import Unfit, UtilityTemplate, read_template
from bot.services import Services
from storage import utility
from storage.store import Store

FRESH: Final = timedelta(hours=1)
SOON: Final = timedelta(minutes=5)  # while Meta reviews a template, or did not answer
REVIEWED: Final = ("PENDING", "IN_APPEAL")
LISTED_AT_ONCE: Final = 100
TIMEOUTS_S: Final = (3.0, 4.0)  # a stop of the bot waits for it
_FIELDS: Final = "id,name,language,status,category,components,rejected_reason"
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of Meta's list: the template, or why Tagwise cannot send it."""

    told: Mapping[str, Any]
    template: UtilityTemplate | None
    unfit: str = ""


class TemplateWatch:
    """Asks for the list after a start, and once an hour from then on."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._asked = False
        self._wanted = EDITIONS[services.settings.policy_edition].has_utility_messages

    def tick(self) -> None:
        """Ask Meta if it is time to."""
        if not self._wanted or not self._is_due():
            return
        services, page_id = self._services, self._services.settings.page_id
        self._asked = True
        try:
            listed = fetch_templates(services.messenger, page_id, TIMEOUTS_S)
        except GraphFault as fault:
            _log.warning("the utility templates could not be read", why=str(fault))
            with services.store.write() as db:
                utility.note_listing(db, page_id, services.clock(), str(fault))
            return
        keep_templates(services.store, page_id, listed, services.clock())
        services.bell.ring()

    def _is_due(self) -> bool:
        if not self._asked:
            return True
        page_id, now = self._services.settings.page_id, self._services.clock()
        with self._services.store.read() as db:
            listing = utility.listing_of(db, page_id)
            if listing is None or now - listing.at >= FRESH:
                return True
            if now - listing.at < SOON:
                return False
            under_review = any(t.status in REVIEWED for t in utility.templates(db, page_id))
            return under_review or listing.problem is not None


def fetch_templates(
    messenger: Messenger, page_id: str, timeouts_s: tuple[float, float] | None = None
) -> list[Listed]:
    """The Page's templates as Meta lists them now; raises GraphFault."""
    return [_listed(told) for told in _entries(messenger, page_id, timeouts_s)]


def keep_templates(store: Store, page_id: str, listed: Sequence[Listed], now: datetime) -> None:
    """Put on record those that Tagwise can send; others are gone from now on."""
    kept = [
        {
            "name": each.template.name,
            "language": each.template.language,
            "status": each.template.status,
            "components": each.told["components"],
        }
        for each in listed
        if each.template
    ]
    with store.write() as db:
        utility.replace(db, page_id, kept, now)


def _entries(
    messenger: Messenger, page_id: str, timeouts_s: tuple[float, float] | None
) -> Iterator[Mapping[str, Any]]:
    edge, after = f"{page_id}/message_templates", None
    while True:
        entries, after = messenger.page_of(
            edge, after, fields=_FIELDS, limit=LISTED_AT_ONCE, timeouts_s=timeouts_s
        )
        yield from (entry for entry in entries if isinstance(entry, Mapping))
        if after is None:
            return


def _listed(told: Mapping[str, Any]) -> Listed:
    try:
        return Listed(told, read_template(told))
    except Unfit as why:
        return Listed(told, None, str(why))

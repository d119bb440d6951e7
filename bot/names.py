"""Learns people's names from the User Profile API, in the background; nothing depends on them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog

from bot.messenger import GraphFault
from bot.services import Services
from storage import contacts, desk, drafts
from storage.records import Contact

ASK_AGAIN_AFTER: Final = timedelta(days=1)
AT_ONCE: Final = 10
_log = structlog.get_logger()


def learn_names(services: Services, stopping: Callable[[], bool] = lambda: False) -> None:
    """Ask for some of the names not known yet, each at most once a day; returns early when stopping."""
    asked_before = services.clock() - ASK_AGAIN_AFTER
    with services.store.read() as db:
        nameless = contacts.without_name(db, services.settings.accounts, asked_before, AT_ONCE)
    for contact in nameless:
        if stopping():
            return
        _learn_name(services, contact)


def _learn_name(services: Services, contact: Contact) -> None:
    try:
        name = services.messenger.name_of(contact.psid, contact.channel)
    except GraphFault as fault:
        _log.info("name not learnt", contact=contact.id, why=str(fault))
        name = None
    with services.store.write() as db:
        contacts.note_name(db, contact.id, name, services.clock())
        if name:
            drafts.touch_waiting_for(db, [contact.id])
            desk.touch_contact(db, contact.id)

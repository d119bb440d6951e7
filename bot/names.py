"""Learns people's names from the User Profile API, in the background; nothing depends on them."""

from datetime import timedelta
from typing import Final

import structlog

from bot.messenger import GraphFault
from bot.services import Services
from storage import contacts

ASK_AGAIN_AFTER: Final = timedelta(days=1)
AT_ONCE: Final = 10
_log = structlog.get_logger()


def learn_names(services: Services) -> int:
    """Ask for some of the names not known yet; returns how many were asked for."""
    now = services.clock()
    with services.store.read() as db:
        nameless = contacts.without_name(
            db, services.settings.accounts, now - ASK_AGAIN_AFTER, AT_ONCE
        )
    for contact in nameless:
        try:
            name = services.messenger.name_of(contact.psid, contact.channel)
        except GraphFault as fault:
            _log.info("name not learnt", contact=contact.id, why=str(fault))
            name = None
        with services.store.write() as db:
            contacts.note_name(db, contact.id, name, services.clock())
    return len(nameless)

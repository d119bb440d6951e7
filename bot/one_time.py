"""One-Time Notifications: who asked to be told what, and each told once, whatever comes of it."""

from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from bot.one_time_events import OneTimeOptIn
from bot.policy.question import OneTime
from storage import contacts, drafts, one_time
from storage.one_time import OneTimeToken

# "Within 1 year of creation": https://developers.facebook.com/docs/messenger-platform/send-messages/one-time-notification/
LIFE: Final = timedelta(days=365)


def record_one_time(db: Database, optin: OneTimeOptIn, now: datetime) -> None:
    """Keep the permission that a person gave, once."""
    contact = contacts.ensure(db, optin.page_id, optin.psid, "messenger", now)
    asked_at = min(optin.at or now, now)
    expires_at = asked_at + LIFE
    if one_time.add(
        db, contact.id, optin.token, optin.topic, asked_at=asked_at, expires_at=expires_at
    ):
        drafts.touch_waiting_for(db, [contact.id])


def as_asked(token: OneTimeToken | None) -> OneTime:
    """A permission as the rule book sees it; None: this person has given no such one."""
    if token is None:
        return OneTime()
    return OneTime(token.topic, token.expires_at, token.spent)

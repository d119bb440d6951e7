"""Reads out of webhook bodies who asked to be told something, once.

Shape: the webhook event reference of the Messenger Platform, `messaging_optins`, and
https://developers.facebook.com/docs/messenger-platform/send-messages/one-time-notification/ (beta).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.webhook_json import Item, object_of, text, words

ONE_TIME_REQUEST: Final = "one_time_notif_req"
TOPIC_CHARACTERS: Final = 1000  # of a payload
NO_TOPIC: Final = "something that was not named"


@dataclass(frozen=True, slots=True)
class OneTimeOptIn:
    """A person pressed "Notify me": the token stands for one message to them about the topic."""

    page_id: str
    psid: str
    token: str
    topic: str
    at: datetime | None


def read_one_time(item: Item, psid: str) -> OneTimeOptIn | None:
    """The permission that an event gives."""
    optin = object_of(item.event.get("optin")) or {}
    token = text(optin.get("one_time_notif_token"))
    if optin.get("type") != ONE_TIME_REQUEST or item.channel != "messenger" or token is None:
        return None
    topic = " ".join((words(optin.get("payload")) or NO_TOPIC).split())
    return OneTimeOptIn(item.account, psid, token, topic[:TOPIC_CHARACTERS], item.at)

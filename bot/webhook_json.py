"""Reads the JSON of Meta's webhooks piece by piece: whatever is not what it should be is None."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.policy.question import Channel

CHANNELS: Final[Mapping[str, Channel]] = {"page": "messenger", "instagram": "instagram"}
FIRST_MILLISECONDS: Final = 10**12  # anything smaller is a time in seconds
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
TURNING: Final = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"  # they show a text other than it is

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One event as Meta sent it; in `standby` another app holds the conversation.

    `account` is the Page or Instagram account, `at` Meta's own time of it, None without any.
    """

    event: Json
    account: str
    channel: Channel
    standby: bool
    at: datetime | None


def items_of(body: Json) -> Iterator[Item]:
    """Every event of a webhook body that names its account, in its order."""
    channel = CHANNELS.get(text(body.get("object")) or "")
    if channel is None:
        return
    for entry in objects(body.get("entry")):
        for event, standby in _events(entry):
            account = text(entry.get("id")) or id_of(event.get("recipient"))
            at = moment(event.get("timestamp")) or moment(entry.get("time"))
            if account:
                yield Item(event, account, channel, standby, at)


def _events(entry: Json) -> Iterator[tuple[Json, bool]]:
    # A person who writes while another app holds the conversation opens the window all the same.
    yield from ((event, False) for event in objects(entry.get("messaging")))
    yield from ((event, True) for event in objects(entry.get("standby")))
    for change in objects(entry.get("changes")):
        if (text(change.get("field")) or "").startswith("messaging_"):
            yield from ((event, False) for event in objects([change.get("value")]))


def moment(value: Any) -> datetime | None:
    """The time of an epoch in milliseconds (or seconds); None when it is none."""
    try:
        number = int(value)
        milliseconds = number if number >= FIRST_MILLISECONDS else number * 1000
        return EPOCH + timedelta(milliseconds=milliseconds) if number > 0 else None
    except (TypeError, ValueError, OverflowError):
        return None


def id_of(party: Any) -> str | None:
    """The id of a sender or recipient."""
    return text((object_of(party) or {}).get("id"))


def text(value: Any) -> str | None:
    """An id or a word; what cannot be printed (NUL, half a surrogate pair) cannot be compared either."""
    return value if isinstance(value, str) and value and value.isprintable() else None


def words(value: Any) -> str | None:
    """What somebody wrote, with its line breaks; without what could not be stored or shown."""
    if not isinstance(value, str):
        return None
    kept = "".join(letter for letter in value if letter in "\n\t" or not _is_hidden(letter))
    return kept.strip() or None


def _is_hidden(letter: str) -> bool:
    return letter in TURNING or unicodedata.category(letter) in ("Cc", "Cs")


def object_of(value: Any) -> Json | None:
    """An object with something in it."""
    return value if isinstance(value, dict) and value else None


def objects(value: Any) -> Iterator[Json]:
    """The objects of a list."""
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, dict))

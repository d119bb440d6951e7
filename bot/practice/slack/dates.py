"""Dates and links in mrkdwn, as a reader sees them.

https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Final

from .markup import unescaped

_DATE: Final = re.compile(r"<!date\^(\d+)\^([^|^>]+)(?:\^[^|>]+)?\|([^>]*)>")
_TOKEN: Final = re.compile(r"\{(\w+)\}")
_REFERENCE: Final = re.compile(r"<([@#])(\w+)(?:\|([^>]*))?>")
_LINK: Final = re.compile(r"<((?:https?|mailto)[^|>]*)(?:\|([^>]*))?>")
_SPECIAL: Final = re.compile(r"<!(here|channel|everyone)>")


def _ordinal(day: int) -> str:
    ending = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _clock_time(at: datetime, seconds: str = "") -> str:
    return f"{at.hour % 12 or 12}:{at:%M}{seconds} {at:%p}"


def _relative(at: datetime, now: datetime, otherwise: str) -> str:
    days = (at.date() - now.date()).days
    return {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days, otherwise)


def _ago(at: datetime, now: datetime) -> str:
    seconds = int((now - at).total_seconds())
    size, unit = next(
        (size, unit)
        for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
        if abs(seconds) >= size or size == 1
    )
    count = abs(seconds) // size
    amount = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"in {amount}" if seconds < 0 else f"{amount} ago"


def spelled(seconds: int, form: str, now: datetime, zone: tzinfo) -> str:
    """A moment (UNIX seconds) in Slack's date form, such as `{date_short} at {time}`."""
    at, now = datetime.fromtimestamp(seconds, zone), now.astimezone(zone)
    plain = f"{at:%B} {_ordinal(at.day)}, {at.year}"
    short = f"{at:%b} {at.day}, {at.year}"
    long = f"{at:%A}, {plain}"
    words = {
        "date_num": f"{at:%Y-%m-%d}",
        "date": plain,
        "date_short": short,
        "date_long": long,
        "date_pretty": _relative(at, now, plain),
        "date_short_pretty": _relative(at, now, short),
        "date_long_pretty": _relative(at, now, long),
        "time": _clock_time(at),
        "time_secs": _clock_time(at, f":{at:%S}"),
        "ago": _ago(at, now),
    }
    return _TOKEN.sub(lambda match: words.get(match[1], match[0]), form)


def readable(mrkdwn: str, now: datetime, zone: tzinfo, names: Mapping[str, str]) -> str:
    """mrkdwn with dates, mentions, links and entities resolved; bold and code marks stay."""
    text = _DATE.sub(lambda m: spelled(int(m[1]), m[2], now, zone), mrkdwn)
    text = _REFERENCE.sub(lambda m: f"{m[1]}{names.get(m[2], m[3] or m[2])}", text)
    text = _LINK.sub(lambda m: m[2] or m[1], text)
    text = _SPECIAL.sub(r"@\1", text)
    return unescaped(text)

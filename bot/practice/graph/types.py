"""The few types that every part of the Graph stand-in shares, and how Meta writes time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

JsonObject = dict[str, Any]
Clock = Callable[[], datetime]
Channel = Literal["messenger", "instagram"]
Edition = Literal["2021-06", "2026-04"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def utc_now() -> datetime:
    """The real time, in UTC."""
    return datetime.now(UTC)


def epoch_ms(at: datetime) -> int:
    """Milliseconds since 1970 in UTC: what webhooks call `timestamp` and `time`."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def whole_milliseconds(at: datetime) -> datetime:
    """The moment in UTC cut to milliseconds, so that a webhook can say it exactly."""
    return _EPOCH + timedelta(milliseconds=epoch_ms(at))


def graph_time(at: datetime) -> str:
    """A moment as the Conversations API writes it: `2022-07-12T19:11:07+0000`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")

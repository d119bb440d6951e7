"""The clock is read at the edge and handed down as a value called `now`, aware and in UTC."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The machine's time."""
    return datetime.now(UTC)

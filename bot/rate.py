"""How many messages may leave now: a token bucket that is never more than a tick's worth full."""

import time
from collections.abc import Callable
from typing import Final

BURST_S: Final = 0.1


class RateLimit:
    """`per_second` messages, evenly; 0 means no limit. Not for several threads at once."""

    def __init__(self, per_second: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._monotonic = monotonic
        self._most = max(1.0, per_second * BURST_S)
        self._tokens = self._most
        self._filled_at = monotonic()

    def available(self, wanted: int) -> int:
        """How many of the wanted messages may leave now."""
        if not self._per_second:
            return wanted
        now = self._monotonic()
        gained = (now - self._filled_at) * self._per_second
        self._tokens = min(self._most, self._tokens + gained)
        self._filled_at = now
        return min(wanted, int(self._tokens))

    def take(self, count: int) -> None:
        """So many have left."""
        if self._per_second:
            self._tokens -= count

"""How many messages may leave now: never more than so many in any one second."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

# A little more than a second, for requests that overtake each other on their way to Meta.
WINDOW_S: Final = 1.05


class RateLimit:
    """At most `per_second` messages in any second; 0 means no limit. Any number of threads may ask.

    A place is promised when a message is taken from the outbox, and counted from the moment the
    message leaves: what a busy machine delays in between does not add up to a burst.
    """

    def __init__(self, per_second: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._monotonic = monotonic
        self._left: deque[float] = deque()
        self._promised = 0
        self._lock = threading.Lock()

    def promise(self, wanted: int) -> int:
        """Promise places to as many of the wanted messages as may leave now."""
        if not self._per_second:
            return wanted
        with self._lock:
            self._forget_old()
            granted = min(wanted, self._per_second - len(self._left) - self._promised)
            self._promised += granted
        return granted

    def give_back(self, places: int) -> None:
        """So many promised places are not needed."""
        with self._lock:
            self._promised -= places if self._per_second else 0

    def leave(self) -> None:
        """A message with a promised place leaves now."""
        if self._per_second:
            with self._lock:
                self._promised -= 1
                self._left.append(self._monotonic())

    def wait_s(self) -> float | None:
        """Seconds until a place is free again; None while none is taken by a message that left."""
        with self._lock:
            self._forget_old()
            return self._left[0] + WINDOW_S - self._monotonic() if self._left else None

    def _forget_old(self) -> None:
        while self._left and self._left[0] + WINDOW_S <= self._monotonic():
            self._left.popleft()

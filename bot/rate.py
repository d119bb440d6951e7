"""How many messages may leave now: a token bucket, and never more than so many in any one second."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

# A little more than a second, for requests that overtake each other on their way to Meta.
WINDOW_S: Final = 1.008
METAS_CAP: Final = 300  # for texts, links, reactions and stickers of one Page
# The bucket holds what a delay of so many seconds costs, and is filled faster to make up for it.
BUCKET_S: Final = 0.2
CATCHING_UP: Final = 1.1
# Worth a transaction: the messages of so many seconds leave together.
HANDFUL_S: Final = 0.05


class RateLimit:
    """At most `per_second` messages in any second; 0 means no limit. Any number of threads may ask.

    A place is promised when a message is taken from the outbox, and counted from the moment the
    message leaves: what a busy machine delays in between does not add up to a burst.
    """

    def __init__(self, per_second: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._most = per_second
        self._monotonic = monotonic
        self._left: deque[float] = deque()
        self._promised = 0
        self._tokens = max(1.0, per_second * BUCKET_S)
        self._filled_at = monotonic()
        self._lock = threading.Lock()

    def slow_to(self, share: float) -> None:
        """Use only this share of the rate, until told otherwise; without a limit, of Meta's cap."""
        with self._lock:
            slowed = max(1, int((self._per_second or METAS_CAP) * share))
            self._most = slowed if share < 1 else self._per_second

    def promise(self, wanted: int) -> int:
        """Promise places to as many of the wanted messages as may leave now."""
        with self._lock:
            if not self._most:
                return wanted
            self._refresh()
            free = self._most - len(self._left) - self._promised
            granted = max(0, min(wanted, free, int(self._tokens + 1e-6)))
            if granted < min(wanted, self._handful):
                return 0
            self._promised += granted
            self._tokens -= granted
        return granted

    def give_back(self, places: int) -> None:
        """So many promised places are not needed."""
        with self._lock:
            if self._most:
                self._promised = max(0, self._promised - places)
                self._tokens += places

    def leave(self, messages: int = 1) -> None:
        """So many messages with promised places leave now."""
        with self._lock:
            if self._most:
                self._promised = max(0, self._promised - messages)
                self._left.extend([self._monotonic()] * messages)

    def wait_s(self) -> float | None:
        """Seconds until places may be free again; None while that takes a message that leaves."""
        with self._lock:
            if not self._most:
                return None
            self._refresh()
            crowd = len(self._left) + self._promised + self._handful - self._most
            if crowd > len(self._left):
                return None
            if crowd > 0:
                return self._left[crowd - 1] + WINDOW_S - self._monotonic()
            return max(0.0, (self._handful - self._tokens) / self._per_token)

    @property
    def _per_token(self) -> float:
        return self._most * CATCHING_UP

    @property
    def _handful(self) -> int:
        return max(1, int(self._most * HANDFUL_S))

    def _refresh(self) -> None:
        now = self._monotonic()
        filled = self._tokens + (now - self._filled_at) * self._per_token
        self._tokens = min(filled, max(1.0, self._most * BUCKET_S))
        self._filled_at = now
        while self._left and self._left[0] + WINDOW_S <= now:
            self._left.popleft()

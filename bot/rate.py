"""How many messages may leave now: a token bucket, and never more than so many in any one second."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

# A little more than a second, for requests that overtake each other on their way to Meta.
WINDOW_S: Final = 1.008
METAS_CAP: Final = 300  # for texts, links, reactions and stickers of one Page
# What leaves within so many seconds is taken from the outbox before, and lies ready.
AHEAD_S: Final = 0.15
# Worth a transaction: the messages of so many seconds are taken together.
HANDFUL_S: Final = 0.05
UNLIMITED: Final = 1_000_000
WORTH_WAITING_S: Final = 0.0001  # what is shorter may be an error of rounding, again and again
# The bucket is filled a little faster than that, to make up for a delay.
CATCHING_UP: Final = 1.02


class RateLimit:
    """At most `per_second` messages in any second; 0 means no limit. Any number of threads may ask.

    A place is promised when a message is taken from the outbox, a little ahead, and counted from the
    moment the message leaves: what a busy machine delays in between does not add up to a burst.
    """

    def __init__(
        self,
        per_second: int,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._per_second = per_second
        self._most = per_second
        self._monotonic = monotonic
        self._sleep = sleep
        self._left: deque[float] = deque()
        self._promised = 0
        self._tokens = float(self._handful)
        self._filled_at = monotonic()
        self._lock = threading.Lock()
        self._door = threading.Lock()

    def slow_to(self, share: float) -> None:
        """Use only this share of the rate, until told otherwise; without a limit, of Meta's cap."""
        with self._lock:
            slowed = max(1, int((self._per_second or METAS_CAP) * share))
            self._most = slowed if share < 1 else self._per_second

    def promise(self, wanted: int, *, many: bool = False) -> int:
        """Promise places to as many of the wanted messages as should lie ready now.

        None is promised while so many wait to leave that a transaction is not worth it; or, with
        `many`, a request.
        """
        with self._lock:
            if not self._most:
                return wanted
            granted = max(0, min(wanted, self._ahead - self._promised))
            if granted < min(wanted, self._ahead if many else self._handful):
                return 0
            self._promised += granted
        return granted

    @property
    def together(self) -> int:
        """How many may leave in one request: few, so that each second can be filled to the brim."""
        with self._lock:
            return self._handful if self._most else UNLIMITED

    def give_back(self, places: int) -> None:
        """So many promised places are not needed."""
        with self._lock:
            self._promised = max(0, self._promised - places)

    @contextmanager
    def places(self, messages: int) -> Iterator[Callable[[], None]]:
        """Promised places, to be left by calling what this yields; otherwise they are given back."""
        left = False

        def leave() -> None:
            nonlocal left
            self.leave(messages)
            left = True

        try:
            yield leave
        finally:
            if not left:
                self.give_back(messages)

    def leave(self, messages: int = 1) -> None:
        """Wait until so many messages with promised places may leave; they count from then on."""
        with self._door:
            while (wait_s := self._try_to_leave(messages)) > 0:
                self._sleep(wait_s)

    def _try_to_leave(self, messages: int) -> float:
        """Count them as leaving, or the seconds until they may."""
        with self._lock:
            if self._most:
                self._refresh()
                wait_s = max(self._crowded_s(messages), self._short_s(messages))
                if wait_s > WORTH_WAITING_S:
                    return wait_s
                self._tokens -= messages
                self._left.extend([self._filled_at] * messages)
            self._promised = max(0, self._promised - messages)
        return 0.0

    def _crowded_s(self, messages: int) -> float:
        """Seconds until so many have left longer than a second ago that these are not too many."""
        crowd = len(self._left) + min(messages, self._most) - self._most
        return self._left[crowd - 1] + WINDOW_S - self._filled_at if crowd > 0 else 0.0

    def _short_s(self, messages: int) -> float:
        """Seconds until the bucket holds enough."""
        return (min(messages, self._ahead) - self._tokens) / self._per_token

    def _refresh(self) -> None:
        now = self._monotonic()
        filled = self._tokens + (now - self._filled_at) * self._per_token
        self._tokens = min(filled, float(self._ahead))
        self._filled_at = now
        while self._left and self._left[0] + WINDOW_S <= now:
            self._left.popleft()

    @property
    def _per_token(self) -> float:
        return self._most * CATCHING_UP

    @property
    def _ahead(self) -> int:
        return max(1, int(self._most * AHEAD_S))

    @property
    def _handful(self) -> int:
        return max(1, int(self._most * HANDFUL_S))

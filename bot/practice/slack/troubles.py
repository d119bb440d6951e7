"""Trouble on demand: errors, rate limits and outages that the stand-in would not have by itself."""

import math
from collections.abc import Callable
from datetime import datetime
from typing import Final

from .errors import ApiError
from .methods import METHODS
from .workspace import Json

# Errors seen in practice that the methods' pages do not list.
UNLISTED: Final = frozenset(
    {"internal_error", "invalid_arguments", "invalid_auth", "invalid_thread_ts", "thread_not_found"}
    | {"msg_too_long", "user_not_found"}
)
_POSTS_IN_A_BURST: Final = 5


class RateLimited(ApiError):
    """HTTP 429; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after


class Buckets:
    """Slack's rate tiers as buckets that refill with time.

    A tier's calls a minute may come at once; `chat.postMessage` takes one a second and channel
    after a short burst. https://docs.slack.dev/apis/web-api/rate-limits
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._left: dict[str, tuple[float, datetime]] = {}

    def take(self, method: str, args: Json) -> None:
        """Count a call; raises RateLimited when there were too many."""
        name, capacity, a_second = method, math.inf, 0.0
        tier = METHODS[method].rate_tier
        if method == "chat.postMessage":
            name, capacity, a_second = f"{method} {args.get('channel')}", _POSTS_IN_A_BURST, 1.0
        elif tier[0].isdigit():
            capacity = float(tier.split("(")[1].split("+")[0])
            a_second = capacity / 60
        now = self._clock()
        left, since = self._left.get(name, (capacity, now))
        left = min(capacity, left + (now - since).total_seconds() * a_second)
        if left < 1:
            raise RateLimited(math.ceil((1 - left) / a_second))
        self._left[name] = (left - 1, now)


class Troubles:
    """Trouble that waits for the next calls of a method."""

    def __init__(self, clock: Callable[[], datetime], rate_limits: bool) -> None:
        self.down = False
        self._waiting: dict[str, list[ApiError]] = {}
        self._buckets = Buckets(clock) if rate_limits else None

    def add(self, method: str, error: ApiError, times: int) -> None:
        """Let the next `times` calls of a method end in this error.

        Raises ValueError for an error this method never answers.
        """
        if error.error not in METHODS[method].errors | UNLISTED:
            raise ValueError(f"{method} never answers {error.error}")
        error.on_demand = True
        self._waiting.setdefault(method, []).extend([error] * times)

    def clear(self) -> None:
        """No more trouble."""
        self.down = False
        self._waiting.clear()

    def strike(self, method: str, args: Json) -> None:
        """Raise what waits for this call, if anything does."""
        if waiting := self._waiting.get(method):
            raise waiting.pop(0)
        if self._buckets is not None:
            self._buckets.take(method, args)

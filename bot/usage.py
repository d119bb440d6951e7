"""How much of Meta's allowance is used up, by what its answers say in their headers.

Source: Graph API guide on rate limits (`X-App-Usage`, `X-Business-Use-Case-Usage`): per cent of the
allowance, and the minutes until calls are taken again. Whoever goes on calling beyond it waits longer.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from bot.json_text import parsed

FRESH_S: Final = 60.0
FULL: Final = 100.0
NEAR: Final = 80.0
SLOWEST: Final = 0.1
_WHOLE_APP: Final = ("X-App-Usage", "X-Page-Usage")
_BY_OBJECT: Final = "X-Business-Use-Case-Usage"
_MEASURES: Final = ("call_count", "total_time", "total_cputime")
_APP: Final = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Per cent of the allowance, and how long Meta wants to be left alone, if it says."""

    percent: float = 0.0
    regained_in: timedelta | None = None

    @property
    def used_up(self) -> bool:
        """Whether calls should stop."""
        return self.percent >= FULL

    @property
    def share(self) -> float:
        """How much of the usual rate is wise: all of it until 80 %, then ever less."""
        return max(SLOWEST, min(1.0, (FULL - self.percent) / (FULL - NEAR)))


class UsageMeter:
    """The last word of Meta on the app and on each Page; any number of threads may use it."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._last: dict[str, tuple[float, Usage]] = {}
        self._lock = threading.Lock()

    def note(self, headers: Mapping[str, str]) -> None:
        """Heed the headers of an answer."""
        now = self._monotonic()
        heard = {key: (now, usage) for key, usage in _read(headers)}
        if heard:
            with self._lock:
                self._last.update(heard)

    def of(self, page_id: str) -> Usage:
        """The worse of what was said of the app and of this Page."""
        with self._lock:
            known = [self._last[key] for key in (_APP, page_id) if key in self._last]
        now = self._monotonic()
        fresh = [usage for heard_at, usage in known if now - heard_at < FRESH_S]
        return max(fresh, key=lambda usage: usage.percent, default=Usage())

    def forget(self, page_id: str) -> None:
        """What was said is heeded: only the next answer counts again."""
        with self._lock:
            self._last.pop(_APP, None)
            self._last.pop(page_id, None)


def _read(headers: Mapping[str, str]) -> Iterator[tuple[str, Usage]]:
    said = [parsed(headers[name]) for name in _WHOLE_APP if name in headers]
    if said:
        yield _APP, _worst(said)
    by_object = parsed(headers.get(_BY_OBJECT))
    if isinstance(by_object, Mapping):
        for page_id, entries in by_object.items():
            yield page_id, _worst(entries if isinstance(entries, list) else [])


def _worst(entries: list[Any]) -> Usage:
    usages = [_usage(entry) for entry in entries if isinstance(entry, Mapping)]
    return max(usages, key=lambda usage: usage.percent, default=Usage())


def _usage(entry: Mapping[str, Any]) -> Usage:
    measured = [entry.get(name) for name in _MEASURES]
    percent = max(
        (float(value) for value in measured if isinstance(value, int | float)), default=0.0
    )
    minutes = entry.get("estimated_time_to_regain_access")
    if not isinstance(minutes, int | float) or minutes <= 0:
        return Usage(percent)
    return Usage(percent, timedelta(minutes=minutes))

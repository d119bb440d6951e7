"""Notices when the machine's clock is set back: what was put off would wait for it to catch up."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.outcomes import LONGEST_PAUSE
from bot.services import Services
from storage import pauses, waiting

# Smaller steps, as of a clock that is kept right over the network, are not worth it.
WORTH_MINDING: Final = timedelta(seconds=30)
_log = structlog.get_logger()


class ClockWatch:
    """Compares the time of day with the time that has passed."""

    def __init__(self, services: Services, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._services = services
        self._monotonic = monotonic
        self._seen = services.clock(), monotonic()

    def tick(self) -> None:
        """Make due what was put off, if the clock has been set back since the last time."""
        now, ticks = self._services.clock(), self._monotonic()
        seen_at, seen_ticks = self._seen
        set_back = seen_at + timedelta(seconds=ticks - seen_ticks) - now
        if set_back >= WORTH_MINDING:
            self._catch_up(now, set_back)
            _log.warning("the clock was set back", seconds=round(set_back.total_seconds()))
        self._seen = now, ticks  # only now: what could not be written is tried again

    def _catch_up(self, now: datetime, set_back: timedelta) -> None:
        services = self._services
        with services.store.write() as db:
            pauses.end(db, services.settings.accounts, ["rate"])  # Meta says so again, if it holds
            for page_id in services.settings.accounts:
                waiting.wake_put_off(db, page_id, now, until=now + set_back + LONGEST_PAUSE)
        services.bell.ring()

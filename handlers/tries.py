"""Doing in Slack what is to be done there, however often Slack fails in between."""

from collections.abc import Callable, Hashable, Iterable
from typing import Final

import structlog
from slack_sdk.errors import SlackApiError

from handlers.people import SERVER_FAULT, slack_error
from handlers.rests import Rests

TOO_MANY: Final = 429
EVERYTHING: Final = "Slack"
GONE: Final = ("message_not_found", "cant_update_message", "channel_not_found")
Work = Iterable[tuple[Hashable, Callable[[], None]]]
_log = structlog.get_logger()


class Tries:
    """What Slack refuses rests for itself and holds up nothing else; when Slack cannot be reached, or
    asks for fewer calls, everything rests. For one thread.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._rests = Rests(monotonic)

    @property
    def resting(self) -> int:
        """How many have failed and not succeeded since: so many more are to be looked for."""
        return self._rests.count

    def run(self, *works: Callable[[], Work]) -> None:
        """Do all of it in turn; what fails is tried again, by a later call, after a growing rest."""
        if self._rests.has(EVERYTHING):
            return
        if all(self._each(work()) for work in works):
            self._rests.end(EVERYTHING)

    def _each(self, work: Work) -> bool:
        """Do what does not rest; False as soon as all of Slack has to."""
        for key, do in work:
            if self._rests.has(key):
                continue
            try:
                do()
            except Exception as error:  # noqa: BLE001 - one bad card must not hide the others
                if self._rest_after(error, key):
                    return False
            else:
                self._rests.end(key)
        return True

    def _rest_after(self, error: Exception, key: Hashable) -> bool:
        """Rest from what failed; True where that is everything."""
        asked_s, everything = 0.0, isinstance(error, OSError)
        if isinstance(error, SlackApiError):
            status = getattr(error.response, "status_code", 200)
            asked_s = float(getattr(error.response, "headers", {}).get("Retry-After", 0))
            everything = status == TOO_MANY or status >= SERVER_FAULT
        rest_s = self._rests.begin(EVERYTHING if everything else key, asked_s)
        log = _log.bind(about=str(key), next_try_s=rest_s)
        if isinstance(error, SlackApiError):
            log.warning("Slack is not up to date", why=slack_error(error))
        elif everything:
            log.warning("Slack cannot be reached", why=type(error).__name__)
        else:
            log.error("not told", exc_info=error)
        return everything

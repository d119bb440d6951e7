"""The sender: a lane for each Page or account."""

import time
from collections.abc import Callable

from bot.lane import Lane
from bot.messenger import CONNECTIONS
from bot.services import Services


class Sender:
    """Sends whatever is due, for every Page or account of the settings, until stopped."""

    def __init__(
        self,
        services: Services,
        workers: int = CONNECTIONS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lanes = [
            Lane(services, page_id, workers=workers, monotonic=monotonic)
            for page_id in services.settings.accounts
        ]

    def start(self) -> None:
        """Send what is due already, then whatever falls due whenever woken."""
        for lane in self._lanes:
            lane.start()

    def wake(self) -> None:
        """Something may be due; returns at once."""
        for lane in self._lanes:
            lane.wake()

    def stop(self, patience_s: float) -> bool:
        """Take nothing more and wait for what is in flight; False when some of it still was.

        What was not finished stays `sending`: whether it arrived is not known.
        """
        deadline = time.monotonic() + patience_s
        for lane in self._lanes:
            lane.stop_taking()
        finished = [lane.finish(deadline) for lane in self._lanes]
        return all(finished)

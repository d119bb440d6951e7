"""Waits for SIGTERM or SIGINT, so that neither is missed however it comes."""

import signal
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Final

# A signal that comes just before a thread begins to wait does not wake it: it is found at the next look.
LOOK_EVERY_S: Final = 0.5


class StopSignal:
    """Hears the signals from now on; for the main thread, which alone may hear them."""

    def __init__(self) -> None:
        # Of all that threads wait for, this alone may be touched by a handler in the midst of a wait.
        self._heard: SimpleQueue[int] = SimpleQueue()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._hear)

    def wait(self) -> None:
        """Return once one was heard, at once if that was before."""
        while True:
            try:
                self._heard.get(timeout=LOOK_EVERY_S)
            except Empty:
                continue
            return

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        self._heard.put(number)

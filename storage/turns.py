"""Whose turn it is to write: handed on in the order in which threads asked."""

import threading
from collections import deque


class Turns:
    """A lock that is fair: Python's own goes to whoever is quickest, often the one who had it last."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def acquire(self, timeout_s: float) -> bool:
        """Wait for the turn; False when it did not come within that time."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=timeout_s):
            return True
        with self._guard:
            if mine not in self._waiting:
                return True  # it came in the very last moment
            self._waiting.remove(mine)
            return False

    def release(self) -> None:
        """Hand it on to the one who has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

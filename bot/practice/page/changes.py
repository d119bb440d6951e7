"""Tells open pages that something changed: server-sent events."""

import threading
from collections.abc import Callable, Hashable, Iterator
from typing import Final

GLANCE_S: Final = 0.1
HEARTBEAT_S: Final = 10.0


class Changes:
    """A counter that pages follow. `fingerprint` is looked at ten times a second: cheap, please."""

    def __init__(self, fingerprint: Callable[[], Hashable]) -> None:
        self._fingerprint = fingerprint
        self._number = 0
        self._told = threading.Condition()
        self._closed = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="page-changes", daemon=True)
        self._watcher.start()

    def touch(self) -> None:
        """Something changed: every open page looks again."""
        with self._told:
            self._number += 1
            self._told.notify_all()

    def stream(self) -> Iterator[str]:
        """Server-sent events, `data: <number>`: one at once, then one after each change."""
        seen = -1
        while not self._closed.is_set():
            now = self._after(seen)
            # A comment where nothing changed: writing is how a server learns that a page has gone.
            yield ": still here\n\n" if now == seen else f"data: {now}\n\n"
            seen = now

    def close(self) -> None:
        """End every stream."""
        self._closed.set()
        with self._told:
            self._told.notify_all()
        self._watcher.join()

    def _after(self, seen: int) -> int:
        """The number once it is another one, or as it is when the heart beats."""
        with self._told:
            self._told.wait_for(lambda: self._number != seen or self._closed.is_set(), HEARTBEAT_S)
            return self._number

    def _watch(self) -> None:
        seen = self._fingerprint()
        while not self._closed.wait(GLANCE_S):
            now = self._fingerprint()
            if now != seen:
                seen = now
                self.touch()

"""Growing pauses for what failed, each thing its own: 1 s, 2 s, 4 s, up to a minute."""

from collections.abc import Callable, Hashable
from typing import Final

LONGEST_S: Final = 60.0


class Rests:
    """Who rests until when, and how often in a row it had to; for one thread."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._until: dict[Hashable, tuple[float, int]] = {}

    @property
    def count(self) -> int:
        """How many have failed and not succeeded since."""
        return len(self._until)

    def has(self, key: Hashable) -> bool:
        """Whether this one rests now."""
        return key in self._until and self._monotonic() < self._until[key][0]

    def begin(self, key: Hashable, at_least_s: float = 0.0) -> float:
        """Rest longer than the last time, and as long as was asked for; returns the seconds."""
        failures = self._until[key][1] + 1 if key in self._until else 1
        rest_s = max(at_least_s, min(2.0 ** (failures - 1), LONGEST_S))
        self._until[key] = (self._monotonic() + rest_s, failures)
        return rest_s

    def end(self, key: Hashable) -> None:
        """It worked."""
        self._until.pop(key, None)

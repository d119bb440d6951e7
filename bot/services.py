"""The bag that handlers and workers are given: settings, store, messenger, clock, bell."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.clock import Clock, system_clock
from bot.messenger import Messenger
from bot.settings import Settings
from storage.store import Store


class Bell:
    """Whoever makes work due rings; whoever does the work has asked to be woken."""

    def __init__(self) -> None:
        self._sleepers: list[Callable[[], None]] = []

    def wakes(self, sleeper: Callable[[], None]) -> None:
        """From now on every ring calls `sleeper`, which must return at once."""
        self._sleepers.append(sleeper)

    def ring(self) -> None:
        """There may be something to send or to show."""
        for wake in self._sleepers:
            wake()


@dataclass(frozen=True, slots=True)
class Services:
    """What one running bot consists of."""

    settings: Settings
    store: Store
    messenger: Messenger
    clock: Clock = system_clock
    bell: Bell = field(default_factory=Bell)

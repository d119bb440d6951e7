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
        self._senders: list[Callable[[], None]] = []
        self._tellers: list[Callable[[], None]] = []

    def wakes(
        self, *, to_tell: Callable[[], None], to_send: Callable[[], None] | None = None
    ) -> None:
        """From now on these are called; each must return at once."""
        self._senders.extend([to_send] if to_send else [])
        self._tellers.append(to_tell)

    def ring(self) -> None:
        """There may be something to send, and something to tell in Slack."""
        for wake in (*self._senders, *self._tellers):
            wake()

    def announce(self) -> None:
        """There may be something to tell in Slack."""
        for wake in self._tellers:
            wake()


@dataclass(frozen=True, slots=True)
class Services:
    """What one running bot consists of."""

    settings: Settings
    store: Store
    messenger: Messenger
    clock: Clock = system_clock
    bell: Bell = field(default_factory=Bell)

"""One Page's way to Meta: from the outbox into several requests at once, and what came of them back."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from queue import Empty, SimpleQueue
from typing import Final

import structlog

from bot.breakers import pause_for_rate
from bot.delivering import claim_due, due_in_s
from bot.graph_errors import GraphError, Meaning
from bot.messenger import CONNECTIONS
from bot.rate import RateLimit
from bot.recorder import Answered, record
from bot.send_api import BATCH_SIZE, Outcome, Outgoing
from bot.services import Services

# So many at once are an audience and travel together; fewer go each for itself.
AUDIENCE: Final = 10
AT_ONCE: Final = 8 * BATCH_SIZE  # in one transaction, so that others get their turn to write
TO_BEGIN: Final = BATCH_SIZE  # the first leave before many more are judged
IN_FLIGHT: Final = 2 * AT_ONCE  # what a crash leaves in doubt, at most
LOOK_EVERY_S: Final = 60.0  # should a system's clock be set while it waits
UNNAMED_REST: Final = timedelta(minutes=5)
USED_UP: Final = "Meta's allowance of calls is used up for now."
OWN_FAULT: Final = GraphError(Meaning.UNKNOWN, "Tagwise itself failed while sending.")
_log = structlog.get_logger()


class Lane:
    """One thread takes what is due, as much as the rate allows, and records what came; workers send.

    Each Page or account has a lane, so that none waits for another's slow answers. Taking and recording
    are one thread's work because both want Python and the database for themselves.
    """

    def __init__(
        self,
        services: Services,
        page_id: str,
        *,
        workers: int = CONNECTIONS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._page_id = page_id
        self._rate = RateLimit(services.settings.send_rate, monotonic)
        self._waiting: SimpleQueue[Sequence[Outgoing] | None] = SimpleQueue()
        self._answers: SimpleQueue[Sequence[Answered]] = SimpleQueue()
        self._woken = threading.Event()
        self._counting = threading.Lock()
        self._idle = workers
        self._workers = workers
        self._in_flight = 0  # until it is on record what came of them
        self._stopping = False
        self._pause_s: float | None = None
        self._thread = threading.Thread(target=self._run, name=f"lane-{page_id}", daemon=True)

    def start(self) -> None:
        """Send what is due already, then whatever falls due whenever woken."""
        self._woken.set()
        self._thread.start()
        for number in range(self._workers):
            name = f"lane-{self._page_id}-{number}"
            # Daemons, because a stop does not wait for an answer that may take 20 seconds.
            threading.Thread(target=self._work, name=name, daemon=True).start()

    def wake(self) -> None:
        """Something may be due; returns at once."""
        self._woken.set()

    def stop_taking(self) -> None:
        """Take nothing more; what is in flight goes on."""
        self._stopping = True
        self._woken.set()

    def finish(self, deadline: float) -> bool:
        """Wait for what is in flight until that monotonic time; False when some of it still is."""
        self._thread.join(max(0.0, deadline - time.monotonic()))
        for _ in range(self._workers):
            self._waiting.put(None)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping or self._in_flight:
            self._woken.wait(self._pause_s)
            self._woken.clear()
            self._pause_s = None
            try:
                while self._go_round():
                    pass
            except Exception:  # noqa: BLE001 - the next wake tries again
                _log.exception("the outbox could not be read")

    def _go_round(self) -> bool:
        """Record, then take; False when there is nothing to do of either."""
        recorded = self._record_answers()
        return self._hand_out() or recorded

    def _record_answers(self) -> bool:
        """Write down all that Meta answered meanwhile; False when it is nothing."""
        answered: list[Answered] = []
        with suppress(Empty):
            while True:
                answered += self._answers.get_nowait()
        if answered:
            record(self._services, answered)
            self._in_flight -= len(answered)
            self._services.bell.announce()
        return bool(answered)

    def _hand_out(self) -> bool:
        """Hand due deliveries to idle workers; False when there are none of the one or the other."""
        if self._stopping:
            return False
        self._heed_usage()
        scarce = self._scarce()
        places = self._rate.promise(self._room(), many=scarce)
        if not places:
            return False  # whoever leaves, or is done, wakes this thread
        claimed: list[Outgoing] | None = None
        try:
            claimed = claim_due(self._services, self._page_id, places)
        finally:
            self._rate.give_back(places - len(claimed or ()))
        most = BATCH_SIZE if scarce else min(BATCH_SIZE, self._rate.together)
        for load in _loads(claimed or (), most):
            with self._counting:
                self._idle -= 1
            self._in_flight += len(load)
            self._waiting.put(load)
        if claimed is None:
            wait_s = due_in_s(self._services, self._page_id)
            self._pause_s = None if wait_s is None else min(wait_s, LOOK_EVERY_S)
        return claimed is not None

    def _room(self) -> int:
        """How many messages may be taken at once: few where each needs a worker of its own."""
        if self._idle < AUDIENCE:
            return max(0, self._idle)
        if not self._in_flight:
            return TO_BEGIN
        return AT_ONCE if self._in_flight <= IN_FLIGHT - AT_ONCE else 0

    def _scarce(self) -> bool:
        """Whether slow answers keep so many workers that each should take more at once."""
        return self._idle < self._workers // 2

    def _heed_usage(self) -> None:
        services, usage = self._services, self._services.messenger.usage.of(self._page_id)
        self._rate.slow_to(usage.share)
        if usage.used_up:
            now = services.clock()
            with services.store.write() as db:
                until = now + (usage.regained_in or UNNAMED_REST)
                pause_for_rate(db, self._page_id, until, USED_UP, now)
            services.messenger.usage.forget(self._page_id)
            services.bell.announce()

    def _work(self) -> None:
        while (load := self._waiting.get()) is not None:
            outcomes = self._send(load)
            with self._counting:
                self._idle += 1
            self._answers.put(list(zip(load, outcomes, strict=True)))
            self._woken.set()

    def _send(self, messages: Sequence[Outgoing]) -> Sequence[Outcome]:
        messenger = self._services.messenger
        try:
            with self._rate.places(len(messages)) as leave:
                leaving = partial(self._make_room, leave)
                if len(messages) == 1:
                    return [messenger.send(messages[0], leaving)]
                return messenger.send_batch(messages, leaving)
        except Exception:  # noqa: BLE001 - a fault of ours must cost neither a worker nor the truth
            _log.exception("sending failed", deliveries=[m.delivery_id for m in messages])
            return [OWN_FAULT] * len(messages)

    def _make_room(self, leave: Callable[[], None]) -> None:
        leave()
        self._woken.set()  # more may be taken, to lie ready


def _loads(claimed: Sequence[Outgoing], most: int) -> Iterator[Sequence[Outgoing]]:
    """What each worker sends: one message, or a part of an audience."""
    alone = [outgoing for outgoing in claimed if outgoing.fetches_a_file]
    together = [outgoing for outgoing in claimed if not outgoing.fetches_a_file]
    size = most if len(together) >= AUDIENCE else 1
    for start in range(0, len(together), size):
        yield together[start : start + size]
    for outgoing in alone:
        yield [outgoing]

"""Keeps several messages in flight, so that a slow answer holds up nothing but itself."""

import sqlite3
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Final

import structlog

from bot import metrics
from bot.delivering import Claimed, claim_due, write_down
from bot.graph_errors import GraphError, Meaning
from bot.messenger import CONNECTIONS, Outcome, Outgoing, Sent
from bot.rate import RateLimit
from bot.services import Services
from storage.records import Delivery

RETRY_WRITE_S: Final = 1.0
OWN_FAULT: Final = GraphError(Meaning.UNKNOWN, "Tagwise itself failed while sending.")
_log = structlog.get_logger()


class Sender:
    """One thread takes what is due from the outbox, no more than there are free workers; they send."""

    def __init__(
        self,
        services: Services,
        workers: int = CONNECTIONS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._rate = RateLimit(services.settings.send_rate, monotonic)
        self._claimed: SimpleQueue[Claimed | None] = SimpleQueue()
        self._woken = threading.Event()
        self._changed = threading.Condition()
        self._free = workers
        self._workers = workers
        self._stopping = False
        self._taker = threading.Thread(target=self._take, name="sender", daemon=True)

    def start(self) -> None:
        """Send what is due already, then whatever falls due whenever woken."""
        self._woken.set()
        self._taker.start()
        for number in range(self._workers):
            # Daemons, because a stop does not wait for an answer that may take 20 seconds.
            threading.Thread(target=self._work, name=f"sender-{number}", daemon=True).start()

    def wake(self) -> None:
        """Something may be due; returns at once."""
        self._woken.set()

    def stop(self, patience_s: float) -> bool:
        """Take nothing more and wait for what is in flight; False when some of it still was.

        What was not finished stays `sending`: whether it arrived is not known.
        """
        deadline = time.monotonic() + patience_s
        self._stopping = True
        self._woken.set()
        self._taker.join(patience_s)
        with self._changed:
            finished = self._changed.wait_for(
                lambda: self._free == self._workers, deadline - time.monotonic()
            )
        for _ in range(self._workers):
            self._claimed.put(None)
        return finished and not self._taker.is_alive()

    def _take(self) -> None:
        pause: float | None = None
        while not self._stopping:
            self._woken.wait(pause)
            self._woken.clear()
            try:
                while not self._stopping and self._hand_out():
                    pass
            except Exception:  # noqa: BLE001 - the next wake tries again
                _log.exception("the outbox could not be read")
            pause = self._rate.wait_s()  # the limit may be all that holds a message back

    def _hand_out(self) -> bool:
        """Hand due deliveries to free workers; False when there are none of the one or the other."""
        hands = self._rate.promise(self._free)
        if not hands:
            return False
        claimed: list[Claimed] | None = None
        try:
            claimed = claim_due(self._services, hands)
        finally:
            self._rate.give_back(hands - len(claimed or ()))
        with self._changed:
            self._free -= len(claimed or ())
        for work in claimed or ():
            self._claimed.put(work)
        return claimed is not None

    def _work(self) -> None:
        while (work := self._claimed.get()) is not None:
            delivery, outgoing = work
            self._rate.leave()
            with metrics.SENDING.time():
                outcome = self._send(outgoing)
            self._write_down(delivery, outcome)
            with self._changed:
                self._free += 1
                self._changed.notify_all()
            self._woken.set()
            self._services.bell.ring()

    def _send(self, outgoing: Outgoing) -> Outcome:
        try:
            return self._services.messenger.send(outgoing)
        except Exception:  # noqa: BLE001 - a fault of ours must cost neither a worker nor the truth
            _log.exception("sending failed", delivery=outgoing.delivery_id)
            return OWN_FAULT

    def _write_down(self, delivery: Delivery, outcome: Outcome) -> None:
        log = _log.bind(delivery=delivery.id, draft=delivery.draft_id)
        while True:
            try:
                write_down(self._services, delivery, outcome)
            except sqlite3.OperationalError as error:  # a lock or a full disk passes
                log.warning("outcome not written yet", error=str(error))
                time.sleep(RETRY_WRITE_S)
            except Exception:  # a fault of ours must not cost a worker
                log.exception("outcome cannot be written")
                return  # it stays `sending`, which the next start takes for unknown
            else:
                log.info("sent" if isinstance(outcome, Sent) else "not sent", answer=_said(outcome))
                return


def _said(outcome: Outcome) -> str:
    return "accepted" if isinstance(outcome, Sent) else outcome.sentence

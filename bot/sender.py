"""Keeps several messages in flight, so that a slow answer holds up nothing but itself."""

import sqlite3
import threading
import time
from queue import SimpleQueue
from typing import Final

import structlog

from bot import metrics
from bot.delivering import claim_due, write_down
from bot.graph_errors import GraphError, Meaning
from bot.messenger import CONNECTIONS, Outcome, Outgoing, Sent
from bot.rate import RateLimit
from bot.services import Services
from storage.records import Delivery

WORKERS: Final = CONNECTIONS
RETRY_WRITE_S: Final = 1.0
_log = structlog.get_logger()


class Sender:
    """Claims no more than it has free hands for; `tick` returns without waiting for any answer."""

    def __init__(self, services: Services, workers: int = WORKERS) -> None:
        self._services = services
        self._rate = RateLimit(services.settings.send_rate)
        self._claimed: SimpleQueue[tuple[Delivery, Outgoing] | None] = SimpleQueue()
        self._ticking = threading.Lock()
        self._changed = threading.Condition()
        self._free = workers
        self._workers = workers
        self._stopping = False
        for number in range(workers):
            # Daemons, because a stop does not wait for an answer that may take 20 seconds.
            threading.Thread(target=self._work, name=f"sender-{number}", daemon=True).start()

    def tick(self) -> None:
        """Claim what is due and hand it to the free workers, until nothing is due or none is free."""
        if not self._ticking.acquire(blocking=False):
            return
        try:
            while not self._stopping and self._hand_out():
                pass
        finally:
            self._ticking.release()

    def _hand_out(self) -> bool:
        with self._changed:
            hands = self._rate.available(self._free)
        if not hands:
            return False
        claimed = claim_due(self._services, hands)
        self._rate.take(len(claimed))
        with self._changed:
            self._free -= len(claimed)
        for work in claimed:
            self._claimed.put(work)
        return bool(claimed)

    def stop(self, patience_s: float) -> bool:
        """Claim nothing more and wait for what is in flight; False when some of it still was.

        What was not finished stays `sending`, which the next start takes for unknown.
        """
        self._stopping = True
        with self._changed:
            finished = self._changed.wait_for(
                lambda: self._free == self._workers, timeout=patience_s
            )
        for _ in range(self._workers):
            self._claimed.put(None)
        return finished

    def _work(self) -> None:
        while (work := self._claimed.get()) is not None:
            delivery, outgoing = work
            with metrics.SENDING.time():
                outcome = self._send(outgoing)
            self._write_down(delivery, outcome)
            with self._changed:
                self._free += 1
                self._changed.notify_all()
            self._services.bell.ring()

    def _send(self, outgoing: Outgoing) -> Outcome:
        try:
            return self._services.messenger.send(outgoing)
        except Exception:  # noqa: BLE001 - a fault of ours must cost neither a worker nor the truth
            _log.exception("sending failed", delivery=outgoing.delivery_id)
            return GraphError(Meaning.UNKNOWN, "Tagwise itself failed while sending.")

    def _write_down(self, delivery: Delivery, outcome: Outcome) -> None:
        log = _log.bind(delivery=delivery.id, draft=delivery.draft_id)
        while True:
            try:
                write_down(self._services, delivery, outcome)
            except sqlite3.Error as error:  # a locked or full disk passes; the outcome must not
                log.warning("outcome not written yet", error=str(error))
                time.sleep(RETRY_WRITE_S)
            else:
                log.info("sent" if isinstance(outcome, Sent) else "not sent", answer=_said(outcome))
                return


def _said(outcome: Outcome) -> str:
    return "accepted" if isinstance(outcome, Sent) else outcome.sentence

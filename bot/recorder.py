"""Writes down what Meta answered: everything that came in meanwhile goes into one transaction."""

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Final

import structlog

from bot.delivering import write_down
from bot.send_api import Outcome, Outgoing, Sent
from bot.services import Services

RETRY_S: Final = 1.0
AT_ONCE: Final = 20
_log = structlog.get_logger()
Answered = tuple[Outgoing, Outcome]
Batch = tuple[Sequence[Answered], Callable[[int], None]]


class Recorder:
    """One thread that no answer is lost on: what cannot be written now is written later."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._answers: SimpleQueue[Batch | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def put(self, answered: Sequence[Answered], written: Callable[[int], None]) -> None:
        """Have these written; `written` is called with their number once they are on disk."""
        self._answers.put((answered, written))

    def stop(self, patience_s: float) -> bool:
        """Write what was put so far and end; False when that takes longer."""
        self._answers.put(None)
        self._thread.join(patience_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        going_on = True
        while going_on:
            batches = self._next()
            going_on = None not in batches
            known = [batch for batch in batches if batch is not None]
            self._write([answer for answered, _ in known for answer in answered])
            for answered, written in known:
                written(len(answered))
            if known:
                self._services.bell.announce()

    def _next(self) -> list[Batch | None]:
        batches = [self._answers.get()]
        while batches[-1] is not None and len(batches) < AT_ONCE:
            try:
                batches.append(self._answers.get_nowait())
            except Empty:
                break
        return batches

    def _write(self, answered: Sequence[Answered]) -> None:
        while answered:
            try:
                write_down(self._services, answered)
            except sqlite3.OperationalError as error:  # a lock or a full disk passes
                _log.warning("outcomes not written yet", count=len(answered), error=str(error))
                time.sleep(RETRY_S)
            except Exception:  # noqa: BLE001 - a fault of ours costs neither the thread nor the others
                if len(answered) == 1:  # it stays `sending`, which the next start takes for unknown
                    _log.exception("outcome cannot be written", delivery=answered[0][0].delivery_id)
                    return
                for one in answered:
                    self._write([one])
                return
            else:
                _tell(answered)
                return


def _tell(answered: Sequence[Answered]) -> None:
    taken = [sent.delivery_id for sent, said in answered if isinstance(said, Sent)]
    if taken:
        _log.info("sent", deliveries=taken, answer="accepted")
    for sent, said in answered:
        if not isinstance(said, Sent):
            _log.info(
                "not sent", delivery=sent.delivery_id, draft=sent.draft_id, answer=said.sentence
            )

"""Writes down what Meta answered, and never gives up: what cannot be written now is written later."""

import sqlite3
import time
from collections.abc import Sequence
from typing import Final

import structlog

from bot.delivering import write_down
from bot.send_api import Outcome, Outgoing, Sent
from bot.services import Services

RETRY_S: Final = 1.0
_log = structlog.get_logger()
Answered = tuple[Outgoing, Outcome]


def record(services: Services, answered: Sequence[Answered]) -> None:
    """Write all of these in one transaction, however long that takes; never raises."""
    while answered:
        try:
            write_down(services, answered)
        except sqlite3.OperationalError as error:  # a lock or a full disk passes
            _log.warning("outcomes not written yet", count=len(answered), error=str(error))
            time.sleep(RETRY_S)
        except Exception:  # noqa: BLE001 - a fault of ours costs neither the thread nor the others
            if len(answered) == 1:  # it stays `sending`, which the next start takes for unknown
                _log.exception("outcome cannot be written", delivery=answered[0][0].delivery_id)
                return
            for one in answered:
                record(services, [one])
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

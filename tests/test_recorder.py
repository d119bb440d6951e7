"""What Meta answered is written down, whatever stands in the way of one of the answers."""

from pathlib import Path

from bot.graph_errors import GraphError, Meaning
from bot.recorder import record
from bot.send_api import Sent
from tests.outbox import open_outbox

UNWRITABLE = GraphError(Meaning.NO, "Half a character: \ud83d")


def test_an_answer_that_cannot_be_written_costs_the_others_nothing(tmp_path: Path) -> None:
    with open_outbox(tmp_path) as outbox:
        numbers = [outbox.queue(f"Message {number}") for number in range(3)]
        first, torn, last = outbox.claim()
        record(outbox.services, [(first, Sent("m_1")), (torn, UNWRITABLE), (last, Sent("m_3"))])
        assert [outbox.state(number) for number in numbers] == ["sent", "sending", "sent"]

"""What Meta answered is written down, whatever stands in the way of one of the answers."""

from pathlib import Path

from bot.delivering import write_down
from bot.graph_errors import GraphError, Meaning
from bot.recorder import record
from bot.send_api import Sent
from tests.outbox import ADA, open_outbox

UNWRITABLE = GraphError(Meaning.NO, "Half a character: \ud83d")


def test_an_answer_that_cannot_be_written_costs_the_others_nothing(tmp_path: Path) -> None:
    with open_outbox(tmp_path) as outbox:
        numbers = [outbox.queue(f"Message {number}") for number in range(3)]
        first, torn, last = outbox.claim()
        record(outbox.services, [(first, Sent("m_1")), (torn, UNWRITABLE), (last, Sent("m_3"))])
        assert [outbox.state(number) for number in numbers] == ["sent", "sending", "sent"]


def test_what_was_sent_is_recorded_although_its_draft_was_damaged_meanwhile(tmp_path: Path) -> None:
    with open_outbox(tmp_path, inbox_channel="C2") as outbox:
        outbox.person_writes(ADA)  # the desk is used
        number = outbox.queue("Hello")
        (sent,) = outbox.claim()
        with outbox.services.store.write() as db:
            db.execute("UPDATE drafts SET facts = ?", ['{"event": {"na'])
        write_down(outbox.services, [(sent, Sent("m_1"))])
        assert outbox.state(number) == "sent"
        assert outbox.rows("SELECT * FROM desk_lines WHERE kind = 'ours'")

"""An audience travels in Graph batch requests: one request, an answer for each message."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import lane
from bot.graph_errors import GraphError, Meaning
from bot.lane import AUDIENCE
from bot.practice.graph import faults
from bot.send_api import BATCH_SIZE, Outgoing, Sent, batch_field, read_batch, request_body
from bot.sender import Sender
from tests.house import until
from tests.outbox import ADA, Outbox, open_outbox

AUDIENCE_OF_60 = [str(25_000_000_000_000_000 + number) for number in range(60)]


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with open_outbox(tmp_path, read_timeout_s=5, send_rate=0) as opened:
        for psid in AUDIENCE_OF_60:
            opened.graph.add_person(psid)
            opened.person_writes(psid)
        yield opened


@contextmanager
def _sending(outbox: Outbox) -> Iterator[Sender]:
    sender = Sender(outbox.services)
    sender.start()
    try:
        yield sender
    finally:
        outbox.graph.clear_faults()
        sender.stop(5)


def _queue_all(outbox: Outbox) -> dict[str, int]:
    return {psid: outbox.queue(f"Hello {psid}", psid=psid) for psid in AUDIENCE_OF_60}


def _states(outbox: Outbox) -> Counter[str]:
    return Counter(row["state"] for row in outbox.rows("SELECT state FROM deliveries"))


def _batches(outbox: Outbox) -> list[list[Any]]:
    return [json.loads(b["batch"]) for b in outbox.bodies() if "batch" in b]


def test_sixty_messages_leave_in_two_requests_and_each_person_gets_their_own(
    outbox: Outbox,
) -> None:
    _queue_all(outbox)
    with _sending(outbox):
        until(lambda: _states(outbox) == {"sent": 60})
    assert [len(batch) for batch in _batches(outbox)] in ([50, 10], [10, 50])
    for psid in AUDIENCE_OF_60:
        assert [m.text for m in outbox.graph.sent_to(psid)] == [f"Hello {psid}"]
    mids = {row["psid"]: row["mid"] for row in outbox.rows(_MIDS)}
    assert mids == {psid: outbox.graph.sent_to(psid)[0].mid for psid in AUDIENCE_OF_60}


_MIDS = (
    "SELECT psid, mid FROM deliveries JOIN contacts ON contacts.id = contact_id WHERE mid NOT NULL"
)


def test_at_a_limited_rate_requests_are_small_until_slow_answers_make_workers_scarce(
    tmp_path: Path,
) -> None:
    with open_outbox(tmp_path, read_timeout_s=10, send_rate=300) as outbox:
        outbox.graph.fail_next(faults.slow(3), times=100, endpoint="batch")
        numbers = [outbox.queue(f"Message {number}") for number in range(360)]
        with _sending(outbox):
            until(lambda: _states(outbox) == {"sent": len(numbers)})
        sizes = [len(batch) for batch in _batches(outbox)]
    assert sizes[:10] == [15] * 10
    assert max(sizes) > 15


def test_no_more_is_in_flight_than_a_crash_may_leave_in_doubt(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, messages in (("TO_BEGIN", 20), ("AT_ONCE", 20), ("IN_FLIGHT", 40)):
        monkeypatch.setattr(lane, name, messages)
    _queue_all(outbox)
    outbox.graph.fail_next(faults.slow(1.0), times=2, endpoint="batch")
    with _sending(outbox):
        until(lambda: _states(outbox)["sending"] == 40)
        time.sleep(0.3)
        assert _states(outbox) == {"sending": 40, "pending": 20}
        until(lambda: _states(outbox) == {"sent": 60})


def test_a_few_messages_go_each_for_themselves(outbox: Outbox) -> None:
    for psid in AUDIENCE_OF_60[: AUDIENCE - 1]:
        outbox.queue(psid=psid)
    with _sending(outbox):
        until(lambda: _states(outbox) == {"sent": AUDIENCE - 1})
    assert not _batches(outbox)


def test_a_message_with_a_file_does_not_hold_up_an_audience(outbox: Outbox) -> None:
    _queue_all(outbox)
    picture = {"type": "image", "payload": {"url": "https://pictures.example/boots.png"}}
    outbox.queue(message={"attachment": picture})
    with _sending(outbox):
        until(lambda: _states(outbox) == {"sent": 61})
    assert sum(len(batch) for batch in _batches(outbox)) == 60


def test_what_one_person_cannot_receive_costs_the_others_nothing(outbox: Outbox) -> None:
    numbers = _queue_all(outbox)
    gone, silent = AUDIENCE_OF_60[3], AUDIENCE_OF_60[44]
    outbox.graph.person(gone).memory.gone = True
    outbox.graph.fail_next(faults.cut_after_accepting(), recipient=silent)
    with _sending(outbox):
        until(lambda: _states(outbox) == {"sent": 58, "failed": 1, "unknown": 1})
    assert [outbox.state(numbers[gone]), outbox.state(numbers[silent])] == ["failed", "unknown"]
    outbox.hear()  # the echo of the message whose answer was null
    assert outbox.state(numbers[silent]) == "delivered"


@pytest.mark.parametrize(
    "fault", [faults.garbled(), faults.empty(), faults.cut_mid_body(), faults.cut_after_accepting()]
)
def test_a_batch_whose_answer_is_lost_is_in_doubt_and_never_sent_again(
    outbox: Outbox, fault: faults.Fault
) -> None:
    for psid in AUDIENCE_OF_60[:20]:
        outbox.queue(psid=psid)
    outbox.graph.fail_next(fault, endpoint="batch")
    with _sending(outbox) as sender:
        until(lambda: _states(outbox) == {"unknown": 20})
        outbox.clock.forward(hours=2)
        sender.wake()
        outbox.queue(psid=ADA)
        sender.wake()
        until(lambda: _states(outbox) == {"unknown": 20, "sent": 1})
    assert len(outbox.graph.accepted) == 21
    outbox.hear()
    assert _states(outbox) == {"delivered": 21}


def test_a_batch_that_never_left_waits(outbox: Outbox) -> None:
    for psid in AUDIENCE_OF_60[:20]:
        outbox.queue(psid=psid)
    outbox.graph.down()
    with _sending(outbox) as sender:
        until(lambda: len(outbox.rows("SELECT 1 FROM history WHERE what = 'deferred'")) == 20)
        outbox.graph.up()
        outbox.clock.forward(minutes=2)
        sender.wake()
        until(lambda: _states(outbox) == {"sent": 20})
    assert len(outbox.graph.accepted) == 20


def test_a_dead_token_stops_the_page_and_loses_nothing_of_the_batch(outbox: Outbox) -> None:
    for psid in AUDIENCE_OF_60[:20]:
        outbox.queue(psid=psid)
    outbox.graph.access_token = "EAArenewed"
    with _sending(outbox):
        until(outbox.alarms)
    assert _states(outbox) == {"pending": 20}
    assert [alarm["what"] for alarm in outbox.alarms()] == ["page_paused"]


def test_a_shorter_answer_leaves_the_rest_in_doubt() -> None:
    body = json.dumps({"recipient_id": "1", "message_id": "m_1"})
    messages = [Outgoing(n, n, str(n), {"text": "Hi"}, "UPDATE", None) for n in range(BATCH_SIZE)]
    first, *others = read_batch(200, [{"code": 200, "body": body}, {"code": "x"}], messages)
    assert first == Sent("m_1")
    assert len(others) == BATCH_SIZE - 1
    assert all(isinstance(o, GraphError) and o.meaning is Meaning.UNKNOWN for o in others)


@given(st.text(min_size=1), st.sampled_from([None, "ACCOUNT_UPDATE"]))
@example('2 + 2 = 4 & 100 % größer; {"a"}~\n', None)
@example("Thank you 😀 \u2028 \x00", "ACCOUNT_UPDATE")
def test_a_batch_says_what_each_request_would(text: str, tag: str | None) -> None:
    kind = "MESSAGE_TAG" if tag else "UPDATE"
    outgoing = Outgoing(7, 5, AUDIENCE_OF_60[0], {"text": text}, kind, tag)
    [operation] = json.loads(batch_field([outgoing]))
    form = parse_qsl(operation["body"], strict_parsing=True)
    said = {name: json.loads(value) if value[0] == "{" else value for name, value in form}
    assert said == request_body(outgoing)
    assert operation["body"] == urlencode(form)

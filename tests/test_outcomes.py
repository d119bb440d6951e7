"""What becomes of a delivery: tried again with growing pauses, settled by echoes and by people."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.graph_errors import GraphError, Meaning
from bot.outcomes import recover_interrupted
from bot.practice.graph import faults
from bot.send_api import Outgoing
from bot.settling import AlreadySettled, mark_arrived, send_again
from tests.outbox import BEN, INES, Outbox, open_outbox

TROUBLE = GraphError(Meaning.LATER, "Meta has a passing fault.")


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with open_outbox(tmp_path) as opened:
        yield opened


def _claim(outbox: Outbox) -> Outgoing:
    [claimed] = outbox.claim(10)
    return claimed


def _recover(outbox: Outbox) -> int:
    with outbox.services.store.write() as db:
        return recover_interrupted(db, outbox.clock())


def test_the_pauses_grow_to_an_hour_and_the_eighth_failure_is_the_last(outbox: Outbox) -> None:
    number = outbox.queue()
    outbox.graph.fail_next(faults.error(2), times=9)
    for attempt, minutes in enumerate((1, 2, 4, 8, 16, 32, 60), start=1):
        assert outbox.work() == 1
        assert (outbox.state(number), outbox.delivery(number).attempts) == ("pending", attempt)
        outbox.clock.forward(minutes=minutes, microseconds=-1)
        assert outbox.work() == 0
        outbox.clock.forward(microseconds=1)
    assert outbox.work() == 1
    assert outbox.state(number) == "failed"
    assert len(outbox.bodies()) == 8
    assert outbox.told_to("thread")[-1] == "failed"
    assert outbox.told_to("author") == ["failed"]


def test_an_echo_that_comes_while_a_retry_waits_stops_the_second_try(outbox: Outbox) -> None:
    number = outbox.queue()
    claimed = _claim(outbox)
    outbox.services.messenger.send(claimed)  # Meta took it, whatever we were told
    outbox.write_down(claimed, TROUBLE)
    assert outbox.state(number) == "pending"
    outbox.hear()
    assert outbox.state(number) == "delivered"
    outbox.clock.forward(hours=1)
    assert outbox.work() == 0
    assert len(outbox.bodies()) == 1


def test_the_echo_may_come_before_the_answer(outbox: Outbox) -> None:
    number = outbox.queue()
    claimed = _claim(outbox)
    answer = outbox.services.messenger.send(claimed)
    outbox.hear()
    assert outbox.state(number) == "delivered"
    outbox.write_down(claimed, answer)
    assert outbox.state(number) == "delivered"
    assert [row["what"] for row in outbox.rows("SELECT what FROM history ORDER BY id")] == [
        "queued",
        "approved",
        "sent",
        "delivered",
    ]


def test_an_echo_outruns_a_broken_connection(outbox: Outbox) -> None:
    number = outbox.queue()
    claimed = _claim(outbox)
    outbox.graph.fail_next(faults.cut_after_accepting())
    answer = outbox.services.messenger.send(claimed)
    outbox.hear()
    outbox.write_down(claimed, answer)
    assert outbox.state(number) == "delivered"


def test_the_echo_may_come_after_the_answer(outbox: Outbox) -> None:
    number = outbox.queue()
    outbox.work()
    assert outbox.state(number) == "sent"
    outbox.hear()
    assert outbox.state(number) == "delivered"
    [message] = outbox.graph.sent_to(outbox.bodies()[0]["recipient"]["id"])
    assert outbox.delivery(number).mid == message.mid


def test_an_echo_settles_what_may_have_arrived(outbox: Outbox) -> None:
    number = outbox.queue()
    outbox.graph.fail_next(faults.hang())
    outbox.work()
    assert outbox.state(number) == "unknown"
    assert outbox.told_to("author") == ["unknown"]
    outbox.clock.forward(days=1)
    assert outbox.work() == 0
    outbox.hear()
    assert outbox.state(number) == "delivered"
    assert len(outbox.bodies()) == 1


def test_an_echo_with_the_number_of_something_that_never_left_is_not_believed(
    outbox: Outbox,
) -> None:
    first = outbox.queue()
    outbox.work()
    echoes = list(outbox.told)
    outbox.told.clear()
    second = outbox.queue("Another")
    for body in echoes:
        outbox.record(body.replace(f"tagwise:{first}".encode(), f"tagwise:{second}".encode()))
    assert outbox.state(second) == "pending"


def test_what_was_interrupted_may_have_arrived_and_is_never_sent_again_by_itself(
    outbox: Outbox,
) -> None:
    number = outbox.queue()
    _claim(outbox)
    assert outbox.state(number) == "sending"
    assert _recover(outbox) == 1
    assert (outbox.state(number), _recover(outbox)) == ("unknown", 0)
    outbox.clock.forward(days=1)
    assert outbox.work() == 0
    assert outbox.bodies() == []


def test_an_answer_that_comes_after_the_stop_still_counts(outbox: Outbox) -> None:
    number = outbox.queue()
    claimed = _claim(outbox)
    _recover(outbox)
    outbox.write_down(claimed, outbox.services.messenger.send(claimed))
    assert outbox.state(number) == "sent"


def test_a_person_settles_what_may_have_arrived_once(outbox: Outbox) -> None:
    store, numbers = outbox.services.store, [outbox.queue(), outbox.queue("Another")]
    outbox.graph.fail_next(faults.hang(), times=2)
    outbox.work()
    mark_arrived(store, numbers[0], by=BEN, now=outbox.clock())
    send_again(store, numbers[1], by=BEN, now=outbox.clock())
    for settle in (mark_arrived, send_again):
        for number in numbers:
            with pytest.raises(AlreadySettled):
                settle(store, number, by=BEN, now=outbox.clock())
    assert outbox.work() == 1
    assert [outbox.state(number) for number in numbers] == ["sent", "sent"]
    assert len(outbox.bodies()) == 3


def test_the_first_echo_stops_what_a_person_sent_again(outbox: Outbox) -> None:
    number = outbox.queue()
    outbox.graph.fail_next(faults.hang())
    outbox.work()
    send_again(outbox.services.store, number, by=BEN, now=outbox.clock())
    outbox.hear()
    assert outbox.work() == 0
    assert len(outbox.bodies()) == 1


def test_a_dead_token_stops_everything_once_and_loses_nothing(outbox: Outbox) -> None:
    numbers = [outbox.queue(), outbox.queue("Another"), outbox.queue("Hello Ines", psid=INES)]
    claimed = outbox.claim(1)
    outbox.graph.access_token = "EAArenewed"
    for outgoing in claimed:
        outbox.write_down(outgoing, outbox.services.messenger.send(outgoing))
    assert [alarm["what"] for alarm in outbox.alarms()] == ["page_paused"]
    assert outbox.work() == 0
    assert [outbox.state(number) for number in numbers] == ["pending"] * 3
    assert len(outbox.bodies()) == 2

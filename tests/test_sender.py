"""Crowds of senders, slow answers, the rate, and what a stop leaves behind."""

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.practice.graph import faults
from bot.sender import Sender
from storage import deliveries
from storage.deliveries import Claim
from tests.clock import Monotonic
from tests.house import until
from tests.outbox import ADA, BEN, INES, Outbox, open_outbox


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with open_outbox(tmp_path, read_timeout_s=20) as opened:
        yield opened


@contextmanager
def _sending(outbox: Outbox, workers: int = 32) -> Iterator[Sender]:
    sender = Sender(outbox.services, workers)
    sender.start()
    try:
        yield sender
    finally:
        outbox.graph.clear_faults()
        sender.stop(5)


def _states(outbox: Outbox) -> Counter[str]:
    return Counter(row["state"] for row in outbox.rows("SELECT state FROM deliveries"))


def _metadata(outbox: Outbox) -> list[str]:
    return [body["message"]["metadata"] for body in outbox.bodies()]


def test_six_senders_over_sixty_deliveries_send_each_once(outbox: Outbox) -> None:
    numbers = [outbox.queue(f"Message {number}") for number in range(60)]
    senders = [Sender(outbox.services, workers=4) for _ in range(6)]
    for sender in senders:
        sender.start()
    until(lambda: _states(outbox) == {"sent": 60})
    stopped = [sender.stop(5) for sender in senders]
    assert all(stopped)
    assert sorted(_metadata(outbox)) == sorted(f"tagwise:{number}" for number in numbers)


def test_a_claim_belongs_to_one_of_many_that_ask_at_once(outbox: Outbox) -> None:
    for number in range(60):
        outbox.queue(f"Message {number}")
    ready = threading.Barrier(6)

    def claim() -> list[int]:
        ready.wait()
        mine: list[int] = []
        while claimed := outbox.claim(3):
            mine += [outgoing.delivery_id for outgoing in claimed]
        return mine

    with ThreadPoolExecutor(6) as crowd:
        claims = [future.result() for future in [crowd.submit(claim) for _ in range(6)]]
    assert sorted(number for mine in claims for number in mine) == list(range(1, 61))


def test_a_delivery_is_claimed_once(outbox: Outbox) -> None:
    number = outbox.queue()
    with outbox.services.store.write() as db:
        claims = [
            deliveries.claim(db, [Claim(number, "UPDATE", None)], outbox.clock()) for _ in "12"
        ]
    assert claims == [{number}, set()]


def test_a_slow_answer_holds_up_nothing_else(outbox: Outbox) -> None:
    outbox.graph.fail_next(faults.hang(), times=5, recipient=outbox.rows(_ADA)[0]["psid"])
    for number in range(5):
        outbox.queue(f"Slow {number}")
    with _sending(outbox) as sender:
        until(lambda: len(outbox.bodies()) == 5)
        fast = outbox.queue("Fast", psid=INES)
        sender.wake()
        until(lambda: outbox.state(fast) == "sent")
        assert _states(outbox) == {"sending": 5, "sent": 1}
        outbox.graph.down()  # ends the hanging requests
        until(lambda: _states(outbox) == {"unknown": 5, "sent": 1})


_ADA = "SELECT psid FROM contacts WHERE channel = 'messenger'"


def test_two_hundred_reminders_due_at_the_same_moment_are_each_sent_once(outbox: Outbox) -> None:
    due_at = outbox.clock() + timedelta(hours=2)
    for number in range(200):
        outbox.queue(f"Reminder {number}", send_at=due_at)
    with _sending(outbox) as sender:
        outbox.clock.now = due_at
        sender.wake()
        until(lambda: _states(outbox) == {"sent": 200})
    texts = sorted(str(message.text) for message in outbox.graph.sent_to(ADA))
    assert texts == sorted(f"Reminder {number}" for number in range(200))


def test_a_stop_finishes_what_is_in_flight_and_takes_nothing_more(outbox: Outbox) -> None:
    for number in range(40):
        outbox.queue(f"Message {number}")
    outbox.graph.fail_next(faults.slow(0.2), times=40)
    with _sending(outbox, workers=8) as sender:
        until(outbox.bodies)
        assert sender.stop(5)
        states = _states(outbox)
        assert set(states) <= {"sent", "pending"}
        assert states["sent"] == len(outbox.bodies())
        assert states["pending"] > 0


def test_a_stop_does_not_wait_for_ever(outbox: Outbox) -> None:
    outbox.queue()
    outbox.graph.fail_next(faults.hang())
    with _sending(outbox) as sender:
        until(outbox.bodies)
        assert not sender.stop(0.1)
        assert _states(outbox) == {"sending": 1}
        outbox.graph.down()


def test_a_locked_database_costs_no_outcome(outbox: Outbox) -> None:
    outbox.queue()
    outbox.graph.fail_next(faults.slow(0.2))
    with _sending(outbox):
        until(outbox.bodies)
        path = outbox.services.settings.database_path
        with sqlite3.connect(path, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            until(lambda: outbox.graph.requests[0].status == 200)
            assert _states(outbox) == {"sending": 1}
            other.execute("ROLLBACK")
        other.close()
        until(lambda: _states(outbox) == {"sent": 1})


def test_one_message_that_cannot_be_judged_does_not_hold_up_the_rest(outbox: Outbox) -> None:
    broken, fine = outbox.queue("Broken"), outbox.queue("Fine")
    with outbox.services.store.write() as db:
        db.execute("UPDATE drafts SET facts = '[]' WHERE id = 1")
    outbox.work()
    assert [outbox.state(broken), outbox.state(fine)] == ["refused", "sent"]
    assert outbox.told_to("author") == ["refused"]


def test_what_is_due_is_all_looked_at_although_much_of_it_is_settled_unsent(
    outbox: Outbox,
) -> None:
    for number in range(20):
        outbox.queue(f"Message {number}")
    outbox.clock.forward(days=2)
    outbox.person_writes(INES)
    last = outbox.queue("Fine", psid=INES)
    with _sending(outbox, workers=2):
        until(lambda: _states(outbox) == {"refused": 20, "sent": 1})
    assert outbox.state(last) == "sent"
    assert len(outbox.bodies()) == 1


def test_a_message_that_somebody_wrote_twice_goes_out_twice(outbox: Outbox) -> None:
    outbox.queue("Same", author=BEN)
    outbox.queue("Same", author=BEN)
    assert outbox.work() == 2


def test_the_sender_keeps_the_rate_and_goes_on_by_itself(tmp_path: Path) -> None:
    with open_outbox(tmp_path, send_rate=5) as outbox:
        for number in range(12):
            outbox.queue(f"Message {number}")
        clock = Monotonic()
        sender = Sender(outbox.services, workers=8, monotonic=clock)
        sender.start()
        try:
            for expected in (1, 2, 3, 4, 5):
                until(lambda expected=expected: _states(outbox)["sent"] == expected)  # type: ignore[misc]
                clock.now += 1 / 5
                sender.wake()
            clock.now += 1.5
            sender.wake()
            until(lambda: _states(outbox)["sent"] == 6)
            assert len(outbox.graph.sent_to(ADA)) == 6
        finally:
            clock.now += 2  # one more lies ready
            sender.stop(5)


def test_what_falls_due_leaves_without_being_woken(tmp_path: Path) -> None:
    with open_outbox(tmp_path) as outbox:
        soon = outbox.clock() + timedelta(seconds=0.3)
        number = outbox.queue("Soon", send_at=soon)
        with _sending(outbox):
            outbox.clock.now = soon
            until(lambda: outbox.state(number) == "sent")
            assert [message.text for message in outbox.graph.sent_to(ADA)] == ["Soon"]

"""What Meta's headers say of its allowance: near the end the sender slows down, at the end it rests."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sender import Sender
from bot.usage import SLOWEST, Usage, UsageMeter
from tests.house import until
from tests.outbox import INES, Outbox, open_outbox


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with open_outbox(tmp_path, read_timeout_s=5) as opened:
        yield opened


@pytest.mark.parametrize(
    ("percent", "share"), [(0, 1), (80, 1), (90, 0.5), (99, SLOWEST), (130, SLOWEST)]
)
def test_from_four_fifths_on_the_rate_falls(percent: float, share: float) -> None:
    assert Usage(percent).share == pytest.approx(share)


def test_the_worst_of_app_and_page_counts() -> None:
    meter = UsageMeter()
    meter.note(
        {
            "X-App-Usage": '{"call_count": 28, "total_time": 25, "total_cputime": 61}',
            "X-Business-Use-Case-Usage": '{"1": [{"type": "messenger", "call_count": 100,'
            ' "estimated_time_to_regain_access": 19}, {"call_count": 5}], "2": [{"call_count": 70}]}',
        }
    )
    assert meter.of("1") == Usage(100, timedelta(minutes=19))
    assert meter.of("2") == Usage(70)
    assert meter.of("3") == Usage(61)
    meter.forget("1")
    assert meter.of("1") == Usage()


def test_what_was_said_a_minute_ago_counts_no_more() -> None:
    seconds = iter([0.0, 59.0, 60.0])
    meter = UsageMeter(lambda: next(seconds))
    meter.note({"X-App-Usage": '{"call_count": 100}'})
    assert [meter.of("1").used_up, meter.of("1").used_up] == [True, False]


@pytest.mark.parametrize(
    "said", ["", "{", "[]", "5", '{"1": 5}', '{"1": [5]}', '{"1": [{"call_count": "x"}]}']
)
def test_headers_that_cannot_be_read_say_nothing(said: str) -> None:
    meter = UsageMeter()
    meter.note({"X-App-Usage": said, "X-Business-Use-Case-Usage": said})
    assert meter.of("1") == Usage()


def test_at_the_end_of_the_allowance_the_page_rests_as_long_as_meta_names(outbox: Outbox) -> None:
    page = outbox.graph.page_id
    regained = {"type": "messenger", "call_count": 100, "estimated_time_to_regain_access": 19}
    outbox.graph.business_use_case_usage = {page: [regained]}
    first = outbox.queue("One")
    sender = Sender(outbox.services)
    sender.start()
    try:
        until(lambda: outbox.state(first) == "sent")
        until(outbox.alarms)
        outbox.graph.business_use_case_usage = None
        second, other = outbox.queue("Two"), outbox.queue("Hello Ines", psid=INES)
        sender.wake()
        until(lambda: outbox.state(other) == "sent")  # the Instagram account has its own allowance
        assert outbox.state(second) == "pending"
        [pause] = outbox.rows("SELECT * FROM pauses")
        assert (pause["page_id"], pause["kind"]) == (page, "rate")
        outbox.clock.forward(minutes=20)
        sender.wake()
        until(lambda: outbox.state(second) == "sent")
    finally:
        sender.stop(5)

"""Echoes and receipts: what became of our messages, in whatever order Meta tells it."""

from datetime import timedelta
from typing import Any

import pytest

from bot.practice.graph import faults
from tests.house import ADA, BELA, INES, House
from tests.webhook_door import INSTAGRAM, PAGE, body_of, event, milliseconds, post

FAR = 2_000_000_000_000  # a watermark in the year 2033


@pytest.fixture
def quiet(house: House) -> House:
    """A house whose Meta sends no echo and no receipt by itself; Ada and Ines have just written."""
    house.graph.echoes = house.graph.deliveries = False
    house.ada.writes("Hi")
    house.ines.writes("Hi")
    return house


def send(house: House, psid: str = ADA, state: str = "sent") -> dict[str, Any]:
    """Send one message more, and wait until its delivery is in that state."""
    known = len(house.states())
    house.compose(house.ben, psid=psid).submit()
    house.until(lambda: len(house.states()) > known and house.states()[-1] == state)
    return house.rows("SELECT * FROM deliveries ORDER BY id")[-1]


def tell(house: House, who: str = ADA, account: str = PAGE, **what: Any) -> None:
    post(house, body_of(event(who, house.clock(), account, **what), account=account))


def echo(house: House, metadata: str, *, to: str = ADA, account: str = PAGE, **more: Any) -> None:
    message = {"mid": "m_echo", "is_echo": True, "metadata": metadata, "text": "x"} | more
    said = event(account, house.clock(), to, message=message)
    post(house, body_of(said, account=account))


def test_a_receipt_that_names_the_message_marks_it_and_only_it(quiet: House) -> None:
    first, second = send(quiet), send(quiet)
    tell(quiet, delivery={"mids": [second["mid"], "m_of_somebody_else"]})
    assert quiet.states() == ["sent", "delivered"]
    tell(quiet, delivery={"mids": [first["mid"]]})
    assert quiet.states() == ["delivered", "delivered"]


def test_a_watermark_marks_everything_that_was_sent_up_to_it(quiet: House) -> None:
    send(quiet)
    between = quiet.clock()
    quiet.clock.forward(seconds=10)
    send(quiet)
    tell(quiet, delivery={"watermark": milliseconds(between)})
    assert quiet.states() == ["delivered", "sent"]
    tell(quiet, read={"watermark": milliseconds(quiet.clock())})
    assert quiet.states() == ["read", "read"]


def test_what_was_read_was_delivered_and_nothing_goes_back(quiet: House) -> None:
    mid = send(quiet)["mid"]
    now = milliseconds(quiet.clock())
    for told in ({"read": {"watermark": now}}, {"delivery": {"mids": [mid], "watermark": now}}):
        tell(quiet, **told)
        tell(quiet, **told)
        assert quiet.states() == ["read"]
    steps = [row["what"] for row in quiet.rows("SELECT what FROM history ORDER BY id")]
    assert steps.count("read") == 1
    assert "delivered" not in steps


def test_a_watermark_does_not_cover_what_is_sent_after_it(quiet: House) -> None:
    tell(quiet, read={"watermark": milliseconds(quiet.clock() - timedelta(seconds=1))})
    send(quiet)
    assert quiet.states() == ["sent"]


def test_a_watermark_from_the_future_is_not_believed(quiet: House) -> None:
    send(quiet)
    for watermark in (FAR, "never", None, -1, [1], 10**40):
        tell(quiet, read={"watermark": watermark}, delivery={"watermark": watermark})
        assert quiet.states() == ["sent"]


def test_meta_clock_may_run_a_little_ahead_of_ours(quiet: House) -> None:
    number = send(quiet)["id"]
    ahead = quiet.clock() + timedelta(seconds=30)
    said = event(
        PAGE, ahead, ADA, message={"mid": "m_1", "is_echo": True, "metadata": f"tagwise:{number}"}
    )
    post(quiet, body_of(event(delivery={"watermark": milliseconds(ahead)}), said))
    assert quiet.states() == ["delivered"]


def test_a_receipt_of_another_person_changes_nothing(quiet: House) -> None:
    mid = send(quiet)["mid"]
    tell(quiet, BELA, delivery={"mids": [mid]}, message=None)
    post(quiet, body_of(event(BELA, message={"mid": "m_b", "text": "I am here now"})))
    tell(quiet, BELA, read={"mid": mid, "watermark": milliseconds(quiet.clock())})
    tell(quiet, ADA, "110099887766554", read={"watermark": milliseconds(quiet.clock())})
    assert quiet.states() == ["sent"]


def test_on_instagram_seeing_the_last_message_is_seeing_those_before_it(quiet: House) -> None:
    send(quiet, INES)
    quiet.clock.forward(seconds=5)
    seen = send(quiet, INES)["mid"]
    quiet.clock.forward(seconds=5)
    send(quiet, INES)
    tell(quiet, INES, INSTAGRAM, read={"mid": seen})
    assert quiet.states() == ["read", "read", "sent"]


def test_a_receipt_that_overtakes_our_own_record_of_the_send_is_not_lost(quiet: House) -> None:
    quiet.graph.fail_next(faults.slow(0.6), endpoint="messages")
    quiet.compose(quiet.ben).submit()
    accepted = quiet.until(lambda: quiet.graph.sent_to(ADA))[0]
    assert quiet.states() == ["sending"]
    tell(quiet, delivery={"mids": [accepted.mid], "watermark": milliseconds(accepted.at)})
    quiet.clock.forward(seconds=2)  # our own time of the send lies after the watermark
    quiet.until(lambda: quiet.states() == ["delivered"])
    assert quiet.rows("SELECT 1 FROM early_receipts") == []


def test_on_instagram_a_message_may_be_seen_before_meta_has_answered(quiet: House) -> None:
    quiet.graph.fail_next(faults.slow(0.6), endpoint="messages")
    quiet.compose(quiet.ben, psid=INES).submit()
    accepted = quiet.until(lambda: quiet.graph.sent_to(INES))[0]
    tell(quiet, INES, INSTAGRAM, read={"mid": accepted.mid})
    quiet.until(lambda: quiet.states() == ["read"])
    assert len(quiet.graph.sent_to(INES)) == 1


def test_receipts_of_what_others_sent_are_not_kept(quiet: House) -> None:
    send(quiet)
    tell(quiet, delivery={"mids": ["m_from_the_page_inbox"]})
    assert quiet.rows("SELECT 1 FROM early_receipts") == []


def test_an_echo_settles_a_message_that_was_in_doubt(quiet: House) -> None:
    quiet.graph.fail_next(faults.cut_after_accepting(), endpoint="messages")
    number = send(quiet, state="unknown")["id"]
    echo(quiet, f"tagwise:{number}")
    assert quiet.states() == ["sent"]
    assert quiet.rows("SELECT mid FROM deliveries") == [{"mid": "m_echo"}]
    echo(quiet, f"tagwise:{number}")
    assert [row["what"] for row in quiet.rows("SELECT what FROM history")].count("sent") == 1


def test_a_receipt_before_the_echo_counts_once_the_echo_names_the_message(quiet: House) -> None:
    quiet.graph.fail_next(faults.cut_after_accepting(), endpoint="messages")
    number = send(quiet, state="unknown")["id"]
    tell(quiet, delivery={"mids": ["m_echo"]})
    assert quiet.states() == ["unknown"]
    echo(quiet, f"tagwise:{number}")
    assert quiet.states() == ["delivered"]


def test_watermarks_are_measured_by_the_time_in_the_echo(quiet: House) -> None:
    delivery = send(quiet)
    earlier = quiet.clock() - timedelta(seconds=3)
    tell(quiet, delivery={"watermark": milliseconds(earlier)})
    assert quiet.states() == ["sent"]
    metadata = f"tagwise:{delivery['id']}"
    message = {"mid": delivery["mid"], "is_echo": True, "metadata": metadata}
    post(quiet, body_of(event(PAGE, earlier, ADA, message=message)))
    assert quiet.states() == ["delivered"]


NOT_OURS = ["", "tagwise:", "tagwise:2", "tagwise:999", "tagwise:-1", "tagwise:1.0", "tagwise: 1"]
NOR_THESE = ["tagwise:١", "tagwise:" + "9" * 18, "tagwise:" + "9" * 5_000, "TAGWISE:1", "1", "a:1"]


def test_an_echo_that_is_not_of_this_message_settles_nothing(quiet: House) -> None:
    quiet.graph.fail_next(faults.cut_after_accepting(), endpoint="messages")
    assert send(quiet, state="unknown")["id"] == 1
    for metadata in (*NOT_OURS, *NOR_THESE):
        echo(quiet, metadata)
        assert quiet.states() == ["unknown"], metadata


def test_an_echo_to_another_person_or_from_another_page_settles_nothing(quiet: House) -> None:
    quiet.graph.fail_next(faults.cut_after_accepting(), endpoint="messages")
    number = send(quiet, state="unknown")["id"]
    post(quiet, body_of(event(BELA, message={"mid": "m_b", "text": "Hi"})))
    echo(quiet, f"tagwise:{number}", to=BELA)
    echo(quiet, f"tagwise:{number}", to=INES, account=INSTAGRAM)
    echo(quiet, f"tagwise:{number}", account="110099887766554")
    echo(quiet, f"tagwise:{number}", to="40404040404")
    assert quiet.states() == ["unknown"]


def test_an_echo_cannot_settle_what_has_not_left(quiet: House) -> None:
    modal = quiet.compose(quiet.ben)
    modal.choose("route", "approve")
    modal.submit()
    quiet.until(lambda: quiet.states() == ["pending"])
    echo(quiet, "tagwise:1")
    assert quiet.states() == ["pending"]
    quiet.slack.click(quiet.cleo, quiet.card(), "approve_draft")
    quiet.until(lambda: quiet.states() == ["sent"])
    assert len(quiet.sends()) == 1

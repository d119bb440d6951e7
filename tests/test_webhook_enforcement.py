"""Meta warns, blocks and unblocks the Page: sending stops at once, and the channel is told once."""

from datetime import timedelta
from typing import Any

from tests.house import House
from tests.webhook_door import NOON, PAGE, body_of, event, post

REASON = "Many people reported this Page <spam> & more."


def enforce(house: House, action: str, minute: int, account: str = PAGE, **more: Any) -> None:
    at = NOON + timedelta(minutes=minute)
    policy = {"action": action} | more
    post(house, body_of(event(None, at, account, policy_enforcement=policy), account=account))


def paused(house: House) -> list[str]:
    return [row["page_id"] for row in house.rows("SELECT page_id FROM pauses")]


def alarms(house: House) -> list[str]:
    return [row["what"] for row in house.rows("SELECT what FROM history ORDER BY id")]


def channel(house: House) -> str:
    return "\n".join(house.text_of(message) for message in house.approvals.messages)


def test_a_block_stops_sending_and_the_channel_is_told_why(house: House) -> None:
    house.ada.writes("Hi")
    enforce(house, "block", 0, reason=REASON)
    house.compose(house.ben).submit()
    house.until(lambda: "blocked this Page" in channel(house))
    assert "<spam> & more" in channel(house)  # as people read it: escaped on its way
    assert house.states() == ["pending"]
    assert house.sends() == []
    enforce(house, "unblock", 1)
    house.until(lambda: house.states() == ["delivered"])
    house.until(lambda: "lets this Page send again" in channel(house))
    assert not house.slack.refused


def test_a_warning_is_told_and_stops_nothing_that_goes_out_without_a_tag(house: House) -> None:
    house.ada.writes("Hi")
    enforce(house, "warning", 0, reason=REASON)
    house.until(lambda: "Meta warns" in channel(house))
    house.compose(house.ben).submit()
    house.until(lambda: house.states() == ["delivered"])
    assert paused(house) == []


def test_what_meta_repeats_is_told_once(house: House) -> None:
    for action in ("warning", "block"):
        for _ in range(3):
            enforce(house, action, 0, reason=REASON)
    assert alarms(house) == ["page_warned", "page_paused"]


def test_a_block_that_is_told_again_after_its_end_does_not_stop_the_page_again(
    house: House,
) -> None:
    enforce(house, "block", 0)
    enforce(house, "unblock", 5)
    enforce(house, "block", 0)
    assert paused(house) == []
    assert alarms(house) == ["page_paused", "page_resumed"]


def test_a_block_that_arrives_after_its_end_stops_nothing(house: House) -> None:
    enforce(house, "unblock", 5)
    enforce(house, "block", 0)
    assert paused(house) == []
    enforce(house, "block", 6)
    assert paused(house) == [PAGE]


def test_another_page_is_none_of_our_business(house: House) -> None:
    enforce(house, "block", 0, account="110099887766554")
    enforce(house, "warning", 0, account="110099887766554")
    assert paused(house) == []
    assert alarms(house) == []


def test_an_unknown_action_is_passed_over(house: House) -> None:
    for action in ("praise", "", "BLOCK"):
        enforce(house, action, 0)
    post(house, body_of(event(None, policy_enforcement={"action": ["block"], "reason": 5})))
    assert paused(house) == []
    assert alarms(house) == []

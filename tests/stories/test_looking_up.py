"""A message that may have arrived: staff see that Tagwise looked for it at Meta, and what it found."""

from bot.practice.graph import faults
from bot.practice.graph.faults import Fault
from bot.practice.slack import Message
from tests.house import House
from tests.stories.slack_steps import ask, buttons, messages_to, thread, waiting_card


def _in_doubt(house: House, fault: Fault) -> Message:
    """The card of an approved message of which nobody knows whether it arrived."""
    house.graph.echoes = house.graph.deliveries = False
    card = waiting_card(house)
    house.graph.fail_next(fault, endpoint="messages")
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: "may have arrived" in house.text_of(card))
    return card


def test_what_is_found_at_meta_is_settled_and_the_buttons_go(house: House) -> None:
    card = _in_doubt(house, faults.cut_after_accepting())
    assert house.states() == ["unknown"]
    house.clock.forward(seconds=61)
    house.until(lambda: house.states() == ["sent"])
    house.until(lambda: buttons(card) == [])
    house.until(lambda: "Ada Moreau: Tagwise has looked into Meta's" in thread(house, card))
    assert "and found it" in thread(house, card)
    assert len(house.sends()) == 1
    assert not house.slack.refused


def test_what_is_not_found_says_so_where_a_person_decides(house: House) -> None:
    card = _in_doubt(house, faults.cut_before_accepting())
    house.clock.forward(seconds=61)
    house.until(lambda: "did not find it yet" in house.text_of(card))
    house.until(lambda: "did not find it yet" in thread(house, card))
    assert "did not find it yet" not in messages_to(house, house.ben)
    assert "did not find it yet" in house.text_of(ask(house, house.cleo, "status 1"))
    assert house.states() == ["unknown"]
    house.slack.click(house.cleo, card, "send_again")
    house.until(lambda: house.states() == ["sent"])
    assert len(house.sends()) == 2
    assert not house.slack.refused


def test_a_lookup_that_meta_hangs_holds_up_no_message(house: House) -> None:
    _in_doubt(house, faults.cut_after_accepting())
    house.graph.fail_next(faults.slow(3), endpoint="conversations")
    house.clock.forward(seconds=61)
    house.until(lambda: any(r.path.endswith("/conversations") for r in house.graph.requests))
    assert house.compose(house.ben, "And something else.").submit() == {}
    house.until(lambda: house.states()[-1] == "sent", 2.5)
    house.until(lambda: house.states() == ["sent", "sent"])

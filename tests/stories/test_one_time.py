"""Ada asks to be told once when the boots are back, and is told once, promotion and all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.practice.graph import faults
from bot.practice.slack import Message, Modal
from tests.house import ADA, BELA, INES, House, open_house
from tests.log_hygiene import Lines
from tests.stories.slack_steps import buttons, choose_tag, reads, write

OFFER = "The blue boots are back in 39, today with 20% off!"
ASKED = "asked to be told: blue boots in 39"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path, one_time_notification="true") as opened:
        yield opened


def ask(house: House) -> str:
    """Ben asks Ada inside the window, she presses "Notify me"; her token. Then the window closes."""
    house.ada.writes("Do you have the blue boots in 39?")
    modal = write(house, house.ben, "We do not.")
    modal.choose("one_time", "ASK")
    reads(house, modal, "What they are asked")
    modal.fill("one_time_title", "Tell me when the blue boots are back in 39")
    modal.fill("one_time_topic", "blue boots in 39")
    assert modal.submit() == {}
    [request] = house.until(lambda: house.graph.sent_to(ADA))
    token = house.ada.asks_to_be_told(request.mid)
    house.clock.forward(days=30)
    return token


def offer(house: House) -> Modal:
    """The composer with the promotion, and the permission chosen for it."""
    modal = write(house, house.ben, OFFER)
    assert reads(house, modal, "rule window-closed")
    assert ASKED in str(modal.blocks)
    modal.choose("one_time", "1")
    assert reads(house, modal, "as the one message about “blue boots in 39” they asked for")
    return modal


def test_asked_inside_the_window_told_once_a_month_later(house: House, log: Lines) -> None:
    token = ask(house)
    modal = offer(house)
    assert "rule promotional" not in house.text_of(modal)
    assert modal.submit() == {}
    house.until(lambda: len(house.graph.sent_to(ADA)) == 2)

    assert house.sends() == [
        {
            "recipient": {"id": ADA},
            "message": {
                "attachment": {
                    "type": "template",
                    "payload": {
                        "template_type": "one_time_notif_req",
                        "title": "Tell me when the blue boots are back in 39",
                        "payload": "blue boots in 39",
                    },
                },
                "metadata": "tagwise:1",
            },
            "messaging_type": "UPDATE",
        },
        {
            "recipient": {"one_time_notif_token": token},
            "message": {"text": OFFER, "metadata": "tagwise:2"},
            "messaging_type": "UPDATE",
        },
    ]
    again = write(house, house.ben, "And the red ones!")
    assert ASKED not in str(again.blocks)
    assert token not in "".join(log.written)
    assert not house.slack.refused


def test_what_may_have_arrived_cannot_be_sent_again(house: House) -> None:
    ask(house)
    house.graph.fail_next(faults.cut_before_accepting(), endpoint="messages")
    house.graph.echoes = False
    assert offer(house).submit() == {}
    house.until(lambda: house.states()[-1] == "unknown")

    def card() -> Message | None:
        found = [m for m in house.slack.dm(house.ben).messages if "mark_arrived" in buttons(m)]
        return found[0] if found else None

    shown = house.until(card)
    assert shown is not None
    assert "send_again" not in buttons(shown)
    assert len(house.sends()) == 2


def test_a_permission_chosen_for_somebody_else_is_refused_beside_its_field(house: House) -> None:
    ask(house)
    house.graph.person(BELA).writes("Hi")
    house.clock.forward(days=2)
    modal = offer(house)
    modal.choose("recipient", str(house.contact_id(BELA)))
    assert reads(house, modal, "has not asked to be told what the draft is meant for")
    assert "has not asked to be told" in modal.submit()["one_time"]
    modal.choose("one_time", "NONE")
    reads(house, modal, "rule window-closed")
    house.ines.writes("Hi")
    house.clock.forward(days=2)
    modal.choose("one_time", "ASK")
    reads(house, modal, "What they are asked")
    modal.choose("recipient", str(house.contact_id(INES)))
    reads(house, modal, "Instagram has no one_time_notif_req template")
    assert "one_time" in modal.fields


def test_a_form_for_feedback_uses_no_permission_up(house: House) -> None:
    house.stop()
    house.start(privacy_url="https://harbour.example/privacy")
    ask(house)
    modal = offer(house)
    choose_tag(house, modal, "CUSTOMER_FEEDBACK")
    modal.fill("feedback_title", "Your visit")
    modal.fill("feedback_subtitle", "It takes a minute.")
    modal.fill("feedback_question", "How was it?")
    assert "up to 7 days" in modal.submit()["tag"]
    assert len(house.sends()) == 1


def test_on_instagram_and_when_switched_off_there_is_no_such_field(house: House) -> None:
    house.ines.writes("Hi")
    house.ada.writes("Hi")
    modal = write(house, house.ben)
    house.until(lambda: "one_time" in modal.fields)
    modal.choose("recipient", str(house.contact_id(INES)))
    house.until(lambda: "one_time" not in modal.fields)
    modal.close()
    house.stop()
    house.start(one_time_notification="false")
    assert "one_time" not in write(house, house.ben).fields

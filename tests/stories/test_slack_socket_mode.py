"""The same bot over Slack's websocket: no public address for Slack is needed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import ADA, House, open_house
from tests.stories.slack_steps import (
    ask,
    choose_tag,
    messages_to,
    reads,
    thread,
    told,
    waiting_card,
    write,
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path, start=False) as opened:
        token, secret = opened.slack.app_token, None
        opened.start(slack_app_token=token, slack_signing_secret=secret)
        yield opened


def test_from_the_command_to_the_phone_over_the_socket(house: House) -> None:
    card = waiting_card(house, text="Your table <is> booked & ready.")
    said = told(house, house.ben, lambda: house.slack.click(house.ben, card, "approve_draft"))
    assert "Four eyes" in said
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: "Draft 1: delivered" in house.text_of(card))
    house.until(lambda: "Approved by @Cleo." in thread(house, card))
    house.until(lambda: "Sent to " in messages_to(house, house.ben))
    assert house.sends() == [
        {
            "recipient": {"id": ADA},
            "message": {"text": "Your table <is> booked & ready.", "metadata": "tagwise:1"},
            "messaging_type": "UPDATE",
        }
    ]
    assert "Draft 1: delivered" in house.text_of(ask(house, house.ben, "status 1"))
    assert not house.slack.refused


def test_the_composer_refuses_and_updates_over_the_socket(house: House) -> None:
    house.ada.writes("Hi")
    house.clock.forward(hours=25)
    modal = write(house, house.ben)
    assert reads(house, modal, "rule window-closed")
    assert "needs a tag that fits" in modal.submit()["tag"]
    choose_tag(house, modal, "HUMAN_AGENT")
    assert reads(house, modal, "*Allowed* until")
    assert modal.submit() == {}
    house.until(lambda: house.states() == ["delivered"])
    assert house.sends()[0]["tag"] == "HUMAN_AGENT"
    assert not house.slack.refused

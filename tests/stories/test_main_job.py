"""From `/notify` to the phone, through the front doors."""

from tests.house import ADA, House


def test_a_clean_message_to_one_person_goes_out_at_once(house: House) -> None:
    house.ada.writes("Is my table booked?")
    modal = house.compose(house.ben, "Your table <is> booked & ready.")
    assert modal.submit() == {}
    house.until(lambda: house.states() == ["delivered"])
    assert house.sends() == [
        {
            "recipient": {"id": ADA},
            "message": {"text": "Your table <is> booked & ready.", "metadata": "tagwise:1"},
            "messaging_type": "UPDATE",
        }
    ]
    assert not house.slack.refused


def test_nothing_leaves_before_a_second_person_approves(house: House) -> None:
    house.ada.writes("Is my table booked?")
    modal = house.compose(house.ben)
    modal.choose("route", "approve")
    assert modal.submit() == {}
    card = house.card()
    assert house.states() == ["pending"]
    assert house.sends() == []
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.states() == ["delivered"])
    house.until(lambda: "delivered" in house.text_of(card))
    assert len(house.sends()) == 1
    assert not house.slack.refused

"""A message whose words break Meta's rules: shown while one writes, and never without a second look."""

from tests.house import House

MIXED = "Your order A-17 has shipped. Take 20% off your next order with code MORE20!"
SHIPPED = "Your order A-17 has shipped and arrives on Friday."


def write_outside_the_window(house: House, text: str, tag: str) -> None:
    house.ada.writes("Where is my order?")
    house.clock.forward(days=2)
    modal = house.compose(house.ben, text)
    modal.choose("tag", tag)
    if tag == "POST_PURCHASE_UPDATE":
        house.until(lambda: "order_id" in house.slack.modal(house.ben).fields)


def panel(house: House) -> str:
    return house.text_of(house.slack.modal(house.ben), house.ben)


def test_a_promotion_is_marked_and_waits_for_a_colleague_with_a_reason(house: House) -> None:
    write_outside_the_window(house, MIXED, "POST_PURCHASE_UPDATE")
    house.until(lambda: "Ask for approval" in panel(house))
    assert "may promote" in panel(house)
    assert "*Take 20% off your next order" in panel(house)
    assert "Leave the promotion out" in panel(house)
    modal = house.slack.modal(house.ben)
    modal.fill("order_id", "A-17")
    assert modal.submit() == {}

    card = house.card()
    assert "20% off" in house.text_of(card)
    assert "[Approve anyway" in house.text_of(card)
    house.slack.click(house.cleo, card, "approve_draft")
    reason = house.slack.modal(house.cleo)
    assert "20% off" in house.text_of(reason)
    assert "reason" in reason.submit()
    assert house.sends() == []
    reason.fill("reason", "The code was promised with this very order.")
    assert reason.submit() == {}

    house.until(lambda: house.states() == ["delivered"])
    assert [sent["tag"] for sent in house.sends()] == ["POST_PURCHASE_UPDATE"]
    house.until(lambda: "promised with this very order" in house.text_of(card))
    assert not house.slack.refused


def test_the_tag_that_fits_better_is_one_click_away(house: House) -> None:
    write_outside_the_window(house, SHIPPED, "ACCOUNT_UPDATE")
    house.until(lambda: "reads like POST_PURCHASE_UPDATE" in panel(house))
    house.slack.modal(house.ben).click("use_tag")
    house.until(lambda: {"tag", "order_id"} <= set(house.slack.modal(house.ben).fields))
    modal = house.slack.modal(house.ben)
    assert modal.value("tag") == "POST_PURCHASE_UPDATE"
    assert modal.value("message") == SHIPPED
    modal.fill("order_id", "A-17")
    assert modal.submit() == {}

    house.until(lambda: house.states() == ["delivered"])
    assert [sent["tag"] for sent in house.sends()] == ["POST_PURCHASE_UPDATE"]
    assert not house.slack.refused


def test_the_same_promotion_inside_the_window_needs_nobody(house: House) -> None:
    house.ada.writes("Have you any offers?")
    assert house.compose(house.ben, MIXED).submit() == {}

    house.until(lambda: house.states() == ["delivered"])

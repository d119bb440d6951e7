"""From the outbox to the phone, and what staff see of it in Slack."""

from bot.practice.graph import faults
from bot.practice.slack import Message
from tests.house import ADA, INES, House
from tests.stories.slack_steps import (
    ada_is_known,
    buttons,
    messages_to,
    resume,
    told,
    waiting_card,
)


def _alarms(house: House) -> list[Message]:
    return [m for m in house.approvals.messages if "Sending is paused" in house.text_of(m)]


def _approve_one(house: House) -> Message:
    card = waiting_card(house)
    house.slack.click(house.cleo, card, "approve_draft")
    return card


def test_the_card_follows_the_message_to_the_phone_and_into_its_readers_hands(house: House) -> None:
    card = _approve_one(house)
    house.until(lambda: "delivered" in house.text_of(card))
    house.clock.forward(minutes=5)
    house.ada.reads()
    house.until(lambda: "read" in house.text_of(card))
    assert house.states() == ["read"]
    assert not house.slack.refused


def test_a_window_that_closed_after_the_approval_keeps_the_message_home(house: House) -> None:
    house.graph.access_token = "EAArenewed"
    card = _approve_one(house)
    alarm = house.until(lambda: _alarms(house))[0]
    assert house.states() == ["pending"]
    house.graph.access_token = "EAAtoken"
    house.clock.forward(hours=24)
    resume(house, house.cleo, alarm)
    house.until(lambda: house.states() == ["refused"])
    house.until(lambda: "rule book said no" in messages_to(house, house.ben))
    house.until(lambda: "rule book said no" in house.text_of(card))
    assert len(house.sends()) == 1  # the one that the dead token stopped


def test_what_may_have_arrived_is_marked_as_arrived_by_a_person(house: House) -> None:
    house.graph.echoes = house.graph.deliveries = False
    house.graph.fail_next(faults.cut_after_accepting(), endpoint="messages")
    card = _approve_one(house)
    house.until(lambda: set(buttons(card)) == {"send_again", "mark_arrived"})
    house.until(lambda: "may have reached" in messages_to(house, house.ben))
    house.slack.click(house.cleo, card, "mark_arrived")
    house.until(lambda: house.states() == ["sent"])
    house.until(lambda: buttons(card) == [])
    assert len(house.sends()) == 1


def test_what_may_have_arrived_is_sent_again_by_a_person_once(house: House) -> None:
    house.graph.echoes = house.graph.deliveries = False
    house.graph.fail_next(faults.cut_before_accepting(), endpoint="messages")
    card = _approve_one(house)
    house.until(lambda: "send_again" in buttons(card))
    screen = card.snapshot()
    house.slack.click(house.ben, screen, "send_again")
    house.until(lambda: house.states() == ["sent"])
    late = told(house, house.cleo, lambda: house.slack.click(house.cleo, screen, "send_again"))
    assert late
    assert len(house.sends()) == 2
    assert len(house.graph.sent_to(ADA)) == 1


def test_the_echo_alone_settles_what_may_have_arrived(house: House) -> None:
    card = waiting_card(house)
    house.graph.fail_next(faults.cut_after_accepting(), endpoint="messages")
    with house.graph.webhooks_held():
        house.slack.click(house.cleo, card, "approve_draft")
        house.until(lambda: house.states() == ["unknown"])
    house.until(lambda: house.states() == ["delivered"])
    house.until(lambda: buttons(card) == [])
    assert len(house.sends()) == 1


def test_a_dead_token_pauses_once_and_a_member_lets_it_go_on(house: House) -> None:
    ada_is_known(house)
    house.ines.writes("Hi")
    house.graph.access_token = "EAArenewed"
    for psid in (ADA, ADA, INES):
        modal = house.compose(house.ben, f"Hello {psid}", psid)
        assert modal.submit() == {}
    [alarm] = house.until(lambda: _alarms(house))
    house.until(lambda: house.states() == ["pending"] * 3)
    house.graph.access_token = "EAAtoken"
    screen = alarm.snapshot()
    resume(house, house.cleo, screen)
    house.until(lambda: set(house.states()) <= {"sent", "delivered"})
    late = told(house, house.ben, lambda: house.slack.click(house.ben, screen, "resume_page"))
    assert "not paused" in late
    assert len(_alarms(house)) == 1
    assert len(house.graph.sent_to(ADA)) == 2
    assert len(house.graph.sent_to(INES)) == 1


def test_a_new_token_is_read_at_the_next_start_and_everything_goes_out(house: House) -> None:
    ada_is_known(house)
    house.ines.writes("Hi")
    house.graph.access_token = "EAArenewed"
    for psid in (ADA, INES):
        assert house.compose(house.ben, "Hello", psid).submit() == {}
    house.until(lambda: _alarms(house))
    house.until(lambda: house.states() == ["pending"] * 2)
    house.stop()
    house.start(page_access_token="EAArenewed")
    house.until(lambda: set(house.states()) <= {"sent", "delivered"})


def test_a_restriction_outlives_a_restart_until_meta_or_a_person_ends_it(house: House) -> None:
    ada_is_known(house)
    house.graph.page.is_blocked()
    house.until(lambda: _alarms(house))
    assert house.compose(house.ben).submit() == {}
    house.stop()
    house.start()
    assert house.states() == ["pending"]
    assert house.sends() == []
    house.clock.forward(minutes=1)
    house.graph.page.is_unblocked()
    house.until(lambda: house.states() == ["delivered"])
    house.until(lambda: "Sending goes on" in house.text_of(house.card()))
    assert len(_alarms(house)) == 1

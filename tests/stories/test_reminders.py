"""Messages for a time to come: rows in the outbox that fall due, whatever happens meanwhile."""

from datetime import timedelta
from typing import Any

from bot.practice.graph import faults
from tests.house import ADA, BELA, House
from tests.stories.slack_steps import ada_is_known, messages_to, waiting_card, write

EVENT_TAG = "CONFIRMED_EVENT_UPDATE"


def _pass_time(house: House, **by: float) -> None:
    """Move the bot's clock; its own timer finds out within a second."""
    house.clock.forward(**by)


def _event(house: House, **starts_in: float) -> dict[str, Any]:
    starts_at = house.clock() + timedelta(**starts_in)
    return {"name": "Yoga", "registered": True, "starts_at": starts_at.isoformat()}


def _scheduled(house: House, **due_in: float) -> None:
    """A draft of Ben's for a time to come, approved at once because nothing about it is doubtful."""
    ada_is_known(house)
    modal = write(house, house.ben)
    modal.pick("send_at", house.clock() + timedelta(**due_in))
    assert modal.submit() == {}
    house.until(lambda: house.states() == ["pending"])


def test_a_message_goes_out_at_its_time_and_not_before(house: House) -> None:
    _scheduled(house, hours=3)
    _pass_time(house, hours=3, seconds=-1)
    house.running.services.bell.ring()
    assert house.states() == ["pending"]
    _pass_time(house, seconds=1)
    house.until(lambda: house.states() == ["delivered"])
    assert len(house.sends()) == 1


def test_reminders_count_from_the_event(house: House) -> None:
    ada_is_known(house)
    event = _event(house, hours=48)
    posted = house.post_draft(event=event, reminders=["-24h", "-1h"], tag=EVENT_TAG)
    assert posted.status_code == 201
    house.slack.click(house.cleo, house.card(), "approve_draft")
    house.until(lambda: house.states() == ["delivered", "pending", "pending"])
    _pass_time(house, hours=24)
    house.until(lambda: house.states() == ["delivered", "delivered", "pending"])
    _pass_time(house, hours=23)
    house.until(lambda: house.states() == ["delivered"] * 3)
    assert [body.get("tag") for body in house.sends()] == [None, EVENT_TAG, EVENT_TAG]


def test_an_approval_within_the_hour_still_sends_it(house: House) -> None:
    card = _waiting_for(house, hours=2)
    _pass_time(house, hours=3)
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.states() == ["delivered"])
    assert len(house.sends()) == 1


def test_an_approval_after_more_than_an_hour_is_too_late(house: House) -> None:
    card = _waiting_for(house, hours=2)
    _pass_time(house, hours=3, milliseconds=1)
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.states() == ["missed"])
    house.until(lambda: "missed its time" in messages_to(house, house.ben))
    assert house.sends() == []


def _waiting_for(house: House, **due_in: float) -> Any:
    ada_is_known(house)
    modal = write(house, house.ben)
    modal.pick("send_at", house.clock() + timedelta(**due_in))
    modal.choose("route", "approve")
    assert modal.submit() == {}
    return house.card()


def test_after_a_downtime_of_an_hour_it_goes_out(house: House) -> None:
    _scheduled(house, hours=2)
    house.stop()
    house.clock.forward(hours=3)
    house.start()
    house.until(lambda: house.states() in (["sent"], ["delivered"]))
    assert len(house.sends()) == 1


def test_after_a_longer_downtime_it_stays_home_and_its_author_is_told(house: House) -> None:
    _scheduled(house, hours=2)
    house.stop()
    house.clock.forward(hours=3, milliseconds=1)
    house.start()
    house.until(lambda: house.states() == ["missed"])
    house.until(lambda: "missed its time" in messages_to(house, house.ben))
    assert house.sends() == []


def test_after_a_downtime_the_rule_book_decides_what_is_still_allowed(house: House) -> None:
    _scheduled(house, hours=23, minutes=30)
    house.stop()
    house.clock.forward(hours=24)
    house.start()
    house.until(lambda: house.states() == ["refused"])
    house.until(lambda: "rule book said no" in messages_to(house, house.ben))
    assert house.sends() == []


def test_a_message_for_now_is_not_missed_however_long_the_downtime(house: House) -> None:
    card = waiting_card(house)
    house.graph.down()
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.rows("SELECT 1 FROM deliveries WHERE attempts = 1"))
    house.stop()
    house.graph.up()
    house.clock.forward(hours=5)
    house.start()
    house.until(lambda: house.states() in (["sent"], ["delivered"]))
    assert len(house.sends()) == 1


def test_a_clock_set_forward_and_back_loses_nothing_and_sends_nothing_twice(house: House) -> None:
    _scheduled(house, hours=2)
    assert house.post_draft(send_at=(house.clock() + timedelta(hours=4)).isoformat()).ok
    house.slack.click(house.cleo, house.card(), "approve_draft")
    _pass_time(house, hours=3)
    house.until(lambda: house.states() == ["delivered", "pending"])
    _pass_time(house, hours=-1)
    house.running.services.bell.ring()
    _pass_time(house, hours=1)
    assert house.states() == ["delivered", "pending"]
    _pass_time(house, hours=-1)
    _pass_time(house, hours=2)
    house.until(lambda: house.states() == ["delivered", "delivered"])
    assert len(house.sends()) == 2


def test_slow_answers_do_not_hold_up_a_reminder(house: House) -> None:
    ada_is_known(house)
    house.graph.person(BELA).writes("Hi")
    house.graph.echoes = house.graph.deliveries = False  # they would settle what hangs
    house.graph.fail_next(faults.hang(), times=5, recipient=ADA)
    for number in range(5):
        assert house.compose(house.ben, f"Slow {number}").submit() == {}
    house.until(lambda: house.states() == ["sending"] * 5)
    modal = write(house, house.ben, "Fast", psid=BELA)
    modal.pick("send_at", house.clock() + timedelta(hours=1))
    assert modal.submit() == {}
    _pass_time(house, hours=1)
    house.until(lambda: house.states() == ["sending"] * 5 + ["sent"])
    house.graph.down()
    house.until(lambda: house.states() == ["unknown"] * 5 + ["sent"])


def test_what_is_withdrawn_before_it_is_due_stays_home(house: House) -> None:
    _scheduled(house, hours=2)
    house.slack.run_command(house.ben, "/notify", "withdraw 1")
    house.until(lambda: house.states() == ["cancelled"])
    _pass_time(house, hours=2)
    house.running.services.bell.ring()
    assert house.sends() == []
    assert house.states() == ["cancelled"]


def test_of_two_messages_overdue_together_the_person_gets_the_later_one(house: House) -> None:
    ada_is_known(house)
    event = _event(house, hours=48)
    house.post_draft(event=event, reminders=["-24h"], tag=EVENT_TAG)
    card = house.card()
    _pass_time(house, hours=24, minutes=20)
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.states() == ["missed", "delivered"])
    assert len(house.sends()) == 1
    house.until(lambda: "A later message of the same draft" in house.text_of(card))

"""A draft that waits is edited, or taken back."""

from functools import partial
from typing import Any

from bot.practice.graph import faults
from bot.practice.slack import Message, Modal
from tests.house import House
from tests.stories.slack_steps import (
    ask,
    buttons,
    event_modal,
    hours_from_now,
    messages_to,
    reads,
    thread,
    told,
    waiting_card,
    write,
)


def edit_of(house: House, user: Any, card: Message) -> Modal:
    house.slack.click(user, card, "edit_draft")
    return house.slack.modal(user, "composer")


def test_an_edit_starts_with_everything_the_draft_holds(house: House) -> None:
    house.ada.writes("Hi")
    house.clock.forward(hours=25)
    modal = event_modal(house, house.ben)
    modal.fill("message", "Yoga & <b>tea</b>")
    modal.fill("event_name", "Yoga")
    modal.pick("event_ends_at", hours_from_now(house, 31))
    modal.choose("reminders", "-24h", "-1h")
    modal.pick("send_at", hours_from_now(house, 2))
    modal.choose("route", "approve")
    assert modal.submit() == {}
    edit = edit_of(house, house.ben, house.card())
    assert edit.title == "Edit draft 1"
    assert "[Save]" in house.text_of(edit)
    entered = {name: edit.value(name) for name in edit.fields}
    assert entered == {
        "recipient": str(house.contact_id()),
        "message": "Yoga & <b>tea</b>",
        "tag": "CONFIRMED_EVENT_UPDATE",
        "event_name": "Yoga",
        "event_starts_at": int(hours_from_now(house, 30).timestamp()),
        "event_ends_at": int(hours_from_now(house, 31).timestamp()),
        "event_registered": ["registered"],
        "reminders": ["-24h", "-1h"],
        "send_at": int(hours_from_now(house, 2).timestamp()),
    }
    assert not house.slack.refused


def test_an_edit_keeps_the_number_and_replaces_the_plan(house: House) -> None:
    house.ada.writes("Hi")
    house.clock.forward(hours=25)
    modal = event_modal(house, house.ben)
    modal.choose("reminders", "-24h", "-1h")
    modal.choose("route", "approve")
    assert modal.submit() == {}
    card = house.card()
    edit = edit_of(house, house.ben, card)
    edit.choose("reminders", "-2h")
    edit.fill("message", "Moved to room 2.")
    assert edit.submit() == {}
    house.until(lambda: "Moved to room 2." in house.text_of(card))
    assert "Draft 1: waits for approval" in house.text_of(card)
    assert house.states() == ["pending", "pending"]
    house.until(lambda: "Edited by @Ben" in thread(house, card))
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.states() == ["delivered", "pending"])
    assert house.sends()[0]["message"]["text"] == "Moved to room 2."
    assert len(house.approvals.messages) == 1


def test_an_editor_becomes_an_author_and_may_not_approve(house: House) -> None:
    card = waiting_card(house)
    edit = edit_of(house, house.cleo, card)
    edit.fill("message", "Cleo's words")
    assert edit.submit() == {}
    house.until(lambda: "*By* @Ben, edited by @Cleo" in house.text_of(card))
    assert "Needs someone here other than @Ben and @Cleo to decide." in house.text_of(card)
    for user in (house.ben, house.cleo):
        said = told(house, user, partial(house.slack.click, user, card, "approve_draft"))
        assert "Four eyes" in said
    house.until(lambda: "Edited by @Cleo" in messages_to(house, house.ben))
    assert house.sends() == []


def test_an_edit_that_comes_too_late_is_told_by_whom_and_keeps_the_words(house: House) -> None:
    card = waiting_card(house)
    edit = edit_of(house, house.ben, card)
    edit.fill("message", "Long and well written")
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.states() == ["delivered"])
    assert edit.submit() == {}
    notice = house.slack.modal(house.ben)
    assert "Draft 1 was already approved by @Cleo" in house.text_of(notice)
    notice.close()
    assert house.slack.modal(house.ben).value("message") == "Long and well written"
    assert not house.slack.refused


def test_the_second_of_two_edits_is_told_of_the_first(house: House) -> None:
    card = waiting_card(house)
    first, second = edit_of(house, house.ben, card), edit_of(house, house.cleo, card)
    first.fill("message", "Ben's words")
    second.fill("message", "Cleo's words")
    assert first.submit() == {}
    assert second.submit() == {}
    assert "Somebody edited this draft" in house.text_of(house.slack.modal(house.cleo))
    house.until(lambda: "Ben's words" in house.text_of(card))


def test_an_edit_is_judged_like_a_new_message(house: House) -> None:
    card = waiting_card(house)
    house.clock.forward(hours=25)
    edit = edit_of(house, house.ben, card)
    assert reads(house, edit, "rule window-closed")
    assert "needs a tag that fits" in edit.submit()["tag"]


def test_its_author_withdraws_a_draft_without_being_a_member(house: House) -> None:
    waiting_card(house, by=house.dan)
    house.slack.run_command(house.dan, "/notify", "withdraw 1")
    house.until(lambda: house.states() == ["cancelled"])
    card = house.card()
    house.until(lambda: "Withdrawn by @Dan, " in house.text_of(card))
    assert buttons(card) == []


def test_an_approver_withdraws_a_draft_and_its_author_hears_of_it(house: House) -> None:
    card = waiting_card(house)
    house.slack.click(house.cleo, card, "withdraw_draft")
    house.until(lambda: "Draft 1: withdrawn" in house.text_of(card))
    house.until(lambda: "Withdrawn by @Cleo" in messages_to(house, house.ben))
    assert house.states() == ["cancelled"]


def test_a_stranger_withdraws_nothing(house: House) -> None:
    waiting_card(house)
    house.approvals.members.append(house.dan.id)
    leads = house.slack.add_channel("leads", [house.cleo])
    house.stop()
    house.start(approvals_channel=leads.id)
    assert "Only members of #leads" in house.text_of(ask(house, house.dan, "withdraw 1"))
    assert house.states() == ["pending"]


def test_what_is_approved_can_be_withdrawn_until_it_has_gone_out(house: House) -> None:
    house.ada.writes("Hi")
    modal = write(house, house.ben)
    modal.pick("send_at", hours_from_now(house, 2))
    modal.choose("route", "approve")
    assert modal.submit() == {}
    card = house.card()
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: buttons(card) == ["withdraw_draft"])
    approved = card.snapshot()
    house.slack.click(house.cleo, card, "withdraw_draft")
    house.until(lambda: house.states() == ["cancelled"])
    house.clock.forward(hours=3)
    said = told(house, house.ben, lambda: house.slack.click(house.ben, approved, "withdraw_draft"))
    assert "Draft 1 was already withdrawn by @Cleo" in said
    assert house.sends() == []


def test_what_has_gone_out_cannot_be_withdrawn(house: House) -> None:
    card = waiting_card(house)
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.states() == ["delivered"])
    assert "It is too late" in house.text_of(ask(house, house.ben, "withdraw 1"))
    assert house.states() == ["delivered"]


def test_what_is_in_doubt_is_not_sent_again_once_its_draft_is_withdrawn(house: House) -> None:
    house.graph.echoes = False
    house.ada.writes("Hi")
    house.clock.forward(hours=25)
    modal = event_modal(house, house.ben)
    modal.choose("reminders", "-1h")
    modal.choose("route", "approve")
    assert modal.submit() == {}
    card = house.card()
    house.graph.fail_next(faults.cut_after_accepting(), endpoint="messages")
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: "send_again" in buttons(card))
    doubtful = card.snapshot()
    house.slack.click(house.cleo, card, "withdraw_draft")
    house.until(lambda: buttons(card) == ["mark_arrived"])
    said = told(house, house.cleo, lambda: house.slack.click(house.cleo, doubtful, "send_again"))
    assert "already withdrawn by @Cleo" in said
    assert house.states() == ["unknown", "cancelled"]
    assert len(house.sends()) == 1

"""The decision: by a second person, of the channel, once, and by the rules of that moment."""

import threading
from typing import Any

import pytest

from bot.practice.slack import Message
from bot.practice.slack.delivery import HttpDelivery
from handlers.views.reasons import approve_anyway
from tests.house import House
from tests.records import a_draft, a_finding, a_verdict
from tests.stories.slack_steps import (
    ask,
    buttons,
    event_modal,
    hours_from_now,
    messages_to,
    shows,
    thread,
    told,
    waiting_card,
    write,
)


def press(house: House, user: Any, card: Message, button: str) -> str:
    """Press a button of the card; what only this person is told."""
    return told(house, user, lambda: house.slack.click(user, card, button))


def test_the_card_says_all_that_an_approver_has_to_know(house: House) -> None:
    text = "Tomorrow <b>at 6</b> & *bring* shoes &amp; :tada: <!channel>"
    house.ada.writes("Hi")
    house.clock.forward(hours=25)
    modal = event_modal(house, house.ben)
    modal.fill("message", text)
    modal.fill("event_name", "Yoga <1>")
    modal.choose("reminders", "-24h")
    modal.choose("route", "approve")
    assert modal.submit() == {}
    card = house.card()
    said = house.text_of(card)
    assert said.startswith("Draft 1: waits for approval\n*To* ")
    assert "on Messenger\n*By* @Ben, " in said
    assert {"type": "plain_text", "text": text, "emoji": False} in [
        block.get("text") for block in card.blocks
    ]
    assert "*About* Yoga <1>, " in said
    assert "signed up\n*Tag* `CONFIRMED_EVENT_UPDATE`: A reminder or a change for an event" in said
    assert "window has been closed since" in said
    assert "*Allowed* until" in said
    assert shows(card, hours_from_now(house, -1))
    assert shows(card, hours_from_now(house, 30))
    assert shows(card, hours_from_now(house, 6))
    assert "Needs someone here other than @Ben to decide." in said
    assert buttons(card) == ["approve_draft", "reject_draft", "edit_draft", "withdraw_draft"]
    assert card.text.startswith("Draft 1: waits for approval: to ")
    assert not house.slack.refused


def test_an_approved_draft_goes_out_and_its_card_says_by_whom(house: House) -> None:
    card = waiting_card(house)
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: "Draft 1: delivered" in house.text_of(card))
    assert "Approved by @Cleo, " in house.text_of(card)
    assert buttons(card) == []
    assert len(house.sends()) == 1
    assert len(house.approvals.messages) == 1


def test_nobody_approves_their_own_draft(house: House) -> None:
    card = waiting_card(house)
    assert "Four eyes: you wrote or edited this draft" in press(
        house, house.ben, card, "approve_draft"
    )
    assert house.rows("SELECT state FROM drafts") == [{"state": "queued"}]
    assert house.sends() == []


def test_only_members_of_the_approvals_channel_decide(house: House) -> None:
    card = waiting_card(house)
    leads = house.slack.add_channel("leads", [house.dan])
    house.stop()
    house.start(approvals_channel=leads.id)
    for button in ("approve_draft", "reject_draft", "edit_draft", "withdraw_draft"):
        said = press(house, house.cleo, card, button)
        assert "Only members of #leads decide drafts. Ask one of them" in said
    assert house.rows("SELECT state FROM drafts") == [{"state": "queued"}]
    assert house.slack.open_modals(house.cleo) == []


def test_whoever_has_left_the_channel_decides_nothing_in_a_modal_still_open(house: House) -> None:
    card = waiting_card(house)
    house.slack.click(house.cleo, card, "reject_draft")
    modal = house.slack.modal(house.cleo, "reject")
    house.approvals.members.remove(house.cleo.id)
    assert modal.submit() == {}
    assert "Only members of #approvals decide" in house.text_of(house.slack.modal(house.cleo))
    assert house.rows("SELECT state FROM drafts") == [{"state": "queued"}]


def test_approving_asks_the_rule_book_again(house: House) -> None:
    card = waiting_card(house)
    house.clock.forward(hours=25)
    said = press(house, house.cleo, card, "approve_draft")
    assert "The rule book does not allow it now: The messaging window is closed" in said
    assert "*What you can do instead*\n• " in said
    assert house.rows("SELECT state FROM drafts") == [{"state": "queued"}]
    house.ada.writes("Still there?")
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.states() == ["delivered"])


def test_a_second_click_is_told_who_was_first(house: House) -> None:
    card = waiting_card(house)
    late = card.snapshot()
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.states() == ["delivered"])
    for button in ("approve_draft", "reject_draft", "edit_draft"):
        assert "Draft 1 was already approved by @Cleo" in press(house, house.cleo, late, button)
    assert len(house.sends()) == 1


def test_two_people_at_once_decide_once(house: House) -> None:
    card = waiting_card(house, by=house.dan)
    together = threading.Barrier(2)

    def approve(user: Any) -> None:
        together.wait()
        house.slack.click(user, card.snapshot(), "approve_draft")

    people = [threading.Thread(target=approve, args=(user,)) for user in (house.ben, house.cleo)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    house.until(lambda: house.states() == ["delivered"])
    house.until(lambda: house.approvals.ephemerals)
    assert len(house.approvals.ephemerals) == 1
    (decided,) = house.rows("SELECT decided_by FROM drafts")
    winner, loser = (house.ben, house.cleo)[:: 1 if decided["decided_by"] == house.ben.id else -1]
    late = house.approvals.ephemerals[0]
    assert late.ephemeral_to == loser.id
    assert f"Draft 1 was already approved by @{winner.name}" in house.text_of(late)
    assert len(house.sends()) == 1
    assert len(house.rows("SELECT 1 FROM history WHERE what = 'approved'")) == 1


def test_an_edit_between_reading_and_approving_is_noticed(house: House) -> None:
    card = waiting_card(house)
    read = card.snapshot()
    house.slack.click(house.ben, card, "edit_draft")
    edit = house.slack.modal(house.ben, "composer")
    edit.fill("message", "Something else altogether")
    assert edit.submit() == {}
    assert "Somebody edited this draft" in press(house, house.cleo, read, "approve_draft")
    assert house.sends() == []
    house.until(lambda: "Something else altogether" in house.text_of(card))
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.states() == ["delivered"])
    assert house.sends()[0]["message"]["text"] == "Something else altogether"


@pytest.mark.parametrize("reason", [None, "Say <when>, & *please* be kind."])
def test_a_rejection_takes_a_reason_or_none(house: House, reason: str | None) -> None:
    card = waiting_card(house)
    house.slack.click(house.cleo, card, "reject_draft")
    modal = house.slack.modal(house.cleo, "reject")
    if reason:
        modal.fill("reason", reason)
    assert modal.submit() == {}
    house.until(lambda: "Draft 1: rejected" in house.text_of(card))
    assert "Rejected by @Cleo, " in house.text_of(card)
    assert ("Reason: " in house.text_of(card)) == bool(reason)
    house.until(lambda: "Rejected by @Cleo." in thread(house, card))
    house.until(lambda: "Rejected by @Cleo." in messages_to(house, house.ben))
    if reason:
        assert "Say <when>, & " in messages_to(house, house.ben)
    assert buttons(card) == []
    assert house.states() == ["cancelled"]
    assert house.sends() == []
    assert not house.slack.refused


def test_a_rejection_that_comes_too_late_is_told_by_whom(house: House) -> None:
    card = waiting_card(house, by=house.dan)
    house.slack.click(house.cleo, card, "reject_draft")
    modal = house.slack.modal(house.cleo, "reject")
    house.slack.click(house.ben, card, "approve_draft")
    house.until(lambda: house.states() == ["delivered"])
    assert modal.submit() == {}
    assert "Draft 1 was already approved by @Ben" in house.text_of(house.slack.modal(house.cleo))
    assert not house.slack.refused


def test_the_author_hears_of_each_step_in_their_messages(house: House) -> None:
    card = waiting_card(house)
    house.until(lambda: "waits for a colleague's approval in #approvals" in messages(house))
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: "Approved by @Cleo." in messages(house))
    house.until(lambda: "Sent to " in messages(house))
    assert messages(house).count("*Draft 1* to ") <= 3
    assert "Delivered" not in messages(house)
    assert messages_to(house, house.cleo) == ""


def messages(house: House) -> str:
    return messages_to(house, house.ben)


def test_approving_says_so_when_slack_does_not_name_the_members(house: House) -> None:
    card = waiting_card(house)
    house.slack.fail_next("conversations.members", "fetch_members_failed")
    said = press(house, house.cleo, card, "approve_draft")
    assert "Slack did not say who is in #approvals (fetch_members_failed)" in said
    assert house.sends() == []


def test_every_message_waits_where_the_setting_says_always(house: House) -> None:
    house.stop()
    house.start(approval="always")
    house.ada.writes("Hi")
    assert write(house, house.ben).submit() == {}
    assert "waits for approval" in house.text_of(house.card())
    assert "Draft 1" in house.text_of(ask(house, house.cleo, "queue"))


def test_a_systems_draft_waits_where_the_setting_says_never(house: House) -> None:
    house.stop()
    house.start(approval="never")
    house.ada.writes("Hi")
    assert house.post_draft().status_code == 201
    card = house.card()
    assert "Needs someone here to decide." in house.text_of(card)
    house.slack.click(house.ben, card, "approve_draft")
    house.until(lambda: house.states() == ["delivered"])


def test_the_reason_for_approving_anyway_stays_on_the_card(house: House) -> None:
    card = waiting_card(house)
    slack = HttpDelivery(f"{house.url}/slack/events", house.slack.signing_secret)
    reason = "She asked for <this> offer herself."

    def hand_in(user: Any) -> dict[str, Any]:
        """The modal as Slack posts it."""
        view = approve_anyway(a_draft(id=1), 1, a_verdict(a_finding())) | {"id": "V1"}
        view["state"] = {"values": {"reason": {"reason": {"value": reason}}}}
        payload = {"type": "view_submission", "user": {"id": user.id}, "view": view}
        return slack.deliver("interactive", payload | {"team": {"id": "T1"}}, 3.0)

    assert "Four eyes" in str(hand_in(house.ben))
    assert hand_in(house.cleo) == {}
    house.until(lambda: f"Reason: {reason}" in house.text_of(card))
    house.until(lambda: f"Approved by @Cleo. Reason: {reason}" in thread(house, card))
    assert "was already approved by" in str(hand_in(house.cleo))
    house.until(lambda: house.states() == ["delivered"])
    assert len(house.sends()) == 1

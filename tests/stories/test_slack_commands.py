"""`/notify` and its words."""

import pytest

from tests.house import ADA, House
from tests.stories.slack_steps import ada_is_known, ask, hours_from_now, shows, waiting_card, write


def test_help_names_each_word_with_an_example_and_who_decides(house: House) -> None:
    answer = house.text_of(ask(house, house.ben, "help"))
    for example in ("queue", "status 12", "withdraw 12", "window Ada"):
        assert f"`/notify {example}`" in answer
    assert "Members of #approvals approve drafts" in answer
    assert not house.slack.refused


def test_notify_alone_opens_an_empty_composer(house: House) -> None:
    house.slack.run_command(house.ben, "/notify")
    modal = house.slack.modal(house.ben, "composer")
    assert modal.value("message") is None
    assert modal.value("tag") == "NONE"
    assert modal.fields == ["recipient", "message", "tag", "send_at", "route"]


def test_text_after_notify_is_the_message_to_the_letter(house: House) -> None:
    text = "Fish & chips < 10 € > “fine” &amp; *done* <@U1> :tada:"
    house.slack.run_command(house.ben, "/notify", text)
    assert house.slack.modal(house.ben, "composer").value("message") == text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("statsu 12", "status 12"),
        ("witdraw 3", "withdraw 3"),
        ("Hlep", "help"),
        ("quue", "queue"),
        ("windw Ada", "window Ada"),
        ("status", "status <draft>"),
        ("window", "window <name>"),
    ],
)
def test_a_mistyped_word_is_asked_back_and_can_still_be_sent(
    house: House, typed: str, meant: str
) -> None:
    answer = ask(house, house.ben, typed)
    assert f"Did you mean `/notify {meant}`?" in house.text_of(answer)
    assert not house.slack.open_modals(house.ben)
    house.slack.click(house.ben, answer, "compose")
    assert house.slack.modal(house.ben, "composer").value("message") == typed
    assert not house.slack.refused


@pytest.mark.parametrize(
    "text", ["Status of your order: shipped", "Help is on its way", "Queue at gate 4", "Hello"]
)
def test_a_message_that_begins_like_a_word_is_a_message(house: House, text: str) -> None:
    house.slack.run_command(house.ben, "/notify", text)
    assert house.slack.modal(house.ben, "composer").value("message") == text


def test_a_text_that_no_field_holds_is_given_back_whole(house: House) -> None:
    answer = house.text_of(ask(house, house.ben, "long " * 1400 + "end."))
    assert "7,004 characters; Messenger takes 2,000" in answer
    assert "end." in answer
    assert not house.slack.open_modals(house.ben)


def test_the_queue_lists_what_waits_and_what_is_still_to_go_out(house: House) -> None:
    assert house.text_of(ask(house, house.ben, "queue")).count("Nothing.") == 2
    ada_is_known(house)
    waiting_card(house, text="First <b> & more")
    modal = write(house, house.cleo, "Second")
    modal.pick("send_at", hours_from_now(house, 3))
    assert modal.submit() == {}
    answer = ask(house, house.ben, "queue")
    waiting, scheduled = house.text_of(answer).split("*Approved and still to go out*")
    assert "*Draft 1* to Ada Moreau on Messenger: “First <b> & more”\nby @Ben" in waiting
    assert "*Draft 2* to Ada Moreau" in scheduled
    assert shows(answer, hours_from_now(house, 3))
    assert not house.slack.refused


def test_a_long_queue_says_that_there_is_more(house: House) -> None:
    house.ada.writes("Hi")
    for number in range(12):
        assert house.post_draft(text=f"Number {number}").status_code == 201
    answer = house.text_of(ask(house, house.ben, "queue"))
    assert answer.count("*Draft ") == 10
    assert "And more." in answer


def test_status_shows_the_draft_and_what_happened_to_it(house: House) -> None:
    ada_is_known(house)
    card = waiting_card(house)
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.states() == ["delivered"])
    answer = house.text_of(ask(house, house.ben, "status #1"))
    assert "Draft 1: delivered" in answer
    assert "Your table is booked." in answer
    history = answer.split("*History*")[1]
    steps = ("Written by @Ben", "Approved by @Cleo", "Sent to Ada", "Delivered to Ada")
    assert [step for step in steps if step in history] == list(steps)
    assert "[Withdraw]" not in answer


def test_status_and_withdraw_of_no_draft_say_so(house: House) -> None:
    for word in ("status", "withdraw"):
        assert "There is no draft 99." in house.text_of(ask(house, house.ben, f"{word} 99"))


def test_withdraw_takes_back_what_has_not_gone_out(house: House) -> None:
    card = waiting_card(house)
    assert "Draft 1 is withdrawn" in house.text_of(ask(house, house.ben, "withdraw 1"))
    house.until(lambda: "Draft 1: withdrawn" in house.text_of(card))
    assert house.states() == ["cancelled"]
    assert "was already withdrawn by @Ben" in house.text_of(ask(house, house.cleo, "withdraw 1"))


def test_window_says_what_may_reach_each_person_found(house: House) -> None:
    house.ada.writes("Hi")
    house.graph.person("25107743390218846").writes("Hello")
    opened = house.clock()
    answer = ask(house, house.ben, f"window {ADA}")
    assert "window is open" in house.text_of(answer)
    house.clock.forward(hours=24)
    answer = ask(house, house.ben, f"window {ADA}")
    assert "has been closed since" in house.text_of(answer)
    assert "as `HUMAN_AGENT` until" in house.text_of(answer)
    assert shows(answer, house.clock())
    assert shows(answer, opened.replace(day=29))
    house.clock.forward(days=6)
    assert "HUMAN_AGENT" not in house.text_of(ask(house, house.ben, f"window {ADA}"))


def test_window_of_nobody_offers_to_write_it_as_a_message(house: House) -> None:
    answer = ask(house, house.ben, "window <seat> free")
    assert "Nobody known to the Page has “<seat> free”" in house.text_of(answer)
    house.slack.click(house.ben, answer, "compose")
    assert house.slack.modal(house.ben, "composer").value("message") == "window <seat> free"

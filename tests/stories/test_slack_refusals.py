"""What a composer cannot send is refused beside the field that causes it."""

import pytest

from bot.practice.slack import Modal
from tests.house import INES, House
from tests.stories.slack_steps import choose_tag, event_modal, hours_from_now, reads, write


@pytest.fixture
def closed(house: House) -> House:
    """A house where the windows of Ada and Inès have been closed for an hour."""
    house.ada.writes("Hi")
    house.ines.writes("Hi")
    house.clock.forward(hours=25)
    return house


def refused(modal: Modal) -> dict[str, str]:
    """The errors beside the fields; what was written is still there."""
    before = modal.values
    errors = modal.submit()
    assert modal.is_open
    assert modal.values == before
    return errors


def test_no_tag_outside_the_window(closed: House) -> None:
    errors = refused(write(closed, closed.ben))
    assert list(errors) == ["tag"]
    assert errors["tag"].startswith("The messaging window is closed, and outside it")
    assert "Instead: Use CONFIRMED_EVENT_UPDATE where it fits" in errors["tag"]
    assert closed.rows("SELECT * FROM drafts") == []
    assert not closed.slack.refused


def test_human_agent_after_seven_days(closed: House) -> None:
    closed.clock.forward(days=6)
    modal = write(closed, closed.ben)
    choose_tag(closed, modal, "HUMAN_AGENT")
    assert "for 7 days after the customer's message, and those are over" in refused(modal)["tag"]


def test_human_agent_by_a_timer(closed: House) -> None:
    modal = write(closed, closed.ben)
    choose_tag(closed, modal, "HUMAN_AGENT")
    modal.pick("send_at", hours_from_now(closed, 1))
    errors = refused(modal)
    assert list(errors) == ["send_at"]
    assert "a timer may not send under it" in errors["send_at"]


def test_human_agent_without_metas_permission(closed: House) -> None:
    closed.stop()
    closed.start(human_agent_approved="false")
    modal = write(closed, closed.ben)
    choose_tag(closed, modal, "HUMAN_AGENT")
    assert "Meta has not approved this app for HUMAN_AGENT" in refused(modal)["tag"]


def test_a_feedback_form_without_a_privacy_policy(closed: House) -> None:
    modal = write(closed, closed.ben)
    choose_tag(closed, modal, "CUSTOMER_FEEDBACK")
    assert "an admin has to set PRIVACY_URL" in closed.text_of(modal)
    modal.fill("feedback_title", "Rate your visit")
    modal.fill("feedback_subtitle", "It takes a minute")
    modal.fill("feedback_question", "How was it?")
    assert "an admin has to set PRIVACY_URL" in refused(modal)["feedback_title"]


def test_an_event_that_says_nothing_of_itself(closed: House) -> None:
    modal = write(closed, closed.ben)
    choose_tag(closed, modal, "CONFIRMED_EVENT_UPDATE")
    errors = refused(modal)
    assert set(errors) == {"event_starts_at", "event_registered"}
    assert "say when it starts" in errors["event_starts_at"]
    assert "people who have signed up" in errors["event_registered"]


def test_an_event_that_is_over(closed: House) -> None:
    modal = event_modal(closed, closed.ben, in_hours=-3)
    assert "The event is over by then" in refused(modal)["event_starts_at"]
    modal.pick("event_ends_at", hours_from_now(closed, -1))
    assert "The event is over by then" in refused(modal)["event_ends_at"]
    modal.pick("event_ends_at", hours_from_now(closed, 1))
    assert modal.submit() == {}


def test_an_event_that_ends_before_it_starts(closed: House) -> None:
    modal = event_modal(closed, closed.ben)
    modal.pick("event_ends_at", hours_from_now(closed, 29))
    assert reads(closed, modal, "The event would end before it starts.")
    assert refused(modal) == {"event_ends_at": "The event would end before it starts."}


def test_fields_of_a_tag_that_was_left_refuse_nothing(closed: House) -> None:
    modal = event_modal(closed, closed.ben)
    modal.pick("event_ends_at", hours_from_now(closed, 29))
    choose_tag(closed, modal, "ACCOUNT_UPDATE")
    assert modal.submit() == {}


def test_a_purchase_without_its_order(closed: House) -> None:
    modal = write(closed, closed.ben)
    choose_tag(closed, modal, "POST_PURCHASE_UPDATE")
    modal.fill("order_id", "   ")
    assert "give the order number" in refused(modal)["order_id"]
    modal.fill("order_id", "A-17")
    assert modal.submit() == {}


def test_a_text_too_long_for_messenger_or_instagram(closed: House) -> None:
    modal = write(closed, closed.ben, "x" * 2001)
    choose_tag(closed, modal, "ACCOUNT_UPDATE")
    assert "2,001 characters; Messenger takes 2,000" in refused(modal)["message"]
    modal = write(closed, closed.ben, "é" * 501, psid=INES)
    choose_tag(closed, modal, "HUMAN_AGENT")
    assert "1,002 bytes; Instagram takes 1,000" in refused(modal)["message"]


def test_nothing_but_blanks(closed: House) -> None:
    modal = write(closed, closed.ben, "x")
    choose_tag(closed, modal, "ACCOUNT_UPDATE")
    modal.fill("message", "  \n ")
    assert refused(modal)["message"] == "The message is empty: write a text."


def test_a_tag_that_instagram_does_not_know(closed: House) -> None:
    modal = write(closed, closed.ben, psid=INES)
    choose_tag(closed, modal, "ACCOUNT_UPDATE")
    assert "Instagram does not accept the tag ACCOUNT_UPDATE" in refused(modal)["tag"]


def test_a_tag_that_was_retired_while_the_draft_waited(closed: House) -> None:
    modal = write(closed, closed.ben)
    choose_tag(closed, modal, "ACCOUNT_UPDATE")
    modal.choose("route", "approve")
    assert modal.submit() == {}
    card = closed.card()
    closed.stop()
    closed.start(policy_edition="2026-04")
    closed.slack.click(closed.ben, card, "edit_draft")
    edit = closed.slack.modal(closed.ben, "composer")
    assert edit.value("tag") == "ACCOUNT_UPDATE"
    assert "Meta no longer accepts it" in str(edit.options("tag"))
    assert "Meta has refused the tag ACCOUNT_UPDATE since 27 April 2026" in refused(edit)["tag"]
    edit.choose("tag", "HUMAN_AGENT")
    assert edit.submit() == {}
    assert not closed.slack.refused


def test_a_time_that_has_passed(closed: House) -> None:
    modal = write(closed, closed.ben)
    choose_tag(closed, modal, "ACCOUNT_UPDATE")
    modal.pick("send_at", hours_from_now(closed, -1))
    assert reads(closed, modal, "This time has passed")
    assert "This time has passed: choose one to come" in refused(modal)["send_at"]


def test_reminders_of_an_event_without_a_time(closed: House) -> None:
    modal = write(closed, closed.ben)
    choose_tag(closed, modal, "CONFIRMED_EVENT_UPDATE")
    modal.choose("reminders", "-1h")
    assert "say when it starts" in refused(modal)["reminders"]

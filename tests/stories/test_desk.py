"""What people write on Messenger and Instagram appears in Slack, and colleagues answer it there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import ADA, INES
from tests.stories.desk_steps import Desk, open_desk
from tests.stories.slack_steps import shows


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


def test_a_question_becomes_a_thread_and_its_answer_reaches_the_phone(desk: Desk) -> None:
    house = desk.house
    house.ada.writes("Is my table booked?")
    said = desk.root_says("Ada Moreau on Messenger", "Answer until", "Waits for an answer")
    assert "“" not in said
    assert "Is my table booked?" in desk.shows("Is my table booked?")
    desk.answers(house.dan, "Your table is booked.")
    house.until(lambda: house.states() == ["delivered"])
    assert house.sends() == [
        {
            "recipient": {"id": ADA},
            "message": {"text": "Your table is booked.", "metadata": "tagwise:1"},
            "messaging_type": "RESPONSE",
        }
    ]
    said = desk.shows("*@Dan* answered", "Your table is booked.", "delivered")
    desk.root_says("Answered by @Dan")
    house.ada.reads()
    desk.shows("read, ")
    assert len(desk.root().replies) == 2
    assert house.approvals.messages == []
    assert house.slack.dm(house.dan).messages == []


def test_after_a_day_the_answer_goes_out_as_a_human_agents(desk: Desk) -> None:
    house = desk.house
    asked_at = house.clock()
    house.ada.writes("Is my table booked?")
    root = desk.root()
    house.clock.forward(hours=25)
    desk.root_says("Answer as a human agent until")
    assert shows(root, asked_at.replace(day=29))
    desk.answers(house.dan, "Your table is booked.")
    house.until(lambda: house.states() == ["delivered"])
    assert house.sends() == [
        {
            "recipient": {"id": ADA},
            "message": {"text": "Your table is booked.", "metadata": "tagwise:1"},
            "messaging_type": "MESSAGE_TAG",
            "tag": "HUMAN_AGENT",
        }
    ]
    desk.shows("as `HUMAN_AGENT`")


def test_instagram_is_answered_alike(desk: Desk) -> None:
    house = desk.house
    house.ines.writes("Do you ship to Portugal?")
    desk.root_says("on Instagram", "Answer until")
    desk.answers(house.dan, "We do.")
    house.until(lambda: house.states() == ["sent"])
    assert house.sends() == [
        {
            "recipient": {"id": INES},
            "message": {"text": "We do.", "metadata": "tagwise:1"},
            "messaging_type": "RESPONSE",
        }
    ]
    house.graph.settle()
    desk.shows("sent, ")
    assert "wrote by other means" not in desk.said()  # its echo, which does not say that it is ours
    house.clock.forward(hours=30)
    desk.answers(house.dan, "In three days.")
    house.until(lambda: len(house.sends()) == 2)
    assert house.sends()[1]["tag"] == "HUMAN_AGENT"


def test_after_seven_days_the_form_says_why_not_and_what_else_is_possible(desk: Desk) -> None:
    house = desk.house
    house.ada.writes("Is my table booked?")
    root = desk.root()
    house.clock.forward(days=7)
    desk.root_says("Too late to answer since")
    form = desk.form(house.dan, root)
    assert "A person may answer for 7 days" in house.text_of(form)
    assert "Wait until the person writes" in house.text_of(form)
    form.fill("message", "Your table is booked.")
    errors = form.submit()
    assert list(errors) == ["message"]
    assert "A person may answer for 7 days" in errors["message"]
    assert "Instead: " in errors["message"]
    assert house.states() == []


def test_without_metas_permission_a_closed_window_is_refused(tmp_path: Path) -> None:
    with open_desk(tmp_path, human_agent_approved=False) as desk:
        house = desk.house
        house.ada.writes("Is my table booked?")
        assert "human agent" not in desk.root_says("Answer until")
        house.clock.forward(hours=24)
        desk.root_says("Meta has not approved this app for answers as a human agent")
        form = desk.form(house.dan)
        form.fill("message", "Your table is booked.")
        assert "Meta has not approved this app for HUMAN_AGENT" in form.submit()["message"]


def test_ordinary_talk_in_the_thread_never_leaves_slack(desk: Desk) -> None:
    house = desk.house
    house.ada.writes("Is my table booked?")
    house.slack.say(house.dan, desk.inbox, "She always asks. Who looks?", thread=desk.root())
    desk.answers(house.ben, "Your table is booked.")
    house.until(lambda: house.states() == ["delivered"])
    assert [body["message"]["text"] for body in house.sends()] == ["Your table is booked."]


def test_one_thread_for_each_person_and_a_new_one_after_seven_quiet_days(desk: Desk) -> None:
    house = desk.house
    house.ada.writes("First")
    desk.shows("First")
    house.ines.writes("Another person")
    house.until(lambda: len(desk.threads) == 2)
    house.clock.forward(days=6, hours=23)
    house.ada.writes("Second")
    desk.shows("First", "Second", root=desk.threads[0])
    house.clock.forward(days=7)
    house.ada.writes("Third")
    house.until(lambda: len(desk.threads) == 3)
    assert "Third" in desk.shows("Third", root=desk.threads[2])
    assert "Second" not in desk.said(desk.threads[2])


def test_a_message_of_the_thread_has_the_shortcut_and_others_say_that_they_are_none(
    desk: Desk,
) -> None:
    house = desk.house
    house.ada.writes("Is my table booked?")
    desk.shows("Is my table booked?")
    [line] = desk.root().replies
    house.slack.use_message_shortcut(house.dan, line, "reply")
    form = house.slack.modal(house.dan, "reply")
    assert "Is my table booked?" in house.text_of(form)
    form.close()
    house.slack.click(house.dan, line, "reply")
    assert "Answer until" in house.text_of(house.slack.modal(house.dan, "reply"))
    talk = house.slack.say(house.ben, desk.inbox, "Lunch?")
    house.slack.use_message_shortcut(house.ben, talk, "reply")
    whispers = house.until(lambda: desk.inbox.ephemerals)
    assert "no conversation with a customer" in house.text_of(whispers[0])
    assert house.slack.scopes_used() <= {"chat:write", "commands"}


def test_a_flagged_answer_waits_for_a_second_person(desk: Desk) -> None:
    house = desk.house
    house.ada.writes("Is my table booked?")
    desk.root()
    house.clock.forward(hours=25)
    desk.answers(house.ben, "It is, and everything is 50% off today!")
    card = house.card()
    assert "Draft 1: waits for approval" in house.text_of(card)
    desk.shows("waits for a colleague's approval in #approvals")
    desk.root_says("Waits for an answer")
    house.slack.click(house.cleo, card, "approve_draft")
    modal = house.slack.modal(house.cleo, "approve_anyway")
    modal.fill("reason", "She asked for the price.")
    assert modal.submit() == {}
    house.until(lambda: house.states() == ["delivered"])
    assert house.sends()[0]["tag"] == "HUMAN_AGENT"
    desk.shows("delivered, ")


def test_an_edited_answer_stays_an_answer(desk: Desk) -> None:
    house = desk.house
    house.stop()
    house.start(approval="always")
    house.ada.writes("Is my table booked?")
    desk.answers(house.ben, "Your tabel is booked.")
    house.slack.click(house.ben, house.card(), "edit_draft")
    modal = house.slack.modal(house.ben, "composer")
    modal.fill("message", "Your table is booked.")
    assert modal.submit() == {}
    desk.shows("Your table is booked.")
    card = house.card()
    house.until(lambda: "Your table is booked." in house.text_of(card))
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.states() == ["delivered"])
    assert house.sends()[0]["messaging_type"] == "RESPONSE"
    assert len(desk.root().replies) == 2


def test_without_an_inbox_channel_nothing_that_people_write_is_kept(tmp_path: Path) -> None:
    with open_desk(tmp_path, inbox_channel=None) as desk:
        house = desk.house
        house.ada.writes("MESSAGE-TEXT-MARK")
        house.graph.page.replies_from_inbox(ADA, "MESSAGE-TEXT-MARK")
        assert house.contact_id()
        assert house.rows("SELECT * FROM desk_lines") == []
        assert house.rows("SELECT * FROM desk_threads") == []
    assert b"MESSAGE-TEXT-MARK" not in house.database.read_bytes()

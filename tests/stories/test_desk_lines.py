"""Everything that people and the Page do shows in the thread, once, harmless, and for as long as it may."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.practice.graph import UtilityTemplate, faults
from tests.house import ADA, INES
from tests.stories.desk_steps import Desk, open_desk
from tests.stories.slack_steps import shows
from tests.webhook_door import INSTAGRAM, body_of, event, post

HOSTILE = "<!channel> & <@U1> *bold* <http://a.b|c>\n> quoted :tada:"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


def test_a_hostile_text_stands_there_as_it_was_written(desk: Desk) -> None:
    desk.house.ada.writes(HOSTILE)
    desk.shows("quoted")
    [line] = desk.root().replies
    texts = [block["text"] for block in line.blocks if block["type"] == "section"]
    assert texts == [{"type": "plain_text", "text": HOSTILE, "emoji": False}]
    for message in (line, desk.root()):
        assert "<!channel>" not in message.text
        mrkdwn = [t for t in _mrkdwn_of(message.blocks) if "<!channel>" in t or "<@U1>" in t]
        assert mrkdwn == []


def _mrkdwn_of(value: object) -> list[str]:
    if isinstance(value, list):
        return [text for entry in value for text in _mrkdwn_of(entry)]
    if isinstance(value, dict):
        own = [str(value["text"])] if value.get("type") == "mrkdwn" else []
        return own + [text for entry in value.values() for text in _mrkdwn_of(entry)]
    return []


def test_attachments_are_links_and_what_meta_hides_is_said(desk: Desk) -> None:
    house = desk.house
    house.ada.sends_attachment("image", "https://scontent.example/a.jpg?x=1&y=2")
    desk.shows("Picture")
    [line] = desk.root().replies
    assert "<https://scontent.example/a.jpg?x=1&amp;y=2|Picture>" in _mrkdwn_of(line.blocks)
    post(
        house,
        body_of(event(INES, house.clock(), INSTAGRAM, message=dict(HIDDEN)), account=INSTAGRAM),
    )
    desk.shows("Something that Meta does not show to apps")


HIDDEN = {"mid": "m_hidden", "is_unsupported": True}


def test_presses_reactions_links_and_the_ad_they_came_from_show(desk: Desk) -> None:
    house = desk.house
    mid = house.ada.writes_from_ad("Is the workshop on Saturday?", "6302572858686", "autumn")
    desk.shows(
        "came from the ad “Autumn workshop: book your place”", "Is the workshop on Saturday?"
    )
    house.ada.presses_button("Change time", "CHANGE_TIME:4471")
    house.ada.reacts(mid)
    house.ada.unreacts(mid)
    house.ada.comes_by_link("spring")
    house.ada.taps_quick_reply("Yes, move it", "MOVE")
    said = desk.shows("pressed *“Change time”*", "reacted ❤️", "took back a reaction", "spring")
    assert "CHANGE_TIME" not in said
    desk.shows("Yes, move it", "tapped this answer")


def test_what_the_page_says_by_other_means_shows_and_is_marked(desk: Desk) -> None:
    house = desk.house
    house.ada.writes("Is my table booked?")
    house.graph.page.replies_from_inbox(ADA, "It is, says the inbox.")
    desk.shows(":outbox_tray: *The Page* wrote from Meta's inbox", "It is, says the inbox.")
    desk.root_says("Answered outside Tagwise")
    own = {
        "mid": "m_own",
        "is_echo": True,
        "app_id": 5,
        "metadata": "tagwise:77",
        "text": "Not ours",
    }
    post(house, body_of(event("109823456712345", house.clock(), ADA, message=own)))
    said = desk.shows("wrote by other means than Tagwise", "Not ours")
    assert (said.count("It is, says the inbox."), said.count("Not ours")) == (1, 1)


def test_what_tagwise_sends_otherwise_shows_where_somebody_is_talked_with(desk: Desk) -> None:
    house = desk.house
    house.ada.writes("Is my table booked?")
    desk.root()
    assert house.compose(house.ben, "Your table is booked.").submit() == {}
    said = desk.shows("*@Ben* wrote in draft 1", "Your table is booked.", "delivered")
    assert said.count("Your table is booked.") == 1
    assert len(house.slack.dm(house.ben).messages) == 1


def test_a_new_persons_first_lines_wait_for_the_name(desk: Desk) -> None:
    house = desk.house
    house.graph.fail_next(faults.slow(1), endpoint="node")
    house.ada.writes("Is my table booked?")
    assert "Ada Moreau" in desk.shows("Is my table booked?")
    assert ADA not in desk.said() + house.text_of(desk.root())


def test_a_name_that_does_not_come_holds_nobody_up_for_long(desk: Desk) -> None:
    house = desk.house
    house.graph.fail_next(faults.slow(9), endpoint="node")
    house.ada.writes("Is my table booked?")
    assert ADA in desk.shows("Is my table booked?")


def test_where_a_utility_message_left_its_finished_text_stands(tmp_path: Path) -> None:
    with open_desk(tmp_path, start=False, policy_edition="2026-04") as desk:
        house = desk.house
        house.graph.edition = "2026-04"
        house.graph.add_template(UtilityTemplate("class_soon", "See you at {{what}} soon!"))
        house.start()
        house.until(lambda: house.rows("SELECT 1 FROM utility_templates"))
        house.ada.writes("Is my place booked?")
        desk.root()
        house.clock.forward(hours=25)
        filled = {"template": "class_soon", "language": "en", "parameters": {"what": "Yoga"}}
        assert house.post_draft(text="Class soon.", utility=filled).status_code == 201
        house.slack.click(house.cleo, house.card(), "approve_draft")
        said = desk.shows("wrote in draft 1", "See you at Yoga soon!", "delivered")
        assert "Class soon." not in said


def test_what_another_app_holds_is_marked(desk: Desk) -> None:
    house = desk.house
    house.graph.page.loses_thread(ADA, "1517")
    house.ada.writes("Can somebody call me?")
    said = desk.shows("Can somebody call me?", "another app holds this conversation")
    assert said.count("another app holds this conversation") == 1


def test_an_unsent_message_is_taken_from_slack_and_from_the_record(desk: Desk) -> None:
    house = desk.house
    mid = house.ines.writes("MESSAGE-TEXT-MARK")
    desk.shows("MESSAGE-TEXT-MARK")
    house.ines.deletes(mid)
    desk.shows("took back a message")
    assert len(desk.root().replies) == 1
    assert "MESSAGE-TEXT-MARK" not in desk.said()
    house.until(lambda: "MESSAGE-TEXT-MARK" not in house.text_of(desk.root()))
    assert house.rows("SELECT content FROM desk_lines") == [{"content": None}]


def test_an_unsent_message_that_stands_among_others_is_marked_below(desk: Desk) -> None:
    house = desk.house
    house.slack.down = True
    mid = house.ines.writes("One")
    house.ines.writes("Two")
    house.slack.down = False
    desk.shows("One", "Two")
    assert len(desk.root().replies) == 1
    house.ines.deletes(mid)
    desk.shows("took back a message that stands above")


def test_an_edit_shows_the_new_words(desk: Desk) -> None:
    house = desk.house
    mid = house.ada.writes("Is my tabel booked?")
    desk.shows("Is my tabel booked?")
    house.ada.edits(mid, "Is my table booked, for six?")
    post(
        house,
        body_of(
            event(at=house.clock(), message_edit={"mid": mid, "text": "For seven?", "num_edit": 2})
        ),
    )
    desk.shows("changed a message, which now reads", "For seven?")
    assert "For seven?" in house.text_of(desk.form(house.dan))


def test_the_thread_keeps_a_text_only_until_it_is_shown_but_for_the_newest(desk: Desk) -> None:
    house = desk.house
    house.ada.writes("First")
    desk.shows("First")
    house.ada.writes("Second")
    desk.shows("Second")
    house.until(lambda: _kept(desk) == ["Second"])
    house.clock.forward(days=7)
    house.until(lambda: _kept(desk) == [])
    house.until(lambda: "Second" not in house.text_of(desk.root()))
    assert "not kept any more" in house.text_of(desk.form(house.dan))


def _kept(desk: Desk) -> list[str]:
    rows = desk.house.rows("SELECT content FROM desk_lines WHERE content IS NOT NULL ORDER BY id")
    return [json.loads(row["content"])["text"] for row in rows]


def test_two_hours_before_the_window_closes_the_thread_is_reminded_once(desk: Desk) -> None:
    house = desk.house
    house.ada.writes("Is my table booked?")
    desk.shows("Is my table booked?")
    closes_at = house.clock().replace(day=23)
    house.clock.forward(hours=21, minutes=59)
    house.ines.writes("Somebody else")
    house.until(lambda: len(desk.threads) == 2)
    assert len(desk.threads[0].replies) == 1
    house.clock.forward(minutes=1)
    desk.shows("still waits for an answer", root=desk.threads[0])
    reminder = desk.threads[0].replies[-1]
    assert shows(reminder, closes_at)
    assert reminder in desk.inbox.messages  # perhaps nobody follows the thread
    house.clock.forward(minutes=30)
    house.stop()
    house.start()
    house.clock.forward(hours=3)
    desk.root_says("as a human agent", root=desk.threads[0])
    assert desk.said(desk.threads[0]).count("still waits") == 1


def test_who_was_answered_needs_no_reminder(desk: Desk) -> None:
    house = desk.house
    house.ada.writes("Is my table booked?")
    desk.answers(house.dan, "Your table is booked.")
    house.until(lambda: house.states() == ["delivered"])
    house.ines.writes("Do you ship?")
    house.graph.page.replies_from_inbox(INES, "We do.")
    house.until(lambda: len(desk.threads) == 2)
    house.clock.forward(hours=23)
    house.ada.presses_button("Menu", "MENU")
    desk.shows("pressed *“Menu”*", root=desk.threads[0])
    assert not any("still waits" in desk.said(root) for root in desk.threads)


def test_whoever_answered_is_told_when_the_person_writes_again(desk: Desk) -> None:
    house = desk.house
    house.ada.writes("Is my table booked?")
    assert "for @" not in desk.shows("Is my table booked?")
    desk.answers(house.dan, "Your table is booked.")
    desk.root_says("Answered by @Dan")
    house.clock.forward(minutes=5)
    house.ada.writes("For how many?")
    desk.shows("For how many?", ", for @Dan")
    desk.root_says("Waits for an answer")
    house.ada.writes("Six, I hope.")
    assert desk.shows("Six, I hope.").count("for @Dan") == 1


def test_somebody_else_answered_meanwhile_is_said_once_before_sending(desk: Desk) -> None:
    house = desk.house
    house.ada.writes("Is my table booked?")
    mine, hers = desk.form(house.dan), desk.form(house.cleo)
    hers.fill("message", "It is.")
    assert hers.submit() == {}
    house.until(lambda: house.states() == ["delivered"])
    mine.fill("message", "Yes.")
    assert mine.submit() == {}
    assert "@Cleo answered while you were writing" in house.text_of(mine)
    assert mine.value("message") == "Yes."
    assert len(house.sends()) == 1
    assert mine.submit() == {}
    house.until(lambda: house.states() == ["delivered"] * 2)
    late = desk.form(house.dan)
    house.graph.page.replies_from_inbox(ADA, "It is, says the inbox.")
    late.fill("message", "Really.")
    assert late.submit() == {}
    assert "Somebody answered outside Tagwise" in house.text_of(late)
    assert len(house.sends()) == 2

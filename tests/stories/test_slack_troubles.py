"""Slack fails, repeats itself, or something of ours does: nothing is lost, nothing is done twice."""

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from bot.practice.slack import Modal
from bot.practice.slack.delivery import HttpDelivery
from tests.house import House
from tests.log_hygiene import Lines
from tests.stories.slack_steps import ask, messages_to, thread, waiting_card, whispered, write


def queue(house: House, text: str) -> None:
    assert house.post_draft(text=text).status_code == 201


def texts(house: House) -> list[str]:
    return [house.text_of(message) for message in list(house.approvals.messages)]


def tries(house: House, method: str) -> int:
    return sum(call.method == method for call in house.slack.calls)


@contextmanager
def table_lost(house: House, name: str) -> Iterator[None]:
    """A fault of the real database: a table is not where the bot looks for it."""
    _rename(house, name, f"{name}_lost")
    try:
        yield
    finally:
        _rename(house, f"{name}_lost", name)


def _rename(house: House, old: str, new: str) -> None:
    with closing(sqlite3.connect(house.database)) as db:
        db.execute(f"ALTER TABLE {old} RENAME TO {new}")


def test_what_slack_missed_while_it_was_down_is_shown_by_itself(house: House) -> None:
    house.ada.writes("Hi")
    house.slack.down = True
    queue(house, "First")
    queue(house, "Second")
    assert house.approvals.messages == []
    house.slack.down = False
    house.until(lambda: len(house.approvals.messages) == 2)
    assert ["First" in texts(house)[0], "Second" in texts(house)[1]] == [True, True]
    assert not house.slack.refused


def test_a_rate_limit_is_waited_out_and_no_card_comes_twice(house: House) -> None:
    house.ada.writes("Hi")
    house.slack.rate_limit_next("chat.postMessage", retry_after=2)
    queue(house, "First")
    queue(house, "Second")
    house.until(lambda: len(house.approvals.messages) == 2)
    assert tries(house, "chat.postMessage") == 3


def test_a_card_that_slack_refuses_holds_up_no_other(house: House) -> None:
    house.ada.writes("Hi")
    house.slack.down = True
    queue(house, "First")
    queue(house, "Second")
    house.slack.fail_next("chat.postMessage", "invalid_blocks", times=2)  # once without pictures
    house.slack.down = False
    house.until(lambda: house.approvals.messages)
    assert "Second" in texts(house)[0]
    house.until(lambda: len(house.approvals.messages) == 2)
    assert "First" in texts(house)[1]


def test_a_decision_made_while_a_card_cannot_be_changed_shows_later(house: House) -> None:
    card = waiting_card(house)
    house.slack.fail_next("chat.update", "fatal_error")
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.states() == ["delivered"])
    house.until(lambda: "Draft 1: delivered" in house.text_of(card))
    assert len(house.approvals.messages) == 1


def test_a_card_deleted_by_hand_comes_back_with_its_news_in_the_thread(house: House) -> None:
    card = waiting_card(house)
    house.approvals.messages.remove(card)
    ask(house, house.ben, "withdraw 1")
    again = house.until(lambda: house.approvals.messages)[0]
    assert "Draft 1: withdrawn" in house.text_of(again)
    house.until(lambda: "Withdrawn by @Ben" in thread(house, again))
    assert len(house.approvals.messages) == 1


def test_an_author_who_cannot_be_told_holds_up_nobody(house: House) -> None:
    house.slack.fail_next("chat.postMessage", "not_in_channel")
    house.ada.writes("Hi")
    assert write(house, house.ben, "To Ben's own messages").submit() == {}
    queue(house, "To the channel")
    house.until(lambda: house.approvals.messages)
    house.until(lambda: "To Ben's own messages" in messages_to(house, house.ben))


def reference_in(text: str) -> str:
    found = re.search(r"Something went wrong here, not with you \(reference (\w{8})\)", text)
    assert found, text
    return found[1]


def test_a_fault_of_ours_is_one_sentence_with_a_number_that_the_log_knows(
    house: House, log: Lines
) -> None:
    house.ada.writes("Hi")
    with table_lost(house, "interactions"):
        said = house.text_of(ask(house, house.ben, "window a"))
    reference = reference_in(said)
    assert "interactions" not in said
    logged = "\n".join(log.written)
    assert reference in logged
    assert "no such table" in logged


def test_a_fault_of_ours_in_the_composer_keeps_what_was_typed(house: House) -> None:
    house.ada.writes("Hi")
    modal = write(house, house.ben, "Well thought out")
    with table_lost(house, "draft_requests"):
        errors = modal.submit()
    assert list(errors) == ["recipient"]
    assert reference_in(errors["recipient"])
    assert "What you wrote is still here." in errors["recipient"]
    assert modal.value("message") == "Well thought out"
    assert modal.submit() == {}
    house.until(lambda: house.states() == ["delivered"])


def test_a_fault_of_ours_at_a_button_is_told_to_whoever_pressed_it(house: House) -> None:
    card = waiting_card(house)
    with table_lost(house, "interactions"):
        said = whispered(
            house, house.cleo, lambda: house.slack.click(house.cleo, card, "approve_draft")
        )
    assert reference_in(house.text_of(said))
    assert house.rows("SELECT state FROM drafts") == [{"state": "queued"}]
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.states() == ["delivered"])


def submission(modal: Modal, user: Any) -> dict[str, Any]:
    """What Slack posts when this modal is handed in; it posts the same again when it hears nothing."""
    person = {"id": user.id, "name": user.name, "username": user.name, "team_id": "T1"}
    team = {"id": "T1", "domain": "practice"}
    return {"type": "view_submission", "user": person, "team": team, "view": modal.view()}


def test_a_submission_that_slack_repeats_makes_one_draft(house: House) -> None:
    house.ada.writes("Hi")
    repeated = submission(write(house, house.ben), house.ben)
    slack = HttpDelivery(f"{house.url}/slack/events", house.slack.signing_secret)
    for _ in range(3):
        assert slack.deliver("interactive", repeated, 3.0) == {}
    house.until(lambda: house.states() == ["delivered"])
    assert len(house.sends()) == 1


def test_a_field_that_is_not_shown_yet_gets_no_error_that_slack_would_refuse(house: House) -> None:
    house.ada.writes("Hi")
    house.clock.forward(hours=25)
    modal = write(house, house.ben)
    house.slack.fail_next("views.update", "fatal_error")
    modal.choose("tag", "CONFIRMED_EVENT_UPDATE")
    house.until(lambda: house.slack.calls[-1].error == "fatal_error")
    assert "event_starts_at" not in modal.fields
    errors = modal.submit()
    assert list(errors) == ["tag"]
    assert "say when it starts" in errors["tag"]


def test_a_request_that_nobody_hears_is_answered_without_a_fuss(house: House) -> None:
    card = waiting_card(house)
    unknown = {"type": "shortcut", "callback_id": "nobody", "user": {"id": house.ben.id}}
    slack = HttpDelivery(f"{house.url}/slack/events", house.slack.signing_secret)
    with pytest.raises(Exception, match="404"):
        slack.deliver("interactive", unknown, 3.0)
    assert "waits for approval" in house.text_of(card)


@pytest.mark.parametrize(
    ("table", "column"), [("drafts", "drawn"), ("notices", "posted_at")], ids=["card", "notice"]
)
def test_what_slack_took_is_not_posted_again_when_the_database_cannot_note_it(
    house: House, table: str, column: str
) -> None:
    house.ada.writes("Hi")
    with house.store.write() as db:
        db.execute(
            f"CREATE TRIGGER full BEFORE UPDATE OF {column} ON {table}"
            " BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    house.post_draft()
    card = house.card()
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: house.states() == ["delivered"])
    time.sleep(3)  # two more tries, each after a longer rest
    with house.store.write() as db:
        db.execute("DROP TRIGGER full")
    house.until(lambda: not house.rows("SELECT 1 FROM notices WHERE posted_at IS NULL"))
    house.until(lambda: "delivered" in house.text_of(house.card()))
    assert len(house.approvals.messages) == 1
    told = [house.text_of(reply) for reply in card.replies]
    assert len(told) == len(set(told)) > 0

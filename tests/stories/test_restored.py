"""A backup is put back: the bot runs on it, and sends nothing twice, and nothing that was withdrawn."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from bot.practice.slack import Message
from storage.backup import back_up
from tests.drafts_door import draft, post
from tests.house import ADA, PATIENCE_S, House
from tests.stories.slack_steps import (
    ada_is_known,
    ask,
    buttons,
    hours_from_now,
    messages_to,
    told,
    waiting_card,
    write,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup.db"


def take_backup(house: House, file: Path) -> None:
    """Back up, once all cards are drawn: the backup knows where they are."""
    house.until(lambda: not house.rows("SELECT 1 FROM drafts WHERE drawn < version"))
    back_up(house.store, file, now=house.clock())


def put_back(house: House, file: Path) -> None:
    """Stop the bot, put the backup in its database's place, start it."""
    house.stop()
    for left in house.database.parent.glob("tagwise.db-*"):
        left.unlink()
    shutil.copy(file, house.database)
    house.start()


def alarm(house: House) -> Message:
    """What the channel is told of the restored record."""

    def found() -> list[Message]:
        alarms = [m for m in house.approvals.messages if "resume_page" in buttons(m)]
        return [m for m in alarms if "restored from a backup" in house.text_of(m)]

    return house.until(found)[0]


def planned(house: House) -> Message:
    """The card of Ben's message to Ada in an hour, which Cleo has approved."""
    ada_is_known(house)
    modal = write(house, house.ben)
    modal.choose("route", "approve")
    modal.pick("send_at", hours_from_now(house, 1))
    assert modal.submit() == {}
    house.slack.click(house.cleo, house.card(), "approve_draft")
    house.until(lambda: house.rows("SELECT 1 FROM drafts WHERE state = 'approved'"))
    return house.card()


def sent_after_the_backup(house: House, file: Path) -> Message:
    """The card of a message that was approved before the backup and sent after it."""
    card = planned(house)
    take_backup(house, file)
    house.clock.forward(hours=1)
    house.until(lambda: house.states() == ["delivered"])
    return card


def resume_all(house: House) -> None:
    """Let the Page and its Instagram account send again."""
    said = alarm(house)
    rows = [block["block_id"] for block in said.blocks if block["type"] == "actions"]
    assert len(rows) == len(house.running.services.settings.accounts)
    for row in rows:
        house.slack.click(house.cleo, said, "resume_page", block_id=row)
        modal = house.slack.modal(house.cleo, "resume_page")
        modal.fill("reason", "Everything was looked through.")
        assert modal.submit() == {}


def test_what_was_sent_after_the_backup_is_not_sent_again_by_itself(
    house: House, file: Path
) -> None:
    card = sent_after_the_backup(house, file)
    house.clock.forward(seconds=30)
    put_back(house, file)
    assert house.states()[0] == "unknown"
    house.until(lambda: "restored from a backup of 22 November 2026, 10:00" in house.text_of(card))
    assert buttons(card) == ["mark_arrived", "send_again"]
    house.until(lambda: "may have reached" in messages_to(house, house.ben))
    resume_all(house)
    house.slack.click(house.cleo, card, "mark_arrived")
    house.until(lambda: house.states()[0] == "sent")
    assert len(house.graph.sent_to(ADA)) == 1
    assert not house.slack.refused


@pytest.mark.parametrize("tried_before", [False, True])
def test_what_was_sent_after_the_backup_is_found_at_meta(
    house: House, file: Path, tried_before: bool
) -> None:
    planned(house)
    if tried_before:
        with house.store.write() as db:
            db.execute("UPDATE deliveries SET attempts = 1, claimed_at = changed_at")
    take_backup(house, file)
    house.clock.forward(hours=1)
    house.until(lambda: house.states() == ["delivered"])
    house.clock.forward(seconds=30)
    put_back(house, file)
    house.clock.forward(seconds=61)
    house.until(lambda: house.states()[0] == "sent")
    assert len(house.graph.sent_to(ADA)) == 1


def test_its_echo_settles_it_when_it_comes_only_now(house: House, file: Path) -> None:
    planned(house)
    take_backup(house, file)
    with house.graph.webhooks_held():
        house.clock.forward(hours=1)
        house.until(lambda: house.states() == ["sent"])
        put_back(house, file)
        assert house.states()[0] == "unknown"
    house.until(lambda: house.states()[0] == "delivered")


def test_what_was_withdrawn_after_the_backup_waits_for_a_person(house: House, file: Path) -> None:
    card = planned(house)
    take_backup(house, file)
    house.slack.click(house.ben, card, "withdraw_draft")
    house.until(lambda: house.states() == ["cancelled"])
    put_back(house, file)
    alarm(house)
    house.clock.forward(hours=3)
    assert house.states()[0] == "pending"
    queue = house.text_of(ask(house, house.cleo, "queue"))
    assert "restored from a backup" in queue
    assert "Your table is booked" in queue
    house.slack.click(house.ben, card, "withdraw_draft")
    house.until(lambda: house.states()[0] == "cancelled")
    resume_all(house)
    ada_is_known(house)
    assert house.compose(house.ben, "Something new.").submit() == {}
    house.until(lambda: "Something new." in [s.text for s in house.graph.sent_to(ADA)])
    assert len(house.graph.sent_to(ADA)) == 1


def test_what_was_approved_after_the_backup_is_shown_with_a_warning(
    house: House, file: Path
) -> None:
    card = waiting_card(house)
    take_backup(house, file)
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: "delivered" in house.text_of(card))
    put_back(house, file)
    house.until(lambda: "waits for approval" in house.text_of(card))
    house.until(lambda: "Look into the Page's inbox before you approve it" in house.text_of(card))
    assert house.states()[0] == "pending"


def test_cards_of_drafts_that_the_backup_does_not_know_decide_no_other_draft(
    house: House, file: Path
) -> None:
    ada_is_known(house)
    take_backup(house, file)
    lost = waiting_card(house, text="Written after the backup.")
    put_back(house, file)
    number = post(house, draft()).json()["id"]
    assert number == 100_001
    late = told(house, house.cleo, lambda: house.slack.click(house.cleo, lost, "approve_draft"))
    assert "no draft" in late.lower()
    assert house.rows("SELECT state FROM drafts WHERE id = ?", number) == [{"state": "queued"}]


def test_the_next_start_is_like_any_other(house: House, file: Path) -> None:
    sent_after_the_backup(house, file)
    put_back(house, file)
    resume_all(house)
    house.stop()
    house.start()
    answer = requests.get(f"{house.url}/health", timeout=PATIENCE_S).json()
    assert answer["paused"] == []
    assert house.compose(house.ben, "Something new.").submit() == {}
    house.until(lambda: house.states()[-1] == "delivered")


def test_what_waited_longer_on_purpose_counts_by_when_it_was_wanted(
    house: House, file: Path
) -> None:
    """It may have been let go before the time for which it was put off."""
    planned(house)
    with house.store.write() as db:
        later = (house.clock() + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        db.execute("UPDATE deliveries SET try_at = ?", [later])
    take_backup(house, file)
    house.clock.forward(hours=2)
    put_back(house, file)
    assert house.states()[0] == "unknown"

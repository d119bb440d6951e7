"""What Meta tells: put on record together, and Slack is only woken where there is something to show."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.inbound import Heard, Inbox
from bot.policy.question import InteractionKind
from bot.webhook_events import Interaction
from storage import contacts, interactions
from tests.outbox import ADA, INES, Outbox, open_outbox


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with open_outbox(tmp_path) as opened:
        yield opened


@pytest.fixture
def rung(outbox: Outbox) -> list[str]:
    calls: list[str] = []
    outbox.services.bell.wakes(
        to_tell=lambda: calls.append("tell"), to_send=lambda: calls.append("send")
    )
    return calls


def test_what_no_card_shows_wakes_nobody(outbox: Outbox, rung: list[str]) -> None:
    outbox.queue(psid=ADA)
    outbox.clock.forward(minutes=1)
    outbox.person_writes(INES)
    assert rung == []


def test_a_person_who_writes_while_a_message_waits_for_them_changes_its_card(
    outbox: Outbox, rung: list[str]
) -> None:
    outbox.queue(psid=ADA)
    outbox.clock.forward(minutes=1)
    outbox.person_writes(ADA)
    assert rung == ["tell"]


def test_an_echo_is_told_and_a_block_stops_the_sender_as_well(
    outbox: Outbox, rung: list[str]
) -> None:
    outbox.queue(psid=ADA)
    outbox.work()
    rung.clear()
    outbox.hear()
    assert set(rung) == {"tell"}
    outbox.graph.page.is_blocked()
    outbox.hear()
    assert "send" in rung


def test_acts_of_many_people_are_each_on_record_once(outbox: Outbox) -> None:
    now, account = outbox.clock(), outbox.services.settings.page_id

    def act(psid: str, minutes: int) -> Interaction:
        at = now + timedelta(minutes=minutes)
        return Interaction(account, psid, "messenger", InteractionKind.POSTBACK, at)

    without_time = Interaction(account, "3", "messenger", InteractionKind.POSTBACK, None)
    inbox = Inbox(outbox.services)
    for _ in "again":
        acts = [act("1", -5), act("1", -5), act("2", -4), act("1", -3), without_time]
        assert inbox.record([Heard(acts, (), now), Heard(acts, (), now)]) == [None, None]
    assert inbox.record([Heard([act("2", 60)], (), now)]) == [None]
    with outbox.services.store.read() as db:
        known = {psid: contacts.find(db, account, psid) for psid in "123"}
        ids = {psid: contact.id for psid, contact in known.items() if contact}
        done = interactions.latest(db, ids.values(), until=now)
    assert {psid: done[number].get("postback") for psid, number in ids.items()} == {
        "1": now - timedelta(minutes=3),
        "2": now,  # nothing can have happened after we heard of it
        "3": None,  # a window is not opened by guess
    }


def test_a_body_that_cannot_be_recorded_costs_the_others_nothing(outbox: Outbox) -> None:
    now, account = outbox.clock(), outbox.services.settings.page_id

    def heard(psid: str, at: datetime) -> Heard:
        act = Interaction(account, psid, "messenger", InteractionKind.MESSAGE, at)
        return Heard([act], (), now)

    bodies = [heard("1", now), heard("2", now.replace(tzinfo=None)), heard("3", now)]
    first, second, third = Inbox(outbox.services).record(bodies)
    assert (first, third) == (None, None)
    assert isinstance(second, ValueError)
    known = outbox.rows("SELECT psid FROM contacts WHERE length(psid) = 1 ORDER BY psid")
    assert [row["psid"] for row in known] == ["1", "3"]

"""An answer at the desk: how it leaves, what holds it up, and when the machine may no longer send it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.breakers import restrict, resume
from bot.desk import standing_of
from bot.desk_replies import reply
from bot.settling import send_again
from storage import contacts, deliveries, desk
from tests.commands.running import run
from tests.outbox import ADA, BEN, CLEO, Outbox, open_outbox


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with open_outbox(tmp_path, inbox_channel="C2", policy_edition="2026-04") as opened:
        yield opened


def answer(outbox: Outbox) -> int:
    """Ben answers Ada; the number of the delivery."""
    services = outbox.services
    with services.store.write() as db:
        contact = contacts.find(db, outbox.graph.page_id, ADA)
        thread = desk.newest_thread(db, contact.id) if contact else None
        assert thread
        standing = standing_of(db, services.settings, thread, outbox.clock())
        draft = reply(db, services.settings, standing, "It is.", author=BEN).draft
        return deliveries.of_draft(db, draft.id)[0].id


def restricted(outbox: Outbox, *, hours: float) -> None:
    """Meta restricts the Page; hours later Cleo lets it send again."""
    services, page_id = outbox.services, outbox.services.settings.page_id
    with services.store.write() as db:
        restrict(db, page_id, "Spam.", outbox.clock())
    assert outbox.work() == 0
    outbox.clock.forward(hours=hours)
    resume(services.store, page_id, by=CLEO, reason="It is mended.", now=outbox.clock())
    outbox.work()


def test_an_answer_held_up_inside_the_window_is_still_one(outbox: Outbox) -> None:
    answer(outbox)
    restricted(outbox, hours=20)
    assert outbox.bodies() == [
        {
            "recipient": {"id": ADA},
            "message": {"text": "It is.", "metadata": "tagwise:1"},
            "messaging_type": "RESPONSE",
        }
    ]


def test_the_thread_of_an_answer_shows_it_so_no_thread_of_a_card_is_told(outbox: Outbox) -> None:
    answer(outbox)
    assert outbox.work() == 1
    assert [row["what"] for row in outbox.rows("SELECT what FROM history")][-1] == "sent"
    assert outbox.rows("SELECT * FROM notices") == []


def test_an_answer_held_up_for_an_hour_may_still_be_a_human_agents(outbox: Outbox) -> None:
    outbox.clock.forward(hours=30)
    answer(outbox)
    restricted(outbox, hours=1)
    assert outbox.bodies() == [
        {
            "recipient": {"id": ADA},
            "message": {"text": "It is.", "metadata": "tagwise:1"},
            "messaging_type": "MESSAGE_TAG",
            "tag": "HUMAN_AGENT",
        }
    ]


@pytest.mark.parametrize("asked_hours_ago", [23, 30])
def test_an_answer_held_up_for_longer_is_not_and_its_author_is_told(
    outbox: Outbox, asked_hours_ago: int
) -> None:
    outbox.clock.forward(hours=asked_hours_ago)
    number = answer(outbox)
    restricted(outbox, hours=1.1)
    assert outbox.bodies() == []
    assert outbox.state(number) == "refused"
    assert "a timer may not send under it" in (outbox.delivery(number).note or "")
    assert outbox.told_to("author") == ["refused"]


def test_a_persons_word_makes_it_an_answer_sent_now(outbox: Outbox) -> None:
    outbox.clock.forward(hours=30)
    number = answer(outbox)
    outbox.claim()
    with outbox.services.store.write() as db:
        db.execute("UPDATE deliveries SET state = 'unknown'")
    outbox.clock.forward(hours=5)
    send_again(outbox.services.store, number, by=CLEO, now=outbox.clock())
    assert outbox.work() == 1
    assert outbox.bodies()[0]["tag"] == "HUMAN_AGENT"


@pytest.mark.parametrize(
    ("changes", "leaves_as"),
    [
        ({}, ("UPDATE", None)),
        ({"reply": True}, ("RESPONSE", None)),
        ({"reply": True, "at": "2026-11-22T12:00:00Z"}, ("MESSAGE_TAG", "HUMAN_AGENT")),
    ],
)
def test_the_rule_book_can_be_asked_about_an_answer(
    changes: dict[str, object], leaves_as: tuple[str, str | None]
) -> None:
    asked = {
        "at": "2026-11-20T12:00:00Z",
        "text": "It is.",
        "tag": "HUMAN_AGENT",
        "human_agent_approved": True,
        "interactions": [{"kind": "message", "at": "2026-11-20T10:00:00Z"}],
    }
    told = json.loads(run("check", stdin=json.dumps(asked | changes)).stdout)
    assert (told["messaging_type"], told["tag"]) == leaves_as

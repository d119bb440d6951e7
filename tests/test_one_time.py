"""One-Time Notifications in the outbox: asked, kept, told once, and never tried again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.asking import Facts
from bot.deciding import NotAllowed
from bot.graph_errors import GraphError, Meaning
from bot.outcomes import recover_interrupted
from bot.practice.graph import faults
from bot.restoring import settle_restored
from bot.send_api import request_body
from bot.settling import ToldOnce, mark_arrived, send_again
from storage import one_time
from storage.backup import back_up
from storage.copies import copied_at
from storage.one_time import OneTimeToken
from storage.store import Store
from tests.outbox import ADA, BEN, Outbox, open_outbox

BODIES = Path(__file__).with_name("webhooks")
REQUEST = {
    "attachment": {
        "type": "template",
        "payload": {
            "template_type": "one_time_notif_req",
            "title": "Tell me when the blue boots are back in 39",
            "payload": "blue boots in 39",
        },
    }
}
PROMOTION = "The blue boots are back in 39, today with 20% off!"


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with open_outbox(tmp_path, one_time_notification=True) as opened:
        yield opened


def asked(outbox: Outbox) -> OneTimeToken:
    """Ada is asked inside the window, presses "Notify me", and the window closes."""
    outbox.queue(message=REQUEST)
    outbox.work()
    outbox.graph.person(ADA).asks_to_be_told(outbox.graph.sent_to(ADA)[-1].mid)
    outbox.hear()
    outbox.clock.forward(hours=30)
    [token] = given(outbox)
    return token


def given(outbox: Outbox) -> list[OneTimeToken]:
    """What Ada waits to be told."""
    with outbox.services.store.read() as db:
        [ada] = db.query("SELECT id FROM contacts WHERE psid = ?", [ADA])
        return one_time.usable(db, ada["id"], outbox.clock())


def tell(outbox: Outbox, token: OneTimeToken, text: str = PROMOTION, **changes: Any) -> int:
    return outbox.queue(text, facts=Facts(one_time=token.id), **changes)


def tokens_sent(outbox: Outbox) -> list[str]:
    """The token of each request to Meta that named one."""
    recipients = [body["recipient"] for body in outbox.bodies()]
    return [r["one_time_notif_token"] for r in recipients if "one_time_notif_token" in r]


def test_the_opt_in_is_kept_with_its_topic_and_lives_for_a_year(outbox: Outbox) -> None:
    at = outbox.clock()
    token = asked(outbox)

    assert token.topic == "blue boots in 39"
    assert (token.expires_at - at).days == 365
    assert not token.spent
    outbox.clock.forward(days=365)
    assert given(outbox) == []


def test_the_opt_in_as_metas_page_shows_it_is_kept_once_and_opens_no_window(
    outbox: Outbox,
) -> None:
    body = (BODIES / "optin_one_time.json").read_bytes()
    for _ in "12":
        outbox.record(body)

    rows = outbox.rows(
        "SELECT token, topic, psid FROM one_time_tokens JOIN contacts ON contacts.id = contact_id"
    )
    assert rows == [{"token": "51001", "topic": "TOWEL_BACK", "psid": "30115522770018844"}]
    assert (
        outbox.rows(
            "SELECT 1 FROM interactions JOIN contacts ON contacts.id = contact_id"
            " WHERE psid = '30115522770018844'"
        )
        == []
    )


def test_an_opt_in_at_another_page_is_not_ours(outbox: Outbox) -> None:
    body = json.loads((BODIES / "optin_one_time.json").read_bytes())
    body["entry"][0]["id"] = "999"
    outbox.record(json.dumps(body).encode())

    assert outbox.rows("SELECT 1 FROM one_time_tokens") == []


def test_the_question_and_the_message_leave_as_meta_shows_them(outbox: Outbox) -> None:
    token = asked(outbox)
    number = tell(outbox, token)
    assert outbox.work() == 1

    assert outbox.bodies() == [
        {
            "recipient": {"id": ADA},
            "message": REQUEST | {"metadata": "tagwise:1"},
            "messaging_type": "UPDATE",
        },
        {
            "recipient": {"one_time_notif_token": token.token},
            "message": {"text": PROMOTION, "metadata": f"tagwise:{number}"},
            "messaging_type": "UPDATE",
        },
    ]
    assert outbox.state(number) == "sent"
    assert given(outbox) == []


def test_a_second_message_with_the_same_permission_is_refused_when_written(outbox: Outbox) -> None:
    token = asked(outbox)
    tell(outbox, token)
    outbox.work()

    with pytest.raises(NotAllowed, match="Meta takes no second one"):
        tell(outbox, token, "And red ones too")


def test_of_two_messages_that_wait_with_one_permission_one_leaves(outbox: Outbox) -> None:
    token = asked(outbox)
    numbers = [tell(outbox, token), tell(outbox, token, "And red ones too")]
    assert outbox.work() == 1

    assert [outbox.state(number) for number in numbers] == ["sent", "refused"]
    assert outbox.delivery(numbers[1]).note is not None
    assert tokens_sent(outbox) == [token.token]


def test_inside_the_window_the_message_goes_as_any_other_and_the_permission_stays(
    outbox: Outbox,
) -> None:
    token = asked(outbox)
    outbox.person_writes()
    tell(outbox, token)
    outbox.work()

    assert outbox.bodies()[-1]["recipient"] == {"id": ADA}
    assert [kept.id for kept in given(outbox)] == [token.id]


def test_somebody_elses_permission_is_no_permission(outbox: Outbox) -> None:
    token = asked(outbox)
    bela = "25107743390218846"
    outbox.graph.add_person(bela)
    outbox.person_writes(bela)
    outbox.clock.forward(hours=30)

    with pytest.raises(NotAllowed, match="has not asked to be told"):
        tell(outbox, token, psid=bela)


@pytest.mark.parametrize(
    "meaning",
    [Meaning.LATER, Meaning.STOP_TOKEN, Meaning.STOP_POLICY, Meaning.STOP_RATE, Meaning.NO],
)
def test_whatever_meta_says_there_is_no_second_try(outbox: Outbox, meaning: Meaning) -> None:
    number = tell(outbox, asked(outbox))
    [outgoing] = outbox.claim()
    outbox.write_down(outgoing, GraphError(meaning, "Not now."))

    assert outbox.state(number) == "failed"
    assert str(outbox.delivery(number).note).startswith("Not now. What the person asked")
    outbox.clock.forward(days=2)
    assert outbox.claim() == []


@pytest.mark.parametrize("interrupted", [True, False])
def test_what_may_have_arrived_is_not_sent_again_by_anybody(
    outbox: Outbox, interrupted: bool
) -> None:
    token = asked(outbox)
    number = tell(outbox, token)
    if interrupted:
        outbox.claim()
        with outbox.services.store.write() as db:
            recover_interrupted(db, outbox.clock())
    else:
        outbox.graph.fail_next(faults.cut_after_accepting())
        outbox.work()
    assert outbox.state(number) == "unknown"

    with pytest.raises(ToldOnce):
        send_again(outbox.services.store, number, by=BEN, now=outbox.clock())
    assert outbox.state(number) == "unknown"
    assert outbox.claim() == []
    mark_arrived(outbox.services.store, number, by=BEN, now=outbox.clock())
    assert outbox.state(number) == "sent"
    assert len(tokens_sent(outbox)) == (0 if interrupted else 1)


def test_a_message_without_a_permission_can_still_be_sent_again(outbox: Outbox) -> None:
    number = outbox.queue()
    [outgoing] = outbox.claim()
    outbox.write_down(outgoing, GraphError(Meaning.UNKNOWN, "It broke."))

    send_again(outbox.services.store, number, by=BEN, now=outbox.clock())
    assert outbox.state(number) == "pending"


def test_on_a_restored_backup_no_permission_is_left(outbox: Outbox, tmp_path: Path) -> None:
    token = asked(outbox)
    number = tell(outbox, token)
    file = tmp_path / "backup.db"
    back_up(outbox.services.store, file, now=outbox.clock())
    restored = Store(file)
    with restored.write() as db:
        assert copied_at(db.conn) is not None
        settle_restored(db, outbox.services.settings.accounts, outbox.clock())
        assert not one_time.spend(db, token.id, token.contact_id, outbox.clock())
        [row] = db.query("SELECT state FROM deliveries WHERE id = ?", [number])
    restored.close()
    assert row["state"] == "unknown"


def test_while_it_is_switched_off_nothing_is_asked_and_nothing_told(tmp_path: Path) -> None:
    with open_outbox(tmp_path) as outbox:
        outbox.record((BODIES / "optin_one_time.json").read_bytes())
        with pytest.raises(NotAllowed, match="ONE_TIME_NOTIFICATION=true"):
            outbox.queue(message=REQUEST)
        with pytest.raises(NotAllowed, match="ONE_TIME_NOTIFICATION=true"):
            outbox.queue(PROMOTION, facts=Facts(one_time=1))


def test_the_token_stands_for_the_person_in_the_request_body_of_a_batch_too(
    outbox: Outbox,
) -> None:
    token = asked(outbox)
    tell(outbox, token)
    [outgoing] = outbox.claim()
    assert request_body(outgoing)["recipient"] == {"one_time_notif_token": token.token}
    [said] = outbox.services.messenger.send_batch([outgoing])
    assert not isinstance(said, GraphError)

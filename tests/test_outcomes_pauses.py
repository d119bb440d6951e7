"""A Page that may not send: who stops it, who lets it go on, and that nothing is lost meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.practice.graph import faults
from storage import pauses
from tests.outbox import INES, Outbox, open_outbox


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with open_outbox(tmp_path) as opened:
        yield opened


def _begin(outbox: Outbox, kind: pauses.Kind, *page_ids: str) -> bool:
    with outbox.services.store.write() as db:
        return pauses.begin(db, page_ids, kind, f"because of {kind}", outbox.clock())


def _kinds(outbox: Outbox) -> dict[str, str]:
    with outbox.services.store.read() as db:
        return {pause.page_id: pause.kind for pause in pauses.holding(db, outbox.clock())}


def test_a_page_is_paused_once(outbox: Outbox) -> None:
    assert _begin(outbox, "token", "A")
    assert not _begin(outbox, "token", "A")
    assert _begin(outbox, "token", "A", "B")
    assert _kinds(outbox) == {"A": "token", "B": "token"}


def test_a_restriction_is_not_hidden_by_token_trouble(outbox: Outbox) -> None:
    _begin(outbox, "token", "A")
    assert _begin(outbox, "policy", "A")
    assert not _begin(outbox, "policy", "A")
    assert not _begin(outbox, "token", "A")
    assert _kinds(outbox) == {"A": "policy"}


def test_only_what_stopped_for_this_reason_goes_on(outbox: Outbox) -> None:
    _begin(outbox, "policy", "A")
    with outbox.services.store.write() as db:
        assert not pauses.end(db, ["A", "B"], ["token"])
        assert not pauses.end(db, ["B"])
        assert pauses.end(db, ["A", "B"])
        assert not pauses.end(db, ["A", "B"])


def test_a_restriction_of_the_page_does_not_stop_its_instagram_account(outbox: Outbox) -> None:
    numbers = [outbox.queue(), outbox.queue("Again"), outbox.queue("Hello Ines", psid=INES)]
    outbox.graph.fail_next(faults.error(368), times=1)
    outbox.work()
    assert [outbox.state(number) for number in numbers] == ["pending", "sent", "sent"]
    assert _kinds(outbox) == {outbox.graph.page_id: "policy"}
    outbox.queue("Later")
    assert outbox.work() == 0


def test_meta_itself_lets_the_page_go_on(outbox: Outbox) -> None:
    outbox.graph.page.is_blocked()
    outbox.hear()
    number = outbox.queue()
    assert outbox.work() == 0
    outbox.clock.forward(minutes=1)
    outbox.graph.page.is_unblocked()
    outbox.hear()
    assert outbox.work() == 1
    assert outbox.state(number) == "sent"
    assert [alarm["what"] for alarm in outbox.alarms()] == ["page_paused", "page_resumed"]

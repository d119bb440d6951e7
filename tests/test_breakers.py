"""Circuit breakers that a person ends: what each stops, and that nothing that waits is lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.breakers import (
    NotStopped,
    StoppedAnew,
    TagNotRefused,
    hold_tagged,
    reset_tag,
    resume,
    trip,
)
from bot.graph_errors import GraphError, Meaning
from bot.practice.graph import faults
from storage import pauses, waiting
from storage.migrations import m001_people_drafts_outbox, migrations_of
from storage.store import Store
from tests.breaking import (
    BAD_TOKEN,
    BUSY,
    RESTRICTED,
    breakers,
    events,
    instagram,
    let_go,
    page,
    stop,
)
from tests.clock import HandClock
from tests.outbox import CLEO, INES, Outbox, open_outbox


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with open_outbox(tmp_path) as opened:
        yield opened


def test_a_person_ends_token_trouble_for_all_and_a_restriction_for_the_page_alone(
    outbox: Outbox,
) -> None:
    stop(outbox, BAD_TOKEN)
    let_go(outbox, instagram(outbox))
    assert breakers(outbox).pause is None
    for account in outbox.services.settings.accounts:
        stop(outbox, RESTRICTED, account)
    let_go(outbox, instagram(outbox))
    assert breakers(outbox).pause is not None
    assert breakers(outbox, instagram(outbox)).pause is None
    with pytest.raises(NotStopped):
        let_go(outbox, instagram(outbox))
    told = outbox.rows("SELECT who, note, page_id FROM history WHERE what = 'page_resumed'")
    assert told == [
        {"who": CLEO, "note": "Mended.", "page_id": None},
        {"who": CLEO, "note": "Mended.", "page_id": instagram(outbox)},
    ]


def test_a_rest_that_has_passed_is_nothing_to_end(outbox: Outbox) -> None:
    stop(outbox, BUSY)
    outbox.clock.forward(minutes=1)
    with pytest.raises(NotStopped):
        let_go(outbox)


@pytest.mark.parametrize("anew", ["restriction", "warning"])
def test_nobody_ends_what_they_have_not_seen(outbox: Outbox, anew: str) -> None:
    stop(outbox, BAD_TOKEN)
    seen_at = outbox.clock()
    outbox.clock.forward(seconds=1)
    if anew == "restriction":
        stop(outbox, RESTRICTED)
    else:
        with outbox.services.store.write() as db:
            hold_tagged(db, page(outbox), "Meta warns.", outbox.clock())
    with pytest.raises(StoppedAnew):
        resume(
            outbox.services.store,
            page(outbox),
            by=CLEO,
            reason="Mended.",
            now=outbox.clock(),
            seen_at=seen_at,
        )
    assert breakers(outbox).pause is not None


def _reset(outbox: Outbox) -> None:
    store, now = outbox.services.store, outbox.clock()
    reset_tag(store, page(outbox), "ACCOUNT_UPDATE", by=CLEO, reason="Meta said so.", now=now)


def tagged(outbox: Outbox, text: str, tag: str = "ACCOUNT_UPDATE") -> int:
    return outbox.queue(text, tag=tag)


def test_after_a_warning_messages_under_a_tag_wait_for_a_person_and_others_do_not(
    outbox: Outbox,
) -> None:
    outbox.graph.page.is_warned()
    outbox.hear()
    outbox.clock.forward(days=2)
    held = tagged(outbox, "Your application was approved.")
    outbox.person_writes(INES)
    outbox.clock.forward(seconds=1)
    free = outbox.queue("Hello Ines", psid=INES)
    assert outbox.work() == 1
    assert (outbox.state(held), outbox.state(free)) == ("pending", "sent")
    assert "Meta warns" in (outbox.delivery(held).note or "")
    outbox.clock.forward(days=1)
    assert outbox.work() == 0
    let_go(outbox)
    assert outbox.work() == 1
    assert outbox.state(held) == "sent"
    assert events(outbox) == ["page_warned", "tags_released"]


def test_meta_lifting_a_block_does_not_release_what_waits_after_a_warning(outbox: Outbox) -> None:
    for happens in (
        outbox.graph.page.is_warned,
        outbox.graph.page.is_blocked,
        outbox.graph.page.is_unblocked,
    ):
        happens()
        outbox.hear()
        outbox.clock.forward(minutes=1)
    assert breakers(outbox).pause is None
    assert breakers(outbox).tagged_wait


def test_a_tag_that_meta_refuses_is_refused_for_this_page_until_a_person_resets_it(
    outbox: Outbox,
) -> None:
    outbox.clock.forward(days=2)
    first = tagged(outbox, "Your application was approved.")
    second = tagged(outbox, "Your application was forwarded.")
    with outbox.services.store.write() as db:
        waiting.put_off(db, second, outbox.clock() + timedelta(minutes=5), note="Not yet.")
    outbox.graph.fail_next(faults.error(100))
    assert outbox.work() == 1
    assert outbox.state(first) == "failed"
    said = breakers(outbox).refused_tags["ACCOUNT_UPDATE"]
    assert "Meta did not accept the tag ACCOUNT_UPDATE. (Graph error 100)" in said
    assert f"{outbox.clock():%-d %B %Y}" in said
    assert breakers(outbox, instagram(outbox)).refused_tags == {}
    assert breakers(outbox).pause is None
    assert events(outbox) == ["tag_refused"]
    with outbox.services.store.write() as db:
        stopped = GraphError(Meaning.NO, "Meta said no.", refuses_tag=True)
        trip(
            db,
            stopped,
            page_id=page(outbox),
            accounts=[],
            tag="ACCOUNT_UPDATE",
            now=outbox.clock(),
        )
    assert breakers(outbox).refused_tags == {"ACCOUNT_UPDATE": said}
    assert events(outbox) == ["tag_refused"]
    with outbox.services.store.write() as db:
        waiting.wake(db, page(outbox), outbox.clock())
    assert outbox.work() == 0
    assert outbox.state(second) == "pending"
    assert "Meta refused the tag ACCOUNT_UPDATE for this Page" in str(outbox.delivery(second).note)
    _reset(outbox)
    with pytest.raises(TagNotRefused):
        _reset(outbox)
    assert outbox.work() == 1
    assert outbox.state(second) == "sent"
    assert events(outbox) == ["tag_refused", "tag_reset"]


def test_what_meta_refuses_for_another_reason_is_not_the_fault_of_the_tag(outbox: Outbox) -> None:
    outbox.clock.forward(days=2)
    number = tagged(outbox, "Your application was approved.")
    outbox.graph.fail_next(faults.error(551))
    outbox.work()
    assert outbox.state(number) == "failed"
    assert breakers(outbox).refused_tags == {}


def test_a_parameter_that_meta_refuses_without_a_tag_is_no_refused_tag(outbox: Outbox) -> None:
    outbox.queue(tag="ACCOUNT_UPDATE")  # the window is open: it goes out without the tag
    outbox.graph.fail_next(faults.error(100))
    outbox.work()
    assert breakers(outbox).refused_tags == {}


def test_a_pause_of_an_older_tagwise_is_still_one(tmp_path: Path) -> None:
    older = migrations_of(m001_people_drafts_outbox)
    now = HandClock()()
    store = Store(tmp_path / "tagwise.db", older)
    store.migrate(now)
    with store.write() as db:
        db.execute("INSERT INTO pauses VALUES ('1', 'policy', 'Blocked.', ?)", [now.isoformat()])
    newer = Store(tmp_path / "tagwise.db")
    newer.migrate(now)
    with newer.read() as db:
        assert pauses.latest(db, "1") == pauses.Pause("1", "policy", "Blocked.", now, None)

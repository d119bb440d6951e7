"""A Page that asked too much of Meta rests for a while, and goes on by itself."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.breakers import breakers_of, pause_for_rate, trip
from bot.practice.graph import faults
from tests.breaking import (
    BAD_TOKEN,
    BUSY,
    MINUTE,
    RESTRICTED,
    breakers,
    events,
    instagram,
    page,
    rest,
    stop,
)
from tests.outbox import INES, Outbox, open_outbox


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with open_outbox(tmp_path) as opened:
        yield opened


def test_rests_grow_to_an_hour_while_they_are_of_no_avail_and_count_as_no_try(
    outbox: Outbox,
) -> None:
    number = outbox.queue()
    outbox.graph.fail_next(faults.error(613), times=9)
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60, 60):
        assert outbox.work() == 1
        assert rest(outbox) == minutes * MINUTE
        assert (outbox.state(number), outbox.delivery(number).attempts) == ("pending", 0)
        outbox.clock.forward(minutes=minutes, microseconds=-1)
        assert outbox.work() == 0
        outbox.clock.forward(microseconds=1)
    assert outbox.work() == 1
    assert outbox.state(number) == "sent"
    assert events(outbox) == ["page_rests"] * 9


def test_after_a_while_without_trouble_a_rest_is_short_again(outbox: Outbox) -> None:
    for _ in range(3):
        stop(outbox, BUSY)
        outbox.clock.forward(minutes=(rest(outbox) or MINUTE) // MINUTE)
    outbox.clock.forward(minutes=4, microseconds=1)
    stop(outbox, BUSY)
    assert rest(outbox) == MINUTE


def test_answers_that_were_on_their_way_make_no_rest_longer(outbox: Outbox) -> None:
    numbers = [outbox.queue(), outbox.queue("Another")]
    claimed = outbox.claim()
    outbox.graph.fail_next(faults.error(4), times=2)
    for outgoing in claimed:
        outbox.write_down(outgoing, outbox.services.messenger.send(outgoing))
    assert rest(outbox) == MINUTE
    assert events(outbox) == ["page_rests"]
    outbox.clock.forward(minutes=1)
    assert outbox.work() == 2
    assert [outbox.state(number) for number in numbers] == ["sent", "sent"]


def test_a_rest_is_for_the_account_alone(outbox: Outbox) -> None:
    outbox.queue()
    outbox.graph.fail_next(faults.error(80006))
    outbox.work()
    number = outbox.queue("Hello Ines", psid=INES)
    assert outbox.work() == 1
    assert outbox.state(number) == "sent"
    assert breakers(outbox, instagram(outbox)).pause is None


def test_where_meta_says_when_there_is_room_again_the_rest_lasts_until_then(
    outbox: Outbox,
) -> None:
    room_at = outbox.clock() + timedelta(hours=3)
    with outbox.services.store.write() as db:
        for resume_at in (None, room_at, outbox.clock()):
            trip(
                db,
                BUSY,
                page_id=page(outbox),
                accounts=[],
                tag=None,
                now=outbox.clock(),
                resume_at=resume_at,
            )
    assert rest(outbox) == timedelta(hours=3)
    assert events(outbox) == ["page_rests", "page_rests"]


def test_a_time_of_metas_that_has_passed_is_as_good_as_none(outbox: Outbox) -> None:
    now = outbox.clock()
    with outbox.services.store.write() as db:
        trip(db, BUSY, page_id=page(outbox), accounts=[], tag=None, now=now, resume_at=now)
    assert rest(outbox) == MINUTE


def test_a_rest_that_is_prolonged_began_when_it_began(outbox: Outbox) -> None:
    stop(outbox, BUSY)
    began = outbox.clock()
    outbox.clock.forward(seconds=30)
    with outbox.services.store.write() as db:
        until = outbox.clock() + 2 * MINUTE
        pause_for_rate(db, page(outbox), until, "Nothing is left.", outbox.clock())
    pause = breakers(outbox).pause
    assert pause is not None
    assert (pause.at, pause.until) == (began, until)


def test_usage_headers_rest_the_page_and_a_few_seconds_more_are_no_news(outbox: Outbox) -> None:
    now = outbox.clock()
    with outbox.services.store.write() as db:
        pause_for_rate(db, page(outbox), now, "Nothing is left.", now)
        assert breakers_of(db, page(outbox), now).pause is None
        for seconds in (300, 310, 320, 300):
            until = now + timedelta(seconds=seconds)
            pause_for_rate(db, page(outbox), until, "Nothing is left.", now)
    assert rest(outbox) == timedelta(seconds=320)
    [told] = outbox.rows("SELECT what, note, until, page_id FROM history WHERE draft_id IS NULL")
    assert told["what"] == "page_rests"
    assert told["page_id"] == page(outbox)


def test_a_restriction_outweighs_a_rest_and_no_rest_hides_it(outbox: Outbox) -> None:
    for error in (BUSY, BAD_TOKEN, BUSY, RESTRICTED, BAD_TOKEN, BUSY):
        stop(outbox, error)
    pause = breakers(outbox).pause
    assert pause is not None
    assert (pause.kind, pause.until) == ("policy", None)
    assert events(outbox) == ["page_rests", "page_paused", "page_paused"]

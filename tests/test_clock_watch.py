"""A clock that is set back: what was put off does not wait for it to catch up."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock_watch import ClockWatch
from bot.practice.graph import faults
from tests.breaking import breakers
from tests.clock import Monotonic
from tests.outbox import Outbox, open_outbox

HOUR_S = 3600


@dataclass
class Watched:
    """An outbox, the time that really passes, and the watch that compares both clocks."""

    outbox: Outbox
    monotonic: Monotonic = field(default_factory=Monotonic)

    def __post_init__(self) -> None:
        self.watch = ClockWatch(self.outbox.services, self.monotonic)

    def passes(self, seconds: float, *, clock_set_by: float = 0) -> None:
        """So much time passes, and meanwhile somebody sets the clock."""
        self.monotonic.sleep(seconds)
        self.outbox.clock.forward(seconds=seconds + clock_set_by)
        self.watch.tick()

    def put_off(self, code: int) -> int:
        """A message that Meta did not take, with this error; it waits for a minute or more."""
        number = self.outbox.queue()
        self.outbox.graph.fail_next(faults.error(code))
        assert self.outbox.work() == 1
        assert (self.outbox.state(number), self.outbox.work()) == ("pending", 0)
        return number


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with open_outbox(tmp_path) as outbox:
        outbox.clock.forward(hours=2)  # the person's message stays in the past by any clock
        yield Watched(outbox)


@pytest.mark.parametrize("code", [2, 613], ids=["a passing fault", "a rate limit"])
def test_what_was_put_off_leaves_at_once(watched: Watched, code: int) -> None:
    number = watched.put_off(code)
    watched.passes(1, clock_set_by=-HOUR_S)
    assert breakers(watched.outbox).pause is None
    assert watched.outbox.work() == 1
    assert watched.outbox.state(number) == "sent"


def test_what_was_approved_a_moment_before_leaves_as_well(watched: Watched) -> None:
    number = watched.outbox.queue()
    watched.passes(1, clock_set_by=-HOUR_S)
    assert watched.outbox.work() == 1
    assert watched.outbox.state(number) == "sent"


def test_a_time_that_somebody_chose_is_waited_for(watched: Watched) -> None:
    chosen = watched.outbox.clock() + timedelta(minutes=10)
    number = watched.outbox.queue(send_at=chosen)
    watched.passes(1, clock_set_by=-HOUR_S)
    assert watched.outbox.work() == 0
    watched.passes(HOUR_S + 601)
    assert watched.outbox.work() == 1
    assert watched.outbox.state(number) == "sent"


@pytest.mark.parametrize("clock_set_by", [0, -20, HOUR_S], ids=["kept", "a little back", "forth"])
def test_otherwise_everything_waits_as_it_did(watched: Watched, clock_set_by: int) -> None:
    watched.put_off(613)
    tries = watched.outbox.rows("SELECT try_at FROM deliveries")
    pauses = watched.outbox.rows("SELECT * FROM pauses")
    for _ in range(10):
        watched.passes(1)
    watched.passes(1, clock_set_by=clock_set_by)
    assert watched.outbox.rows("SELECT try_at FROM deliveries") == tries
    assert watched.outbox.rows("SELECT * FROM pauses") == pauses


def test_what_could_not_be_written_is_written_the_next_time(watched: Watched) -> None:
    watched.put_off(2)
    with closing(
        sqlite3.connect(watched.outbox.services.store.path, isolation_level=None)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError):
            watched.passes(1, clock_set_by=-HOUR_S)
        other.execute("ROLLBACK")
    assert watched.outbox.work() == 0
    watched.passes(1)
    assert watched.outbox.work() == 1


def test_it_is_noticed_although_the_clock_seems_to_stand_still(watched: Watched) -> None:
    watched.put_off(2)
    watched.passes(50, clock_set_by=-50)
    assert watched.outbox.work() == 1

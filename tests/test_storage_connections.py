"""Connections are kept, but never to a file that is gone; writers take turns, and wait so long at most."""

import sqlite3
import threading
import time
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import conversations
from storage.connections import BUSY_TIMEOUT_S
from storage.store import Store
from storage.turns import Turns

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    fresh = Store(tmp_path / "tagwise.db")
    fresh.migrate(NOW)
    return fresh


def _known(store: Store) -> int:
    with store.read() as db:
        return int(next(db.query("SELECT count(*) AS n FROM conversations"))["n"])


def test_a_write_over_a_reading_connection_is_an_error(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"), store.read() as db:
        conversations.note_read(db, "t_1", NOW)
    assert _known(store) == 0


def test_a_file_that_vanished_is_an_error_and_one_put_in_its_place_is_used(
    store: Store, tmp_path: Path
) -> None:
    other = Store(tmp_path / "other.db")
    other.migrate(NOW)
    with other.write() as db:
        conversations.note_read(db, "t_1", NOW)
    other.close()
    assert _known(store) == 0
    for end in ("", "-wal", "-shm"):
        store.path.with_name(store.path.name + end).unlink(missing_ok=True)
    with pytest.raises(sqlite3.OperationalError), store.write():
        pass
    other.path.rename(store.path)
    assert _known(store) == 1


def test_the_turn_to_write_goes_to_whoever_has_waited_longest() -> None:
    turns, order = Turns(), list[int]()
    assert turns.acquire(1)
    asked = [threading.Event() for _ in range(5)]

    def write(number: int) -> None:
        asked[number].set()
        assert turns.acquire(10)
        order.append(number)
        turns.release()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    for number, thread in enumerate(threads):
        thread.start()
        asked[number].wait()
        while len(turns._waiting) <= number:
            pass
    turns.release()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_a_turn_that_does_not_come_is_given_up_and_the_next_one_gets_it() -> None:
    turns = Turns()
    assert turns.acquire(1)
    assert not turns.acquire(0.05)
    turns.release()
    assert turns.acquire(1)


@pytest.mark.parametrize("by", ["another thread", "another process"])
def test_whoever_has_waited_long_already_is_told_soon(store: Store, by: str) -> None:
    with ExitStack() as held:
        if by == "another thread":
            held.enter_context(store.write())
        else:
            other = held.enter_context(closing(sqlite3.connect(store.path, isolation_level=None)))
            other.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        with pytest.raises(sqlite3.OperationalError, match="locked"), store.write(begun - 3.8):
            pass
        assert time.monotonic() - begun < BUSY_TIMEOUT_S / 2

"""Many small writes share a transaction; connections are kept, but never to a file that is gone."""

import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage import conversations
from storage.connections import BUSY_TIMEOUT_S
from storage.sharing import Gathering
from storage.store import Store
from storage.turns import Turns

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    fresh = Store(tmp_path / "tagwise.db")
    fresh.migrate(NOW)
    return fresh


@pytest.fixture
def together(store: Store) -> Gathering[int, int]:
    return Gathering(store.write, _add)


def _add(db: Database, numbers: Sequence[int]) -> int:
    for number in numbers:
        db.execute("INSERT INTO conversations VALUES (?, '')", [f"t_{number:04}"])
        if number % 10 == 3:
            raise LookupError(number)
    return len(numbers)


def _known(store: Store) -> int:
    with store.read() as db:
        return int(next(db.query("SELECT count(*) AS n FROM conversations"))["n"])


def test_what_fails_is_undone_alone_and_each_is_told_of_its_own(
    store: Store, together: Gathering[int, int]
) -> None:
    start = threading.Barrier(8)

    def work(thread: int) -> list[int]:
        start.wait()
        refused: list[int] = []
        for number in range(thread * 100, thread * 100 + 100):
            try:
                together.join(number)
            except LookupError as error:
                refused.append(error.args[0])
        return refused

    with ThreadPoolExecutor(8) as crowd:
        refused = [number for mine in crowd.map(work, range(8)) for number in mine]
    assert refused == [number for number in range(800) if number % 10 == 3]
    assert _known(store) == 720


def test_those_who_come_while_one_writes_are_written_at_one_stroke(
    store: Store, together: Gathering[int, int]
) -> None:
    with ThreadPoolExecutor(8) as crowd:
        with store.write():
            writers = [crowd.submit(together.join, number) for number in range(20, 23)]
            while len(together) < 3:
                pass
        assert [writer.result() for writer in writers] == [3, 3, 3]
    assert _known(store) == 3


def test_where_many_came_at_once_the_next_to_lead_waits_for_as_many(store: Store) -> None:
    patient = Gathering(store.write, _add, moment_s=60)
    with ThreadPoolExecutor(2) as crowd:
        with store.write():
            writers = [crowd.submit(patient.join, 20)]
            while not patient:
                pass
            writers.append(crowd.submit(patient.join, 21))
            while len(patient) < 2:
                pass
        assert [writer.result() for writer in writers] == [2, 2]
        first = crowd.submit(patient.join, 22)
        with pytest.raises(TimeoutError):
            first.result(timeout=0.3)
        assert patient.join(24) == 2
        assert first.result() == 2


def test_nobody_waits_long_for_those_who_stay_away(store: Store) -> None:
    hasty = Gathering(store.write, _add, moment_s=0.01)
    with ThreadPoolExecutor(2) as crowd, store.write():
        writers = [crowd.submit(hasty.join, number) for number in (20, 21)]
        while len(hasty) < 2:
            pass
    assert [writer.result() for writer in writers] == [2, 2]
    assert hasty.join(22) == 1


def test_all_who_shared_are_told_when_the_database_stays_locked(
    store: Store, together: Gathering[int, int]
) -> None:
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(3) as crowd:
            tries = [crowd.submit(together.join, number) for number in (1, 2, 4)]
            errors = [attempt.exception(timeout=2 * BUSY_TIMEOUT_S + 1) for attempt in tries]
        assert all(isinstance(error, sqlite3.OperationalError) for error in errors)
        other.execute("ROLLBACK")
    together.join(2)
    assert _known(store) == 1


def test_a_write_over_a_reading_connection_is_an_error(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"), store.read() as db:
        _add(db, [1])
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

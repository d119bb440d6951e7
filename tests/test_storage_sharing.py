"""Many small writes share a transaction; connections are kept, but never to a file that is gone."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

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


def _add(number: int, db: Database) -> int:
    db.execute("INSERT INTO conversations VALUES (?, '')", [f"t_{number:04}"])
    if number % 10 == 3:
        raise LookupError(number)
    return number


def _known(store: Store) -> int:
    with store.read() as db:
        return int(next(db.query("SELECT count(*) AS n FROM conversations"))["n"])


def test_work_that_fails_is_undone_alone_and_each_gets_its_own_answer(store: Store) -> None:
    start = threading.Barrier(8)

    def work(thread: int) -> list[int | str]:
        start.wait()
        answers: list[int | str] = []
        for number in range(thread * 100, thread * 100 + 100):
            try:
                answers.append(store.write_together(lambda db, n=number: _add(n, db)))  # type: ignore[misc]
            except LookupError as error:
                answers.append(str(error))
        return answers

    with ThreadPoolExecutor(8) as crowd:
        answers = [answer for mine in crowd.map(work, range(8)) for answer in mine]
    assert answers == [str(n) if n % 10 == 3 else n for n in range(800)]
    assert _known(store) == 720


def test_those_who_come_while_one_writes_are_written_by_one_of_them(store: Store) -> None:
    with ThreadPoolExecutor(8) as crowd:
        with store.write():
            writers = [
                crowd.submit(store.write_together, lambda _: threading.get_ident())
                for _ in "12345678"
            ]
            while len(store._gathering) < 8:
                pass
        assert len({writer.result() for writer in writers}) == 1


def test_all_who_shared_are_told_when_the_database_stays_locked(store: Store) -> None:
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(3) as crowd:
            tries = [crowd.submit(store.write_together, lambda db: _add(1, db)) for _ in range(3)]
            errors = [attempt.exception(timeout=2 * BUSY_TIMEOUT_S + 1) for attempt in tries]
        assert all(isinstance(error, sqlite3.OperationalError) for error in errors)
        other.execute("ROLLBACK")
    assert store.write_together(lambda db: _add(2, db)) == 2
    assert _known(store) == 1


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

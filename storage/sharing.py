"""A piece of work that shares a transaction with others, each undone for itself when it fails."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar, cast

from sqlite_utils import Database

T = TypeVar("T")
_SAVEPOINT: Final = '"shared"'


class Shared(Generic[T]):
    """Done by whichever thread has the writer's turn; awaited by the one that asked for it."""

    def __init__(self, work: Callable[[Database], T]) -> None:
        self._work = work
        self._ended = threading.Event()
        self._result: T | None = None
        self._error: BaseException | None = None

    @property
    def done(self) -> bool:
        """Whether its transaction has ended, one way or the other."""
        return self._ended.is_set()

    def do(self, db: Database) -> None:
        """Do it inside the open transaction."""
        db.conn.execute(f"SAVEPOINT {_SAVEPOINT}")
        try:
            self._result = self._work(db)
        except Exception as error:  # noqa: BLE001 - raised where the work was asked for
            self._error = error
            db.conn.execute(f"ROLLBACK TO {_SAVEPOINT}")
        db.conn.execute(f"RELEASE {_SAVEPOINT}")

    def finish(self) -> None:
        """Its transaction is on disk."""
        self._ended.set()

    def fail(self, error: BaseException) -> None:
        """Its transaction came to nothing."""
        self._error = error
        self._ended.set()

    def given_up(self, queue: "deque[Shared[Any]]") -> bool:
        """Take it back from the queue; False when somebody is doing it already."""
        try:
            queue.remove(self)
        except ValueError:
            return False
        return True

    def result(self) -> T:
        """What the work returned; raises what it raised. Waits until its transaction has ended."""
        self._ended.wait()
        if self._error is not None:
            raise self._error
        return cast(T, self._result)

"""Work that shares a transaction with what others ask for at the same moment.

Whoever comes first leads: it does everything that waits in one transaction. Those who come meanwhile
wait, until their work is done or one of them is made the next to lead.
"""

import threading
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar, cast

from sqlite_utils import Database

T = TypeVar("T")
_SAVEPOINT: Final = '"shared"'


class Shared(Generic[T]):
    """A piece of work; it is undone alone when it fails, and raises where it was asked for."""

    def __init__(self, work: Callable[[Database], T]) -> None:
        self._work = work
        self._called = threading.Lock()
        self._called.acquire()
        self._ended = False
        self._result: T | None = None
        self._error: BaseException | None = None

    def do(self, db: Database) -> None:
        """Do it inside the open transaction."""
        db.conn.execute(f"SAVEPOINT {_SAVEPOINT}")
        try:
            self._result = self._work(db)
        except Exception as error:  # noqa: BLE001 - raised where the work was asked for
            self._error = error
            db.conn.execute(f"ROLLBACK TO {_SAVEPOINT}")
        db.conn.execute(f"RELEASE {_SAVEPOINT}")

    def end(self, error: BaseException | None = None) -> None:
        """Its transaction is on disk, or came to nothing by this error; whoever waits is called."""
        self._error = error or self._error
        self._ended = True
        self.call()

    def call(self) -> None:
        """Wake the thread that asked for it."""
        self._called.release()

    def wait(self) -> bool:
        """Wait until called; True when its transaction has ended, False when it is to lead."""
        self._called.acquire()
        return self._ended

    def result(self) -> T:
        """What the work returned; raises what it raised."""
        if self._error is not None:
            raise self._error
        return cast(T, self._result)


class Gathering:
    """The work that waits, and whether somebody leads.

    `carry_out` opens a transaction, then asks for the work: what came until then is done as well.
    """

    def __init__(self, carry_out: Callable[[Callable[[], list[Shared[Any]]]], None]) -> None:
        self._carry_out = carry_out
        self._guard = threading.Lock()
        self._waiting: list[Shared[Any]] = []
        self._led = False

    def __len__(self) -> int:
        return len(self._waiting)

    def join(self, work: Callable[[Database], T]) -> T:
        """Have the work done; returns or raises what it does, once its transaction has ended."""
        mine = Shared(work)
        with self._guard:
            self._waiting.append(mine)
            leads, self._led = not self._led, True
        if leads or not mine.wait():
            self._lead()
        return mine.result()

    def _lead(self) -> None:
        taken: list[Shared[Any]] = []

        def take() -> list[Shared[Any]]:
            with self._guard:
                taken.extend(self._waiting)
                self._waiting.clear()
            return taken

        failure: BaseException | None = None
        try:
            self._carry_out(take)
        except BaseException as error:  # noqa: BLE001 - raised by everybody's `join`
            failure = error
        for work in taken or take():
            work.end(failure)
        with self._guard:
            successor = self._waiting[0] if self._waiting else None
            self._led = successor is not None
        if successor:
            successor.call()

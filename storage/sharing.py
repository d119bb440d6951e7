"""Writes that share a transaction with those that others ask for at the same moment.

Whoever comes first leads: it writes everything that waits in one transaction, with as few statements
as for one. Those who come meanwhile wait, until theirs is written or one of them is made the next to
lead. Where many came at once lately, the leader waits a moment for as many: two halves that take turns
would hold each other up.
"""

import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Final, Generic, TypeVar, cast

from sqlite_utils import Database

Item = TypeVar("Item")
Told = TypeVar("Told")
MOMENT_S: Final = 0.002


class _Share(Generic[Item, Told]):
    """What one thread brought, and how it learns what came of it."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self._told: Told | None = None
        self._error: BaseException | None = None
        self._called = threading.Lock()
        self._called.acquire()
        self._ended = False

    def end(self, told: Told | None, error: BaseException | None) -> None:
        """It is on disk, or came to nothing by this error; whoever waits is called."""
        self._told, self._error = told, error
        self._ended = True
        self.call()

    def call(self) -> None:
        """Wake the thread that brought it."""
        self._called.release()

    def wait(self) -> bool:
        """Wait until called; True when it has ended, False when its thread is to lead."""
        self._called.acquire()
        return self._ended

    def outcome(self) -> Told:
        """What the work told; raises what stood against it."""
        if self._error is not None:
            raise self._error
        return cast(Told, self._told)


class Gathering(Generic[Item, Told]):
    """What waits to be written, and whether somebody leads.

    `transaction` opens one; `work` writes many items into it and tells something of all of them. It is
    asked again for each alone when it could not do them together.
    """

    def __init__(
        self,
        transaction: Callable[[], AbstractContextManager[Database]],
        work: Callable[[Database, Sequence[Item]], Told],
        *,
        moment_s: float = MOMENT_S,
    ) -> None:
        self._transaction = transaction
        self._work = work
        self._moment_s = moment_s
        self._guard = threading.Lock()
        self._waiting: list[_Share[Item, Told]] = []
        self._led = False
        self._expected = 1
        self._complete = threading.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def join(self, item: Item) -> Told:
        """Have it written; what the work told once it is on disk. Raises what stood against it."""
        mine = _Share[Item, Told](item)
        with self._guard:
            self._waiting.append(mine)
            leads, self._led = not self._led, True
            self._look_who_is_here()
        if leads or not mine.wait():
            self._lead()
        return mine.outcome()

    def _lead(self) -> None:
        shares: list[_Share[Item, Told]] = []
        told: Told | None = None
        failure: BaseException | None = None
        self._complete.wait(self._moment_s)
        try:
            with self._transaction() as db:
                shares = self._take()  # with those who came while it was waited for
                told = self._work(db, [share.item for share in shares])
        except BaseException as error:  # noqa: BLE001 - raised by the `join` of whoever brought it
            failure = error
        # A lock or a full disk stands against all of them; anything else may be the fault of one.
        together = failure is None or isinstance(failure, sqlite3.OperationalError)
        for share in shares or self._take():
            if together:
                share.end(told, failure)
            else:
                self._do_alone(share)
        with self._guard:
            self._expected = len(shares) + len(self._waiting)
            self._look_who_is_here()
            successor = self._waiting[0] if self._waiting else None
            self._led = successor is not None
        if successor:
            successor.call()

    def _look_who_is_here(self) -> None:
        if len(self._waiting) >= self._expected:
            self._complete.set()

    def _take(self) -> list[_Share[Item, Told]]:
        with self._guard:
            taken, self._waiting = self._waiting, []
            self._complete.clear()
            return taken

    def _do_alone(self, share: _Share[Item, Told]) -> None:
        try:
            with self._transaction() as db:
                told = self._work(db, [share.item])
        except BaseException as error:  # noqa: BLE001 - as above
            share.end(None, error)
        else:
            share.end(told, None)

"""Requests to one path that have come by now are answered together, by one thread.

Each of Waitress's threads serves one request at a time. Where thousands come and all want the same disk,
they mostly wait for each other: one thread that takes whatever has come does more.
Leans on what Waitress 3 hands to its dispatcher: a channel with `requests`, `task_class`, `service`.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Protocol

import structlog
from waitress.task import Task, ThreadedTaskDispatcher, WSGITask

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Request:
    """One request, read whole. Names of headers are in capitals, with `_` for `-`.

    `arrived_at` is a monotonic time in seconds.
    """

    method: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    arrived_at: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: `kind` is the content type."""

    status: int
    kind: str
    body: bytes
    headers: Sequence[tuple[str, str]] = ()


FAILED: Final = Answer(500, "text/plain", b"Something went wrong here; the log says what.")


class BulkHandler(Protocol):
    """Whoever answers all requests to a path."""

    path: str

    def answer_all(self, requests: Sequence[Request]) -> Sequence[Answer]:
        """An answer to each, in their order; called by one thread only."""


class BulkDispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Gives one path to its handler, and all else to Waitress's threads, one request each."""

    def __init__(self, handler: BulkHandler) -> None:
        super().__init__()
        self._path = handler.path
        self._bulk = _Bulk(handler)

    def add_task(self, task: Any) -> None:
        """A channel of Waitress's has read a request."""
        first = task.requests[0]
        if first.path != self._path or first.error:
            super().add_task(task)
        elif self._bulk.join(task):
            super().add_task(self._bulk)


class _Bulk:
    """The channels whose requests wait: a task of Waitress's, which never has more than one thread."""

    def __init__(self, handler: BulkHandler) -> None:
        self._handler = handler
        self._guard = threading.Lock()
        self._waiting: list[tuple[float, Any]] = []
        self._served = False

    def join(self, channel: Any) -> bool:
        """Have its request answered too; whether a thread is needed for that."""
        with self._guard:
            self._waiting.append((time.monotonic(), channel))
            first, self._served = not self._served, True
        return first

    def service(self) -> None:
        """Answer what has come, and what comes meanwhile."""
        while come := self._take():
            self._answer(come)

    def cancel(self) -> None:
        """Nobody will be answered any more."""
        for _, channel in self._take():
            channel.cancel()

    def _take(self) -> list[tuple[float, Any]]:
        with self._guard:
            come, self._waiting = self._waiting, []
            self._served = bool(come)
        return come

    def _answer(self, come: Sequence[tuple[float, Any]]) -> None:
        channels = [channel for _, channel in come]
        try:
            answers = self._handler.answer_all([_request(at, channel) for at, channel in come])
            given = list(zip(channels, answers, strict=True))
        except Exception:  # noqa: BLE001 - costs neither the thread nor whoever comes next
            _log.exception("requests failed", path=self._handler.path, count=len(come))
            given = [(channel, FAILED) for channel in channels]
        for channel, answer in given:
            _give(channel, answer)


def _request(arrived_at: float, channel: Any) -> Request:
    read = channel.requests[0]
    body = read.get_body_stream().read()
    return Request(read.command, read.query, read.headers, body, arrived_at)


def _give(channel: Any, answer: Answer) -> None:
    """Have Waitress write it, with all that HTTP wants around it."""
    answered = channel.requests[0]

    def task_of(channel: Any, request: Any) -> Task:
        # What comes next over the connection may be another thread's already.
        if request is answered:
            return _AnswerTask(channel, request, answer)
        return WSGITask(channel, request)

    channel.task_class = task_of
    try:
        channel.service()
    except Exception:  # noqa: BLE001 - one connection's trouble is not the others'
        _log.exception("an answer could not be written")


class _AnswerTask(Task):  # type: ignore[misc]
    """Writes an answer that is known already."""

    complete = True

    def __init__(self, channel: Any, request: Any, answer: Answer) -> None:
        super().__init__(channel, request)
        self._answer = answer

    def execute(self) -> None:
        answer, size = self._answer, len(self._answer.body)
        self.status = f"{answer.status} {HTTPStatus(answer.status).phrase}"
        about = [("Content-Type", answer.kind), ("Content-Length", str(size)), *answer.headers]
        self.response_headers.extend(about)
        self.content_length = size
        body = b"" if self.request.command == "HEAD" else answer.body
        # In one piece: at each that is sent, other threads may take over.
        self.channel.write_soon(self.build_response_header() + body)
        self.wrote_header = True

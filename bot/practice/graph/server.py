"""HTTP on loopback, by hand, because a faulty Meta must be able to cut, hang and refuse."""

import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from http.client import responses
from http.server import BaseHTTPRequestHandler
from typing import Any

_POLL_SECONDS = 0.02


@dataclass(frozen=True)
class HttpRequest:
    """A request as it came in; `target` is path and query, header names as the client wrote them."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """A whole answer."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=UTF-8"


class Ending(Enum):
    """What becomes of the connection."""

    ANSWER = auto()
    CUT = auto()
    CUT_MID_BODY = auto()
    HANG = auto()


@dataclass(frozen=True)
class Outcome:
    """How a request ends; `delay` in seconds comes before it, CUT and HANG send no reply."""

    reply: Reply
    ending: Ending = Ending.ANSWER
    delay: float = 0.0


Answer = Callable[[HttpRequest], Outcome]


class LoopbackServer:
    """Listens on one port of 127.0.0.1, which stays its own while it is down."""

    def __init__(self, answer: Answer, port: int = 0) -> None:
        self._answer = answer
        self._reservation = _reserve(port)
        self.port: int = self._reservation.getsockname()[1]
        self._listener: _Listener | None = None
        self._thread: threading.Thread | None = None

    def up(self) -> None:
        """Listen; nothing happens where it listens already."""
        if self._listener is None:
            self._reservation.close()
            self._listener = _Listener(self.port, self._answer)
            self._thread = threading.Thread(
                target=self._listener.serve_forever,
                args=(_POLL_SECONDS,),
                name="graph-listener",
                daemon=True,
            )
            self._thread.start()

    def down(self) -> None:
        """Refuse connections from now on and cut the open ones."""
        if self._listener is not None and self._thread is not None:
            self._listener.shutdown()
            self._thread.join()
            self._listener.server_close()
            self._listener.cut_all()
            self._listener = None
            self._reservation = _reserve(self.port)

    def close(self) -> None:
        """Go down for good."""
        self.down()
        self._reservation.close()


def _reserve(port: int) -> socket.socket:
    """A socket that keeps the port from others and, as it never listens, refuses connections."""
    reservation = socket.socket()
    reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reservation.bind(("127.0.0.1", port))
    return reservation


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 128
    daemon_threads = True

    def __init__(self, port: int, answer: Answer) -> None:
        self.answer = answer
        self.closing = threading.Event()
        self._open: dict[threading.Thread, Any] = {}
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self.process_request_thread,
            args=(request, client_address),
            name="graph-connection",
            daemon=True,
        )
        with self._lock:
            self._open[thread] = request
        thread.start()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                del self._open[threading.current_thread()]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent about clients that went away; anything else is a mistake of ours."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def cut_all(self) -> None:
        """Cut every open connection and wait for the threads that served them."""
        self.closing.set()
        with self._lock:
            connections = dict(self._open)
        for thread, connection in connections.items():
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listener

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        request = HttpRequest(
            self.command, self.path, dict(self.headers.items()), self.rfile.read(length)
        )
        outcome = self.server.answer(request)
        if outcome.delay:
            self.server.closing.wait(outcome.delay)
        if outcome.ending is Ending.ANSWER:
            self.wfile.write(_bytes_of(outcome.reply))
            return
        self.close_connection = True
        if outcome.ending is Ending.HANG:
            self.server.closing.wait()
        elif outcome.ending is Ending.CUT_MID_BODY:
            whole = _bytes_of(outcome.reply)
            self.wfile.write(whole[: len(whole) - max(1, len(outcome.reply.body) // 2)])

    do_POST = do_DELETE = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing: every request is kept for inspection instead."""


def _bytes_of(reply: Reply) -> bytes:
    lines = [
        f"HTTP/1.1 {reply.status} {responses[reply.status]}",
        f"Content-Type: {reply.content_type}",
        f"Content-Length: {len(reply.body)}",
        *(f"{name}: {value}" for name, value in reply.headers.items()),
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + reply.body

"""Socket Mode: the bot keeps WebSockets open and payloads travel over any one of them.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import json
import logging
import secrets
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Final

from .delivery import Kind
from .errors import SlackDispatchFailed, SlackTimeout
from .workspace import APP_ID, Json, Workspace

if TYPE_CHECKING:
    from websockets.http11 import Request, Response
    from websockets.sync.server import Server, ServerConnection

MOST_CONNECTIONS: Final = 10
_CLOSE_SECONDS: Final = 1.0
_PING_SECONDS: Final = 0.2
_ANSWERED_WITH_CONTENT: Final = frozenset({"view_submission", "block_suggestion"})


class SocketMode:
    """A WebSocket server on loopback; each address it gives out serves one connection."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self._tickets: set[str] = set()
        self._connections: list[ServerConnection] = []
        self._waiting: dict[str, Future[Json]] = {}
        self._served = 0

    @property
    def connected(self) -> int:
        """How many connections the bot holds open."""
        return len(self._connections)

    def new_url(self) -> str:
        """An address for one connection; the first one starts the server."""
        with self._workspace.changed:
            if self._server is None:
                self._server = self._start()
            ticket = secrets.token_urlsafe(8)
            self._tickets.add(ticket)
            port = self._server.socket.getsockname()[1]
            return f"ws://127.0.0.1:{port}/link/?ticket={ticket}&app_id={APP_ID}"

    def _start(self) -> "Server":
        try:
            from websockets.sync.server import serve
        except ImportError:
            raise RuntimeError("Socket Mode in practice needs the package websockets") from None
        logger = logging.getLogger("websockets.practice")
        logger.setLevel(logging.CRITICAL)  # a client that hangs up is no news
        server = serve(
            self._talk,
            "127.0.0.1",
            0,
            process_request=self._admit,
            compression=None,
            # A client that waits for data only notices its own closing when something arrives.
            ping_interval=_PING_SECONDS,
            close_timeout=_CLOSE_SECONDS,
            logger=logger,
        )
        self._thread = threading.Thread(target=server.serve_forever, name="slack-socket")
        self._thread.start()
        return server

    def _admit(self, connection: "ServerConnection", request: "Request") -> "Response | None":
        ticket = request.path.partition("ticket=")[2].partition("&")[0]
        with self._workspace.changed:
            if ticket in self._tickets:
                self._tickets.remove(ticket)
                return None
        return connection.respond(403, "This address is unknown or was used before.\n")

    def _talk(self, connection: "ServerConnection") -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            self._greet(connection)
            for text in connection:
                self._hear(json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            with self._workspace.changing():
                if connection in self._connections:
                    self._connections.remove(connection)

    def _greet(self, connection: "ServerConnection") -> None:
        if self.connected >= MOST_CONNECTIONS:
            connection.send(_disconnect("too_many_websockets"))
            connection.close()
            return
        hello = {
            "type": "hello",
            "num_connections": self.connected + 1,
            "connection_info": {"app_id": APP_ID},
            "debug_info": {"host": "practice", "approximate_connection_time": 18060},
        }
        connection.send(json.dumps(hello))
        with self._workspace.changing():
            self._connections.append(connection)

    def _hear(self, answer: Json) -> None:
        waiting = self._waiting.pop(str(answer.get("envelope_id")), None)
        if waiting is not None:  # None: too late, the person has seen a failure by now
            waiting.set_result(answer.get("payload") or {})

    def deliver(self, kind: Kind, payload: Json, ack_seconds: float) -> Json:
        """Send a payload over one of the connections, each in its turn."""
        connection = self._next_connection()
        from websockets.exceptions import ConnectionClosed  # there, now that one is open

        envelope_id, answer = secrets.token_hex(16), Future[Json]()
        self._waiting[envelope_id] = answer
        envelope: dict[str, Any] = {
            "envelope_id": envelope_id,
            "type": kind,
            "accepts_response_payload": kind == "slash_commands"
            or payload["type"] in _ANSWERED_WITH_CONTENT,
            "payload": payload,
        }
        try:
            connection.send(json.dumps(envelope))
            return answer.result(ack_seconds)
        except TimeoutError:
            raise SlackTimeout(f"no acknowledgement within {ack_seconds:g} s") from None
        except ConnectionClosed:
            raise SlackDispatchFailed("the bot hung up") from None
        finally:
            self._waiting.pop(envelope_id, None)

    def _next_connection(self) -> "ServerConnection":
        with self._workspace.changed:
            if not self._connections:
                raise SlackDispatchFailed("the bot is not connected")
            self._served += 1
            return self._connections[self._served % len(self._connections)]

    def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to be made anew, as Slack does every few hours, and close it."""
        with self._workspace.changing():
            leaving, self._connections = self._connections, []  # nothing goes over them any more
        for connection in leaving:
            connection.send(_disconnect(reason))
            connection.close()

    def close(self) -> None:
        """Close every connection and the server, and wait for their threads."""
        if self._server is None or self._thread is None:
            return
        for connection in list(self._connections):
            connection.close()
        self._server.shutdown()
        self._thread.join()
        with self._workspace.changed:
            self._workspace.changed.wait_for(lambda: not self._connections, _CLOSE_SECONDS)


def _disconnect(reason: str) -> str:
    return json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "practice"}})

"""A small, fast Graph for benchmarks, as a process of its own: it takes messages and counts them.

Run as `python -m tests.benchmarks.graph_server`; the first line on stdout tells its port. It reads
every message and answers as Graph does, after a delay that `POST /control/reset?delay_s=` sets. It
knows nothing of windows or people: what it measures is whoever talks to it.
"""

import asyncio
import json
import time
from dataclasses import asdict, dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.benchmarks.arrivals import Arrival, Summary
from tests.benchmarks.graph_calls import (
    BATCH,
    SEND,
    BadCall,
    Message,
    read_batch,
    read_fields,
    read_message,
)

END_OF_HEAD = b"\r\n\r\n"
JSON = "application/json; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Request:
    """A whole request; `arrived` is the machine's time in seconds."""

    method: str
    target: str
    content_type: str
    body: bytes
    arrived: float

    @property
    def path(self) -> str:
        return urlsplit(self.target).path


@dataclass(slots=True)
class Graph:
    """What arrived since the last reset, and how long every answer takes."""

    delay_s: float = 0.0
    arrivals: list[Arrival] = field(default_factory=list)
    refused: int = 0
    given: int = 0

    def answer(self, request: Request) -> tuple[float, bytes]:
        """The answer and the seconds before it leaves."""
        if request.path.startswith("/control/"):
            return 0.0, self._control(request)
        if request.method == "GET":  # the User Profile API
            profile = {"first_name": "Ada", "last_name": "Moreau", "id": request.path[-17:]}
            return self.delay_s, _reply(200, json.dumps(profile))
        try:
            return self.delay_s, self._take(request)
        except BadCall as refusal:
            self.refused += 1
            return self.delay_s, _reply(400, _error(refusal))

    def _take(self, request: Request) -> bytes:
        fields = read_fields(request.content_type, request.body)
        if SEND.fullmatch(request.path):
            return _reply(200, self._accept(read_message(fields), request.arrived))
        if not BATCH.fullmatch(request.path):
            raise BadCall("(#100) Unknown path")
        answers = [self._answer_call(call, request.arrived) for call in read_batch(fields)]
        return _reply(200, json.dumps(answers))

    def _answer_call(self, call: Message | BadCall, arrived: float) -> dict[str, object]:
        headers = [{"name": "Content-Type", "value": JSON}]
        if isinstance(call, BadCall):
            self.refused += 1
            return {"code": 400, "headers": headers, "body": _error(call)}
        return {"code": 200, "headers": headers, "body": self._accept(call, arrived)}

    def _accept(self, message: Message, arrived: float) -> str:
        name = message.metadata or message.recipient
        self.arrivals.append(Arrival(arrived, name, message.messaging_type))
        self.given += 1
        return json.dumps({"recipient_id": message.recipient, "message_id": f"m_{self.given:064x}"})

    def _control(self, request: Request) -> bytes:
        match request.path:
            case "/control/reset":
                self.delay_s = float(parse_qs(urlsplit(request.target).query)["delay_s"][0])
                self.arrivals, self.refused = [], 0
                return _reply(200, "{}")
            case "/control/count":
                return _reply(200, json.dumps(len(self.arrivals)))
            case "/control/arrivals":
                return _reply(200, json.dumps([[each.name, each.at] for each in self.arrivals]))
            case "/control/summary":
                return _reply(200, json.dumps(asdict(Summary.of(self.arrivals, self.refused))))
            case _:
                return _reply(404, "{}")


class Connection(asyncio.Protocol):
    """One client; it waits for an answer before it asks again."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._unread = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._unread += data
        while request := self._next():
            delay_s, reply = self._graph.answer(request)
            if delay_s:
                asyncio.get_running_loop().call_later(delay_s, self._write, reply)
            else:
                self._write(reply)

    def _next(self) -> Request | None:
        head, found, rest = self._unread.partition(END_OF_HEAD)
        if not found:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (ln.partition(":") for ln in lines)
        }
        length = int(headers.get("content-length", 0))
        if len(rest) < length:
            return None
        self._unread = rest[length:]
        method, target, _ = first.split(" ")
        return Request(method, target, headers.get("content-type", ""), rest[:length], time.time())

    def _write(self, reply: bytes) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.write(reply)


def _reply(status: int, body: str) -> bytes:
    raw = body.encode()
    reason = "OK" if status == 200 else "Refused"
    head = (
        f"HTTP/1.1 {status} {reason}\r\nContent-Type: {JSON}\r\nContent-Length: {len(raw)}\r\n\r\n"
    )
    return head.encode() + raw


def _error(refusal: BadCall) -> str:
    error = {"message": str(refusal), "type": "OAuthException", "code": 100, "fbtrace_id": "A1"}
    return json.dumps({"error": error})


async def serve() -> None:
    """Answer on a free port of this machine until ended."""
    graph = Graph()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(graph), "127.0.0.1", 0, backlog=512)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)  # noqa: T201
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())

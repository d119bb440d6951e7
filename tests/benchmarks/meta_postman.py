"""Posts webhooks as Meta does: signed, over several connections at once, the next after each answer."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from threading import Event

from tests.benchmarks.installation import PAGE, sign

CONNECTIONS = 8
PEOPLE = 500
REPEAT_EVERY = 10  # Meta sends again what it believes was not taken
END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of it: how many bodies were answered 200, how many were not, and how long it took."""

    taken: int
    refused: int
    seconds: float

    @property
    def a_second(self) -> float:
        return self.taken / self.seconds


def bodies(count: int, first: int = 0) -> list[bytes]:
    """So many bodies of one message each; every tenth has been sent before."""
    made: list[bytes] = []
    for number in range(first, first + count):
        again = made and number % REPEAT_EVERY == 0
        made.append(made[-1] if again else _body(number, int(time.time() * 1000)))
    return made


def distinct(sent: Sequence[bytes]) -> int:
    """How many events are in these bodies when each counts once."""
    return len(set(sent))


def post_all(port: int, sent: Sequence[bytes]) -> Posted:
    """Post each body once; returns when the last was answered."""
    return asyncio.run(_post(port, iter(sent)))


def post_until(port: int, sent: Sequence[bytes], stopped: Event) -> Posted:
    """Post these bodies over and over, until told to stop."""

    def until_stopped() -> Iterator[bytes]:
        for body in cycle(sent):
            if stopped.is_set():
                return
            yield body

    return asyncio.run(_post(port, until_stopped()))


def _body(number: int, now_ms: int) -> bytes:
    person = f"{30_000_000_000_000_000 + number % PEOPLE}"
    message = {"mid": f"m_{number:060x}", "text": f"Hi, is my table {number} still booked?"}
    event = {
        "sender": {"id": person},
        "recipient": {"id": PAGE},
        "timestamp": now_ms - 1_000_000 + number,  # no two alike
        "message": message,
    }
    entry = {"id": PAGE, "time": now_ms, "messaging": [event]}
    return json.dumps({"object": "page", "entry": [entry]}, separators=(",", ":")).encode()


def _request(body: bytes) -> bytes:
    head = (
        "POST /messenger/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature-256: {sign(body)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _post(port: int, sent: Iterator[bytes]) -> Posted:
    begun = time.perf_counter()
    connections = [_connection(port, sent) for _ in range(CONNECTIONS)]
    answers = await asyncio.gather(*connections)
    seconds = time.perf_counter() - begun
    taken = sum(count for count, _ in answers)
    return Posted(taken, sum(count for _, count in answers), seconds)


async def _connection(port: int, sent: Iterator[bytes]) -> tuple[int, int]:
    """How many bodies were taken over this connection, and how many were not."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    taken = refused = 0
    for body in sent:
        writer.write(_request(body))
        head = await reader.readuntil(END_OF_HEAD)
        await reader.readexactly(_length(head))
        if head.startswith(b"HTTP/1.1 200 "):
            taken += 1
        else:
            refused += 1
    writer.close()
    await writer.wait_closed()
    return taken, refused


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0

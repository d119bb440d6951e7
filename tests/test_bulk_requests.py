"""Requests to one path are answered together: each with its own answer, whatever befalls the others."""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from bot import wsgi_server
from bot.bulk_requests import Answer, Request
from bot.wsgi_server import WsgiServer
from tests.house import PATIENCE_S, until

PATH = "/many"


class Echo:
    """Says back what was posted; holds up whoever posts `wait` until the gate opens."""

    path = PATH

    def __init__(self) -> None:
        self.calls: list[list[Request]] = []
        self.gate = threading.Event()

    def answer_all(self, requests: Sequence[Request]) -> list[Answer]:
        self.calls.append(list(requests))
        said = [request.body for request in requests]
        if b"wait" in said:
            self.gate.wait(PATIENCE_S)
        if b"fail" in said:
            raise ValueError("on purpose")
        if b"forget" in said:
            return []
        return [Answer(200, "text/plain", body, [("X-Said", body.decode())]) for body in said]


def _beyond(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Length", "6")])
    return [b"beyond"]


@dataclass
class Door:
    """A server with that handler; people who post to it are threads of their own."""

    echo: Echo
    server: WsgiServer
    crowd: ThreadPoolExecutor

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    @property
    def waiting(self) -> int:
        return len(self.server._server.task_dispatcher._bulk._waiting)

    def say(self, word: str, **options: Any) -> requests.Response:
        options = {"timeout": PATIENCE_S} | options
        return requests.post(f"{self.url}{PATH}?{word}", word, **options)

    def hold_up(self) -> Future[requests.Response]:
        """Somebody posts what is not answered before the gate opens."""
        held_up = self.crowd.submit(self.say, "wait")
        until(lambda: self.echo.calls)
        return held_up

    def say_meanwhile(self, *words: str) -> list[Future[requests.Response]]:
        come = self.waiting
        said = [self.crowd.submit(self.say, word) for word in words]
        until(lambda: self.waiting == come + len(words))
        return said


@contextmanager
def _open_door() -> Iterator[Door]:
    echo = Echo()
    server = WsgiServer(_beyond, "127.0.0.1", 0, threads=2, bulk=echo)
    server.start()
    with ThreadPoolExecutor(8) as crowd:
        try:
            yield Door(echo, server, crowd)
        finally:
            echo.gate.set()
            server.stop()


@pytest.fixture
def door() -> Iterator[Door]:
    with _open_door() as opened:
        yield opened


def test_what_comes_meanwhile_is_answered_at_one_stroke_and_each_gets_its_own(door: Door) -> None:
    first, others = door.hold_up(), door.say_meanwhile(*"abcdef")
    beyond = requests.get(door.url, timeout=PATIENCE_S)
    assert beyond.text == "beyond"  # nobody else waits for them
    door.echo.gate.set()
    assert first.result().text == "wait"
    assert [other.result().text for other in others] == list("abcdef")
    assert [other.result().headers["X-Said"] for other in others] == list("abcdef")
    assert [len(call) for call in door.echo.calls] == [1, 6]
    assert {request.query for request in door.echo.calls[1]} == set("abcdef")


@pytest.mark.parametrize("fault", ["fail", "forget"])
def test_a_handler_that_fails_is_a_500_and_the_next_is_answered(door: Door, fault: str) -> None:
    assert door.say(fault).status_code == 500
    assert door.say("a").text == "a"


def test_a_connection_is_kept_and_head_has_no_body(door: Door) -> None:
    address = f"{door.url}{PATH}"
    with requests.Session() as session:
        for word in "ab":
            assert session.post(address, word, timeout=PATIENCE_S).text == word
        head = session.request("HEAD", address, data="abc", timeout=PATIENCE_S)
        assert (head.text, head.headers["Content-Length"]) == ("", "3")
        assert session.post(address, "c", timeout=PATIENCE_S).text == "c"


def test_who_hangs_up_costs_the_others_nothing(door: Door) -> None:
    first = door.hold_up()
    with pytest.raises(requests.ReadTimeout):
        door.say("gone", timeout=0.2)
    [second] = door.say_meanwhile("a")
    door.echo.gate.set()
    assert (first.result().text, second.result().text) == ("wait", "a")


def test_a_stop_answers_what_has_come() -> None:
    with _open_door() as door:
        first, others = door.hold_up(), door.say_meanwhile(*"ab")
    assert first.result().text == "wait"
    assert [other.result().text for other in others] == list("ab")


def test_a_flood_does_not_hold_up_a_stop() -> None:
    def flood(door: Door) -> None:
        with suppress(requests.ConnectionError):
            while True:
                door.say("a")

    with _open_door() as door:
        for _ in range(6):
            door.crowd.submit(flood, door)
        until(lambda: len(door.echo.calls) > 20)
        begun = time.monotonic()
    assert time.monotonic() - begun < wsgi_server.PATIENCE_S


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (b"POST /many HTTP/1.0\r\nContent-Length: 1\r\n\r\na", [b"a"]),
        (
            b"POST /many HTTP/1.1\r\nContent-Length: 1\r\n\r\na"
            b"GET /else HTTP/1.1\r\n\r\n"
            b"POST /many HTTP/1.1\r\nContent-Length: 1\r\nConnection: close\r\n\r\nb",
            [b"a", b"beyond", b"b"],
        ),
        (
            b"POST /many HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
            [b"abc"],
        ),
    ],
    ids=["HTTP/1.0", "one after another without waiting", "in chunks"],
)
def test_it_is_spoken_to_in_every_way_of_http(door: Door, asked: bytes, said: list[bytes]) -> None:
    with socket.create_connection(("127.0.0.1", door.server.port), PATIENCE_S) as client:
        client.sendall(asked)
        answers = b"".join(iter(lambda: client.recv(4096), b"")).split(b"HTTP/1.")[1:]
    assert [answer.partition(b"\r\n\r\n")[2] for answer in answers] == said
    assert all(b" 200 OK\r\n" in answer for answer in answers)


def test_what_comes_next_over_a_connection_gets_its_own_answer(door: Door) -> None:
    pair = b"POST /many HTTP/1.1\r\nContent-Length: 1\r\n\r\naGET /else HTTP/1.1\r\n\r\n"
    last = b"GET /else HTTP/1.1\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", door.server.port), PATIENCE_S) as client:
        client.sendall(100 * pair + last)
        answers = b"".join(iter(lambda: client.recv(4096), b"")).split(b"HTTP/1.1 200 OK")[1:]
    said = [answer.partition(b"\r\n\r\n")[2] for answer in answers]
    assert said == [b"a", b"beyond"] * 100 + [b"beyond"]

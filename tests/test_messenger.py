"""What leaves for Meta, byte for byte, and what each way for a connection to fail says."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.asking import Facts
from bot.connections import Connections
from bot.graph_errors import GraphError, Meaning
from bot.messenger import Messenger
from bot.practice.graph import faults
from bot.practice.graph.server import Reply
from bot.send_api import Outcome, Outgoing, Sent
from tests.outbox import ADA, INES, Outbox, open_outbox
from tests.practice.graph_support import SURVEY

HELLO = Outgoing(7, 5, ADA, {"text": "Hello"}, "UPDATE", None)
ANSWER = json.dumps({"recipient_id": ADA, "message_id": "m_1"}).encode()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with open_outbox(tmp_path) as opened:
        yield opened


def _body_of(outbox: Outbox, number: int, psid: str = ADA) -> dict[str, Any]:
    assert outbox.work() == 1
    assert outbox.state(number) == "sent"
    [request] = outbox.graph.requests
    assert request.path == "/v26.0/me/messages"
    return dict(request.body)


def test_inside_the_window_it_is_an_update_without_a_tag(outbox: Outbox) -> None:
    number = outbox.queue("Your table is booked: 50 € \N{WINKING FACE}", tag="HUMAN_AGENT")
    assert _body_of(outbox, number) == {
        "recipient": {"id": ADA},
        "message": {
            "text": "Your table is booked: 50 € \N{WINKING FACE}",
            "metadata": "tagwise:1",
        },
        "messaging_type": "UPDATE",
    }


def test_outside_the_window_the_tag_goes_with_it(outbox: Outbox) -> None:
    outbox.clock.forward(days=2)
    number = outbox.queue("About your question", tag="HUMAN_AGENT")
    assert _body_of(outbox, number) == {
        "recipient": {"id": ADA},
        "message": {"text": "About your question", "metadata": "tagwise:1"},
        "messaging_type": "MESSAGE_TAG",
        "tag": "HUMAN_AGENT",
    }


def test_a_survey_is_sent_as_the_template_that_it_is(outbox: Outbox) -> None:
    outbox.clock.forward(days=2)
    number = outbox.queue(message=SURVEY, tag="CUSTOMER_FEEDBACK")
    assert _body_of(outbox, number) == {
        "recipient": {"id": ADA},
        "message": {**SURVEY, "metadata": "tagwise:1"},
        "messaging_type": "MESSAGE_TAG",
        "tag": "CUSTOMER_FEEDBACK",
    }


def test_instagram_is_reached_at_the_same_place_by_the_igsid(outbox: Outbox) -> None:
    number = outbox.queue("Hello Ines", psid=INES)
    body = _body_of(outbox, number)
    assert body["recipient"] == {"id": INES}


def test_the_number_of_the_delivery_replaces_any_metadata_of_the_author(outbox: Outbox) -> None:
    number = outbox.queue(message={"text": "Hello", "metadata": "tagwise:99"}, facts=Facts())
    assert _body_of(outbox, number)["message"]["metadata"] == f"tagwise:{number}"


def test_the_token_stands_in_the_authorization_header_and_nowhere_else(outbox: Outbox) -> None:
    outbox.queue()
    outbox.work()
    [request] = outbox.graph.requests
    token = outbox.graph.access_token
    assert request.headers["Authorization"] == f"Bearer {token}"
    assert request.query == {}
    assert token.encode() not in request.raw
    assert [name for name, value in request.headers.items() if token in value] == ["Authorization"]
    assert request.headers["Content-Type"] == "application/json"


def test_a_netrc_on_the_machine_does_not_replace_the_token(
    outbox: Outbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    number = outbox.queue()
    outbox.work()
    assert outbox.state(number) == "sent"


def test_nothing_is_sent_where_nobody_listens(outbox: Outbox) -> None:
    number = outbox.queue()
    outbox.graph.down()
    outbox.work()
    assert outbox.state(number) == "pending"
    assert outbox.delivery(number).note == "Meta could not be reached."
    outbox.graph.up()
    outbox.clock.forward(minutes=1)
    outbox.work()
    assert outbox.state(number) == "sent"
    assert len(outbox.bodies()) == 1


def test_one_request_is_made_whatever_becomes_of_it(outbox: Outbox) -> None:
    for fault in (faults.hang(), faults.cut_after_accepting(), faults.html_error(502)):
        before = len(outbox.bodies())
        outbox.graph.fail_next(fault)
        outcome = outbox.services.messenger.send(HELLO)
        assert isinstance(outcome, GraphError)
        assert outcome.meaning is Meaning.UNKNOWN
        assert len(outbox.bodies()) == before + 1


def test_a_redirect_is_not_followed_with_the_token(outbox: Outbox) -> None:
    elsewhere = {"Location": f"{outbox.graph.url}/v26.0/me/messages"}
    reply = Reply(307, b"", headers=elsewhere)
    outbox.graph.fail_next(faults.Fault("redirect", accepts=False, reply=reply))
    outcome = outbox.services.messenger.send(HELLO)
    assert isinstance(outcome, GraphError)
    assert outcome.meaning is Meaning.LATER
    assert len(outbox.bodies()) == 1


@contextmanager
def _listening(serve: Any) -> Iterator[int]:
    """A bare server whose every connection is given to `serve`; its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with closing(connection):
                    serve(connection)

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _read_request(connection: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(65536)
    head, _, body = got.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return body


def _send(address: str, **timeouts: float) -> Outcome:
    messenger = Messenger(address, "v26.0", "EAAtoken", **timeouts)
    with closing(messenger):
        return messenger.send(HELLO)


def test_a_connection_that_the_server_closed_while_idle_puts_nothing_in_doubt() -> None:
    closed = threading.Semaphore(0)

    def answer_once(connection: socket.socket) -> None:
        _read_request(connection)
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(ANSWER)}\r\n\r\n".encode()
        connection.sendall(head + ANSWER)
        connection.close()
        closed.release()

    with _listening(answer_once) as port:
        messenger = Messenger(f"http://127.0.0.1:{port}", "v26.0", "EAAtoken")
        with closing(messenger):
            for _ in range(20):
                assert messenger.send(HELLO) == Sent("m_1")
                assert closed.acquire(timeout=5)


def test_idle_connections_are_probed() -> None:
    with closing(Connections(kept=1)) as connections:
        options = connections.poolmanager.connection_pool_kw["socket_options"]
    assert (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1) in options
    assert (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1) in options


def test_a_tls_handshake_that_does_not_end_in_time_has_sent_nothing() -> None:
    release = threading.Event()
    with _listening(lambda connection: release.wait(5)) as port:
        outcome = _send(f"https://127.0.0.1:{port}", connect_timeout_s=0.2)
        release.set()
    assert outcome == GraphError(Meaning.LATER, "Meta could not be reached.")


def test_a_server_that_cannot_speak_tls_has_got_nothing() -> None:
    got: list[bytes] = []

    def speak_http(connection: socket.socket) -> None:
        got.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with _listening(speak_http) as port:
        outcome = _send(f"https://127.0.0.1:{port}")
    assert outcome == GraphError(Meaning.LATER, "Meta could not be reached.")
    assert b"Hello" not in b"".join(got)


def test_a_name_that_cannot_be_resolved_is_later() -> None:
    outcome = _send("http://graph.invalid")
    assert outcome == GraphError(Meaning.LATER, "Meta could not be reached.")


def test_a_token_that_no_header_can_hold_sends_nothing(outbox: Outbox) -> None:
    messenger = Messenger(outbox.graph.url, "v26.0", "EAA\ntoken")
    with closing(messenger):
        outcome = messenger.send(HELLO)
    assert outcome == GraphError(Meaning.LATER, "Meta could not be reached.")
    assert outbox.bodies() == []


def test_a_connection_cut_while_the_request_leaves_is_in_doubt() -> None:
    with _listening(lambda connection: connection.recv(1)) as port:
        outcome = _send(f"http://127.0.0.1:{port}")
    assert isinstance(outcome, GraphError)
    assert outcome.meaning is Meaning.UNKNOWN

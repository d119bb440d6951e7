"""Meta going wrong on demand: what the client sees and whether the message was accepted."""

import socket
import threading
import time
from collections.abc import Callable

import pytest
import requests

from bot.practice.graph import Fault, GraphStandIn, Person, faults
from tests.practice.graph_support import ADA, Client, refusal


@pytest.fixture(autouse=True)
def open_window(ada: Person) -> None:
    ada.writes("Hello")


def send(client: Client) -> requests.Response:
    body = {"recipient": {"id": ADA}, "message": {"text": "Hi"}, "messaging_type": "UPDATE"}
    return client.post("me/messages", body, timeout=0.3)


@pytest.mark.parametrize(
    ("fault", "seen", "accepted"),
    [
        (faults.hang(), requests.ReadTimeout, 1),
        (faults.slow(0.6), requests.ReadTimeout, 1),
        (faults.gives_up(0.05), requests.ConnectionError, 1),
        (faults.cut_mid_body(), requests.exceptions.ChunkedEncodingError, 1),
        (faults.cut_after_accepting(), requests.ConnectionError, 1),
        (faults.cut_before_accepting(), requests.ConnectionError, 0),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else "",
)
def test_an_answer_that_never_comes_whole(
    graph: GraphStandIn, client: Client, fault: Fault, seen: type[Exception], accepted: int
) -> None:
    graph.fail_next(fault)
    with pytest.raises(seen):
        send(client)
    assert len(graph.accepted) == accepted
    assert graph.requests[-1].fault == fault.name
    assert send(client).status_code == 200


def test_a_slow_answer_is_true_in_the_end(graph: GraphStandIn, client: Client) -> None:
    graph.fail_next(faults.slow(0.1))
    started = time.monotonic()
    assert send(client).json()["message_id"] == graph.accepted[0].mid
    assert time.monotonic() - started >= 0.1


@pytest.mark.parametrize(
    ("fault", "status", "body", "accepted"),
    [
        (faults.garbled(), 200, b'{"recipient_id":"24\x00\xff\xfe', 1),
        (faults.empty(), 200, b"", 1),
        (faults.html_error(500), 500, None, 0),
        (faults.html_error(502, accepts=True), 502, None, 1),
        (faults.html_error(503), 503, None, 0),
    ],
)
def test_an_answer_that_is_no_json(
    graph: GraphStandIn,
    client: Client,
    fault: Fault,
    status: int,
    body: bytes | None,
    accepted: int,
) -> None:
    graph.fail_next(fault)
    answer = send(client)
    assert answer.status_code == status
    if body is None:
        assert answer.headers["Content-Type"].startswith("text/html")
        assert b"<html>" in answer.content
    else:
        assert answer.content == body
    assert len(graph.accepted) == accepted


def test_an_error_of_choice(graph: GraphStandIn, client: Client) -> None:
    graph.fail_next(faults.error(2, status=503, is_transient=True))
    graph.fail_next(faults.error(190, 463, message="Session has expired"))
    unexpected, expired = send(client), send(client)
    assert (unexpected.status_code, refusal(unexpected)) == (503, (2, None))
    assert unexpected.json()["error"]["is_transient"] is True
    assert (expired.status_code, refusal(expired)) == (400, (190, 463))
    assert expired.json()["error"]["message"] == "Session has expired"
    assert graph.accepted == []


def test_faults_wait_for_their_person_endpoint_and_turn(
    graph: GraphStandIn, client: Client
) -> None:
    graph.add_person("25107743390218846").writes("Hello")
    graph.fail_next(faults.error(1), times=2, recipient=ADA)
    graph.fail_next(faults.error(4), endpoint="conversations")
    assert client.send("25107743390218846", "Hi").status_code == 200
    assert client.get(ADA).status_code == 200
    codes = [refusal(send(client))[0] for _ in range(2)]
    assert codes == [1, 1]
    assert send(client).status_code == 200
    assert refusal(client.get("me/conversations")) == (4, None)
    graph.fail_next(faults.error(1))
    graph.clear_faults()
    assert send(client).status_code == 200


def test_an_operation_that_hangs_within_a_batch_is_null(
    graph: GraphStandIn, client: Client
) -> None:
    operation = {
        "method": "POST",
        "relative_url": "me/messages",
        "body": f'recipient={{"id":"{ADA}"}}&message={{"text":"Hi"}}&messaging_type=UPDATE',
    }
    graph.fail_next(faults.hang(), recipient=ADA)
    first, second = client.post("", {"batch": [operation, operation]}).json()
    assert (first, second["code"]) == (None, 200)
    assert len(graph.accepted) == 2


def test_a_meta_that_is_down_refuses_connections_and_comes_back_at_its_address(
    graph: GraphStandIn, client: Client
) -> None:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {graph.access_token}"
        assert session.get(f"{graph.url}/v25.0/me", timeout=1).status_code == 200
        graph.down()
        with pytest.raises(requests.ConnectionError):
            session.get(f"{graph.url}/v25.0/me", timeout=1)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", graph.port))
        graph.up()
        assert session.get(f"{graph.url}/v25.0/me", timeout=1).status_code == 200


def test_many_clients_at_once_lose_nothing(graph: GraphStandIn, client: Client) -> None:
    def work(act: Callable[[], object]) -> None:
        for _ in range(20):
            act()

    threads = [
        threading.Thread(target=work, args=(lambda: client.send(ADA, "Hi"),)) for _ in "1234"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({sent.mid for sent in graph.sent_to(ADA)}) == 80


def test_stopping_leaves_no_thread_behind_even_while_calls_hang() -> None:
    before = set(threading.enumerate())
    with GraphStandIn() as graph:
        graph.add_person(ADA).writes("Hello")
        graph.fail_next(faults.hang())
        graph.fail_next(faults.slow(60))
        for _ in range(2):
            with pytest.raises(requests.ReadTimeout):
                send(Client(graph))
        assert set(threading.enumerate()) - before
    assert not set(threading.enumerate()) - before

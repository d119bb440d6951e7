"""What one would write without an outbox: loops around `requests`, which record nothing."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import requests

from tests.benchmarks.processes import Graph

THREADS = 8
IN_A_BATCH = 50
PATIENCE_S = 30.0
TEXT = "Hi Ada, your table for {number} is ready at seven. See you soon!"


def _body(number: int) -> dict[str, Any]:
    message = {"text": TEXT.format(number=number), "metadata": f"plain:{number}"}
    recipient = {"id": f"{20_000_000_000_000_000 + number}"}
    return {"recipient": recipient, "message": message, "messaging_type": "UPDATE"}


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.headers["Authorization"] = "Bearer EAAbenchmark"
    return session


def _send(session: requests.Session, graph: Graph, number: int) -> None:
    url = f"{graph.url}/v26.0/me/messages"
    answer = session.post(url, json=_body(number), timeout=PATIENCE_S)
    answer.raise_for_status()
    assert answer.json()["message_id"]


def by_loop(graph: Graph, messages: int) -> float:
    """Messages a second, one after the other."""
    begun = time.perf_counter()
    with _session() as session:
        for number in range(messages):
            _send(session, graph, number)
    return messages / (time.perf_counter() - begun)


def by_threads(graph: Graph, messages: int) -> float:
    """Messages a second with eight threads, a session each."""
    own = threading.local()

    def prepare() -> None:
        own.session = _session()

    begun = time.perf_counter()
    with ThreadPoolExecutor(THREADS, initializer=prepare) as pool:
        list(pool.map(lambda number: _send(own.session, graph, number), range(messages)))
    return messages / (time.perf_counter() - begun)


def by_batches(graph: Graph, messages: int) -> float:
    """Messages a second in batches of 50, one batch after the other."""
    begun = time.perf_counter()
    with _session() as session:
        for first in range(0, messages, IN_A_BATCH):
            numbers = range(first, min(first + IN_A_BATCH, messages))
            batch = json.dumps([_call(number) for number in numbers])
            answer = session.post(f"{graph.url}/v26.0/", data={"batch": batch}, timeout=PATIENCE_S)
            answer.raise_for_status()
            for call in answer.json():
                assert json.loads(call["body"])["message_id"]
    return messages / (time.perf_counter() - begun)


def _call(number: int) -> dict[str, str]:
    fields = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in _body(number).items()
    }
    return {"method": "POST", "relative_url": "me/messages", "body": urlencode(fields)}

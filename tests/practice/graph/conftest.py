"""Meta on loopback with Ada on Messenger and Ines on Instagram, a client and a moving clock."""

from collections.abc import Iterator

import pytest

from bot.practice.graph import GraphStandIn, Person
from tests.clock import HandClock
from tests.practice.graph_support import ADA, INES, App, Client, connected_app


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def graph(clock: HandClock) -> Iterator[GraphStandIn]:
    with GraphStandIn(clock=clock) as graph:
        yield graph


@pytest.fixture
def app(graph: GraphStandIn) -> Iterator[App]:
    with connected_app(graph) as app:
        yield app


@pytest.fixture
def client(graph: GraphStandIn) -> Client:
    return Client(graph)


@pytest.fixture
def ada(graph: GraphStandIn) -> Person:
    return graph.add_person(ADA)


@pytest.fixture
def ines(graph: GraphStandIn) -> Person:
    return graph.add_person(INES, channel="instagram", first_name="Ines", last_name="Faria")

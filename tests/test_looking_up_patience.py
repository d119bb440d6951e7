"""What Meta does not show, and when it does not answer: the look-up waits, and no look is lost."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.conversation import MESSAGES
from bot.looking_up import FOUND, LONG_REST_S, NOT_SHOWN, REST_S
from bot.practice.graph import faults
from bot.practice.graph.faults import Fault
from bot.practice.graph.server import Reply
from tests.looking import Search
from tests.outbox import ADA, INES, open_outbox


@pytest.fixture
def search(tmp_path: Path) -> Iterator[Search]:
    with open_outbox(tmp_path) as outbox:
        yield Search(outbox)


def _unseen(search: Search) -> None:
    search.outbox.graph.people[ADA].thread.clear()


def _buried(search: Search) -> None:
    for number in range(MESSAGES):
        search.outbox.graph.page.replies_from_inbox(ADA, f"And {number}")


@pytest.mark.parametrize("hidden", [_unseen, _buried])
def test_where_meta_does_not_show_it_that_is_what_is_said(
    search: Search, hidden: Callable[[Search], None]
) -> None:
    number = search.doubt(arrives=True)
    search.outbox.clock.forward(minutes=1)
    hidden(search)
    assert search.look() == 1
    assert search.states(number) == ["unknown"]
    assert search.said(number) == [NOT_SHOWN]


def test_one_call_a_tick_and_whoever_waits_longest_first(search: Search) -> None:
    ines = search.doubt(psid=INES, arrives=True)
    search.outbox.clock.forward(seconds=1)
    ada = search.doubt(arrives=True)
    assert search.look() == 1
    assert search.states(ada, ines) == ["unknown", "sent"]
    assert search.look(seconds=1) == 1
    assert search.asked() == [INES, ADA]


@pytest.mark.parametrize(
    ("fault", "rest_s"),
    [
        (faults.error(613), LONG_REST_S),
        (faults.error(80006), LONG_REST_S),
        (faults.error(190), LONG_REST_S),
        (faults.html_error(503), REST_S),
        (faults.error(2), REST_S),
        (faults.garbled(), REST_S),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else "",
)
def test_when_meta_does_not_answer_it_is_left_in_peace_and_no_look_is_lost(
    search: Search, fault: Fault, rest_s: float
) -> None:
    ada, ines = search.doubt(arrives=True), search.doubt(psid=INES, arrives=True)
    search.outbox.graph.fail_next(fault, endpoint="conversations")
    assert search.look() == 1
    search.monotonic = rest_s - 1
    assert search.look(minutes=6) == 0
    search.monotonic = rest_s
    assert search.look(seconds=1) == 1
    assert search.look(seconds=1) == 1
    assert search.states(ada, ines) == ["sent", "sent"]
    assert search.said(ada) == [FOUND]


@pytest.mark.parametrize(
    "fault", [faults.error(100), faults.error(9000001)], ids=lambda fault: fault.name
)
def test_a_conversation_that_meta_will_not_show_holds_up_no_other(
    search: Search, fault: Fault
) -> None:
    ada, ines = search.doubt(arrives=True), search.doubt(psid=INES, arrives=True)
    search.outbox.graph.fail_next(fault, endpoint="conversations")
    search.look()
    search.look(seconds=1)
    assert search.states(ada, ines) == ["unknown", "sent"]
    assert search.said(ada) == [NOT_SHOWN]


@pytest.mark.parametrize(
    "answer",
    [
        '{"data": [3]}',
        '{"data": [{"messages": {"data": [{"from": {"id": "1"}, "message": "Hello"}]}}]}',
        '{"data": [{"messages": {"data": [{"from": {"id": "1"}, "created_time": "today"}]}}]}',
        '{"data": 3}',
    ],
)
def test_an_answer_of_another_shape_is_one_look_in_vain(search: Search, answer: str) -> None:
    number = search.doubt(arrives=True)
    odd = Fault("odd", accepts=True, reply=Reply(200, answer.encode()))
    search.outbox.graph.fail_next(odd, endpoint="conversations")
    assert search.look() == 1
    assert search.look(seconds=1) == 0
    assert search.states(number) == ["unknown"]


def test_the_deliveries_of_other_pages_are_not_looked_for(search: Search) -> None:
    search.doubt(arrives=True)
    with search.outbox.services.store.write() as db:
        db.execute("UPDATE deliveries SET page_id = '110099887766554'")
    assert search.look() == 0

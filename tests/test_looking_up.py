"""What may have arrived is looked for in Meta's conversation: found there it has, else nobody knows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation import MESSAGES
from bot.looking_up import FOUND, LONG_REST_S, NEVER, NOT_SHOWN, NOT_YET, REST_S, LookUp
from bot.practice.graph import faults
from bot.practice.graph.faults import Fault
from bot.practice.graph.server import Reply
from bot.settling import mark_arrived, send_again
from storage.records import Delivery
from tests.outbox import ADA, CLEO, INES, Outbox, open_outbox

TEMPLATE = {
    "attachment": {
        "type": "template",
        "payload": {
            "template_type": "button",
            "text": "Hello",
            "buttons": [{"type": "postback", "title": "Hi", "payload": "HI"}],
        },
    }
}


@dataclass
class Search:
    """An outbox, and the look-up whose ticks come by hand."""

    outbox: Outbox
    monotonic: float = 0.0
    look_up: LookUp = field(init=False)

    def __post_init__(self) -> None:
        self.look_up = LookUp(self.outbox.services, lambda: self.monotonic)

    def doubt(
        self, text: str = "Hello", psid: str = ADA, *, arrives: bool, **changes: object
    ) -> int:
        """A message to this person of which nobody knows whether it arrived."""
        fault = faults.cut_after_accepting() if arrives else faults.cut_before_accepting()
        self.outbox.graph.fail_next(fault, endpoint="messages")
        number = self.outbox.queue(text, psid, **changes)
        self.outbox.work()
        assert self.outbox.state(number) == "unknown"
        return number

    def look(self, **later: float) -> int:
        """Tick once that much later; how often Meta was asked."""
        self.outbox.clock.forward(**(later or {"minutes": 1}))
        before = len(self.asked())
        self.look_up.tick()
        return len(self.asked()) - before

    def asked(self) -> list[str]:
        """Whom Meta was asked about, each time."""
        requests = self.outbox.graph.requests
        return [r.query["user_id"] for r in requests if r.path.endswith("/conversations")]

    def said(self, number: int) -> list[str]:
        rows = self.outbox.rows(
            "SELECT note FROM history WHERE delivery_id = ? AND what = 'looked_up' ORDER BY id",
            number,
        )
        return [row["note"] for row in rows]

    def states(self, *numbers: int) -> list[str]:
        return [self.outbox.state(number) for number in numbers]

    def delivery(self, number: int) -> Delivery:
        return self.outbox.delivery(number)


@pytest.fixture
def search(tmp_path: Path) -> Iterator[Search]:
    with open_outbox(tmp_path) as outbox:
        yield Search(outbox)


@pytest.mark.parametrize("psid", [ADA, INES], ids=["Messenger", "Instagram"])
def test_what_is_found_there_has_arrived(search: Search, psid: str) -> None:
    number = search.doubt("Hello  there", psid, arrives=True)
    assert search.look() == 1
    [sent] = search.outbox.graph.sent_to(psid)
    delivery = search.delivery(number)
    assert (delivery.state, delivery.mid, delivery.note) == ("sent", sent.mid, None)
    assert delivery.sent_at == sent.at.replace(microsecond=0)
    assert search.said(number) == [FOUND]
    assert search.look(days=1) == 0
    assert search.outbox.work() == 0


def test_its_echo_has_a_minute_before_anything_is_asked(search: Search) -> None:
    number = search.doubt(arrives=True)
    assert search.look(seconds=59) == 0
    search.outbox.hear()
    assert search.look() == 0
    assert search.states(number) == ["delivered"]


def test_what_is_not_found_stays_in_doubt_and_is_looked_for_six_times_in_a_day(
    search: Search,
) -> None:
    number = search.doubt(arrives=False)
    began, looked = search.outbox.clock(), []
    while search.outbox.clock() < began + timedelta(days=4):
        if search.look(minutes=1):
            looked.append((search.outbox.clock() - began) // timedelta(minutes=1))
            assert search.states(number) == ["unknown"]
    assert looked == [1, 6, 21, 81, 321, 1401]
    assert search.said(number) == [NOT_YET, NEVER]
    broken = "The connection to Meta broke before it answered."
    assert search.delivery(number).note == f"{broken} {NEVER}"
    assert len(search.outbox.graph.sent_to(ADA)) == 0


def test_what_shows_late_is_found_by_a_later_look(search: Search) -> None:
    number = search.doubt(arrives=True)
    person = search.outbox.graph.people[ADA]
    hidden, person.thread = person.thread, person.thread[:1]
    search.look()
    assert search.states(number) == ["unknown"]
    assert search.delivery(number).note == (
        f"The connection to Meta broke before it answered. {NOT_YET}"
    )
    person.thread = hidden
    assert search.look(minutes=4) == 0
    assert search.look(minutes=1) == 1
    assert search.states(number) == ["sent"]
    assert search.said(number) == [NOT_YET, FOUND]


@pytest.mark.parametrize(
    ("arrives", "settled"),
    [
        ((True, True), ["sent", "sent"]),
        ((True, False), ["sent", "unknown"]),
        ((False, True), ["sent", "unknown"]),  # which of the two it was, the person cannot tell
        ((False, False), ["unknown", "unknown"]),
    ],
)
def test_of_two_alike_as_many_are_settled_as_are_found(
    search: Search, arrives: tuple[bool, bool], settled: list[str]
) -> None:
    numbers = [search.doubt(arrives=each) for each in arrives]
    assert search.look() == 1
    assert search.states(*numbers) == settled
    mids = [search.delivery(number).mid for number in numbers]
    found = [sent.mid for sent in search.outbox.graph.sent_to(ADA)]
    assert [mid for mid in mids if mid] == found


def test_a_message_that_is_another_deliverys_is_not_taken_for_it(search: Search) -> None:
    known = search.outbox.queue("Hello")
    search.outbox.work()
    number = search.doubt(arrives=False)
    search.look()
    assert search.states(known, number) == ["sent", "unknown"]


def test_a_message_that_a_person_saw_arrive_is_not_taken_for_another(search: Search) -> None:
    seen = search.doubt(arrives=True)
    number = search.doubt(arrives=False)
    store, now = search.outbox.services.store, search.outbox.clock()
    mark_arrived(store, seen, by=CLEO, now=now)
    search.look()
    assert search.states(seen, number) == ["sent", "unknown"]


def test_only_the_pages_own_words_of_about_that_time_count(search: Search) -> None:
    outbox = search.outbox
    outbox.graph.page.replies_from_inbox(ADA, "Hello")  # a minute and a second too early
    outbox.clock.forward(seconds=61)
    number = search.doubt(arrives=False)
    outbox.graph.person(ADA).writes("Hello", deliver_webhook=False)
    outbox.graph.page.replies_from_inbox(ADA, "Hello again")
    outbox.clock.forward(seconds=301)
    outbox.graph.page.replies_from_inbox(ADA, "Hello")  # too late
    search.look()
    assert search.states(number) == ["unknown"]


def test_a_clock_a_little_ahead_of_metas_does_no_harm(search: Search) -> None:
    number = search.doubt(arrives=True)
    thread = search.outbox.graph.people[ADA].thread
    object.__setattr__(thread[-1], "at", thread[-1].at - timedelta(seconds=50))
    search.look()
    assert search.states(number) == ["sent"]


def test_a_template_cannot_be_recognised_and_is_left_to_people(search: Search) -> None:
    number = search.doubt(arrives=True, message=TEMPLATE)
    assert search.look(hours=1) == 0
    assert search.states(number) == ["unknown"]


def test_nothing_is_concluded_while_a_message_is_on_its_way_to_the_person(search: Search) -> None:
    number = search.doubt(arrives=False)
    outbox = search.outbox
    outbox.clock.forward(minutes=1)
    on_its_way = outbox.queue("Hello")
    [(delivery, outgoing)] = outbox.claim()
    answer = outbox.services.messenger.send(outgoing)
    assert search.look(seconds=1) == 0
    outbox.write_down(delivery, answer)
    assert search.look(seconds=1) == 1
    assert search.states(number, on_its_way) == ["unknown", "sent"]


def test_what_a_person_had_sent_again_is_looked_for_anew(search: Search) -> None:
    number = search.doubt(arrives=False)
    while search.look(hours=1):
        pass
    outbox = search.outbox
    outbox.graph.fail_next(faults.cut_after_accepting(), endpoint="messages")
    outbox.person_writes()
    send_again(outbox.services.store, number, by=CLEO, now=outbox.clock())
    outbox.work()
    assert search.states(number) == ["unknown"]
    assert search.look() == 1
    assert search.states(number) == ["sent"]


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

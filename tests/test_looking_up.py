"""What may have arrived is looked for in Meta's conversation: found there it has, else nobody knows."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.looking_up import FOUND, NEVER, NOT_YET
from bot.practice.graph import faults
from bot.settling import mark_arrived, send_again
from tests.looking import Search
from tests.outbox import ADA, CLEO, INES, open_outbox

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
    [outgoing] = outbox.claim()
    answer = outbox.services.messenger.send(outgoing)
    assert search.look(seconds=1) == 0
    outbox.write_down(outgoing, answer)
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

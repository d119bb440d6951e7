"""How `backfill` treats Meta: never more than 2 calls a second, waiting when asked to, going on."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.backfill import PAUSES_S, Backfill, Patience, person_in
from bot.messenger import GraphFault, Messenger
from bot.practice.graph import GraphStandIn, faults
from bot.settings import Settings
from storage import contacts
from storage.store import Store
from tests.clock import HandClock
from tests.commands.installation import Setup
from tests.house import ADA, BELA


class Backfilling:
    """A backfill whose sleep moves the clock that Meta goes by."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.graph: GraphStandIn = setup.graph
        self.clock: HandClock = setup.clock
        self.told: list[str] = []
        lowered: dict[str, Any] = {name.lower(): value for name, value in setup.env.items()}
        self.settings = Settings(_env_file=None, **lowered)
        self.store = Store(self.settings.database_path)
        self.store.migrate(self.clock())
        self.messenger = Messenger(self.settings.graph_api_url, "v26.0", setup.graph.access_token)

    def run(self) -> Backfill:
        patience = Patience(
            self.told.append,
            sleep=self._sleep,
            monotonic=lambda: self.clock().timestamp(),
        )
        reading = Backfill(self.settings, self.messenger, patience, clock=self.clock)
        self.latest = reading
        reading.run()
        return reading

    def _sleep(self, seconds: float) -> None:
        self.clock.forward(seconds=seconds)

    def people(self, count: int) -> list[str]:
        psids = [str(25 * 10**15 + number) for number in range(count)]
        for psid in psids:
            self.graph.add_person(psid).writes("Hello")
        return psids


@pytest.fixture
def backfilling(setup: Setup) -> Iterator[Backfilling]:
    made = Backfilling(setup)
    yield made
    made.messenger.close()


def test_it_never_calls_more_than_twice_a_second(backfilling: Backfilling) -> None:
    backfilling.people(60)  # more than one page of the list
    reading = backfilling.run()

    times = [request.at for request in backfilling.graph.requests]
    between = [later - earlier for earlier, later in pairwise(times)]
    assert min(between) >= timedelta(seconds=0.5)
    assert max(between) == timedelta(seconds=0.5)
    assert len(times) == 60 + 2 + 1
    assert (reading.tally.read, reading.tally.people) == (60, 60)


def test_a_rate_limit_is_waited_out(backfilling: Backfilling) -> None:
    backfilling.people(2)
    backfilling.graph.fail_next(faults.error(613), times=2, endpoint="node")
    reading = backfilling.run()

    assert reading.tally.people == 2
    assert backfilling.told == [
        f"Meta asks to send more slowly. (Graph error 613) Going on in {pause} s."
        for pause in PAUSES_S[:2]
    ]
    times = [request.at for request in backfilling.graph.requests]
    assert times[2] - times[1] == timedelta(seconds=PAUSES_S[0])
    assert times[3] - times[2] == timedelta(seconds=PAUSES_S[1])


def test_when_meta_stays_away_it_ends_and_a_later_run_goes_on(backfilling: Backfilling) -> None:
    backfilling.people(3)
    backfilling.graph.fail_next(faults.error(2), times=1 + len(PAUSES_S), endpoint="conversations")
    with pytest.raises(GraphFault):
        backfilling.run()
    assert backfilling.run().tally.people == 3


def test_a_conversation_that_cannot_be_read_is_left_out_and_tried_again_next_time(
    backfilling: Backfilling,
) -> None:
    backfilling.people(4)
    for _ in range(2):
        backfilling.graph.fail_next(faults.error(100, 33), endpoint="node")
    reading = backfilling.run()

    assert (reading.tally.read, reading.tally.unreadable) == (2, 2)
    assert backfilling.run().tally.read == 2


def test_three_unreadable_ones_in_a_row_end_it(backfilling: Backfilling) -> None:
    backfilling.people(5)
    backfilling.graph.fail_next(faults.error(190), times=5, endpoint="node")
    with pytest.raises(GraphFault, match="PAGE_ACCESS_TOKEN"):
        backfilling.run()
    assert backfilling.latest.tally.unreadable == 3


def test_an_unreadable_one_now_and_then_does_not(backfilling: Backfilling) -> None:
    backfilling.people(5)
    fine = faults.slow(0.0)
    for fault in (faults.error(100), faults.error(100), fine, faults.error(100), faults.error(100)):
        backfilling.graph.fail_next(fault, endpoint="node")

    assert backfilling.run().tally.unreadable == 4


def test_windows_open_now_are_those_of_the_rule_book(backfilling: Backfilling) -> None:
    ada, bela = backfilling.graph.add_person(ADA), backfilling.graph.add_person(BELA)
    bela.writes("Hello")
    backfilling.clock.forward(hours=23)
    ada.writes("Hello")
    backfilling.clock.forward(minutes=50)
    assert backfilling.run().windows_open() == 2
    backfilling.clock.forward(minutes=10)
    assert backfilling.latest.windows_open() == 1
    with backfilling.store.write() as db:
        contact = contacts.find(db, backfilling.settings.page_id, ADA)
        assert contact is not None
        contacts.note_closed_by_meta(db, contact.id, backfilling.clock())
    assert backfilling.latest.windows_open() == 0


def test_a_button_is_no_message_so_a_window_can_look_shorter(backfilling: Backfilling) -> None:
    ada = backfilling.graph.add_person(ADA)
    ada.writes("Hello", deliver_webhook=False)
    backfilling.clock.forward(hours=25)
    ada.presses_button("Menu", "MENU", deliver_webhook=False)

    assert backfilling.run().windows_open() == 0


def test_a_name_that_is_known_stays(backfilling: Backfilling) -> None:
    backfilling.graph.add_person(ADA).writes("Hello")
    with backfilling.store.write() as db:
        page = backfilling.settings.page_id
        contact = contacts.ensure(db, page, ADA, "messenger", backfilling.clock())
        contacts.note_name(db, contact.id, "Ada L.", backfilling.clock())
    backfilling.run()

    with backfilling.store.read() as db:
        known = contacts.find(db, page, ADA)
    assert known is not None
    assert known.name == "Ada L."


def test_whose_conversation_it_is_must_be_clear() -> None:
    def message(sender: str, recipient: str) -> dict[str, object]:
        return {
            "created_time": "2026-11-22T10:00:00+0000",
            "from": {"id": sender},
            "to": {"data": [{"id": recipient}]},
        }

    found = person_in([message("7", "page"), message("page", "7"), {}], ["page"])
    assert found is not None
    assert (found.psid, found.last_wrote is not None) == ("7", True)
    # An account by an id that we do not know as ours could be taken for the person.
    assert person_in([message("7", "other-id-of-the-page")], ["page"]) is None
    assert person_in([], ["page"]) is None
    unanswered = person_in([message("page", "7")], ["page"])
    assert unanswered is not None
    assert unanswered.last_wrote is None


def test_the_newest_message_counts_whatever_the_order() -> None:
    messages = [
        {"created_time": f"2026-11-22T1{hour}:00:00+0000", "from": {"id": "7", "name": "Ada"}}
        for hour in (1, 3, 2)
    ]
    found = person_in(messages, ["page"])
    assert found is not None
    assert found.last_wrote is not None
    assert (found.name, found.last_wrote.hour) == ("Ada", 13)

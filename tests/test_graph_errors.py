"""What each error of Meta's leads to, over real HTTP: no, later, don't know, or stop."""

from collections.abc import Iterator

import pytest

from bot.graph_errors import ERRORS, GraphError, Meaning, read_graph_error
from bot.practice.graph import faults
from bot.practice.graph.calls import json_reply
from storage import pauses
from tests.outbox import INES, Outbox, open_outbox

# The codes by what they are to lead to, from Meta's own list and kept apart from the product's table.
FAILED = """
    1/2018382 2/2018344 4/2018354 10/2018278 10/2018065 10/2534022 10/2018108 10/1893015 10/2018336
    100 100/2018001 100/2018047 100/2018109 100/2018014 100/2018034 100/2018074 100/2018164
    100/2018320 100/2018328 100/2534014 100/2534015 100/2534025 100/2534037 100/1893029 100/2018416
    100/2388051 200/1545041 230 551 551/1545041 613/1893016 10303 2018300 9000001
"""
WAITS = """
    1 1/99 2 1200 1200/2018024 2018321 100/2018008 100/2018294
"""
RATE = "4 9/2018352 17 32 341 613 613/2534040 80001 80002 80006"
UNKNOWN = "1/1357046"
TOKEN = """
    10 10/2534077 100/33 100/2534013 190 190/458 190/459 190/460 190/463 190/464 190/467 190/492
    200 200/2018021 200/2018027 200/2018028 200/2534041 36103
"""
POLICY = "10/1893063 10/1404170 100/2534029 368 613/2018338 2022"


@pytest.fixture(scope="module")
def outbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outbox]:
    with open_outbox(tmp_path_factory.mktemp("errors")) as opened:
        yield opened


def _codes(listed: str) -> list[tuple[int, int | None]]:
    pairs = (code.partition("/") for code in listed.split())
    return [(int(code), int(subcode) if subcode else None) for code, _, subcode in pairs]


def _what_follows(outbox: Outbox, fault: faults.Fault) -> tuple[str, str | None]:
    """The state of a delivery that met this, and the kind of the Page's pause; all undone after."""
    outbox.clock.forward(seconds=1)
    outbox.person_writes()
    outbox.clock.forward(seconds=1)
    number = outbox.queue()
    outbox.graph.fail_next(fault, endpoint="messages")
    assert outbox.work() == 1
    with outbox.services.store.write() as db:
        paused = {pause.kind for pause in pauses.holding(db, outbox.clock())}
        pauses.end(db, outbox.services.settings.accounts)
        db.execute("UPDATE deliveries SET state = 'cancelled' WHERE state = 'pending'")
        rows = db.query("SELECT * FROM history WHERE delivery_id = ? ORDER BY id", [number])
        last = list(rows)[-1]["what"]
    assert len(paused) < 2
    state = outbox.state(number)
    return ("waits" if last == "deferred" else state), (paused.pop() if paused else None)


@pytest.mark.parametrize(
    ("listed", "state", "pause"),
    [
        (FAILED, "failed", None),
        (WAITS, "waits", None),
        (RATE, "waits", "rate"),
        (UNKNOWN, "unknown", None),
        (TOKEN, "waits", "token"),
        (POLICY, "waits", "policy"),
    ],
)
def test_every_error_leads_to_one_state(
    outbox: Outbox, listed: str, state: str, pause: str | None
) -> None:
    for code, subcode in _codes(listed):
        for status in (400, 500):
            found = _what_follows(outbox, faults.error(code, subcode, status=status))
            assert found == (state, pause), f"{code}/{subcode} with {status}"


def test_the_table_has_no_row_that_is_not_listed_here() -> None:
    groups = (FAILED, WAITS, RATE, UNKNOWN, TOKEN, POLICY)
    listed = {pair for group in groups for pair in _codes(group)}
    assert set(ERRORS) <= listed


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (faults.error(4242), "failed"),
        (faults.error(4242, 17), "failed"),
        (faults.error(4242, status=500), "waits"),
        (faults.error(4242, is_transient=True), "waits"),
        (faults.error(4242, is_transient=False), "failed"),
        (faults.error(100, is_transient=True), "waits"),
        (faults.error(551, 1545041, is_transient=True), "waits"),
        (faults.error(10, 2018278, is_transient=True), "failed"),
        (faults.error(1, 1357046, is_transient=True), "unknown"),
        (faults.error(10, 424242), "waits"),
        (faults.error(2, status=503), "waits"),
    ],
)
def test_a_code_not_listed_is_a_no_unless_meta_says_that_it_passes(
    outbox: Outbox, fault: faults.Fault, state: str
) -> None:
    assert _what_follows(outbox, fault)[0] == state


@pytest.mark.parametrize(
    ("status", "state"),
    [(500, "unknown"), (502, "unknown"), (503, "waits"), (504, "unknown"), (429, "waits")],
)
def test_a_gateway_that_gives_up_leaves_doubt_and_one_that_is_busy_does_not(
    outbox: Outbox, status: int, state: str
) -> None:
    assert _what_follows(outbox, faults.html_error(status))[0] == state


@pytest.mark.parametrize(
    "fault",
    [
        faults.garbled(),
        faults.empty(),
        faults.cut_mid_body(),
        faults.cut_after_accepting(),
        faults.cut_before_accepting(),
        faults.hang(),
        faults.Fault("odd", accepts=True, reply=json_reply([], 200)),
        faults.Fault("odd", accepts=True, reply=json_reply({"message_id": ""}, 200)),
        faults.Fault("odd", accepts=True, reply=json_reply({"message_id": 7}, 200)),
    ],
    ids=lambda fault: fault.name,
)
def test_an_answer_that_cannot_be_read_leaves_doubt(outbox: Outbox, fault: faults.Fault) -> None:
    assert _what_follows(outbox, fault)[0] == "unknown"


@pytest.mark.parametrize(
    "error",
    [{}, {"code": "190"}, {"code": None}, {"message": "no code"}],
)
def test_what_has_no_code_is_no_error_of_graphs(error: object) -> None:
    assert read_graph_error(400, {"error": error}, None) is None


@pytest.mark.parametrize("subcode", [[], {}, "x", None, 1.5])
def test_an_odd_subcode_does_not_hide_the_code(subcode: object) -> None:
    answer = {"error": {"code": 190, "error_subcode": subcode}}
    found = read_graph_error(400, answer, None)
    assert found is not None
    assert found.meaning is Meaning.STOP_TOKEN


def test_a_tag_that_meta_refuses_is_named(outbox: Outbox) -> None:
    found = read_graph_error(400, {"error": {"code": 100, "error_subcode": 1893061}}, "HUMAN_AGENT")
    sentence = "Meta did not accept the tag HUMAN_AGENT. (Graph error 100/1893061)"
    assert found == GraphError(Meaning.NO, sentence, refuses_tag=True)
    known = read_graph_error(400, {"error": {"code": 100, "error_subcode": 2018001}}, "HUMAN_AGENT")
    assert known is not None
    assert "tag" not in known.sentence
    assert not known.refuses_tag
    untagged = read_graph_error(400, {"error": {"code": 100, "error_subcode": 1893061}}, None)
    assert untagged is not None
    assert not untagged.refuses_tag


@pytest.mark.parametrize("subcode", [2018278, 2018065, 2534022])
def test_a_window_that_meta_calls_closed_stays_closed_until_the_person_returns(
    outbox: Outbox, subcode: int
) -> None:
    outbox.person_writes(INES)
    outbox.clock.forward(seconds=1)
    numbers = [outbox.queue(psid=INES), outbox.queue(psid=INES)]
    outbox.graph.fail_next(faults.error(10, subcode))
    before = len(outbox.graph.requests)
    with outbox.services.store.write() as db:  # the second one is due a moment later
        db.execute("UPDATE deliveries SET try_at = '2100' WHERE id = ?", [numbers[1]])
    assert outbox.work() == 1
    with outbox.services.store.write() as db:
        db.execute("UPDATE deliveries SET try_at = due_at WHERE id = ?", [numbers[1]])
    assert outbox.work() == 0
    assert [outbox.state(number) for number in numbers] == ["failed", "refused"]
    assert len(outbox.graph.requests) == before + 1
    outbox.clock.forward(seconds=1)
    outbox.person_writes(INES)
    third = outbox.queue(psid=INES)
    assert outbox.work() == 1
    assert outbox.state(third) == "sent"


def test_a_person_who_wrote_while_meta_was_refusing_has_an_open_window(outbox: Outbox) -> None:
    outbox.person_writes(INES)
    outbox.clock.forward(seconds=1)
    number = outbox.queue(psid=INES)
    outbox.graph.fail_next(faults.error(10, 2534022))
    [outgoing] = outbox.claim(1)
    outcome = outbox.services.messenger.send(outgoing)
    outbox.clock.forward(seconds=5)
    outbox.person_writes(INES)
    outbox.clock.forward(seconds=5)
    outbox.write_down(outgoing, outcome)
    assert outbox.state(number) == "failed"
    again = outbox.queue(psid=INES)
    outbox.work()
    assert outbox.state(again) == "sent"

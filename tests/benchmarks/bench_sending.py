"""Messages a second from the outbox to Graph and onto the record, beside plain client loops.

The bot's time begins when it takes the first message from the outbox, before that is judged, and ends
when the last is on record as sent: a plain loop's begins with its first message, too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.benchmarks.installation import query, running_bot, wait_until_sent
from tests.benchmarks.plain_clients import by_batches, by_loop, by_threads
from tests.benchmarks.prepared import tagged
from tests.benchmarks.processes import Graph
from tests.benchmarks.report import Figure, Goal, Result, compared
from tests.benchmarks.workshop import Workshop

LOOP, EIGHT, BATCHES = "requests, one by one", "requests, 8 threads", "batches of 50, in order"
UNIT = "messages/s"
FIRST_TAKEN = "SELECT min(claimed_at) FROM deliveries"
RECORDED = (
    "SELECT count(DISTINCT delivery_id) FROM history JOIN deliveries ON deliveries.id = delivery_id"
    " WHERE what = 'sent' AND state = 'sent' AND mid IS NOT NULL AND messaging_type IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Size:
    """How many messages each way sends, and how often; the plain ways are as fast with fewer."""

    ours: int = 5_000
    loop: int = 50
    threads: int = 400
    batches: int = 2_500
    repeats: int = 3
    patience_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Sent:
    """Messages a second until all were on record: since the first was taken, and since it arrived."""

    a_second: float
    since_first_arrival: float


SLOW_ANSWERS = Size()
FAST_ANSWERS = Size(loop=1_000, threads=1_000, batches=5_000)


def measure(shop: Workshop, delay_s: float, least: float, size: Size = SLOW_ANSWERS) -> Result:
    """Send by every way, one after the other, several times; `least` is the goal beside batches."""
    ways: dict[str, Callable[[], float]] = {
        LOOP: lambda: by_loop(shop.graph, size.loop),
        EIGHT: lambda: by_threads(shop.graph, size.threads),
        BATCHES: lambda: by_batches(shop.graph, size.batches),
    }
    found: dict[str, list[float]] = {name: [] for name in ways}
    ours: list[Sent] = []
    all_right = True
    for number in range(size.repeats):
        for name, way in ways.items():
            shop.say(f"answers after {delay_s * 1e3:.0f} ms, round {number + 1}: {name}")
            shop.graph.reset(delay_s)
            found[name].append(way())
        database = shop.outbox(size.ours)
        shop.say(f"answers after {delay_s * 1e3:.0f} ms, round {number + 1}: Tagwise")
        ours.append(_send(shop, database, delay_s, size))
        all_right &= _is_right(shop.graph, database, size.ours)
    others = [Figure(name, tuple(values), UNIT) for name, values in found.items()]
    figures = compared(Figure("Tagwise", tuple(each.a_second for each in ours), UNIT), others)
    ratio = figures[-1].ratio or 0.0
    on_the_wire = tuple(each.since_first_arrival for each in ours)
    return Result(
        f"{size.ours:,} approved messages, answers after {delay_s * 1e3:.0f} ms, no rate limit",
        [*figures, Figure("Tagwise, from the first arrival at Graph", on_the_wire, UNIT)],
        [
            Goal.at_least(f"at least {least:g} x {BATCHES}", ratio, least, " x"),
            Goal(
                "each message judged, sent once and recorded",
                "yes" if all_right else "NO",
                all_right,
            ),
        ],
    )


def _send(shop: Workshop, database: Path, delay_s: float, size: Size) -> Sent:
    shop.graph.reset(delay_s)
    with running_bot(database, shop.graph, shop.slack):
        done = wait_until_sent(database, size.ours, size.patience_s)
    taken = datetime.fromisoformat(query(database, FIRST_TAKEN)[0][0]).timestamp()
    arrived = shop.graph.summary().first
    return Sent(size.ours / (done - taken), size.ours / (done - arrived))


def _is_right(graph: Graph, database: Path, messages: int) -> bool:
    arrived = graph.summary()
    once = arrived.count == messages and not arrived.duplicates and not arrived.refused
    recorded = query(database, RECORDED)[0][0] == messages
    return once and recorded and arrived.tagged == tagged(messages)

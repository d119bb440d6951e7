"""Webhook events on disk a second, beside a handler that only checks the signature."""

from dataclasses import dataclass

from tests.benchmarks.installation import query, running_bot
from tests.benchmarks.meta_postman import CONNECTIONS, bodies, distinct, post_all
from tests.benchmarks.processes import running
from tests.benchmarks.report import Figure, Goal, Result, compared
from tests.benchmarks.workshop import Workshop

LEAST = 0.8
BARE = "Flask + waitress, signature only"
UNIT = "events/s"
RECORDED = "SELECT count(*) FROM interactions JOIN contacts ON id = contact_id WHERE psid LIKE '3%'"


@dataclass(frozen=True, slots=True)
class Size:
    """How many bodies with one event each, how many before it counts, and how often."""

    events: int = 4_000
    warm_up: int = 200
    repeats: int = 3


FULL = Size()


def measure(shop: Workshop, size: Size = FULL) -> Result:
    """Post the same bodies to both, one after the other, several times."""
    sent = bodies(size.events, first=size.warm_up)
    first = bodies(size.warm_up)
    ours, bare = [], []
    all_right = True
    for number in range(size.repeats):
        shop.say(f"webhooks, round {number + 1}: {BARE}")
        with running("bare_servers", "webhook") as child:
            post_all(child.about["port"], first)
            bare.append(post_all(child.about["port"], sent).a_second)
        shop.say(f"webhooks, round {number + 1}: Tagwise")
        database = shop.outbox(0)
        shop.graph.reset(0.1)
        with running_bot(database, shop.graph, shop.slack) as bot:
            post_all(bot.port, first)
            posted = post_all(bot.port, sent)
            on_record = query(database, RECORDED)[0][0]
        ours.append(posted.a_second)
        all_right &= not posted.refused and on_record == distinct([*first, *sent])
    figures = compared(Figure("Tagwise", tuple(ours), UNIT), [Figure(BARE, tuple(bare), UNIT)])
    return Result(
        f"{size.events:,} webhook events on disk, {CONNECTIONS} connections",
        figures,
        [
            Goal.at_least(f"at least {LEAST:g} x {BARE}", figures[-1].ratio or 0.0, LEAST, " x"),
            Goal("each event on record once", "yes" if all_right else "NO", all_right),
        ],
    )

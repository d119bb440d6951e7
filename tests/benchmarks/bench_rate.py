"""With a rate limit: is it used up, is it kept, and how much of a processor does that take?"""

import time
from dataclasses import dataclass

from tests.benchmarks.installation import NotDone, running_bot, wait_until_sent
from tests.benchmarks.processes import cpu_s
from tests.benchmarks.report import Figure, Goal, Result
from tests.benchmarks.workshop import Workshop

DELAY_S = 0.1
LEAST_SHARE = 0.99
START_S = 20.0


@dataclass(frozen=True, slots=True)
class Size:
    messages: int = 5_000
    rate: int = 300


FULL = Size()


def measure(shop: Workshop, size: Size = FULL) -> Result:
    """Send at the rate that SEND_RATE allows."""
    database = shop.outbox(size.messages)
    shop.say(f"sending at {size.rate} a second")
    shop.graph.reset(DELAY_S)
    with running_bot(database, shop.graph, shop.slack, SEND_RATE=str(size.rate)) as bot:
        _wait_for_the_first(shop)
        used, begun = cpu_s(bot.process.pid), time.time()
        done = wait_until_sent(database, size.messages, 60 + 2 * size.messages / size.rate)
        share = (cpu_s(bot.process.pid) - used) / (done - begun)
    arrived = shop.graph.summary()
    kept = arrived.busiest_second <= size.rate
    return Result(
        f"{size.messages:,} messages with SEND_RATE={size.rate}, answers after 100 ms",
        [
            Figure("arrivals (slope over all of them)", (arrived.a_second,), "messages/s"),
            Figure("most in any one second", (arrived.busiest_second,), "messages"),
            Figure("processor used by the bot", (share * 100,), "% of a core"),
        ],
        [
            Goal.at_least(
                f"at least {LEAST_SHARE:.0%} of the rate",
                arrived.a_second / size.rate,
                LEAST_SHARE,
                " of it",
            ),
            Goal("never above the rate in any second", str(arrived.busiest_second), kept),
        ],
    )


def _wait_for_the_first(shop: Workshop) -> None:
    deadline = time.time() + START_S
    while not shop.graph.count():
        if time.time() > deadline:
            raise NotDone(f"nothing was sent within {START_S:.0f} s")
        time.sleep(0.01)

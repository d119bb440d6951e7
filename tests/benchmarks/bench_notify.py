"""How soon `/notify` is acknowledged: idle, while the bot sends and records, and by a bare Bolt app."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

from tests.benchmarks.installation import query, running_bot
from tests.benchmarks.meta_postman import bodies, post_until
from tests.benchmarks.processes import Child, running
from tests.benchmarks.report import Figure, Goal, Result, percentile
from tests.benchmarks.workshop import Workshop

DELAY_S = 0.1
MOST_MS = 250.0
HTTP_MODE, SOCKET_MODE = "HTTP mode", "Socket Mode"
UNSENT = "SELECT count(*) FROM deliveries WHERE state = 'pending'"


@dataclass(frozen=True, slots=True)
class Size:
    """How many commands, how far apart, after how many that do not count; and the load on the bot:
    drafts, each so many times, and webhooks.
    """

    commands: int = 150
    every_s: float = 0.1
    warm_up: int = 10
    drafts: int = 5_000
    copies: int = 24
    webhooks: int = 20_000
    modes: tuple[str, ...] = (HTTP_MODE, SOCKET_MODE)


FULL = Size()


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Milliseconds each acknowledgement took, and how many commands failed before a person's eyes."""

    took_ms: tuple[float, ...]
    failed: int


@dataclass(frozen=True, slots=True)
class Busy:
    """The same at full load, and what was done meanwhile; `left` messages were still to be sent."""

    acknowledged: Acknowledged
    webhooks_a_second: float
    messages: int
    left: int


def measure(shop: Workshop, size: Size = FULL) -> Result:
    """Type the same commands into each."""
    shop.say("/notify: a bare Bolt app")
    with running("bare_servers", "bolt", shop.slack.about["SLACK_API_URL"]) as child:
        shop.slack.ask(connect=f"http://127.0.0.1:{child.about['port']}/slack/events")
        bare = _type(shop.slack, size)
    shop.say("/notify: Tagwise idle")
    with running_bot(shop.outbox(0), shop.graph, shop.slack):
        idle = _type(shop.slack, size)
    busy = {mode: _type_at_full_load(shop, size, mode) for mode in size.modes}
    return Result(
        f"/notify acknowledged, {size.commands} commands {size.every_s * 1e3:.0f} ms apart",
        [
            *_figures("bare Bolt app", bare),
            *_figures("Tagwise idle", idle),
            *(found for mode, each in busy.items() for found in _figures_of_load(mode, each)),
        ],
        [
            *(_in_time(mode, each.acknowledged) for mode, each in busy.items()),
            _nothing_failed(bare, idle, *(each.acknowledged for each in busy.values())),
            Goal(
                "the load lasted to the end",
                " and ".join(f"{each.left:,}" for each in busy.values()) + " messages left",
                all(each.left for each in busy.values()),
            ),
        ],
    )


def _type(slack: Child, size: Size) -> Acknowledged:
    slack.ask(notify=size.warm_up, every_s=size.every_s)
    took = slack.ask(notify=size.commands, every_s=size.every_s)
    within = tuple(each * 1e3 for each in took if each is not None)
    return Acknowledged(within or (float("inf"),), len(took) - len(within))


def _type_at_full_load(shop: Workshop, size: Size, mode: str) -> Busy:
    """While the bot sends without a limit and takes webhooks from eight connections."""
    socket_mode, stopped = mode == SOCKET_MODE, Event()
    database, sent = shop.outbox(size.drafts, size.copies), bodies(size.webhooks)
    shop.say(f"/notify: Tagwise sends and records, {mode}")
    shop.graph.reset(DELAY_S)
    with (
        running("slack_server") as slack,  # one that has posted to nobody yet
        running_bot(database, shop.graph, slack, socket_mode=socket_mode) as bot,
        ThreadPoolExecutor(1) as postman,
    ):
        posting = postman.submit(post_until, bot.port, sent, stopped)
        try:
            acknowledged = _type(slack, size)
        finally:
            stopped.set()
        messages, left = shop.graph.count(), query(database, UNSENT)[0][0]
        return Busy(acknowledged, posting.result().a_second, messages, left)


def _figures(name: str, acknowledged: Acknowledged) -> list[Figure]:
    return [
        Figure(f"{name}: p{percent}", (percentile(acknowledged.took_ms, percent),), "ms")
        for percent in (50, 99)
    ]


def _figures_of_load(mode: str, busy: Busy) -> list[Figure]:
    return [
        *_figures(f"at full load, {mode}", busy.acknowledged),
        Figure("  messages sent meanwhile", (float(busy.messages),), "messages"),
        Figure("  webhooks recorded meanwhile", (busy.webhooks_a_second,), "events/s"),
    ]


def _in_time(mode: str, acknowledged: Acknowledged) -> Goal:
    aim = f"99 % within {MOST_MS:.0f} ms at full load, {mode}"
    return Goal.at_most(aim, percentile(acknowledged.took_ms, 99), MOST_MS, " ms")


def _nothing_failed(*all_of_them: Acknowledged) -> Goal:
    failed = sum(each.failed for each in all_of_them)
    return Goal("no command failed", f"{failed} failed", not failed)

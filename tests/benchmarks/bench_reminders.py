"""A million reminders that wait: start-up, memory, and how late those leave that fall due together."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.benchmarks.installation import NotDone, query, running_bot
from tests.benchmarks.prepared import Plan, PreparedStore, add_drafts, make_database, multiply
from tests.benchmarks.processes import cpu_s, memory_mb, running, sleep_until
from tests.benchmarks.report import Figure, Goal, Result, percentile
from tests.benchmarks.workshop import Workshop

DELAY_S = 0.1
MOST_START_S = 2.0
MOST_LATE_S = 1.0
APART_MIN = 7
LOOK_EVERY_S = 0.2
START_UPS = 3
REMINDERS = ("-1h",)  # beside the one at `send_at`: two a draft


@dataclass(frozen=True, slots=True)
class Size:
    """How many wait, made from how many drafts; how many fall due together; how many jobs beside.

    The due ones fall due `lead_s`, and some start-ups more, after they are put on record, and
    `lead_of_jobs_s` after they are jobs.
    """

    pending: int = 1_000_000
    drafts: int = 1_000
    due: int = 1_000
    jobs: int = 10_000
    lead_s: float = 8.0
    lead_of_jobs_s: float = 5.0
    patience_s: float = 60.0


FULL = Size()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the bot took while a million waited, and how many seconds late each due one arrived."""

    start_s: float
    memory_mb: float
    cpu_share: float
    late_s: Sequence[float]


def measure(shop: Workshop, size: Size = FULL) -> Result:
    """The bot with its database, then APScheduler with its jobs."""
    database = shop.new_path()
    queued_s, multiplied_s = _fill(shop, database, size)
    pending = query(database, "SELECT count(*) FROM deliveries WHERE state = 'pending'")[0][0]
    empty_start_s = _start_s(shop)
    lead_s = size.lead_s + START_UPS * empty_start_s  # a busy machine needs longer for all of it
    ours = _wait_and_send(shop, database, size, lead_s)
    shop.say(f"APScheduler with {size.jobs:,} jobs")
    shop.graph.reset(DELAY_S)
    arguments = (shop.graph.url, str(size.jobs), str(size.due), str(size.lead_of_jobs_s))
    with running("bare_scheduler", *arguments) as child:
        theirs = _late_s(shop, child.about["due_at"], size)
    about = child.about
    jobs = f"APScheduler, {size.jobs:,} jobs in memory"
    return Result(
        f"{pending:,} reminders wait, then {size.due:,} fall due in the same moment",
        [
            Figure("Tagwise: queue, judge, approve", (2 * size.drafts / queued_s,), "reminders/s"),
            Figure("Tagwise: the rest multiplied in SQL", (multiplied_s,), "s"),
            Figure(f"{jobs}: insert", (size.jobs / about["insert_s"],), "reminders/s"),
            Figure("Tagwise: start-up, nothing waits", (empty_start_s,), "s"),
            Figure(f"Tagwise: start-up, {pending:,} wait", (ours.start_s,), "s"),
            Figure(f"{jobs}: start-up without its imports", (about["start_s"],), "s"),
            Figure("Tagwise: memory", (ours.memory_mb,), "MB"),
            Figure(f"{jobs}: memory", (about["memory_mb"],), "MB"),
            Figure("Tagwise: processor while they wait", (ours.cpu_share * 100,), "% of a core"),
            *_lateness("Tagwise", ours.late_s),
            *_lateness(jobs, theirs),
        ],
        [
            Goal.at_most("start-up under 2 s", ours.start_s, MOST_START_S, " s"),
            Goal.at_most("99 % less than 1 s late", percentile(ours.late_s, 99), MOST_LATE_S, " s"),
        ],
    )


def _fill(shop: Workshop, database: Path, size: Size) -> tuple[float, float]:
    """Reminders of classes weeks ahead; seconds for queueing some, and for multiplying them."""
    shop.say(f"putting {size.pending:,} reminders on record")
    now = datetime.now(UTC)
    store = make_database(database)
    event_at = now + timedelta(days=9)
    plan = Plan(now + timedelta(days=8), REMINDERS, event_at)
    queued_s = add_drafts(store, size.drafts, plan)
    with store.write() as db:  # their cards were drawn and told of long ago
        db.execute("UPDATE drafts SET drawn = version, card_ts = '1700000000.000100'")
        db.execute("UPDATE notices SET posted_at = '2026-01-01T00:00:00.000000Z'")
    store.close()
    return queued_s, multiply(database, size.pending // (2 * size.drafts), APART_MIN)


def _wait_and_send(shop: Workshop, database: Path, size: Size, lead_s: float) -> Waiting:
    shop.say(f"{size.pending:,} reminders wait")
    due_at = time.time() + lead_s
    store = PreparedStore(database)
    moment = datetime.fromtimestamp(due_at, UTC)
    event_at = moment + timedelta(days=1)
    add_drafts(store, size.due, Plan(moment, (), event_at))
    store.close()
    shop.graph.reset(DELAY_S)
    begun = time.time()
    with running_bot(database, shop.graph, shop.slack) as bot:
        start_s, pid = time.time() - begun, bot.process.pid
        if time.time() > due_at - 1:
            raise NotDone(f"the bot was not up {lead_s:.0f} s after the drafts were queued")
        used, since = cpu_s(pid), time.time()
        sleep_until(due_at - 0.5)
        share, memory = (cpu_s(pid) - used) / (time.time() - since), memory_mb(pid)
        late_s = _late_s(shop, due_at, size)
    return Waiting(start_s, memory, share, late_s)


def _start_s(shop: Workshop) -> float:
    database = shop.outbox(0)
    begun = time.time()
    with running_bot(database, shop.graph, shop.slack):
        return time.time() - begun


def _late_s(shop: Workshop, due_at: float, size: Size) -> list[float]:
    """Seconds from the moment they were due to each arrival, once all are there."""
    deadline = due_at + size.patience_s
    while time.time() < deadline and shop.graph.count() < size.due:
        time.sleep(LOOK_EVERY_S)
    arrived = [at - due_at for at in shop.graph.arrivals().values()]
    never = [float("inf")] * (size.due - len(arrived))
    return sorted([*arrived, *never])


def _lateness(who: str, late_s: Sequence[float]) -> list[Figure]:
    return [
        Figure(f"{who}: late, p{percent}", (percentile(late_s, percent),), "s")
        for percent in (50, 99)
    ]

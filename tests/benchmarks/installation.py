"""How the bot is set up for a benchmark, and how it is started on a prepared database."""

import hashlib
import hmac
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bot.settings import Settings
from tests.benchmarks.processes import Child, Graph
from tests.house import until
from tests.process.running import Bot, start

APPROVALS = "C0BENCHMARK"
CLEO = "U0CLEO00001"
PAGE = "109823456712345"
APP_SECRET = "app-secret-of-the-benchmarks"
LOOK_EVERY_S = 0.005  # half of it is added to what is measured, on average
START_S = 60.0
FIRST_UNSENT = "SELECT min(id) FROM deliveries WHERE id BETWEEN ? AND ? AND state <> 'sent'"

BASE: Mapping[str, str] = {
    "SLACK_BOT_TOKEN": "xoxb-benchmark",
    "SLACK_SIGNING_SECRET": "slack-signing-secret-of-the-benchmarks",
    "APPROVALS_CHANNEL": APPROVALS,
    "PAGE_ID": PAGE,
    "PAGE_ACCESS_TOKEN": "EAAbenchmark",
    "APP_SECRET": APP_SECRET,
    "VERIFY_TOKEN": "verify-token-of-the-benchmarks",
    "POLICY_EDITION": "2021-06",
    "SEND_RATE": "0",
    "PORT": "0",
    "LOG_FORMAT": "json",
}


class NotDone(Exception):
    """What a benchmark waits for did not happen; the text says how far it came."""


def settings_for(database: Path) -> Settings:
    """The settings that the bot will have, for what is put on record before it starts."""
    given: dict[str, Any] = {name.lower(): value for name, value in BASE.items()}
    return Settings(_env_file=None, database_path=database, **given)


@contextmanager
def running_bot(
    database: Path, graph: Graph, slack: Child, *, socket_mode: bool = False, **changes: str
) -> Iterator[Bot]:
    """`python -m bot run` on this database until the block ends; Slack posts to it, or it connects."""
    about = dict(slack.about)
    if not socket_mode:
        del about["SLACK_APP_TOKEN"]
    places = {"DATABASE_PATH": str(database), "GRAPH_API_URL": graph.url}
    bot = start({**BASE, **about, **places, **changes}, database.parent)
    try:
        door = f"http://127.0.0.1:{_port(bot)}/slack/events"
        order = {"wait_for_socket": True} if socket_mode else {"connect": door}
        slack.ask(**order)
        yield bot
        bot.end()
    finally:
        if bot.process.poll() is None:
            bot.kill()


def _port(bot: Bot) -> int:
    """Its port, once it runs; longer than tests wait, for a benchmark may meet a busy machine."""

    def found() -> list[int]:
        assert bot.process.poll() is None, bot.log
        return [int(entry["port"]) for entry in bot.events() if entry["event"] == "running"]

    return until(found, START_S)[0]


def sign(body: bytes) -> str:
    """The value of X-Hub-Signature-256 that Meta would send with this body."""
    return "sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()


def query(database: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """What another program reads from the database."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as db:
        return db.execute(sql, values).fetchall()


def wait_until_sent(database: Path, deliveries: int, patience_s: float) -> float:
    """The time at which the first so many deliveries were all on record as sent; raises NotDone."""
    deadline, first = time.time() + patience_s, 0
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as db:
        while time.time() < deadline:
            # Only from there on: a look at all would take the processor from what is measured.
            first = db.execute(FIRST_UNSENT, [first, deliveries]).fetchone()[0]
            if first is None:
                return time.time()
            time.sleep(LOOK_EVERY_S)
    states = query(database, "SELECT state, count(*) FROM deliveries GROUP BY state")
    raise NotDone(f"after {patience_s:.0f} s the deliveries are {dict(states)}")


def same_signature(given: str, body: bytes) -> bool:
    """Whether Meta would have signed this body so."""
    return hmac.compare_digest(given, sign(body))

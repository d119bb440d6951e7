"""`python -m bot run` as a process of its own, with the stand-ins for Slack and Meta at its doors."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from bot.practice.graph import GraphStandIn
from bot.practice.slack import Channel, SlackStandIn
from tests import log_hygiene
from tests.house import ADA, until
from tests.house import settings_for as house_settings
from tests.log_hygiene import SIGNING_SECRET

START_S = 20.0
ROOT = Path(__file__).parents[2]


def environment(settings: Mapping[str, str | None]) -> dict[str, str]:
    """Only these settings, and what Python itself needs."""
    kept = ("PATH", "HOME", "VIRTUAL_ENV", "LANG", "TMPDIR", "SYSTEMROOT")
    given = {name: value for name, value in settings.items() if value is not None}
    return {name: os.environ[name] for name in kept if name in os.environ} | given


@dataclass
class Bot:
    """One process. Its log is read while it runs, so that a full pipe never stops it."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._read, name="bot-log", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.rstrip("\n"))
        self.process.stderr.close()

    @property
    def log(self) -> str:
        return "\n".join(self.lines)

    def events(self) -> list[dict[str, Any]]:
        """Every line of the log, as JSON."""
        return [json.loads(line) for line in list(self.lines)]

    def says(self, event: str) -> dict[str, Any]:
        """The first line of the log about this, once it is there."""

        def found() -> list[dict[str, Any]]:
            assert self.process.poll() is None or self._reader.is_alive(), self.log
            return [entry for entry in self.events() if entry["event"] == event]

        return until(found, START_S)[0]

    @property
    def port(self) -> int:
        return int(self.says("running")["port"])

    def end(self, number: signal.Signals = signal.SIGTERM, *, within_s: float = 10) -> int:
        """Send the signal; the exit code, which must come within the time."""
        self.process.send_signal(number)
        return self.ended(within_s)

    def ended(self, within_s: float = START_S) -> int:
        code = self.process.wait(within_s)
        self._reader.join(5)
        log_hygiene.check(self.log)
        return code

    def kill(self) -> None:
        """Gone at once, as in a power cut."""
        self.process.kill()
        self.process.wait(5)
        self._reader.join(5)


def start(settings: Mapping[str, str | None], folder: Path) -> Bot:
    """Start the bot in this folder, which holds its .env if it has one."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        env=environment(settings) | {"PYTHONPATH": str(ROOT)},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    return Bot(process)


@dataclass
class Site:
    """The stand-ins, the folder with the database, and the bots that were started here."""

    slack: SlackStandIn
    graph: GraphStandIn
    approvals: Channel
    ben: Any
    cleo: Any
    folder: Path
    bots: list[Bot] = field(default_factory=list)

    @property
    def database(self) -> Path:
        return self.folder / "tagwise.db"

    def settings(self, **changes: str | None) -> dict[str, str | None]:
        """HTTP mode on a free port, logging JSON."""
        given = house_settings(self.slack, self.graph, self.approvals.id, self.database)
        return given | {"LOG_FORMAT": "json"} | changes

    def start(self, **changes: str | None) -> Bot:
        """Start a bot that is not waited for."""
        bot = start(self.settings(**changes), self.folder)
        self.bots.append(bot)
        return bot

    def run(self, **changes: str | None) -> Bot:
        """Start a bot, wait until it runs, and connect Slack and Meta to it."""
        bot = self.start(**changes)
        self.graph.connect(f"http://127.0.0.1:{bot.port}/messenger/webhook")
        if changes.get("SLACK_APP_TOKEN"):
            self.slack.wait_for_socket(seconds=START_S)
        else:
            self.slack.connect_http(f"http://127.0.0.1:{bot.port}/slack/events")
        return bot

    def health(self, bot: Bot) -> requests.Response:
        return requests.get(f"http://127.0.0.1:{bot.port}/health", timeout=10)

    def states(self) -> list[str]:
        """The state of every delivery, read as another program would."""
        return [row[0] for row in self.rows("SELECT state FROM deliveries ORDER BY id")]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database)) as db:
            return db.execute(query).fetchall()

    def sends(self) -> list[Any]:
        """Every request to the Send API, in order."""
        return [
            r for r in self.graph.requests if r.method == "POST" and r.path.endswith("/messages")
        ]


@contextmanager
def open_site(folder: Path) -> Iterator[Site]:
    """Two members of staff in the approvals channel, and Ada on Messenger."""
    with (
        SlackStandIn(signing_secret=SIGNING_SECRET) as slack,
        GraphStandIn(edition="2021-06") as graph,
    ):
        graph.human_agent_approved = True
        graph.add_person(ADA, first_name="Ada", last_name="Moreau")
        ben, cleo = slack.add_user("Ben"), slack.add_user("Cleo")
        approvals = slack.add_channel("approvals", [ben, cleo])
        site = Site(slack, graph, approvals, ben, cleo, folder)
        try:
            yield site
        finally:
            for bot in site.bots:
                if bot.process.poll() is None:
                    bot.kill()
                log_hygiene.check(bot.log)


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return int(taken.getsockname()[1])

"""The whole bot in this process, with the stand-ins for Slack and Meta at its doors.

Everything is real but the two stand-ins and the clock: HTTP on loopback, signatures, Bolt, SQLite,
APScheduler's threads. `until` waits for what those threads do.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import requests

from bot.live import Live
from bot.practice.graph import GraphStandIn, Person
from bot.practice.slack import Channel, Message, Modal, SlackStandIn
from bot.scopes import BOT_SCOPES
from bot.settings import Settings
from tests.clock import HandClock
from tests.log_hygiene import SIGNING_SECRET

T = TypeVar("T")
DRAFTS_TOKEN = "drafts-token-of-the-tests"
VERIFY_TOKEN = "verify-token-of-the-tests"
ADA, BELA, INES = "24918830014477562", "25107743390218846", "1178830045612903"
PATIENCE_S = 10.0


def settings_for(
    slack: SlackStandIn, graph: GraphStandIn, approvals: str, database: Path, **changes: Any
) -> dict[str, Any]:
    """Settings by name, as the environment would hold them."""
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.url,
        "APPROVALS_CHANNEL": approvals,
        "PAGE_ID": graph.page_id,
        "PAGE_ACCESS_TOKEN": graph.access_token,
        "INSTAGRAM_ID": graph.instagram_id,
        "APP_SECRET": graph.app_secret,
        "VERIFY_TOKEN": VERIFY_TOKEN,
        "GRAPH_API_URL": graph.url,
        "DRAFTS_API_TOKEN": DRAFTS_TOKEN,
        "DATABASE_PATH": str(database),
        "PORT": "0",
        "HUMAN_AGENT_APPROVED": "true",
    } | {name.upper(): str(value) for name, value in changes.items()}


@dataclass
class House:
    """One running bot, two members of staff in the approvals channel, one outside it, three customers."""

    slack: SlackStandIn
    graph: GraphStandIn
    clock: HandClock
    approvals: Channel
    ben: Any
    cleo: Any
    dan: Any
    database: Path
    changes: dict[str, Any] = field(default_factory=dict)
    live: Live | None = None

    @property
    def running(self) -> Live:
        assert self.live is not None, "the bot is not running"
        return self.live

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.running.web.port}"

    @property
    def store(self) -> Any:
        return self.running.services.store

    def start(self, **changes: Any) -> None:
        """Start the bot on the house's database, with these settings changed."""
        values = settings_for(
            self.slack, self.graph, self.approvals.id, self.database, **(self.changes | changes)
        )
        lowered = {name.lower(): value for name, value in values.items() if value != "None"}
        settings = Settings(_env_file=None, **lowered)
        self.live = Live(settings, clock=self.clock)
        self.live.services.store.migrate(self.clock())
        self.live.open()
        if not settings.socket_mode:
            self.slack.connect_http(f"{self.url}/slack/events")
        else:
            self.slack.wait_for_socket()
        self.graph.connect(f"{self.url}/messenger/webhook")

    def stop(self) -> None:
        """Stop the bot as SIGTERM would."""
        if self.live is not None:
            self.live.close()
            self.live = None

    @property
    def ada(self) -> Person:
        return self.graph.person(ADA)

    @property
    def ines(self) -> Person:
        return self.graph.person(INES)

    def contact_id(self, psid: str = ADA) -> int:
        """Our own number of a person who wrote before."""
        with self.store.read() as db:
            return int(next(db.query("SELECT id FROM contacts WHERE psid = ?", [psid]))["id"])

    def compose(self, user: Any, text: str = "Your table is booked.", psid: str = ADA) -> Modal:
        """Open the composer with this text and choose this person."""
        self.slack.run_command(user, "/notify", text, channel=self.approvals)
        modal = self.slack.modal(user)
        assert modal is not None
        modal.choose("recipient", str(self.contact_id(psid)))
        return modal

    def card(self, number: int = -1) -> Message:
        """A card in the approvals channel, once it is there."""
        return self.until(lambda: self.approvals.messages)[number]

    def text_of(self, message: Any, reader: Any = None) -> str:
        return self.slack.render(message, reader or self.cleo)

    def post_draft(self, psid: str = ADA, **changes: Any) -> requests.Response:
        """Queue a draft as another system would."""
        body = {"recipient": {"id": psid}, "text": "Your table is booked."} | changes
        return requests.post(
            f"{self.url}/drafts",
            json=body,
            headers={"Authorization": f"Bearer {DRAFTS_TOKEN}"},
            timeout=PATIENCE_S,
        )

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """What stands in the database."""
        with self.store.read() as db:
            return list(db.query(query, list(values)))

    def states(self) -> list[str]:
        """The state of every delivery, in order."""
        return [row["state"] for row in self.rows("SELECT state FROM deliveries ORDER BY id")]

    def sends(self) -> list[dict[str, Any]]:
        """The bodies of every request to the Send API, in order."""
        return [
            r.body
            for r in self.graph.requests
            if r.path.endswith("/messages") and r.method == "POST"
        ]

    def until(self, happens: Callable[[], T], patience_s: float = PATIENCE_S) -> T:
        """The first true answer; fails when there is none in time."""
        return until(happens, patience_s)


def until(happens: Callable[[], T], patience_s: float = PATIENCE_S) -> T:
    """Ask again and again until the answer is true; fails when it never is."""
    deadline = time.monotonic() + patience_s
    while not (answer := happens()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return answer


@contextmanager
def open_house(folder: Path, **changes: Any) -> Iterator[House]:
    """A house whose bot runs, unless `start=False`; `private=True` hides its approvals channel."""
    start, private = changes.pop("start", True), changes.pop("private", False)
    clock = HandClock()
    # Slack's side keeps real time: Bolt checks the age of its signatures by it.
    with (
        SlackStandIn(scopes=BOT_SCOPES, signing_secret=SIGNING_SECRET) as slack,
        GraphStandIn(clock=clock, edition="2021-06") as graph,
    ):
        graph.human_agent_approved = True
        graph.add_person(ADA, first_name="Ada", last_name="Moreau")
        graph.add_person(BELA, first_name="Béla", last_name="Kiss")
        graph.add_person(INES, channel="instagram")
        ben, cleo = slack.add_user("Ben", tz="Europe/Berlin"), slack.add_user("Cleo")
        dan = slack.add_user("Dan")
        approvals = slack.add_channel("approvals", [ben, cleo], private=private)
        database = folder / "tagwise.db"
        house = House(slack, graph, clock, approvals, ben, cleo, dan, database, changes)
        if start:
            house.start()
        try:
            yield house
        finally:
            house.stop()

"""One playable scene: both stand-ins with their people, the bot between them, and what was said."""

import shutil
import tempfile
from collections.abc import Hashable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from bot.live import Live
from bot.practice.graph import GraphStandIn
from bot.practice.page.cast import CUSTOMERS, SAID, STAFF, TEMPLATES, Said
from bot.practice.page.clock import PracticeClock
from bot.practice.page.faults import TROUBLES
from bot.practice.page.record import Record
from bot.practice.page.zone import local_zone
from bot.practice.slack import Channel, SlackStandIn, User
from bot.scopes import BOT_SCOPES
from bot.settings import Settings

DRAFTS_TOKEN: Final = "practice-drafts"
VERIFY_TOKEN: Final = "practice-verify"
PRIVACY_URL: Final = "https://harbour.example/privacy"
# As in manifest.yml.
COMMAND: Final = (
    "/notify",
    "Write to a customer on Messenger or Instagram",
    "[message] | queue | status <draft> | withdraw <draft> | window <name> | help",
)
REPLY: Final = ("Reply to the customer", "reply")


class Scene:
    """Everything runs from construction to `close()`: HTTP on loopback, signatures, SQLite."""

    def __init__(self, edition: str) -> None:
        self.clock = PracticeClock()
        self.edition = edition
        self.trouble = "none"
        self._held: list[bytes] | None = None
        self._holding = ExitStack()
        self.slack = SlackStandIn(clock=self.clock, scopes=BOT_SCOPES)
        self.graph = GraphStandIn(clock=self.clock).start()
        self.staff: tuple[User, ...] = tuple(
            self.slack.add_user(member.name, tz=local_zone(), id=member.id) for member in STAFF
        )
        approvers = [User(m.id, m.name) for m in STAFF if m.approves]
        self.slack.add_command(*COMMAND)
        self.slack.add_message_shortcut(*REPLY)
        self.general: Channel = self.slack.add_channel("general", self.staff, bot=False)
        self.approvals: Channel = self.slack.add_channel("approvals", approvers)
        self.inbox: Channel = self.slack.add_channel("inbox", self.staff)
        for template in TEMPLATES:
            self.graph.add_template(template)
        for person in CUSTOMERS:
            self.graph.add_person(
                person.id,
                channel=person.channel,
                first_name=person.first_name,
                last_name=person.last_name,
            )
        self._folder = Path(tempfile.mkdtemp(prefix="tagwise-practice-"))
        # What was said before is said again to the bot, by a clock that is set back meanwhile.
        self.clock.put(-max(said.ago for said in SAID))
        self.live = self._start()
        for said in SAID:
            self._say(said)
        self.clock.put(timedelta())
        self.live.services.bell.ring()

    @property
    def record(self) -> Record:
        """What the bot's database says."""
        return Record(self.live)

    @property
    def held(self) -> int | None:
        """How many webhooks are held back; None where they leave at once."""
        return None if self._held is None else len(self._held)

    def play_by(self, edition: str) -> None:
        """Let this edition of Meta's rules hold from now on, here and at Meta."""
        self.edition = edition
        self._restart()

    def switch(self, trouble: str) -> None:
        """Let this go wrong at Meta from now on, and nothing else."""
        old, self.trouble = TROUBLES[self.trouble], trouble
        old.ends(self.graph)
        if old.needs_restart:
            self._restart()
        TROUBLES[trouble].begins(self.graph)

    def hold_webhooks(self) -> None:
        """Let Meta's webhooks wait from now on."""
        if self._held is None:
            self._held = self._holding.enter_context(self.graph.webhooks_held())

    def let_webhooks_through(self) -> None:
        """Deliver the webhooks that wait, in order; from now on they leave at once."""
        self._holding.close()
        self._held = None

    def move_clock(self, by: timedelta) -> None:
        """Move time ahead; what is due then happens at once."""
        self.clock.forward(by)
        self.live.services.bell.ring()

    def fingerprint(self) -> Hashable:
        """Differs whenever there may be something new to show."""
        requests = self.graph.requests
        return (
            id(self),
            self.slack.revision,
            len(requests),
            sum(request.answer is None for request in requests[-20:]),
            len(self.graph.webhooks),
            self.held,
            self.clock.shift,
        )

    def close(self) -> None:
        """Stop the bot as SIGTERM would, and both stand-ins; the record is thrown away."""
        self.graph.connect(None)
        self._holding.close()
        self.graph.stop()  # first: a call that hangs there would keep the bot waiting
        self.live.close()
        self.slack.close()
        self.live.services.store.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> Live:
        self.graph.edition = "2026-04" if self.edition == "2026-04" else "2021-06"
        live = Live(Settings(_env_file=None, **self._settings()), clock=self.clock)
        live.services.store.migrate(self.clock())
        live.open()
        self.graph.connect(f"http://127.0.0.1:{live.web.port}/messenger/webhook")
        self.slack.connect_http(f"http://127.0.0.1:{live.web.port}/slack/events")
        return live

    def _restart(self) -> None:
        self.live.close()
        self.live.services.store.close()
        self.live = self._start()
        self.graph.redeliver()  # what Meta could not deliver meanwhile

    def _settings(self) -> dict[str, Any]:
        return {
            "slack_bot_token": self.slack.bot_token,
            "slack_signing_secret": self.slack.signing_secret,
            "slack_api_url": self.slack.url,
            "approvals_channel": self.approvals.id,
            "inbox_channel": self.inbox.id,
            "page_id": self.graph.page_id,
            "page_access_token": self.graph.access_token,
            "instagram_id": self.graph.instagram_id,
            "app_secret": self.graph.app_secret,
            "verify_token": VERIFY_TOKEN,
            "graph_api_url": self.graph.url,
            "drafts_api_token": DRAFTS_TOKEN,
            "database_path": self._folder / "tagwise.db",
            "port": 0,
            "policy_edition": self.edition,
            "human_agent_approved": True,
            "one_time_notification": True,
            "privacy_url": PRIVACY_URL,
        }

    def _say(self, said: Said) -> None:
        self.clock.put(-said.ago)
        if said.by:
            self.slack.say(said.by, self.general, said.text)
        else:
            self.graph.person(said.where).writes(said.text)

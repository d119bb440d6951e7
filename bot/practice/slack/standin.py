"""The stand-in itself: a workspace on loopback that a bot talks to and people act in."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self
from zoneinfo import ZoneInfo

from .acting import Acting
from .backend import Backend
from .courier import Courier
from .delivery import ACK_SECONDS, HttpDelivery
from .errors import ApiError
from .journal import Call, Exchange, Journal, Refusal
from .methods import BOT_SCOPES
from .modal import Modal
from .render import Renderer
from .response_urls import ResponseUrls
from .server import Server, make_app
from .socket_mode import SocketMode
from .troubles import RateLimited, Troubles
from .views import Views
from .web_api import WebApi
from .workspace import Channel, Command, Message, MessageShortcut, User, Workspace

BOT_TOKEN: Final = "xoxb-practice"
APP_TOKEN: Final = "xapp-practice"
SIGNING_SECRET: Final = "practice"


def _real_time() -> datetime:
    return datetime.now(UTC)


class SlackStandIn(Acting):
    """A strict Slack for one bot, serving from the moment it is made until `close()`.

    `clock` tells the workspace's time, `scopes` what the bot's token was granted, `ack_seconds`
    how long (in real time) a person waits for the bot. `rate_limits` turns Slack's on.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = _real_time,
        scopes: Iterable[str] = BOT_SCOPES,
        bot_token: str = BOT_TOKEN,
        app_token: str = APP_TOKEN,
        signing_secret: str = SIGNING_SECRET,
        rate_limits: bool = False,
        ack_seconds: float = ACK_SECONDS,
        port: int = 0,
    ) -> None:
        self.bot_token = bot_token
        self.app_token = app_token
        self.signing_secret = signing_secret
        workspace = Workspace(clock)
        self.sockets = SocketMode(workspace)
        backend = Backend(workspace, Views(workspace), Journal(), frozenset(scopes))
        self._troubles = Troubles(clock, rate_limits)
        response_urls = ResponseUrls(backend)
        web_api = WebApi(
            backend,
            self._troubles,
            bot_token=bot_token,
            app_token=app_token,
            socket_url=self.sockets.new_url,
        )
        self._server = Server(make_app(web_api, response_urls, self._troubles), port)
        response_urls.base = f"{self._server.url}response/"
        self.url = f"{self._server.url}api/"
        super().__init__(backend, Courier(backend, response_urls, self.sockets, ack_seconds))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection and stop serving."""
        self.sockets.close()
        self._server.close()

    def connect_http(self, url: str) -> None:
        """Deliver payloads by signed POST to this address instead of Socket Mode."""
        self._courier.delivery = HttpDelivery(url, self.signing_secret)

    def wait_for_socket(self, count: int = 1, seconds: float = 5.0) -> None:
        """Wait until the bot holds this many Socket Mode connections."""
        self.wait_for(lambda: self.sockets.connected >= count, seconds)

    def add_user(self, name: str, *, tz: str = "Etc/UTC", id: str | None = None) -> User:
        """Let somebody join; `tz` is an IANA name."""
        return self._backend.workspace.add_user(name, tz, id)

    def add_channel(
        self,
        name: str,
        members: Sequence[User] = (),
        *,
        private: bool = False,
        bot: bool = True,
        id: str | None = None,
    ) -> Channel:
        """Make a channel with these members, and the bot unless told otherwise."""
        ids = [member.id for member in members]
        return self._backend.workspace.add_channel(name, ids, private, bot, id)

    def add_command(self, name: str, description: str = "", usage_hint: str = "") -> Command:
        """Let the app have this slash command, as its manifest says; Slack offers it while typing."""
        return self._backend.workspace.add_command(Command(name, description, usage_hint))

    def add_message_shortcut(self, name: str, callback_id: str) -> MessageShortcut:
        """Let the app have an entry in the menu of every message, as its manifest says."""
        return self._backend.workspace.add_message_shortcut(MessageShortcut(name, callback_id))

    @property
    def message_shortcuts(self) -> list[MessageShortcut]:
        """The app's entries in the menu of every message."""
        return list(self._backend.workspace.message_shortcuts.values())

    @property
    def commands(self) -> list[Command]:
        """The app's slash commands."""
        return list(self._backend.workspace.commands.values())

    @property
    def users(self) -> list[User]:
        """Everybody here, the bot and Slackbot too."""
        return list(self._backend.workspace.users.values())

    def user(self, user_id: str) -> User:
        """A member of the workspace by id."""
        return self._backend.workspace.users[user_id]

    @property
    def channels(self) -> list[Channel]:
        """Every conversation, direct ones too, in the order they were made."""
        return list(self._backend.workspace.channels.values())

    def channels_of(self, user: User) -> list[Channel]:
        """The conversations this person is in, in the order they were made."""
        return [channel for channel in self.channels if user.id in channel.members]

    def channel(self, channel_id: str) -> Channel:
        """A channel or direct conversation by its id."""
        return self._backend.workspace.channels[channel_id]

    def dm(self, user: User) -> Channel:
        """The direct messages between a person and the bot."""
        return self._backend.workspace.dm_with(user.id)

    def shown_to(self, user: User) -> list[Message]:
        """What only this person sees, oldest first: ephemeral messages and direct ones."""
        return self._backend.workspace.seen_by(user.id)

    def render(self, shown: Message | Modal, reader: User | None = None) -> str:
        """A message or modal in plain text, as `reader` (else somebody in UTC) sees it."""
        workspace = self._backend.workspace
        with workspace.changed:
            names = {user.id: user.name for user in workspace.users.values()}
            names |= {channel.id: channel.name for channel in workspace.channels.values()}
        zone = ZoneInfo(reader.tz if reader else "Etc/UTC")
        renderer = Renderer(workspace.clock(), zone, names)
        if isinstance(shown, Message):
            return renderer.message(shown.content.text, shown.content.blocks)
        return renderer.view(shown.view())

    @property
    def revision(self) -> int:
        """Grows with every change in the workspace: what a screen compares before it looks again."""
        return self._backend.workspace.revision

    @property
    def calls(self) -> list[Call]:
        """Every Web API call so far."""
        return list(self._backend.journal.calls)

    @property
    def exchanges(self) -> list[Exchange]:
        """Every request between Slack and the bot so far, in both directions."""
        return list(self._backend.journal.exchanges)

    @property
    def now(self) -> datetime:
        """The workspace's time."""
        return self._backend.workspace.clock()

    @property
    def refused(self) -> list[Refusal]:
        """Every mistake of the bot's so far; a good test leaves it empty."""
        return list(self._backend.journal.refused)

    def scopes_used(self) -> set[str]:
        """The scopes needed for what the bot and the people did so far."""
        return set(self._backend.journal.scopes)

    def fail_next(self, method: str, error: str = "internal_error", *, times: int = 1) -> None:
        """Let the next calls of a method end in an error it may answer."""
        self._troubles.add(method, ApiError(error), times)

    def rate_limit_next(self, method: str, retry_after: int = 1, *, times: int = 1) -> None:
        """Answer the next calls of a method with 429 and `Retry-After` in seconds."""
        self._troubles.add(method, RateLimited(retry_after), times)

    @property
    def down(self) -> bool:
        """Whether every request is answered 503."""
        return self._troubles.down

    @down.setter
    def down(self, down: bool) -> None:
        self._troubles.down = down

    def end_troubles(self) -> None:
        """Forget all failures asked for, and be up again."""
        self._troubles.clear()

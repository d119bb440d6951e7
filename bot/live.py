"""The live bot: wires the parts, opens them in order, waits, and closes them in order."""

import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Final

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import Clock, system_clock
from bot.clock_watch import ClockWatch
from bot.looking_up import LookUp
from bot.messenger import Messenger
from bot.names import learn_names
from bot.outcomes import recover_interrupted
from bot.policy.content import prepare
from bot.restoring import settle_restored
from bot.sender import Sender
from bot.services import Services
from bot.settings import Settings
from bot.stopping import StopSignal
from bot.utility import TemplateWatch
from handlers.cards import Painter
from handlers.desk_painter import DeskPainter
from handlers.slack_app import slack_app, slack_client
from handlers.socket_mode import close_socket
from handlers.timer import Timer
from handlers.web import web_application, web_server
from storage import pauses
from storage.store import Store

IN_FLIGHT_PATIENCE_S: Final = 5.0
CLOSING_S: Final = 7.0
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
DESK: Final = "desk"
_log = structlog.get_logger()


class CannotListen(Exception):
    """HOST and PORT name no address that the bot can have; the text says what to do."""


class Live:
    """One running bot on one database."""

    def __init__(self, settings: Settings, clock: Clock = system_clock) -> None:
        """Wire everything; raises CannotListen. Nothing runs yet."""
        self.services = Services(
            settings=settings,
            store=Store(settings.database_path),
            messenger=Messenger(
                settings.graph_api_url,
                settings.graph_api_version,
                settings.page_access_token.get_secret_value(),
            ),
            clock=clock,
        )
        self._closing = threading.Event()
        client = slack_client(settings)
        self._app = slack_app(self.services, client)
        self._socket = _socket(self._app, settings) if settings.socket_mode else None
        self._sender = Sender(self.services)
        painter = Painter(self.services, client)
        self._timer = Timer(
            deliver=self._sender.wake,
            draw=painter.tick,
            names=lambda: learn_names(self.services, self._closing.is_set),
            look=LookUp(self.services).tick,
            clock=ClockWatch(self.services).tick,
            templates=TemplateWatch(self.services).tick,
            **self._desk_job(client),
        )
        checks: dict[str, Callable[[], bool]] = {"scheduler": lambda: self._timer.running}
        if self._socket:
            checks["Slack connection"] = self._socket.client.is_connected
        flask = web_application(self.services, None if settings.socket_mode else self._app, checks)
        try:
            self.web = web_server(self.services, flask)
        except (OSError, ValueError) as error:
            raise CannotListen(
                f"Tagwise cannot listen on {settings.host}:{settings.port} ({error}). "
                "Is another program there? HOST and PORT choose another address."
            ) from error

    def _desk_job(self, client: WebClient) -> dict[str, Callable[[], None]]:
        channel = self.services.settings.inbox_channel
        return {DESK: DeskPainter(self.services, client, channel).tick} if channel else {}

    def open(self) -> None:
        """Bring the record in order, then begin to listen and to work."""
        prepare()  # or whoever writes first waits for it, for long where messages go out already
        now = self.services.clock()
        with self.services.store.write() as db:
            interrupted = recover_interrupted(db, now)
            restored = settle_restored(db, self.services.settings.accounts, now)
            # The token is read at start: whoever mended it has started the bot again.
            pauses.end(db, self.services.settings.accounts, ["token"])
        if interrupted:
            _log.warning("deliveries were interrupted and may have arrived", count=interrupted)
        if restored is not None:
            _log.warning("a backup was restored: sending is paused", may_have_been_sent=restored)
        self.web.start()
        self.services.bell.wakes(to_send=self._sender.wake, to_tell=self._timer.waker("draw"))
        if self.services.settings.inbox_channel:
            self.services.bell.wakes(to_tell=self._timer.waker(DESK))
        self._sender.start()
        self._timer.start()
        if self._socket:
            arguments = (self._socket, self._closing)
            threading.Thread(target=_connect, args=arguments, name="connect", daemon=True).start()

    def close(self) -> bool:
        """Listen no more, finish or record what is in flight; within 10 s.

        False when a thread still waits for Slack or Meta: what it waits for is on record.
        """
        deadline = time.monotonic() + CLOSING_S
        self._closing.set()
        closing = [
            threading.Thread(target=part, name="closing", daemon=True)
            for part in (self._stop_listening, self._timer.stop)
        ]
        for thread in closing:
            thread.start()
        if not self._sender.stop(IN_FLIGHT_PATIENCE_S):
            self._record_interrupted()
        for thread in closing:
            thread.join(max(0.0, deadline - time.monotonic()))
        self.services.messenger.close()
        self.services.store.close()
        return not any(thread.is_alive() for thread in closing)

    def _stop_listening(self) -> None:
        if self._socket:
            close_socket(self._socket)
        self.web.stop()
        self._app.listener_runner.listener_executor.shutdown(wait=True)

    def _record_interrupted(self) -> None:
        try:
            with self.services.store.write() as db:
                interrupted = recover_interrupted(db, self.services.clock())
            _log.warning("deliveries were interrupted and may have arrived", count=interrupted)
        except sqlite3.Error as error:
            _log.error("the next start records what was interrupted", error=str(error))


def run_until_stopped(settings: Settings, clock: Clock = system_clock) -> bool:
    """The live bot until SIGTERM or SIGINT; what `Live.close` says. Raises StoreError, CannotListen."""
    stop_signal = StopSignal()
    store = Store(settings.database_path)
    with store.sole_user():
        kept = store.migrate(clock())
        if kept:
            _log.info("database brought up to date", copy_of_the_older_one=str(kept))
        live = Live(settings, clock)
        live.open()
        _log.info("running", port=live.web.port, socket_mode=settings.socket_mode)
        stop_signal.wait()
        _log.info("stopping")
        all_ended = live.close()
        _log.info("stopped")
    return all_ended


def _socket(app: App, settings: Settings) -> SocketModeHandler:
    token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else None
    client = WebClient(base_url=f"{settings.slack_api_url}/")
    return SocketModeHandler(app, token, web_client=client)


def _connect(socket: SocketModeHandler, closing: threading.Event) -> None:
    """Connect to Slack, however long that takes; until then /health says that it does not work."""
    pause = FIRST_PAUSE_S
    while not closing.is_set():
        try:
            socket.client.wss_uri = None  # an address is good for one try only
            socket.connect()  # type: ignore[no-untyped-call]
        except SlackApiError as error:
            why = str(error.response.get("error"))
        except Exception as error:  # noqa: BLE001 - the SDK raises whatever the network does to it
            why = type(error).__name__
        else:
            return
        _log.warning("Slack cannot be reached yet", why=why, next_try_s=pause)
        closing.wait(pause)
        pause = min(pause * 2, LONGEST_PAUSE_S)

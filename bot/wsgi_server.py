"""Waitress in a thread of its own, which ends without an error however busy it is."""

import threading
from typing import TYPE_CHECKING, Final

from waitress import create_server, wasyncore
from waitress.server import MultiSocketServer
from waitress.task import ThreadedTaskDispatcher

from bot.bulk_requests import BulkDispatcher, BulkHandler

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PATIENCE_S: Final = 2.0
MOST_BYTES: Final = 2**30  # Waitress's own limit; the applications have stricter ones


class WsgiServer:
    """Serves one application from `start` to `stop`; port 0 takes a free one."""

    def __init__(
        self,
        application: "WSGIApplication",
        host: str,
        port: int,
        *,
        threads: int,
        most_bytes: int = MOST_BYTES,
        bulk: BulkHandler | None = None,
    ) -> None:
        """Bind at once; raises OSError when the address is taken, ValueError when it is none.

        `bulk` answers all requests to its path in the place of the application.
        """
        dispatcher = BulkDispatcher(bulk) if bulk else ThreadedTaskDispatcher()
        dispatcher.set_thread_count(threads)
        self._sockets: dict[int, object] = {}
        self._server = create_server(
            application,
            map=self._sockets,
            _dispatcher=dispatcher,
            host=host,
            port=port,
            max_request_body_size=most_bytes,
        )
        if isinstance(self._server, MultiSocketServer):
            wasyncore.close_all(self._sockets)
            raise ValueError("that is several addresses; name one, such as 0.0.0.0")
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)
        self.port = int(self._server.effective_port)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more; requests under way are finished, idle connections closed."""
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=PATIENCE_S)
        # In the loop's own thread, for a socket closed under it would be an error there; and not
        # before the trigger was pulled, for that is one of its sockets.
        pulled = threading.Event()

        def close_all() -> None:
            pulled.wait(1)
            wasyncore.close_all(self._sockets)

        self._server.trigger.pull_trigger(close_all)
        pulled.set()
        self._thread.join(PATIENCE_S)

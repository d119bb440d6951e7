"""Serves the page on this machine alone."""

import threading

from flask import Flask
from waitress import create_server, wasyncore

HOST = "127.0.0.1"
THREADS = 24  # each open page holds one for its server-sent events


class PageServer:
    """Waitress in a thread of its own, from construction to `close()`; port 0 takes a free one."""

    def __init__(self, flask: Flask, port: int = 0) -> None:
        """Bind at once; raises OSError when the port is taken."""
        self._sockets: dict[int, object] = {}
        self._server = create_server(
            flask, map=self._sockets, host=HOST, port=port, threads=THREADS
        )
        self.url = f"http://{HOST}:{self._server.effective_port}/"
        self._thread = threading.Thread(target=self._server.run, name="page", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answer no more; end the streams first."""
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=2)
        # In the loop's own thread, where its sockets belong; and not before the trigger was pulled,
        # for that is one of them.
        pulled = threading.Event()

        def close_all() -> None:
            pulled.wait(1)
            wasyncore.close_all(self._sockets)

        self._server.trigger.pull_trigger(close_all)
        pulled.set()
        self._thread.join(timeout=2)

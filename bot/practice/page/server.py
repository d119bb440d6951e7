"""Serves the page on this machine alone."""

from typing import Final

from flask import Flask

from bot.wsgi_server import WsgiServer

HOST: Final = "127.0.0.1"
THREADS: Final = 24  # each open page holds one for its server-sent events


class PageServer:
    """Answers from construction to `close()`; port 0 takes a free one."""

    def __init__(self, flask: Flask, port: int = 0) -> None:
        """Bind at once; raises OSError when the port is taken."""
        self._server = WsgiServer(flask, HOST, port, threads=THREADS)
        self.url = f"http://{HOST}:{self._server.port}/"
        self._server.start()

    def close(self) -> None:
        """Answer no more; end the streams first."""
        self._server.stop()

"""Connections to Meta that say whether a request has left, and that are probed while they idle."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError, ProxyError

# A router that forgets an idle connection says nothing: the first message over it would be in doubt.
KEEP_ALIVE_S: Final = {"TCP_KEEPIDLE": 15, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}


class Connections(HTTPAdapter):
    """Keeps up to so many connections open for the next requests."""

    def __init__(self, kept: int) -> None:
        super().__init__(pool_maxsize=kept)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Called by the library when it makes its pool."""
        options = [*HTTPConnection.default_socket_options]
        options.append((socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1))
        for name, value in KEEP_ALIVE_S.items():
            if hasattr(socket, name):  # not on every system
                options.append((socket.IPPROTO_TCP, getattr(socket, name), value))
        super().init_poolmanager(*args, socket_options=options, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


def never_left(error: requests.RequestException) -> bool:
    """Whether nothing of the request was sent: no connection came about, or it could not be made."""
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    if isinstance(reason, ProxyError):
        reason = reason.original_error
    return isinstance(reason, NewConnectionError) or isinstance(error, ValueError)


@contextmanager
def _told_alike(connection: HTTPConnection) -> Iterator[None]:
    """One error for every failure to connect: the library calls a slow TLS handshake a read time-out."""
    try:
        yield
    except Exception as error:  # whatever it is, nothing has been sent
        raise NewConnectionError(connection, type(error).__name__) from error


class _Connection(HTTPConnection):
    def connect(self) -> None:
        with _told_alike(self):
            super().connect()


class _SecureConnection(HTTPSConnection):
    def connect(self) -> None:
        with _told_alike(self):
            super().connect()


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection

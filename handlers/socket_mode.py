"""Leaving Socket Mode without waiting for ever on slips of the SDK's."""

import threading
from typing import Final

import structlog
from slack_bolt.adapter.socket_mode import SocketModeHandler

LOOK_AGAIN_S: Final = 0.05
_log = structlog.get_logger()


def close_socket(handler: SocketModeHandler) -> None:
    """Close the connection; returns when its threads have ended.

    A session that begins just then takes back the sign by which it would end: so it is given again.
    """
    closing = threading.Thread(target=_close, args=[handler], name="close-socket", daemon=True)
    closing.start()
    while closing.is_alive():
        handler.client.current_session_state.terminated = True
        closing.join(LOOK_AGAIN_S)


def _close(handler: SocketModeHandler) -> None:
    try:
        handler.close()  # type: ignore[no-untyped-call]
    except AttributeError:  # the SDK's own slip when closed while it reconnects
        _log.debug("socket was reconnecting")

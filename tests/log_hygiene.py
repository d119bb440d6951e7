"""Fails a test whose log lines hold a token, a secret, or the text of anybody's message.

Everything is captured as the bot would write it at LOG_LEVEL=DEBUG, but without its last net, which
blanks out the secrets of its settings: no line may need that net.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from bot.logs import log_formatter, set_levels
from bot.practice.graph import GraphStandIn
from bot.practice.slack import standin

SIGNING_SECRET = "slack-signing-secret-of-the-tests"
SECRETS = (
    GraphStandIn.access_token,
    GraphStandIn.app_secret,
    standin.BOT_TOKEN,
    standin.APP_TOKEN,
    SIGNING_SECRET,
    "drafts-token-of-the-tests",
    "verify-token-of-the-tests",
    "EAArenewed",
    "Bearer ",
)
# What the people in the stories write, and a mark for any other message.
TEXTS = ("Your table is booked", "Is my table booked", "MESSAGE-TEXT-MARK")


class Leak(AssertionError):
    """A log line holds what nobody may read there."""


class Lines(logging.Handler):
    """Keeps what was logged, as the bot would have written it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(log_formatter(structlog.processors.JSONRenderer(), ()))
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(self.format(record))


def check(log: str) -> None:
    """Raise Leak where a line of this log holds a secret or a marked message."""
    for line in log.splitlines():
        for secret in (*SECRETS, *TEXTS):
            if secret in line:
                raise Leak(f"a log line holds {secret!r}: {line[:2000]}")


@contextmanager
def watched() -> Iterator[Lines]:
    """Everything that is logged in the block; raises Leak at its end if something leaked."""
    set_levels("DEBUG")
    lines, root = Lines(), logging.getLogger()
    root.addHandler(lines)
    try:
        yield lines
    finally:
        root.removeHandler(lines)
    check("\n".join(lines.written))

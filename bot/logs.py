"""Log lines: structured, on stderr, without secrets and without anybody's message."""

import json
import logging
import sys
from collections.abc import Iterable
from typing import Any, Final

import structlog
from pydantic import SecretStr
from structlog.typing import Processor

from bot.settings import Settings

HIDDEN: Final = "[hidden]"
SHORTEST_SECRET: Final = 6  # characters; less would blank out half of every line
# These put whole requests, texts and tokens included, into their lines below WARNING.
TALKATIVE: Final = (
    "slack_bolt",
    "slack_sdk",
    "urllib3",
    "requests",
    "apscheduler",
    "waitress",
    "werkzeug",
)


_SHARED: Final[tuple[Processor, ...]] = (
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,  # plain, for the pretty one prints every local variable
)


def configure_logs(settings: Settings) -> None:
    """Send every log line through one formatter; LOG_LEVEL and LOG_FORMAT decide how much and how."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(log_formatter(_renderer(settings), secrets_of(settings)))
    logging.getLogger().handlers[:] = [handler]
    set_levels(settings.log_level)


def set_levels(level: str) -> None:
    """Log from this level up, but from others' code only what holds no request."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    root = logging.getLogger()
    root.setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    # They warn of what is meant so: a job woken while it runs, a token that is given twice.
    for name in ("apscheduler", "slack_bolt"):
        logging.getLogger(name).setLevel(logging.ERROR)


def log_formatter(renderer: Processor, secrets: Iterable[str]) -> logging.Formatter:
    """Writes our own lines and the libraries' alike, as `renderer` has it, without these secrets."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_SHARED, structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            renderer,
            _hide(secrets),
        ],
    )


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Every secret value among the settings."""
    values = (getattr(settings, name) for name in type(settings).model_fields)
    return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


def _renderer(settings: Settings) -> Processor:
    if settings.log_format == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def _hide(secrets: Iterable[str]) -> Processor:
    """A net under everything else: in the finished line, wherever a secret may have come from."""
    long_enough = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
    spellings = {*long_enough, *(json.dumps(secret)[1:-1] for secret in long_enough)}
    hidden = sorted(spellings, key=len, reverse=True)

    def hide(_logger: Any, _method: str, line: Any) -> str:
        for secret in hidden:
            line = line.replace(secret, HIDDEN)
        return str(line)

    return hide

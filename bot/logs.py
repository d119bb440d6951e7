"""Log lines: structured, on stderr, without secrets and without anybody's message."""

import logging
import sys
from collections.abc import Iterable
from typing import Any, Final

import structlog
from pydantic import SecretStr
from structlog.typing import EventDict, Processor

from bot.settings import Settings

HIDDEN: Final = "[hidden]"
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


def configure_logs(settings: Settings) -> None:
    """Send every log line through one formatter; LOG_LEVEL and LOG_FORMAT decide how much and how."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _hide(secrets_of(settings)),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _hide(secrets_of(settings)),
                _renderer(settings),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    # It warns whenever a job is woken while it runs, which is how our jobs are meant to be woken.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Every secret value among the settings."""
    values = (getattr(settings, name) for name in type(settings).model_fields)
    return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


def _renderer(settings: Settings) -> Processor:
    if settings.log_format == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def _hide(secrets: Iterable[str]) -> Processor:
    hidden = sorted((secret for secret in secrets if secret), key=len, reverse=True)

    def hide(_logger: Any, _method: str, event: EventDict) -> EventDict:
        for key, value in event.items():
            if isinstance(value, str):
                event[key] = _without(value, hidden)
        return event

    return hide


def _without(text: str, hidden: Iterable[str]) -> str:
    for secret in hidden:
        text = text.replace(secret, HIDDEN)
    return text

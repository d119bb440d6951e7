"""What the bot asked for, and what of it Slack would have refused as wrongly made."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

# Errors that are the bot's own doing, whatever the state of the workspace.
MISTAKES: Final = frozenset(
    {
        "invalid_arguments",
        "invalid_auth",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "invalid_thread_ts",
        "markdown_text_conflict",
        "missing_scope",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "not_allowed_token_type",
        "not_authed",
        "unknown_method",
        "view_too_large",
    }
)


@dataclass(frozen=True)
class Call:
    """One call of a Web API method; `scopes` are those it needed, `error` is None if it worked."""

    method: str
    args: dict[str, Any]
    error: str | None
    at: datetime
    scopes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether Slack did what was asked."""
        return self.error is None


@dataclass(frozen=True)
class Refusal:
    """Something Slack does not take: `what` is a method or a kind of answer, `messages` say why."""

    what: str
    error: str
    messages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exchange:
    """A request between Slack and the bot, and what came back.

    `what` is a method of the Web API, `response_url`, a command or a kind of interaction;
    `answer` is None and `error` says why where nothing of use came. `took_s` is in real seconds.
    """

    at: datetime
    to_bot: bool
    what: str
    request: dict[str, Any]
    answer: dict[str, Any] | None
    error: str | None
    took_s: float


@dataclass(frozen=True)
class Journal:
    """Calls and refusals in their order, and the scopes needed for what was done so far."""

    calls: list[Call] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    scopes: set[str] = field(default_factory=set)

    def refuse(self, what: str, error: str, messages: Sequence[object] = ()) -> None:
        """Note something the bot made wrongly."""
        self.refused.append(Refusal(what, error, tuple(str(message) for message in messages)))

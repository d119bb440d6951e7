"""Messages the bot sends back without a token: answers to commands, and `response_url`s.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from .backend import Backend
from .contents import read_content
from .errors import ApiError
from .journal import Exchange
from .workspace import BOT_USER, Json, Message

MOST_USES: Final = 5
LIFE: Final = timedelta(minutes=30)
_KNOWN: Final = frozenset(
    {"text", "blocks", "attachments", "response_type", "replace_original", "delete_original"}
    | {"thread_ts", "unfurl_links", "unfurl_media", "mrkdwn", "metadata"}
)


@dataclass(frozen=True)
class Target:
    """Where an answer goes: the person, the channel, and the message it was about, if any."""

    user_id: str
    channel_id: str
    original: Message | None = None


@dataclass
class _Issued:
    target: Target
    at: datetime
    uses: int = 0


class ResponseUrls:
    """Addresses of five uses in half an hour each."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._issued: dict[str, _Issued] = {}
        self.base = ""

    def issue(self, target: Target) -> str:
        """A new address for answers to this target."""
        key = secrets.token_urlsafe(12)
        self._issued[key] = _Issued(target, self._backend.workspace.clock())
        return f"{self.base}{key}"

    def use(self, key: str, body: Json) -> None:
        """What the bot sent to an address; raises ApiError where Slack would refuse it."""
        now, start, error = self._backend.workspace.clock(), monotonic(), None
        with self._backend.workspace.changing():
            try:
                self.publish("response_url", self._spend(key, now), body)
            except ApiError as problem:
                error = problem.error
                raise
            finally:
                took, answer = monotonic() - start, {"ok": error is None}
                self._backend.journal.exchanges.append(
                    Exchange(now, False, "response_url", body, answer, error, took)
                )

    def _spend(self, key: str, now: datetime) -> Target:
        issued = self._issued.get(key)
        if issued is None:
            raise ApiError("invalid_url")
        if issued.uses >= MOST_USES:
            raise ApiError("used_url")
        if now - issued.at > LIFE:
            raise ApiError("expired_url")
        issued.uses += 1
        return issued.target

    def publish(self, what: str, target: Target, body: Json) -> Message | None:
        """Show an answer; a mistake in it is written down as a refusal of `what` and raised."""
        try:
            with self._backend.workspace.changing():
                return self._publish(target, body)
        except ApiError as problem:
            self._backend.journal.refuse(what, problem.error, problem.messages)
            raise

    def _publish(self, target: Target, body: Json) -> Message | None:
        if unknown := sorted(set(body) - _KNOWN):
            raise ApiError("invalid_payload", [f"[ERROR] unknown field: {n}" for n in unknown])
        workspace, original = self._backend.workspace, target.original
        if original is not None and body.get("delete_original"):
            workspace.remove(original)
            return None
        content = read_content(self._backend, body)
        if original is not None and body.get("replace_original"):
            workspace.edit(original, content)
            return original
        for_all = body.get("response_type") == "in_channel"
        return workspace.post(
            Message(
                channel_id=target.channel_id,
                ts=workspace.new_ts(),
                user=BOT_USER,
                content=content,
                thread_ts=body.get("thread_ts"),
                ephemeral_to=None if for_all else target.user_id,
            )
        )

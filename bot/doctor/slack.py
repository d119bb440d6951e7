"""Checks of the workspace: the bot's token and scopes, Socket Mode, the channels it writes to."""

import re
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPException
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.doctor.finding import Finding, fail, ok
from bot.scopes import BOT_SCOPES
from bot.settings import SlackSettings

TIMEOUT_S: Final = 10
_CODE: Final = re.compile(r"[a-z_]+")
_BAD_TOKEN: Final = (
    "invalid_auth",
    "not_authed",
    "not_allowed_token_type",
    "account_inactive",
    "token_expired",
    "token_revoked",
    "missing_scope",
)
_REINSTALL: Final = "Copy the Bot User OAuth Token anew (Install App) to SLACK_BOT_TOKEN."
_CONNECT: Final = "Make an App-Level Token with the scope connections:write for SLACK_APP_TOKEN."
_INVITE: Final = "Invite the bot with /invite @Tagwise, or correct {setting}."


class _NoAnswer(Exception):
    """Slack did not do what was asked; the text says why, and `code` is its own word for it, if any."""

    def __init__(self, sentence: str, code: str = "") -> None:
        super().__init__(sentence)
        self.code = code

    def with_remedy(self, remedy: str, *codes: str) -> str:
        """The text, and what to do about it if it is one of these."""
        return f"{self} {remedy}" if self.code in codes else str(self)


def slack_findings(settings: SlackSettings) -> Iterator[Finding]:
    """Everything about Slack; without a good token only what does not need it."""
    client = WebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=f"{settings.slack_api_url}/",
        timeout=TIMEOUT_S,
    )
    try:
        answer = _asked(client.auth_test)
    except _NoAnswer as why:
        yield fail("Slack token", why.with_remedy(_REINSTALL, *_BAD_TOKEN))
    else:
        yield ok("Slack token", f"Speaks as {answer['user']} in {answer['team']}.")
        yield _scopes(answer.headers)
        yield _channel(client, "Approvals channel", settings.approvals_channel, "APPROVALS_CHANNEL")
        if settings.inbox_channel:
            yield _channel(client, "Inbox channel", settings.inbox_channel, "INBOX_CHANNEL")
    yield _connection(client, settings)


def _scopes(headers: Mapping[str, Any]) -> Finding:
    listed = next((v for name, v in headers.items() if name.lower() == "x-oauth-scopes"), "")
    granted = {scope.strip() for scope in str(listed).split(",")}
    missing = [f"{scope} ({why})" for scope, why in BOT_SCOPES.items() if scope not in granted]
    if missing:
        return fail(
            "Slack scopes",
            f"Missing: {'; '.join(missing)}. Add them under OAuth & Permissions, then reinstall the app.",
        )
    return ok("Slack scopes", f"All {len(BOT_SCOPES)} are granted.")


def _channel(client: WebClient, title: str, channel: str, setting: str) -> Finding:
    invite = _INVITE.format(setting=setting)
    try:
        found = _asked(client.conversations_info, channel=channel)["channel"]
    except _NoAnswer as why:
        return fail(title, why.with_remedy(invite, "channel_not_found"))
    name = f"#{found.get('name', channel)}"
    if found.get("is_archived"):
        return fail(title, f"{name} is archived: restore it, or change {setting}.")
    if not found.get("is_member"):
        return fail(title, f"The bot is not in {name}. {invite}")
    return ok(title, f"The bot is in {name}.")


def _connection(client: WebClient, settings: SlackSettings) -> Finding:
    title, token = "Slack connection", settings.slack_app_token
    if token is None:
        return ok(title, "HTTP mode: Slack posts to /slack/events, as manifest.yml says.")
    try:
        _asked(client.apps_connections_open, app_token=token.get_secret_value())
    except _NoAnswer as why:
        return fail(title, f"Socket Mode: {why.with_remedy(_CONNECT, *_BAD_TOKEN)}")
    return ok(title, "Socket Mode can be opened.")


def _asked(method: Callable[..., SlackResponse], **arguments: str) -> SlackResponse:
    try:
        return method(**arguments)
    except SlackApiError as error:
        code = str(error.response.get("error"))
        if _CODE.fullmatch(code):  # the SDK puts any other answer there too, whole
            raise _NoAnswer(f"Slack answered {code}.", code) from None
        raise _NoAnswer("What answered is not Slack, or Slack has trouble.") from None
    except (SlackClientError, HTTPException, OSError) as error:
        kind = type(getattr(error, "reason", error)).__name__
        raise _NoAnswer(f"Slack could not be reached ({kind}): check the network.") from None

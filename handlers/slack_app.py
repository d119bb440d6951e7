"""The Slack app: every listener, and what a person sees when something of ours fails."""

import logging
import secrets
from typing import Any, Final

import structlog
from slack_bolt import App, BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.services import Services
from bot.settings import Settings
from handlers import approvals, breakers, composing, desk, notify
from handlers.people import slack_error
from handlers.views import ids

TIMEOUT_S: Final = 10
_log = structlog.get_logger()


def slack_client(settings: Settings) -> WebClient:
    """The Web API client that everything shares.

    It does not wait out rate limits: a listener has 3 s, and the painter keeps its own pauses.
    """
    return WebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=f"{settings.slack_api_url}/",
        timeout=TIMEOUT_S,
    )


def slack_app(services: Services, client: WebClient) -> App:
    """A Bolt app with every listener registered; it has not spoken to Slack yet."""
    settings = services.settings
    secret = settings.slack_signing_secret
    app = App(
        logger=logging.getLogger("slack_bolt"),  # else Bolt's own ones take the level of the root
        client=client,
        signing_secret=secret.get_secret_value() if secret else None,
        request_verification_enabled=not settings.socket_mode,
        token_verification_enabled=False,  # the constructor would call Slack, and fail without it
        raise_error_for_unhandled_request=True,
    )
    for story in (notify, composing, approvals, breakers, desk):
        story.register(app, services)
    app.error(tell_of_failure)
    return app


def tell_of_failure(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """One sentence with a reference number for the person; the log has the rest."""
    if isinstance(error, BoltUnhandledRequestError):
        _log.warning("request of Slack not known", kind=body.get("type") or body.get("command"))
        return BoltResponse(status=404, body="")
    reference = secrets.token_hex(4)
    why = slack_error(error) if isinstance(error, SlackApiError) else None
    _log.error("listener failed", reference=reference, slack_error=why, exc_info=error)
    sentence = f"Something went wrong here, not with you (reference {reference}). Please try again."
    if body.get("type") == "view_submission":
        errors = {_first_input(body["view"]): f"{sentence} What you wrote is still here."}
        return BoltResponse(status=200, body={"response_action": "errors", "errors": errors})
    if url := body.get("response_url"):
        _say(url, sentence)
    return BoltResponse(status=200, body="")


def _say(url: str, sentence: str) -> None:
    try:
        WebhookClient(url, timeout=TIMEOUT_S).send(
            text=sentence, response_type="ephemeral", replace_original=False
        )
    except OSError as error:  # Slack cannot be reached: nobody can be told anything
        _log.warning("failure not told", why=type(error).__name__)


def _first_input(view: dict[str, Any]) -> str:
    names = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    return str(names[0]) if names else ids.MESSAGE

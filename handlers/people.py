"""Who clicked, whether they may, and how to answer only them: members of the channel decide."""

from collections.abc import Mapping
from typing import Any, Final

from slack_bolt import Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.deciding import Refused
from handlers.views.blocks import place

PAGE_OF_MEMBERS: Final = 1000
SERVER_FAULT: Final = 500


class NotAMember(Refused):
    """Only members of the approvals channel may do this; the text says so."""


def clicker(body: Mapping[str, Any]) -> str:
    """The Slack user id of whoever acted."""
    return str(body["user"]["id"])


def clicked_number(body: Mapping[str, Any]) -> int:
    """The draft's or delivery's number in the button's value."""
    return int(body["actions"][0]["value"])


def clicked_revision(body: Mapping[str, Any]) -> int | None:
    """The revision that the clicked card showed; None when the button does not say."""
    kind, _, rest = str(body["actions"][0].get("block_id", "")).partition(":")
    _, _, revision = rest.partition(":")
    return int(revision) if kind == "decide" and revision.isdigit() else None


def slack_error(error: SlackApiError) -> str:
    """Slack's word for what went wrong, or the HTTP status where something else answered for it."""
    status = getattr(error.response, "status_code", 200)
    return f"HTTP {status}" if status >= SERVER_FAULT else str(error.response.get("error"))


def require_member(client: WebClient, channel: str, user: str) -> None:
    """Raises NotAMember unless the user is in the channel, or when Slack cannot say so."""
    cursor = ""
    while True:
        try:
            answer = client.conversations_members(
                channel=channel, limit=PAGE_OF_MEMBERS, cursor=cursor or None
            )
        except SlackApiError as error:
            raise NotAMember(
                f"Slack did not say who is in {place(channel)} ({slack_error(error)}), so nobody can "
                "decide just now. Press again in a minute; is the bot in that channel?"
            ) from None
        if user in answer["members"]:
            return
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            raise NotAMember(
                f"Only members of {place(channel)} decide drafts. Ask one of them, or ask to join."
            )


def whisper(respond: Respond, text: str) -> None:
    """Say something that only this person sees; the card stays as it is."""
    respond(text=text, response_type="ephemeral", replace_original=False)

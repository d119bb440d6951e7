"""Posts a message, or makes the one that stands there say something else."""

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from handlers.people import slack_error
from handlers.tries import GONE
from handlers.views.blocks import Block


def put(
    client: WebClient, known: tuple[str, str | None], message: Block, post_in: str
) -> tuple[str, str]:
    """Update the message known by its channel and ts, or post it where there is none any more.

    Returns the channel and ts at which it stands now; raises SlackApiError.
    """
    channel, ts = known
    if ts:
        try:
            client.chat_update(channel=channel, ts=ts, **message)
        except SlackApiError as error:
            if slack_error(error) not in GONE:
                raise
        else:
            return channel, ts
    posted = client.chat_postMessage(
        channel=post_in, unfurl_links=False, unfurl_media=False, **message
    )
    return str(posted["channel"]), str(posted["ts"])

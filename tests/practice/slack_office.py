"""Two people in a channel, and a bot that a test teaches what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.practice.slack import Message, Modal, SlackStandIn

from .slack_support import Json, bolt_app, client, over_http, over_socket


class Office:
    """Ada (in Berlin) and Ben in #approvals; the bot's listeners are added to `app`."""

    def __init__(self, slack: SlackStandIn) -> None:
        self.slack = slack
        self.ada = slack.add_user("Ada", tz="Europe/Berlin")
        self.ben = slack.add_user("Ben")
        self.channel = slack.add_channel("approvals", [self.ada, self.ben])
        self.app = bolt_app(slack)
        self.heard: list[Json] = []
        self.link: Any = None

    def post(self, *blocks: Json) -> Message:
        """A message of the bot's in the channel."""
        client(self.slack).chat_postMessage(channel=self.channel.id, text="x", blocks=list(blocks))
        return self.channel.messages[-1]

    def hear(self, ack: Any, body: Json) -> None:
        """A listener that remembers and acknowledges."""
        self.heard.append(body)
        ack()

    def opens(self, view: Json) -> None:
        """Let the command /form open this view."""

        @self.app.command("/form")
        def open_form(ack: Any, body: Json, client: Any) -> None:
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=view)


@contextmanager
def opened_office(mode: str) -> Iterator[Office]:
    """An office whose bot listens over "http" or "socket"; people wait for it one second."""
    connect: dict[str, Any] = {"http": over_http, "socket": over_socket}
    with SlackStandIn(ack_seconds=1) as slack:
        office = Office(slack)
        with connect[mode](slack, office.app) as office.link:
            yield office


def shown(office: Office, view: Json) -> Modal:
    """Ada opens this view."""
    office.opens(view)
    office.slack.run_command(office.ada, "/form", channel=office.channel)
    return office.slack.modal(office.ada)

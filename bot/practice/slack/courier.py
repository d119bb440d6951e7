"""Builds the payloads of what people do and takes them to the bot.

Shapes: https://docs.slack.dev/reference/interaction-payloads and
https://docs.slack.dev/interactivity/implementing-slash-commands
"""

from dataclasses import dataclass
from time import monotonic
from typing import Any

from .backend import Backend
from .delivery import Delivery, Kind
from .errors import SlackError
from .fields import fields_in
from .journal import Exchange
from .markup import escaped
from .response_urls import ResponseUrls, Target
from .shapes import message_json
from .views import View
from .workspace import APP_ID, TEAM_DOMAIN, TEAM_ID, Channel, Json, Message

# Deprecated by Slack and still in every payload; the signature is what counts.
VERIFICATION_TOKEN = "practice"


@dataclass
class Courier:
    """Carries one person's doing to the bot; `ack_seconds` is how long it may take to answer."""

    backend: Backend
    response_urls: ResponseUrls
    delivery: Delivery
    ack_seconds: float

    def interact(self, kind: str, user_id: str, **fields: Any) -> Json:
        """Deliver an interactivity payload of this type; the bot's answer."""
        payload = {"type": kind, **self._base(user_id), **fields}
        return self._hand_over("interactive", kind, payload)

    def command(self, user_id: str, command: str, text: str, channel: Channel) -> Json:
        """Deliver a slash command; the bot's answer."""
        user = self.backend.workspace.users[user_id]
        names = {"public": channel.name, "private": "privategroup", "im": "directmessage"}
        form = {
            "token": VERIFICATION_TOKEN,
            "team_id": TEAM_ID,
            "team_domain": TEAM_DOMAIN,
            "channel_id": channel.id,
            "channel_name": names[channel.kind],
            "user_id": user.id,
            "user_name": user.name.lower(),
            "command": command,
            "text": escaped(text),
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": self.response_urls.issue(Target(user_id, channel.id)),
            "trigger_id": self.backend.views.issue_trigger(user_id),
        }
        return self._hand_over("slash_commands", command, form)

    def act_in_message(self, user_id: str, message: Message, action: Json, state: Json) -> None:
        """Tell the bot of a click or a choice in a message."""
        channel = self.backend.workspace.channels[message.channel_id]
        container = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.ephemeral_to is not None,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        fields: Json = {
            "container": container,
            "trigger_id": self.backend.views.issue_trigger(user_id),
            "channel": {"id": channel.id, "name": channel.name},
            "state": {"values": state},
            "response_url": self.response_urls.issue(Target(user_id, channel.id, message)),
            "actions": [action],
        }
        if message.ephemeral_to is None:  # Slack keeps the contents of ephemeral ones to itself
            fields["message"] = message_json(message)
        self.interact("block_actions", user_id, **fields)

    def act_in_view(self, view: View, action: Json) -> None:
        """Tell the bot of a click or a choice in a modal."""
        self.interact(
            "block_actions",
            view.user_id,
            container={"type": "view", "view_id": view.id},
            trigger_id=self.backend.views.issue_trigger(view.user_id),
            view=view.payload(),
            actions=[action],
        )

    def submit(self, view: View) -> Json:
        """Hand a modal in; the bot's answer."""
        return self.interact(
            "view_submission",
            view.user_id,
            trigger_id=self.backend.views.issue_trigger(view.user_id),
            view=view.payload(),
            response_urls=self._reply_addresses(view),
        )

    def _reply_addresses(self, view: View) -> list[Json]:
        """A response URL for each conversation chosen where the form asked for one."""
        asked = [
            (block["block_id"], element["action_id"])
            for block, element in fields_in(view.shown["blocks"])
            if element.get("response_url_enabled")
        ]
        return [
            {
                "block_id": place[0],
                "action_id": place[1],
                "channel_id": channel_id,
                "response_url": self.response_urls.issue(Target(view.user_id, channel_id)),
            }
            for place in asked
            if (channel_id := view.values.get(place))
        ]

    def closed(self, view: View, is_cleared: bool) -> None:
        """Tell the bot, if it asked for it, that a modal was closed unsent."""
        if view.shown.get("notify_on_close"):
            self.interact("view_closed", view.user_id, view=view.payload(), is_cleared=is_cleared)

    def suggest(self, view: View, block_id: str, action_id: str, typed: str) -> Json:
        """Ask the bot for the options of an external menu; its answer."""
        return self.interact(
            "block_suggestion",
            view.user_id,
            container={"type": "view", "view_id": view.id},
            view=view.payload(),
            block_id=block_id,
            action_id=action_id,
            value=typed,
        )

    def message_action(self, user_id: str, message: Message, callback_id: str) -> None:
        """Tell the bot of a shortcut in a message's menu."""
        channel = self.backend.workspace.channels[message.channel_id]
        self.interact(
            "message_action",
            user_id,
            callback_id=callback_id,
            action_ts=self.backend.workspace.new_ts(),
            trigger_id=self.backend.views.issue_trigger(user_id),
            response_url=self.response_urls.issue(Target(user_id, channel.id, message)),
            channel={"id": channel.id, "name": channel.name},
            message_ts=message.ts,
            message=message_json(message),
        )

    def _hand_over(self, kind: Kind, what: str, payload: Json) -> Json:
        """Deliver, and write down what went and what came back."""
        at, start = self.backend.workspace.clock(), monotonic()
        answer: Json | None = None
        error: str | None = None
        try:
            answer = self.delivery.deliver(kind, payload, self.ack_seconds)
        except SlackError as problem:
            error = str(problem)
            raise
        else:
            return answer
        finally:
            took = monotonic() - start
            with self.backend.workspace.changing():
                self.backend.journal.exchanges.append(
                    Exchange(at, True, what, payload, answer, error, took)
                )

    def _base(self, user_id: str) -> Json:
        user = self.backend.workspace.users[user_id]
        name = user.name.lower()
        return {
            "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
            "user": {"id": user.id, "username": name, "name": name, "team_id": TEAM_ID},
            "api_app_id": APP_ID,
            "token": VERIFICATION_TOKEN,
            "enterprise": None,
            "is_enterprise_install": False,
        }

"""What people do in the workspace: commands, clicks, choices, shortcuts, and plain messages."""

from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any, Final, TypeVar

from .backend import Backend
from .block_parts import elements_of
from .courier import Courier
from .entering import Moment, button_action, chosen, field_action, picked_time
from .errors import ApiError, NotOnScreen, SlackDispatchFailed
from .fields import KEYS, FieldValues
from .markup import escaped
from .modal import Modal
from .response_urls import Target
from .workspace import SLACKBOT, Channel, Content, Json, Message, User

Found = TypeVar("Found")
_GLANCE: Final = 0.05  # seconds


class Acting:
    """The part of the stand-in that people use. Users and channels may be given by id."""

    def __init__(self, backend: Backend, courier: Courier) -> None:
        self._backend = backend
        self._courier = courier

    def wait_for(self, look: Callable[[], Found], seconds: float = 5.0) -> Found:
        """Look again after every change in the workspace (and now and then) until something shows.

        Returns what `look()` found, or raises NotOnScreen after `seconds` of real time.
        """
        workspace = self._backend.workspace
        end = monotonic() + seconds
        while True:
            revision = workspace.revision
            if found := look():  # without the lock: it may ask the bot or its database
                return found
            left = end - monotonic()
            if left <= 0:
                refused = self._backend.journal.refused
                raise NotOnScreen(f"nothing came within {seconds:g} s; refused so far: {refused}")
            with workspace.changed:
                workspace.changed.wait_for(partial(self._moved_on, revision), min(left, _GLANCE))

    def _moved_on(self, revision: int) -> bool:
        return self._backend.workspace.revision != revision

    def run_command(
        self, user: User | str, command: str, text: str = "", *, channel: Channel | str = ""
    ) -> Message | None:
        """Type a slash command, by default in the direct messages with the bot.

        Returns the message the bot acknowledged it with, if any. Raises SlackTimeout or
        SlackDispatchFailed where the person would see a failure.
        """
        self._needs_commands()
        user_id, workspace = _id(user), self._backend.workspace
        place = workspace.channels[_id(channel)] if channel else workspace.dm_with(user_id)
        if user_id not in place.members:
            raise NotOnScreen(f"{user_id} is not in #{place.name}")
        answer = self._courier.command(user_id, command, text, place)
        if not answer:
            return None
        try:
            target = Target(user_id, place.id)
            return self._courier.response_urls.publish(f"answer to {command}", target, answer)
        except ApiError as problem:
            raise SlackDispatchFailed(f"Slack refused the answer to {command}: {problem}") from None

    def click(
        self,
        user: User | str,
        message: Message,
        action_id: str,
        option: str | None = None,
        *,
        block_id: str | None = None,
    ) -> None:
        """Press a button of a message, or choose this option of an overflow menu."""
        block, element = self._in_message(message, action_id, block_id, fields=False)
        action = button_action(block, element, option, self._backend.workspace.new_ts())
        state = FieldValues(message.blocks).state()
        standing = self._see(_id(user), message)
        self._courier.act_in_message(_id(user), standing, action, state)

    def choose(self, user: User | str, message: Message, action_id: str, *values: str) -> None:
        """Choose in a menu, a radio group or checkboxes of a message."""
        block, element = self._in_message(message, action_id, None, fields=True)
        value = chosen(self._backend.workspace, element, values, [])
        self._enter(_id(user), message, block, element, value)

    def pick(
        self, user: User | str, message: Message, action_id: str, moment: Moment | None
    ) -> None:
        """Pick a date, a time, or both in a message; None empties the field."""
        block, element = self._in_message(message, action_id, None, fields=True)
        value = None if moment is None else picked_time(element, moment)
        self._enter(_id(user), message, block, element, value)

    def _enter(
        self, user_id: str, message: Message, block: Json, element: Json, value: Any
    ) -> None:
        entered = FieldValues(message.blocks)
        entered.set((block["block_id"], element["action_id"]), value)
        action = field_action(block, element, value, self._backend.workspace.new_ts())
        standing = self._see(user_id, message)
        self._courier.act_in_message(user_id, standing, action, entered.state())

    def say(
        self, user: User | str, channel: Channel | str, text: str, *, thread: Message | None = None
    ) -> Message:
        """Write a message as a person does, or a reply in a thread; the bot hears nothing of it."""
        root = (thread.thread_ts or thread.ts) if thread else None
        return self._backend.workspace.post(
            Message(
                channel_id=_id(channel),
                ts=self._backend.workspace.new_ts(),
                user=_id(user),
                content=Content(escaped(text)),
                thread_ts=root,
            )
        )

    def slackbot_says(self, user: User | str, channel: Channel | str, text: str) -> Message:
        """Let Slack itself tell one person something, such as that a command failed."""
        return self._backend.workspace.post(
            Message(
                channel_id=_id(channel),
                ts=self._backend.workspace.new_ts(),
                user=SLACKBOT,
                content=Content(text),
                ephemeral_to=_id(user),
            )
        )

    def dismiss(self, user: User | str, message: Message) -> None:
        """Take away a message that only this person sees."""
        standing = self._see(_id(user), message)
        if standing.ephemeral_to is None:
            raise NotOnScreen("only what nobody else sees can be dismissed")
        self._backend.workspace.remove(standing)

    def use_message_shortcut(self, user: User | str, message: Message, callback_id: str) -> None:
        """Choose one of the app's shortcuts in a message's menu."""
        self._needs_commands()
        self._courier.message_action(_id(user), self._see(_id(user), message), callback_id)

    def use_shortcut(self, user: User | str, callback_id: str) -> None:
        """Choose one of the app's global shortcuts."""
        self._needs_commands()
        user_id = _id(user)
        self._courier.interact(
            "shortcut",
            user_id,
            callback_id=callback_id,
            action_ts=self._backend.workspace.new_ts(),
            trigger_id=self._backend.views.issue_trigger(user_id),
        )

    def modal(
        self, user: User | str, callback_id: str | None = None, *, wait: float = 3.0
    ) -> Modal:
        """The modal on top of a person's screen; waits up to `wait` seconds for one to open.

        With `callback_id` it waits for one of that kind.
        """

        def look() -> list[Modal]:
            top = self.open_modals(user)[-1:]
            return [modal for modal in top if callback_id in (None, modal.callback_id)]

        return self.wait_for(look, wait)[0]

    def open_modals(self, user: User | str) -> list[Modal]:
        """A person's open modals, the one on top last."""
        stack = self._backend.views.stack(_id(user))
        return [Modal(self._courier, view) for view in list(stack)]

    def _needs_commands(self) -> None:
        self._backend.journal.scopes.add("commands")
        if "commands" not in self._backend.scopes:
            raise NotOnScreen("the app holds no scope `commands`, so it has none")

    @staticmethod
    def _in_message(
        message: Message, action_id: str, block_id: str | None, *, fields: bool
    ) -> tuple[Json, Json]:
        for block in message.blocks:
            for element in elements_of(block):
                if element["action_id"] == action_id and block_id in (None, block["block_id"]):
                    if (element["type"] in KEYS) != fields:
                        raise NotOnScreen(f"{action_id} is a {element['type']}")
                    return block, element
        raise NotOnScreen(f"no {action_id} in message {message.ts}: {message.text}")

    def _see(self, user_id: str, message: Message) -> Message:
        """The message itself, of which `message` may be an older snapshot."""
        channel = self._backend.workspace.channels[message.channel_id]
        shown = channel.everything() if user_id in channel.members else []
        own = [m for m in channel.ephemerals if m.ephemeral_to == user_id]
        for standing in (*shown, *own):
            if standing.ts == message.ts:
                return standing
        raise NotOnScreen(f"{user_id} does not see message {message.ts}")


def _id(thing: User | Channel | str) -> str:
    return thing if isinstance(thing, str) else thing.id

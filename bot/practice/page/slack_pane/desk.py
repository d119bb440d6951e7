"""Who acts, where, and in which form: what a request names, looked up in the stand-in."""

from flask import request

from bot.practice.page.slack_pane.memory import Memory
from bot.practice.page.slack_pane.reader import Reader
from bot.practice.page.slack_pane.screen import HasSlack, Screen
from bot.practice.slack import Channel, Message, Modal, NotOnScreen, SlackStandIn, User


class Desk:
    """The screens of everybody in the workspace; what they remember begins anew with it."""

    def __init__(self, workspace: HasSlack) -> None:
        self._workspace = workspace
        self._memory: Memory | None = None

    @property
    def slack(self) -> SlackStandIn:
        """Slack, as it is now."""
        return self._workspace.slack

    @property
    def memory(self) -> Memory:
        """What screens remember of this Slack."""
        if self._memory is None or self._memory.slack is not self.slack:
            self._memory = Memory(self.slack)
        return self._memory

    def me(self) -> User:
        """Whoever the request is made as; the first of the staff where it names nobody known."""
        staff = self._workspace.staff
        return next((user for user in staff if user.id == request.values.get("as")), staff[0])

    def reader(self) -> Reader:
        """Their eyes."""
        return Reader.of(self.slack, self.me())

    def screen(self, place: str = "", thread: str = "") -> Screen:
        """Their screen; another conversation of theirs where they are not in the one asked for."""
        me = self.me()
        self.slack.dm(me)
        theirs = self.slack.channels_of(me)
        channel = next((channel for channel in theirs if channel.id == place), theirs[0])
        root = next((m for m in channel.messages if thread and m.ts == thread), None)
        return Screen(self.slack, self.memory, self._workspace.staff, me, channel, root)

    def channel(self) -> Channel:
        """The conversation that the request names."""
        for channel in self.slack.channels_of(self.me()):
            if channel.id == request.values.get("place"):
                return channel
        raise NotOnScreen("You are not in that conversation.")

    def message(self, ts: str) -> Message:
        """A message that this person sees in the conversation that the request names."""
        channel = self.channel()
        own = [m for m in channel.ephemerals if m.ephemeral_to == self.me().id]
        for message in (*channel.everything(), *own):
            if message.ts == ts:
                return message
        raise NotOnScreen("That message is not there any more.")

    def modal(self) -> Modal:
        """The open modal that the request names."""
        for modal in self.slack.open_modals(self.me()):
            if modal.id == request.values.get("view"):
                return modal
        raise NotOnScreen("That window has closed.")

"""What screens remember beside what Slack knows: what was read, and what failed in open modals."""

from bot.practice.slack import Channel, SlackStandIn, User


class Memory:
    """For one Slack. What stands there when it begins counts as read."""

    def __init__(self, slack: SlackStandIn) -> None:
        self.slack = slack
        self._begun = max(
            (message.ts for channel in slack.channels for message in channel.messages), default=""
        )
        self._read: dict[tuple[str, str], str] = {}
        self._errors: dict[str, dict[str, str]] = {}
        self._troubles: dict[str, str] = {}

    def read(self, user: User, channel: Channel) -> None:
        """This person has the channel before them."""
        if channel.messages:
            self._read[user.id, channel.id] = channel.messages[-1].ts

    def unread(self, user: User, channel: Channel) -> int:
        """How many messages of others came since."""
        since = self._read.get((user.id, channel.id), self._begun)
        return sum(m.ts > since and m.user != user.id for m in channel.messages)

    def errors(self, view_id: str) -> dict[str, str]:
        """What stands beside the fields of a modal, by block id."""
        return self._errors.get(view_id, {})

    def trouble(self, view_id: str) -> str:
        """What stands above them all."""
        return self._troubles.get(view_id, "")

    def refused(self, view_id: str, errors: dict[str, str], trouble: str = "") -> None:
        """A submission came to this."""
        self._errors[view_id] = dict(errors)
        self._troubles[view_id] = trouble

    def mended(self, view_id: str, block_id: str) -> None:
        """A field was changed, so what was said of it holds no longer."""
        self._errors.get(view_id, {}).pop(block_id, None)

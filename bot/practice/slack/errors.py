"""What can go wrong, for the bot (an answer of the Web API) and for a person at the screen."""

from collections.abc import Sequence


class ApiError(Exception):
    """The Web API answers `ok: false` with this error.

    `messages` are the details Slack puts into `response_metadata`; `extra` is put beside `error`.
    `on_demand` marks trouble that a test asked for, which is no mistake of the bot's.
    """

    def __init__(self, error: str, messages: Sequence[str] = (), **extra: str) -> None:
        super().__init__(error, *messages)
        self.error = error
        self.messages = list(messages)
        self.extra = extra
        self.on_demand = False


class SlackError(Exception):
    """A person in Slack sees that something failed."""


class SlackTimeout(SlackError):
    """The bot did not acknowledge in time.

    A person sees "operation_timeout" under a command and "We had some trouble connecting" in a
    modal. https://docs.slack.dev/interactivity/handling-user-interaction
    """


class SlackDispatchFailed(SlackError):
    """The bot could not be reached, or answered something that Slack cannot use."""


class NotOnScreen(SlackError):
    """The person cannot do this: no such button, field, option or open modal."""

"""A strict Slack on loopback: Web API, Block Kit rules, Socket Mode, and people who click.

`SlackStandIn` is the way in. It knows nothing of the bot that talks to it.
"""

from .blocks import message_faults, suggestion_faults, view_faults
from .checks import Fault
from .errors import NotOnScreen, SlackDispatchFailed, SlackError, SlackTimeout
from .journal import Call, Exchange, Refusal
from .methods import BOT_SCOPES, METHODS
from .modal import Modal
from .standin import SlackStandIn
from .workspace import BOT_USER, SLACKBOT, Channel, Command, Message, User

__all__ = [
    "BOT_SCOPES",
    "BOT_USER",
    "METHODS",
    "SLACKBOT",
    "Call",
    "Channel",
    "Command",
    "Exchange",
    "Fault",
    "Message",
    "Modal",
    "NotOnScreen",
    "Refusal",
    "SlackDispatchFailed",
    "SlackError",
    "SlackStandIn",
    "SlackTimeout",
    "User",
    "message_faults",
    "suggestion_faults",
    "view_faults",
]

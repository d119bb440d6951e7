"""A strict Slack on loopback: Web API, Block Kit rules, Socket Mode, and people who click.

`SlackStandIn` is the way in. It knows nothing of the bot that talks to it.
"""

from .blocks import message_faults, suggestion_faults, view_faults
from .checks import Fault
from .errors import NotOnScreen, SlackDispatchFailed, SlackError, SlackTimeout
from .journal import Call, Refusal
from .methods import BOT_SCOPES, METHODS
from .modal import Modal
from .standin import SlackStandIn
from .workspace import Channel, Message, User

__all__ = [
    "BOT_SCOPES",
    "METHODS",
    "Call",
    "Channel",
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

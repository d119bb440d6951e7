"""A strict stand-in for Meta's Graph API on loopback, and for the people on their phones."""

from bot.practice.graph import faults
from bot.practice.graph.api import RecordedRequest
from bot.practice.graph.faults import Fault
from bot.practice.graph.memory import ThreadMessage
from bot.practice.graph.people import Person
from bot.practice.graph.stand_in import GraphStandIn
from bot.practice.graph.utility import UtilityTemplate
from bot.practice.graph.webhooks import WebhookPost

__all__ = [
    "Fault",
    "GraphStandIn",
    "Person",
    "RecordedRequest",
    "ThreadMessage",
    "UtilityTemplate",
    "WebhookPost",
    "faults",
]

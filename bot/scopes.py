"""What the bot may do in a Slack workspace: exactly what its code calls, and manifest.yml asks for."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# Writing to a person by their user id is part of chat:write (https://docs.slack.dev/reference/scopes).
BOT_SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "chat:write": "posts cards, keeps them up to date, and writes to authors",
        "commands": "hears /notify",
        "channels:read": "sees who is in the approvals channel, where it is public",
        "groups:read": "sees who is in the approvals channel, where it is private",
    }
)

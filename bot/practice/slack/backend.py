"""The things every part of the stand-in works on, in one bag."""

from dataclasses import dataclass

from .journal import Journal
from .views import Views
from .workspace import Channel, Workspace


@dataclass(frozen=True)
class Backend:
    """One workspace with its open modals, its journal and what the bot was granted."""

    workspace: Workspace
    views: Views
    journal: Journal
    scopes: frozenset[str]

    def visible(self, channel_id: object) -> Channel | None:
        """The conversation with this id, if the bot may know of it at all."""
        channel = self.workspace.channels.get(str(channel_id))
        hidden = channel is not None and channel.kind != "public" and not channel.has_bot
        return None if hidden else channel

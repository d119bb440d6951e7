"""What each open composer shows, so that the judgement of what was entered last is what stays there."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

MOST: Final = 500


@dataclass(slots=True)
class Screen:
    """One open composer: its newest action, and an outline of what it was last made to show.

    Hold `turn` from looking at these until Slack has taken the update.
    """

    turn: threading.Lock = field(default_factory=threading.Lock)
    newest: float = 0.0
    shows: str = ""


class Screens:
    """The composers in use; those that were left longest ago are forgotten, which costs one update."""

    def __init__(self) -> None:
        self._screens: OrderedDict[str, Screen] = OrderedDict()
        self._lock = threading.Lock()

    def acted(self, view_id: str, at: float) -> Screen:
        """Note that somebody acted in this view at this time of Slack's."""
        with self._lock:
            screen = self._screens.setdefault(view_id, Screen())
            self._screens.move_to_end(view_id)
            if len(self._screens) > MOST:
                self._screens.popitem(last=False)
            screen.newest = max(screen.newest, at)
            return screen

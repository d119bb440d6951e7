"""The practice workspace: the scene that is being played, and the story that is played in it."""

import threading
from collections.abc import Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from bot.practice.graph import GraphStandIn
from bot.practice.page.changes import Changes
from bot.practice.page.stories import STORIES, Story
from bot.practice.slack import SlackStandIn, User

if TYPE_CHECKING:
    from bot.practice.page.scene import Scene

DEFAULT_EDITION: Final = "2021-06"


class Workspace:
    """What the page shows: a scene, and the story that is played in it (None: free play).

    `begin` makes the first scene in the background: whoever looks at it waits until it stands.
    """

    def __init__(self, edition: str = DEFAULT_EDITION) -> None:
        self.edition = edition
        self.story: Story | None = STORIES[0]
        self._turn = threading.Lock()
        self._making = ThreadPoolExecutor(1, thread_name_prefix="scene")
        self._scene: Future[Scene] = Future()
        self.changes = Changes(self._fingerprint)

    def begin(self) -> None:
        """Make the first scene.

        Not before the page's own routes stand: the bot has routes as well, and Python 3.11 fails when
        two threads compile some at once: "AST constructor recursion depth mismatch".
        """
        self._scene = self._making.submit(_new_scene, self.edition)

    @property
    def scene(self) -> "Scene":
        """The scene, as soon as it stands."""
        return self._scene.result()

    @property
    def slack(self) -> SlackStandIn:
        """Slack, as it is in this scene."""
        return self.scene.slack

    @property
    def graph(self) -> GraphStandIn:
        """Meta, as it is in this scene."""
        return self.scene.graph

    @property
    def staff(self) -> Sequence[User]:
        """The people in Slack whom one can act as."""
        return self.scene.staff

    def play(self, story: Story | None) -> None:
        """Begin a story anew, or free play: new people in new places, the old ones are closed."""
        with self._turn:
            old, edition = self.scene, self.edition
            if story and story.edition:
                edition = story.edition
            made = self._making.submit(_new_scene, edition)
            scene = made.result()
            if story:
                scene.switch(story.trouble)
            if story and story.holds_webhooks:
                scene.hold_webhooks()
            self._scene, self.story = made, story
            old.close()
        self.changes.touch()

    def reset(self) -> None:
        """Begin anew what is being played."""
        self.play(self.story)

    def play_by(self, edition: str) -> None:
        """Restart the bot on its record under this edition of Meta's rules."""
        with self._turn:
            self.edition = edition
            self.scene.play_by(edition)
        self.changes.touch()

    def close(self) -> None:
        """Stop everything."""
        self.changes.close()
        self._making.shutdown()
        self.scene.close()

    def _fingerprint(self) -> Hashable:
        return self.scene.fingerprint() if self._scene.done() else None


def _new_scene(edition: str) -> "Scene":
    # Here, so that the page stands before the bot has read the words of nine languages.
    from bot.practice.page.scene import Scene

    return Scene(edition)

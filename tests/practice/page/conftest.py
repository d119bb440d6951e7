"""A practice workspace that is served, and a person at its page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
import requests

from bot.practice.graph import Person
from bot.practice.graph.memory import ThreadMessage
from bot.practice.page.application import page_application
from bot.practice.page.cast import ADA
from bot.practice.page.scene import Scene
from bot.practice.page.server import PageServer
from bot.practice.page.workspace import Workspace
from bot.practice.slack import Modal
from tests.house import until

T = TypeVar("T")
PATIENCE_S = 10.0


@dataclass
class Visitor:
    """Somebody with the page open."""

    workspace: Workspace
    url: str

    @property
    def scene(self) -> Scene:
        return self.workspace.scene

    def sees(self, region: str, **query: str) -> str:
        """The HTML of a region."""
        answer = requests.get(f"{self.url}fragment/{region}", params=query, timeout=PATIENCE_S)
        assert answer.status_code == 200, answer.text
        return answer.text

    def does(self, path: str, **fields: str) -> requests.Response:
        """An act, as the script posts it."""
        headers = {"Origin": self.url.rstrip("/")}
        return requests.post(f"{self.url}{path}", data=fields, headers=headers, timeout=PATIENCE_S)

    def person(self, psid: str = ADA) -> Person:
        return self.workspace.graph.person(psid)

    def on_phone(self, psid: str = ADA) -> list[ThreadMessage]:
        """What the Page sent to this person."""
        return self.workspace.graph.sent_to(psid)

    def compose(self, name: str, text: str = "You are expected at six.") -> Modal:
        """Ben opens the composer with this text and finds this customer by name."""
        slack = self.workspace.slack
        slack.run_command("U0BEN", "/notify", text)
        modal = slack.modal("U0BEN", "composer")
        [found] = until(lambda: modal.suggest("recipient", name))
        modal.choose("recipient", found["value"])
        return modal

    def until(self, happens: Callable[[], T]) -> T:
        return until(happens)


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    workspace = Workspace()
    application = page_application(workspace)
    workspace.begin()
    server = PageServer(application)
    try:
        yield Visitor(workspace, server.url)
    finally:
        workspace.changes.close()
        server.close()
        workspace.close()


@pytest.fixture
def told() -> Callable[[requests.Response], Any]:
    """The sentence in an answer that says no."""
    return lambda answer: answer.json()["error"]

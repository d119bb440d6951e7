"""Slack's side of the page alone, over HTTP, and its HTML as a reader takes it in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, TypeVar

import requests
from flask import Flask

from bot.practice.page import application
from bot.practice.page.server import PageServer
from bot.practice.page.slack_pane import slack_pane
from bot.practice.slack import Channel, Message, SlackStandIn, User
from tests.house import until
from tests.practice.slack_office import Office
from tests.practice.slack_support import Json, over_http

T = TypeVar("T")
PATIENCE_S = 10.0
VOID = frozenset({"br", "hr", "img", "input", "path", "rect", "circle"})


@dataclass
class Element:
    """One element: its attributes, and all the text inside it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def has(self, **wanted: str) -> bool:
        return all(
            self.attributes.get(name.replace("_", "-")) == value for name, value in wanted.items()
        )


class Html(HTMLParser):
    """HTML read strictly: what is opened is closed, in order, and attributes come once."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.text = ""
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert [element.tag for element in self._open] == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> says something twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        for element in self._open:
            element.text += data

    def all(self, tag: str | None = None, css: str | None = None, **wanted: str) -> list[Element]:
        """Elements of this tag, class and attributes (`data_x` is data-x)."""
        return [
            element
            for element in self.elements
            if tag in (None, element.tag)
            and (css is None or css in element.attributes.get("class", "").split())
            and element.has(**wanted)
        ]

    def one(self, tag: str | None = None, css: str | None = None, **wanted: str) -> Element:
        [found] = self.all(tag, css, **wanted)
        return found


@dataclass
class Staff:
    """What the pane asks of a workspace."""

    slack: SlackStandIn
    staff: list[User]


@dataclass
class Screens:
    """The pane of an office whose bot a test teaches."""

    office: Office
    workspace: Staff
    url: str

    @property
    def slack(self) -> SlackStandIn:
        return self.workspace.slack

    def get(self, path: str, **query: str) -> requests.Response:
        return requests.get(f"{self.url}{path}", params=query, timeout=PATIENCE_S)

    def sees(self, user: User, channel: Channel | None = None, **query: str) -> Html:
        """This person's screen with this channel before them."""
        place = {"place": (channel or self.office.channel).id}
        answer = self.get("fragment/slack", **{"as": user.id} | place | query)
        assert answer.status_code == 200, answer.text
        return Html(answer.text)

    def form(self, user: User) -> Html:
        """This person's open modal."""
        answer = self.get("fragment/slack-modal", **{"as": user.id})
        assert answer.status_code == 200, answer.text
        return Html(answer.text)

    def does(self, user: User, path: str, **fields: Any) -> requests.Response:
        """An act in the office's channel."""
        data = {"as": user.id, "place": self.office.channel.id} | fields
        return requests.post(f"{self.url}slack/{path}", data=data, timeout=PATIENCE_S)

    def says(self, user: User, text: str, **more: Any) -> None:
        assert self.does(user, "say", text=text, **more).status_code == 204

    def opens(self, view: Json) -> str:
        """Ada opens this view; its id."""
        self.office.opens(view)
        self.slack.add_command("/form")
        self.says(self.office.ada, "/form")
        return self.slack.modal(self.office.ada).id

    def enters(self, view_id: str, name: str, **fields: Any) -> requests.Response:
        """Ada fills in the field of this name."""
        about = {"view": view_id, "block": name, "action": name}
        return self.does(self.office.ada, "view/enter", **about | fields)

    def until(self, happens: Callable[[], T]) -> T:
        return until(happens)

    def newest(self) -> Message:
        return self.office.channel.messages[-1]


@contextmanager
def _office(slack: SlackStandIn) -> Iterator[Office]:
    office = Office(slack)
    with over_http(slack, office.app) as office.link:
        yield office


@contextmanager
def opened_screens(**settings: Any) -> Iterator[Screens]:
    """An office whose bot has one second to answer, on the page; `settings` go to its Slack."""
    with SlackStandIn(**{"ack_seconds": 1} | settings) as slack, _office(slack) as office:
        workspace = Staff(office.slack, [office.ada, office.ben])
        flask = Flask(application.__name__)
        flask.jinja_env.trim_blocks = flask.jinja_env.lstrip_blocks = True
        flask.register_blueprint(slack_pane(workspace))
        server = PageServer(flask)
        try:
            yield Screens(office, workspace, server.url)
        finally:
            server.close()

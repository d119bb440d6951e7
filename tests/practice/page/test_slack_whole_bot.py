"""Everything that the bot itself says and asks in Slack is there on the page, to the last word."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
from flask import Flask

from bot.practice.graph import faults
from bot.practice.page import application
from bot.practice.page.server import PageServer
from bot.practice.page.slack_pane import slack_pane
from bot.practice.page.slack_pane.emoji import EMOJI
from bot.practice.slack import Message, Modal, User
from bot.practice.slack.dates import readable
from bot.practice.slack.workspace import Json
from tests.house import House, open_house
from tests.stories.slack_steps import ask, choose_tag, event_modal, waiting_card, write

from .slack_screens import Html, Staff

HOSTILE = (
    'Tomorrow <b>at 6</b> & *bring* shoes &amp; :tada: <!channel> "x" <script>alert(1)</script>'
)
PROMOTION = "Your class is tomorrow. Big sale: 50% off everything, *today* only <https://x.y|here>!"
ATTRIBUTES = ("confirm", "placeholder")  # told by the page in other ways


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as house:
        yield house


@pytest.fixture
def address(house: House) -> Iterator[str]:
    flask = Flask(application.__name__)
    flask.register_blueprint(slack_pane(Staff(house.slack, [house.ben, house.cleo, house.dan])))
    server = PageServer(flask)
    try:
        yield server.url
    finally:
        server.close()


def words(text: str) -> str:
    """Only what is neither markup, nor an emoji, nor white space."""
    for picture in EMOJI.values():
        text = text.replace(picture, "")
    return re.sub(r"[*_~`>\s\u200b]|:[a-z_]+:", "", text)


def texts_in(thing: Any) -> Iterator[Json]:
    """Every text object."""
    if isinstance(thing, list):
        for part in thing:
            yield from texts_in(part)
    elif isinstance(thing, dict):
        if thing.get("type") in ("plain_text", "mrkdwn"):
            yield thing
        for name, part in thing.items():
            if name not in ATTRIBUTES:
                yield from texts_in(part)


def assert_whole(house: House, user: User, shown: Message | Modal, html: Html) -> None:
    """Every text of it is there, and every button; dates are by this person's clock."""
    blocks = shown.blocks or [{"type": "mrkdwn", "text": getattr(shown, "text", "")}]
    names = {member.id: member.name for member in house.slack.users}
    names |= {channel.id: channel.name for channel in house.slack.channels}
    seen = words(html.text)
    for text in texts_in(blocks):
        plain = text["text"]
        if text["type"] == "mrkdwn":
            plain = readable(plain, house.slack.now, ZoneInfo(user.tz), names)
        assert words(plain) in seen, plain
    pressed = {e["data-press"] for e in html.all("button") if "data-press" in e.attributes}
    wanted = set(re.findall(r"'type': 'button'.*?'action_id': '(\w+)'", str(blocks)))
    assert wanted <= pressed
    assert not html.all("script")


def assert_all_is_there(house: House, address: str) -> int:
    """Look at every conversation of everybody, and at their open modals; how much there was.

    Once more where the bot has said something in between: what was looked at is no longer it.
    """
    while True:
        revision = house.slack.revision
        try:
            return _all_is_there(house, address)
        except AssertionError:
            if house.slack.revision == revision:
                raise


def _all_is_there(house: House, address: str) -> int:
    looked_at = 0
    for user in (house.ben, house.cleo, house.dan):
        for channel in house.slack.channels_of(user):
            roots = [m for m in channel.messages if m.replies]
            own = [m for m in channel.ephemerals if m.ephemeral_to == user.id]
            html = _looks(address, "slack", user, place=channel.id)
            for message in (*channel.messages, *own):
                assert_whole(house, user, message, html)
                looked_at += 1
            for root in roots:
                html = _looks(address, "slack", user, place=channel.id, thread=root.ts)
                for message in root.replies:
                    assert_whole(house, user, message, html)
        for modal in house.slack.open_modals(user)[-1:]:
            html = _looks(address, "slack-modal", user)
            assert_whole(house, user, modal, html)
            assert words(modal.title) in words(html.one("h2").text)
            looked_at += 1
    return looked_at


def _looks(address: str, region: str, user: User, **query: str) -> Html:
    asked = {"as": user.id} | query
    answer = requests.get(f"{address}fragment/{region}", params=asked, timeout=10)
    assert answer.status_code == 200, answer.text
    return Html(answer.text)


def test_the_composer_in_all_its_shapes(house: House, address: str) -> None:
    house.ada.writes("Hi")
    house.slack.run_command(house.ben, "/notify", HOSTILE, channel=house.approvals)
    house.slack.modal(house.ben, "composer")
    assert assert_all_is_there(house, address) == 1
    house.clock.forward(hours=30)
    modal = write(house, house.ben, HOSTILE)
    for tag in ("POST_PURCHASE_UPDATE", "ACCOUNT_UPDATE", "HUMAN_AGENT", "CONFIRMED_EVENT_UPDATE"):
        choose_tag(house, modal, tag)
        assert assert_all_is_there(house, address) == 1
    html = _looks(address, "slack-modal", house.ben)
    assert html.one("textarea").text.removeprefix("\n") == HOSTILE
    assert modal.submit() != {}


def test_a_flagged_card_from_the_question_to_its_end(house: House, address: str) -> None:
    house.ada.writes("Hi")
    house.clock.forward(hours=30)
    modal = event_modal(house, house.ben)
    modal.fill("message", PROMOTION)
    modal.choose("reminders", "-24h", "-1h")
    assert modal.submit() == {}
    card = house.card()
    assert assert_all_is_there(house, address) >= 2
    house.slack.click(house.ben, card, "approve_draft")
    house.slack.click(house.cleo, card, "approve_draft")
    anyway = house.slack.modal(house.cleo, "approve_anyway")
    assert assert_all_is_there(house, address) >= 3
    anyway.fill("reason", HOSTILE)
    assert anyway.submit() == {}
    house.until(lambda: "delivered" in house.states() and card.replies)
    assert assert_all_is_there(house, address) >= 3


def test_a_card_in_doubt_and_one_rejected(house: House, address: str) -> None:
    house.graph.echoes = house.graph.deliveries = False
    card = waiting_card(house, text=HOSTILE)
    house.slack.click(house.cleo, card, "reject_draft")
    house.slack.modal(house.cleo, "reject")
    assert assert_all_is_there(house, address) >= 2
    house.slack.modal(house.cleo).close()
    house.graph.fail_next(faults.cut_after_accepting(), endpoint="messages")
    house.slack.click(house.cleo, card, "approve_draft")
    house.until(lambda: "may have arrived" in house.text_of(card))
    html = _looks(address, "slack", house.cleo, place=house.approvals.id)
    assert {"mark_arrived", "send_again"} <= {
        e.attributes.get("data-press") for e in html.all("button")
    }
    assert (
        "Look into the inbox first" in html.one("button", data_press="send_again")["data-confirm"]
    )
    assert assert_all_is_there(house, address) >= 2


def test_the_answers_to_every_word_of_the_command(house: House, address: str) -> None:
    waiting_card(house, text=HOSTILE)
    for text in ("help", "queue", "status 1", "window Ada", "window <nobody>", "statsu 1"):
        ask(house, house.ben, text)
    ask(house, house.ben, "withdraw 1")
    assert assert_all_is_there(house, address) >= 8
    assert not house.slack.refused

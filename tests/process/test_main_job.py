"""The bot as a process: from `/notify` to the phone, and what a power cut leaves behind."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.practice.graph import faults
from bot.practice.slack import Message
from tests.house import ADA, until
from tests.process.running import Site

TEXT = "MESSAGE-TEXT-MARK: your table is ready & waiting <here>"


def _compose(site: Site, **choices: str) -> None:
    site.slack.run_command(site.ben, "/notify", TEXT, channel=site.approvals)
    modal = site.slack.modal(site.ben, "composer")
    modal.choose("recipient", "1")
    for name, value in choices.items():
        modal.choose(name, value)
    assert modal.submit() == {}


def _approved(site: Site) -> Message:
    """The card of a message to Ada that Ben wrote and Cleo approved."""
    site.graph.person(ADA).writes("MESSAGE-TEXT-MARK: is my table ready?")
    _compose(site, route="approve")
    card = until(lambda: site.approvals.messages)[-1]
    site.slack.click(site.cleo, card, "approve_draft")
    return card


def _reads(site: Site, card: Message, text: str) -> bool:
    return until(lambda: text in site.slack.render(card, site.cleo))


@pytest.mark.parametrize("socket_mode", [False, True], ids=["HTTP mode", "Socket Mode"])
def test_from_notify_to_the_phone(site: Site, socket_mode: bool) -> None:
    bot = site.run(SLACK_APP_TOKEN=site.slack.app_token if socket_mode else None)
    card = _approved(site)
    _reads(site, card, "delivered")
    [request] = site.sends()
    assert (request.method, request.path, request.query) == ("POST", "/v26.0/me/messages", {})
    assert request.body == {
        "recipient": {"id": ADA},
        "message": {"text": TEXT, "metadata": "tagwise:1"},
        "messaging_type": "UPDATE",
    }
    assert request.headers["Authorization"] == f"Bearer {site.graph.access_token}"
    assert site.graph.access_token.encode() not in request.raw
    assert site.health(bot).status_code == 200
    assert bot.end() == 0
    assert not site.slack.refused


def _hang_and_kill(site: Site) -> Message:
    """Meta takes the message, and the bot is gone before it hears so; then it starts again."""
    site.graph.echoes = site.graph.deliveries = False
    site.graph.fail_next(faults.hang(), endpoint="messages")
    bot = site.run()
    card = _approved(site)
    until(site.sends)
    until(lambda: site.states() == ["sending"])
    bot.kill()
    again = site.run()
    until(lambda: site.states() == ["unknown"])
    _reads(site, card, "may have arrived")
    assert again.says("deliveries were interrupted and may have arrived")["count"] == 1
    return card


def _echo(site: Site, _card: Message) -> None:
    [sent] = site.graph.sent_to(ADA)
    recipient, message = {"id": ADA}, {"mid": sent.mid, "is_echo": True, "metadata": sent.metadata}
    page = {"id": site.graph.page_id}
    event = {"sender": page, "recipient": recipient, "timestamp": 1, "message": message}
    entry = {**page, "time": 1, "messaging": [event]}
    site.graph.post_webhook({"object": "page", "entry": [entry]})


def _mark(site: Site, card: Message) -> None:
    site.slack.click(site.cleo, card, "mark_arrived")


@pytest.mark.parametrize("settle", [_echo, _mark], ids=["its echo", "a person"])
def test_what_a_power_cut_interrupted_is_not_sent_again_but_settled(
    site: Site, settle: Callable[[Site, Any], None]
) -> None:
    card = _hang_and_kill(site)
    settle(site, card)
    until(lambda: site.states() == ["sent"])
    assert len(site.sends()) == 1
    assert site.bots[-1].end() == 0


def test_a_person_may_send_again_what_a_power_cut_interrupted(site: Site) -> None:
    card = _hang_and_kill(site)
    site.slack.click(site.ben, card, "send_again")
    until(lambda: site.states() == ["sent"])
    assert len(site.sends()) == 2

"""Opening, stacking and updating modals through the Web API."""

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.practice.slack import NotOnScreen, SlackStandIn, User
from tests.clock import HandClock

from .slack_support import bolt_app, client, field, modal, option, over_http, section


class Desk:
    """A bot that does nothing but collect trigger ids from Ada's command."""

    def __init__(self, slack: SlackStandIn, clock: HandClock, ada: User) -> None:
        self.slack, self.clock, self.ada = slack, clock, ada
        self.web = client(slack)
        self.triggers: list[str] = []

    def trigger(self) -> str:
        """Ada does something: a fresh trigger id."""
        self.slack.run_command(self.ada, "/trigger")
        return self.triggers[-1]

    def error(self, method: str, **args: Any) -> str:
        with pytest.raises(SlackApiError) as problem:
            self.web.api_call(method, json=args)
        return str(problem.value.response["error"])


@pytest.fixture
def desk() -> Iterator[Desk]:
    clock = HandClock()
    with SlackStandIn(clock=clock) as slack:
        desk = Desk(slack, clock, slack.add_user("Ada"))
        app = bolt_app(slack)

        @app.command("/trigger")
        def collect(ack: Any, body: Any) -> None:
            desk.triggers.append(body["trigger_id"])
            ack()

        with over_http(slack, app):
            yield desk


VIEW = modal(field("message", "plain_text_input"))


def test_a_trigger_id_opens_one_modal(desk: Desk) -> None:
    trigger = desk.trigger()
    view = desk.web.views_open(trigger_id=trigger, view=VIEW)["view"]
    assert desk.slack.modal(desk.ada).id == view["id"] == view["root_view_id"]
    assert view["callback_id"] == "form"
    assert desk.error("views.open", trigger_id=trigger, view=VIEW) == "exchanged_trigger_id"
    assert desk.error("views.open", trigger_id="1.2.3", view=VIEW) == "invalid_trigger_id"


def test_a_trigger_id_lasts_three_seconds(desk: Desk) -> None:
    trigger = desk.trigger()
    desk.clock.forward(seconds=3)
    desk.web.views_open(trigger_id=trigger, view=VIEW)
    trigger = desk.trigger()
    desk.clock.forward(seconds=3.001)
    assert desk.error("views.open", trigger_id=trigger, view=VIEW) == "expired_trigger_id"


def test_three_modals_lie_on_each_other_and_no_more(desk: Desk) -> None:
    first = desk.web.views_open(trigger_id=desk.trigger(), view=VIEW)["view"]
    desk.web.views_push(trigger_id=desk.trigger(), view=VIEW)
    third = desk.web.views_push(trigger_id=desk.trigger(), view=VIEW)["view"]
    assert third["root_view_id"] == first["id"]
    assert desk.error("views.push", trigger_id=desk.trigger(), view=VIEW) == "push_limit_reached"
    assert len(desk.slack.open_modals(desk.ada)) == 3
    lowest = desk.slack.open_modals(desk.ada)[0]
    with pytest.raises(NotOnScreen, match="not on top"):
        lowest.fill("message", "x")


def test_there_is_nothing_to_push_onto_without_a_modal(desk: Desk) -> None:
    assert desk.error("views.push", trigger_id=desk.trigger(), view=VIEW) == "not_found"


def test_an_update_keeps_what_was_entered_in_the_same_field(desk: Desk) -> None:
    tag = field("tag", "static_select", options=[option("a"), option("b")])
    opened = desk.web.views_open(
        trigger_id=desk.trigger(),
        view=modal(*VIEW["blocks"], tag, field("gone", "number_input", is_decimal_allowed=False)),
    )["view"]
    shown = desk.slack.modal(desk.ada)
    shown.fill("message", "Hello")
    shown.choose("tag", "b")
    fresh = field("fresh", "plain_text_input", initial_value="first")
    started = field("message", "plain_text_input", initial_value="other")
    desk.web.views_update(view_id=opened["id"], view=modal(fresh, started, tag))
    assert (shown.value("message"), shown.value("tag"), shown.value("fresh")) == (
        "Hello",
        "b",
        "first",
    )
    assert shown.fields == ["fresh", "message", "tag"]
    fewer = field("tag", "static_select", options=[option("a")])
    other_kind = field("message", "email_text_input")
    desk.web.views_update(view_id=opened["id"], view=modal(fewer, other_kind))
    assert (shown.value("tag"), shown.value("message")) == (None, None)


def test_a_stale_hash_is_a_conflict(desk: Desk) -> None:
    opened = desk.web.views_open(trigger_id=desk.trigger(), view=VIEW)["view"]
    known = {"view_id": opened["id"], "hash": opened["hash"], "view": VIEW}
    updated = desk.web.views_update(**known)["view"]
    assert updated["hash"] != opened["hash"]
    assert desk.error("views.update", **known) == "hash_conflict"


def test_only_an_open_modal_can_be_updated(desk: Desk) -> None:
    opened = desk.web.views_open(trigger_id=desk.trigger(), view=VIEW)["view"]
    desk.slack.modal(desk.ada).close()
    assert desk.error("views.update", view_id=opened["id"], view=VIEW) == "not_found"
    assert desk.error("views.update", view=VIEW) == "invalid_arguments"


def test_the_bots_own_name_finds_a_modal(desk: Desk) -> None:
    named = {**VIEW, "external_id": "composer-ada"}
    desk.web.views_open(trigger_id=desk.trigger(), view=named)
    desk.web.views_update(external_id="composer-ada", view=modal(section("done")))
    assert desk.slack.render(desk.slack.modal(desk.ada)) == "Form\ndone\n[Cancel] [Send]"
    desk.web.views_push(trigger_id=desk.trigger(), view=named)
    assert (
        desk.error("views.push", trigger_id=desk.trigger(), view=named) == "duplicate_external_id"
    )


def test_a_view_has_a_greatest_size(desk: Desk) -> None:
    rows = [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2000}] * 10}] * 13
    assert (
        desk.error("views.open", trigger_id=desk.trigger(), view=modal(*rows)) == "view_too_large"
    )

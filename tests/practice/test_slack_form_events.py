"""What a bot hears of a form before it is handed in: choices, typing, searching, closing."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.practice.slack import NotOnScreen, SlackDispatchFailed

from .slack_office import Office, opened_office, shown
from .slack_support import Json, actions, button, field, modal, option, section


@pytest.fixture
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    with opened_office(getattr(request, "param", "http")) as office:
        yield office


both_ways = pytest.mark.parametrize("office", ["http", "socket"], indirect=True)
MESSAGE = field("message", "plain_text_input")


def test_a_change_is_told_where_the_bot_asked_for_it(office: Office) -> None:
    for name in ("tag", "quiet", "menu", "go"):
        office.app.action(name)(office.hear)
    form = shown(
        office,
        modal(
            MESSAGE,
            field("tag", "static_select", options=[option("a")], _dispatch_action=True),
            field("quiet", "static_select", options=[option("a")]),
            section(
                "Look",
                block_id="s",
                accessory={"type": "static_select", "action_id": "menu", "options": [option("a")]},
            ),
            actions(button("go", "Go", value="1")),
        ),
    )
    form.fill("message", "Hello")
    form.choose("quiet", "a")
    assert office.heard == []
    form.choose("tag", "a")
    form.choose("menu", "a")
    form.click("go")
    tag, menu, go = office.heard
    assert tag["actions"][0]["selected_option"] == option("a")
    values = tag["view"]["state"]["values"]
    assert values["message"]["message"]["value"] == "Hello"
    assert values["tag"]["tag"]["selected_option"] == option("a")
    assert tag["container"] == {"type": "view", "view_id": form.id}
    assert menu["actions"][0]["block_id"] == "s"
    assert go["actions"][0]["value"] == "1"


def test_typing_is_told_as_the_field_says(office: Office) -> None:
    office.app.action("enter")(office.hear)
    office.app.action("each")(office.hear)
    each = {"trigger_actions_on": ["on_character_entered"]}
    form = shown(
        office,
        modal(
            field("enter", "plain_text_input", _dispatch_action=True),
            field("each", "plain_text_input", _dispatch_action=True, dispatch_action_config=each),
        ),
    )
    form.fill("enter", "a")
    assert office.heard == []
    form.fill("enter", "ab", enter=True)
    form.fill("each", "c")
    assert [body["actions"][0]["value"] for body in office.heard] == ["ab", "c"]


@both_ways
def test_an_external_menu_offers_what_the_bot_finds(office: Office) -> None:
    def find(ack: Any, payload: Json, body: Json) -> None:
        office.heard.append(body)
        names = ["Ada", "Adele", "Ben"]
        ack(options=[option(n.lower(), n) for n in names if n.startswith(payload["value"])])

    office.app.options("who")(find)
    office.app.options("slow")(find)
    form = shown(
        office,
        modal(
            field("who", "external_select", min_query_length=2), field("slow", "external_select")
        ),
    )
    assert form.suggest("who", "A") == []
    assert form.suggest("slow", "Ad") == []
    assert office.heard == []
    assert form.suggest("who", "Ad") == [option("ada", "Ada"), option("adele", "Adele")]
    assert (office.heard[0]["type"], office.heard[0]["value"]) == ("block_suggestion", "Ad")
    assert office.heard[0]["view"]["id"] == form.id
    form.choose("who", "adele")
    assert len(office.heard) == 1
    form.choose("who", "ben", typed="Be")
    assert form.value("who") == "ben"
    with pytest.raises(NotOnScreen):
        form.choose("who", "carl", typed="Ca")


def test_several_people_are_found_one_search_after_another(office: Office) -> None:
    def find(ack: Any, payload: Json) -> None:
        ack(options=[option(n.lower(), n) for n in ["Ada", "Ben"] if n == payload["value"]])

    office.app.options("who")(find)
    form = shown(office, modal(field("who", "multi_external_select")))
    form.choose("who", "ada", typed="Ada")
    form.choose("who", "ada", "ben", typed="Ben")
    assert form.value("who") == ["ada", "ben"]


def test_faulty_suggestions_are_a_failure(office: Office) -> None:
    office.app.options("who")(lambda ack: ack(options=[{"text": "Ada", "value": "1"}]))
    form = shown(office, modal(field("who", "external_select", min_query_length=0)))
    with pytest.raises(SlackDispatchFailed):
        form.suggest("who", "")
    assert "[json-pointer:/options/0/text]" in office.slack.refused[0].messages[0]


@pytest.mark.parametrize("notify", [True, False])
def test_closing_is_told_where_the_bot_asked_for_it(office: Office, notify: bool) -> None:
    office.app.view_closed("form")(office.hear)
    shown(office, modal(section("x"), notify_on_close=notify)).close()
    told = [(body["type"], body["is_cleared"]) for body in office.heard]
    assert told == ([("view_closed", False)] if notify else [])
    with pytest.raises(NotOnScreen):
        office.slack.modal(office.ada, wait=0)


def test_the_cross_closes_all_modals(office: Office) -> None:
    office.app.view_closed("form")(office.hear)
    office.app.action("more")(
        lambda ack, body, client: (
            ack(),
            client.views_push(
                trigger_id=body["trigger_id"], view=modal(section("top"), callback_id="top")
            ),
        )
    )
    form = shown(office, modal(actions(button("more", "More")), notify_on_close=True))
    form.click("more")
    office.slack.modal(office.ada, "top").close(everything=True)
    assert [(body["view"]["id"], body["is_cleared"]) for body in office.heard] == [(form.id, True)]
    assert office.slack.open_modals(office.ada) == []

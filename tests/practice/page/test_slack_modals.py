"""Modals on the page: every kind of field, errors beside them, updates while open, and closing."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.practice.slack_support import Json, actions, button, field, modal, option, plain, section

from .slack_screens import Html, Screens, opened_screens

SIZES = [option("s", "Small"), option("m", "Middle"), option("l", "Large")]


@pytest.fixture
def screens() -> Iterator[Screens]:
    with opened_screens() as screens:
        yield screens


def state(screens: Screens) -> Json:
    """What Slack holds for Ada's form, by field."""
    values = screens.slack.modal(screens.office.ada).values
    return {name: next(iter(held.values())) for name, held in values.items()}


def error_of(html: Html, name: str) -> str:
    """What stands beside the field of this name."""
    [shown] = [e for e in html.all("p", "sk-error") if f"-{name}-{name}-error" in e["id"]]
    return shown.text


EVERY_FIELD = modal(
    section("Read *this* <@U1|x>"),
    field("text", "plain_text_input", initial_value='a "b" <c>', max_length=9),
    field("long", "plain_text_input", multiline=True, initial_value="\n</textarea>&"),
    field("mail", "email_text_input", _optional=True),
    field("size", "static_select", options=SIZES, initial_option=SIZES[1]),
    field(
        "sizes",
        "multi_static_select",
        option_groups=[{"label": plain("Wear"), "options": SIZES}],
        initial_options=SIZES[:1],
    ),
    field("who", "users_select"),
    field("where", "channels_select"),
    field("ext", "external_select", min_query_length=0),
    field("radio", "radio_buttons", options=SIZES, initial_option=SIZES[0]),
    field("ticks", "checkboxes", options=SIZES, initial_options=SIZES[1:]),
    field("day", "datepicker", initial_date="2026-12-01"),
    field("hour", "timepicker", initial_time="18:30"),
    field("moment", "datetimepicker", initial_date_time=1796050800, _hint=plain("By your clock")),
)


def test_every_kind_of_field_shows_what_stands_in_it(screens: Screens) -> None:
    view = screens.opens(EVERY_FIELD)
    html = screens.form(screens.office.ada)
    assert html.one("form")["data-view"] == view
    by_id = {e.attributes.get("id"): e for e in html.elements}

    def box(name: str, part: str = "") -> Any:
        return by_id[f"{view}-{name}-{name}{part}"]

    assert box("text")["value"] == 'a "b" <c>'
    assert box("long").text.removeprefix("\n") == "\n</textarea>&"
    assert box("size")["value"] == "Middle"
    assert [e["data-value"] for e in html.all("li") if "sk-chosen" in str(e.attributes)] == []
    assert "Remove Small" in [e.attributes.get("aria-label") for e in html.all("button")]
    assert [e["value"] for e in html.all("input", type="radio") if "checked" in e.attributes] == [
        "s"
    ]
    ticked = [e["value"] for e in html.all("input", type="checkbox") if "checked" in e.attributes]
    assert ticked == ["m", "l"]
    assert (box("day")["value"], box("hour")["value"]) == ("2026-12-01", "18:30")
    assert (box("moment")["value"], box("moment", "-hour")["value"]) == ("2026-11-30", "16:00")
    assert "By your clock" in html.text
    assert "Wear" in html.text
    assert {"Ada", "Ben", "#approvals"} <= {e.text for e in html.all("span")}


def test_every_field_has_a_name_and_says_whether_it_may_be_empty(screens: Screens) -> None:
    view = screens.opens(EVERY_FIELD)
    html = screens.form(screens.office.ada)
    labelled = {e["for"] for e in html.all("label") if "for" in e.attributes}
    labelled |= {
        e["aria-labelledby"].removesuffix("-label")
        for e in html.elements
        if "aria-labelledby" in e.attributes
    }
    for name in ("text", "long", "size", "sizes", "ext", "radio", "ticks", "day", "moment"):
        assert f"{view}-{name}-{name}" in labelled
    mail = html.one("input", id=f"{view}-mail-mail")
    assert "aria-required" not in mail.attributes
    assert html.one("input", id=f"{view}-text-text")["aria-required"] == "true"
    assert html.text.count("(optional)") == 1
    assert (
        html.one("input", id=f"{view}-moment-moment")["aria-describedby"]
        == f"{view}-moment-moment-hint"
    )


@pytest.mark.parametrize(
    ("name", "entered", "held"),
    [
        ("text", {"text": "x & y"}, {"value": "x & y"}),
        ("text", {"text": ""}, {"value": None}),
        ("size", {"value": "l"}, {"selected_option": SIZES[2]}),
        ("sizes", {"value": ["l", "m"]}, {"selected_options": [SIZES[2], SIZES[1]]}),
        ("sizes", {}, {"selected_options": []}),
        ("who", {"value": "ben"}, {"selected_user": "ben"}),
        ("radio", {"value": "m"}, {"selected_option": SIZES[1]}),
        ("ticks", {"value": ["s"]}, {"selected_options": SIZES[:1]}),
        ("ticks", {}, {"selected_options": []}),
        ("day", {"day": "2027-01-31"}, {"selected_date": "2027-01-31"}),
        ("day", {"day": ""}, {"selected_date": None}),
        ("hour", {"hour": "07:05"}, {"selected_time": "07:05"}),
        # Ada is in Berlin: noon there in summer is ten o'clock of UTC.
        ("moment", {"day": "2027-07-01", "hour": "12:00"}, {"selected_date_time": 1814436000}),
        ("moment", {"day": "", "hour": ""}, {"selected_date_time": None}),
    ],
)  # fmt: skip
def test_what_is_entered_is_what_slack_holds(
    screens: Screens, name: str, entered: Json, held: Json
) -> None:
    view, ben = screens.opens(EVERY_FIELD), screens.office.ben.id
    named = {key: ben if value == "ben" else value for key, value in entered.items()}
    assert screens.enters(view, name, **named).status_code == 204
    [(key, value)] = held.items()
    assert state(screens)[name][key] == (ben if value == "ben" else value)


def test_a_day_without_an_hour_gets_one_to_begin_with(screens: Screens) -> None:
    view = screens.opens(modal(field("moment", "datetimepicker")))
    screens.enters(view, "moment", day="2027-07-01")
    html = screens.form(screens.office.ada)
    assert html.one("input", id=f"{view}-moment-moment-hour")["value"] == "09:00"


def test_an_external_menu_offers_what_the_bot_finds(screens: Screens) -> None:
    heard: list[Json] = []

    def offer(ack: Any, payload: Json) -> None:
        heard.append(payload)
        found = [option("7", "Johanna <Dark>") | {"description": plain("in Ely")}]
        ack(options=found if payload["value"] == "jo" else [])

    screens.office.app.options("ext")(offer)
    view = screens.opens(modal(field("ext", "external_select", min_query_length=2)))
    about = {"as": screens.office.ada.id, "view": view, "block": "ext", "action": "ext"}
    html = Html(screens.get("slack/options", q="jo", **about).text)
    [found] = html.all("li", role="option")
    assert (found["data-value"], found.text) == ("7", "Johanna <Dark>in Ely")
    assert "No results" in screens.get("slack/options", q="zz", **about).text
    screens.get("slack/options", q="j", **about)
    assert [payload["value"] for payload in heard] == ["jo", "zz"]
    screens.enters(view, "ext", value="7", typed="jo")
    shown = screens.form(screens.office.ada).one("input", id=f"{view}-ext-ext")
    assert (shown["value"], shown["data-value"]) == ("Johanna <Dark>", "7")
    screens.slack.connect_http("http://127.0.0.1:9/")
    assert "could not be loaded" in screens.get("slack/options", q="jo", **about).text


def test_errors_stand_beside_their_fields_until_these_are_changed(screens: Screens) -> None:
    view = screens.opens(modal(field("one", "plain_text_input"), field("two", "plain_text_input")))
    errors = {"one": "Not <this>."}
    screens.office.app.view("form")(lambda ack: ack(response_action="errors", errors=errors))
    ada = screens.office.ada
    screens.does(ada, "view/submit", view=view)
    assert "required" in error_of(screens.form(ada), "two")
    screens.enters(view, "one", text="a")
    screens.enters(view, "two", text="b")
    screens.does(ada, "view/submit", view=view)
    html = screens.form(ada)
    assert (error_of(html, "one"), error_of(html, "two")) == ("Not <this>.", "")
    assert html.one("input", id=f"{view}-one-one")["aria-invalid"] == "true"
    assert html.one("input", id=f"{view}-one-one")["value"] == "a"
    screens.enters(view, "one", text="c")
    assert error_of(screens.form(ada), "one") == ""


def test_a_form_that_is_taken_goes_away_and_one_pushed_lies_on_top(screens: Screens) -> None:
    view = screens.opens(modal(field("one", "plain_text_input", _optional=True)))
    second = modal(section("Really?"), title=plain("Second"))
    screens.office.app.view("form")(lambda ack: ack(response_action="push", view=second))
    ada = screens.office.ada
    screens.does(ada, "view/submit", view=view)
    html = screens.form(ada)
    assert html.one("h2").text == "Second"
    top = html.one("form")["data-view"]
    assert screens.enters(view, "one", text="below").status_code == 409
    assert screens.does(ada, "view/close", view=top).status_code == 204
    assert screens.form(ada).one("form")["data-view"] == view
    screens.does(ada, "view/close", view=view, everything="yes")
    assert screens.form(ada).elements == []
    assert screens.does(ada, "view/submit", view=view).json()["error"]


def test_what_was_entered_stays_while_the_bot_shows_something_else(screens: Screens) -> None:
    def add(ack: Any, body: Json, client: Any) -> None:
        ack()
        more = [*EVERY_FIELD["blocks"][1:3], field("new", "plain_text_input")]
        client.views_update(view_id=body["view"]["id"], view=modal(*more))

    screens.office.app.action("add")(add)
    view = screens.opens(modal(*EVERY_FIELD["blocks"][1:3], actions(button("add", "Add"))))
    screens.enters(view, "text", text="kept")
    screens.does(screens.office.ada, "view/click", view=view, block="b", action="add")
    screens.until(lambda: "New" in screens.form(screens.office.ada).text)
    html = screens.form(screens.office.ada)
    assert html.one("form")["data-view"] == view
    assert html.one("input", id=f"{view}-text-text")["value"] == "kept"


def test_a_form_whose_bot_is_away_stays_with_what_was_written(screens: Screens) -> None:
    view = screens.opens(modal(field("one", "plain_text_input")))
    screens.enters(view, "one", text="kept")
    screens.slack.connect_http("http://127.0.0.1:9/")
    screens.does(screens.office.ada, "view/submit", view=view)
    html = screens.form(screens.office.ada)
    assert "trouble connecting" in html.one("p", "sk-trouble").text
    assert html.one("input", id=f"{view}-one-one")["value"] == "kept"


def test_closing_tells_the_bot_that_asked_for_it(screens: Screens) -> None:
    heard: list[Json] = []

    @screens.office.app.view_closed("form")
    def hear(ack: Any, body: Json) -> None:
        heard.append(body)
        ack()

    asked = modal(section("x"), notify_on_close=True)
    view = screens.opens(asked | {"submit": plain("Go")})
    screens.does(screens.office.ada, "view/close", view=view, everything="no")
    assert [body["is_cleared"] for body in heard] == [False]


def test_a_modal_is_nobody_elses(screens: Screens) -> None:
    view = screens.opens(modal(field("one", "plain_text_input")))
    assert screens.form(screens.office.ben).elements == []
    about = {"view": view, "block": "one", "action": "one", "text": "mine"}
    assert screens.does(screens.office.ben, "view/enter", **about).status_code == 409

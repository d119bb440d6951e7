"""The composer and the card with utility messages: within Slack's limits, and nothing comes alive."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.json_parts import UtilityJson
from bot.policy.utility_templates import Button, UtilityTemplate
from handlers.views.card import CardFacts, Line, card
from handlers.views.composer import composer
from handlers.views.composer_facts import ComposerFacts
from handlers.views.entered import Entered, TemplateName, can_compose
from handlers.views.entered_state import read_composer
from handlers.views.reasons import approve_anyway
from handlers.views.utility_preview import utility_preview
from tests.block_kit import check_message, check_view
from tests.practice.graph_support import SURVEY
from tests.records import NOW, a_contact, a_delivery, a_draft, a_finding, a_verdict

WORST = '<&>"\\' * 300
SHIPPED = UtilityTemplate("order_shipped", "en", "APPROVED", "Order {{1}}: {{2}}.", "For {{1}}")
FULL = UtilityTemplate(
    "n" * 147,
    "en",
    "APPROVED",
    " and ".join(f"{{{{{number}}}}}" for number in range(1, 21)) + "<" * 800,
    "{{1}}" + "<" * 60,
    tuple(Button("URL", "<" * 20, "https://example.com/{{1}}") for _ in range(3)),
    {str(number): WORST for number in range(1, 21)},
)


def facts(*templates: UtilityTemplate, open_: bool = False, **changes: Any) -> ComposerFacts:
    verdict = a_verdict(window_open=open_)
    values: dict[str, Any] = {"contact": a_contact(), "verdict": verdict, "templates": templates}
    return ComposerFacts("2026-04", NOW, may_send=True, **values | changes)


def fields(view: dict[str, Any]) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def test_a_template_filled_to_the_brim() -> None:
    filled = dict.fromkeys(FULL.takes, WORST[:1000])
    chosen = TemplateName(FULL.name, FULL.language)
    view = composer(Entered(contact_id=1, utility=chosen, parameters=filled), facts(FULL))
    check_view(view)
    assert len([name for name in fields(view) if name.startswith("utility:")]) == 24


@pytest.mark.parametrize("count", [1, 99, 100, 101, 250])
def test_any_number_of_templates_can_be_chosen_from(count: int) -> None:
    many = [
        UtilityTemplate(f"t{number}", "en", "APPROVED", "Hello " * 100) for number in range(count)
    ]
    view = composer(Entered(contact_id=1), facts(*many))
    check_view(view)
    assert json.dumps(view).count('"value": "t') == count


def test_a_template_that_is_no_longer_there_stays_in_the_menu_with_that_word() -> None:
    gone = TemplateName("gone", "en")
    view = composer(Entered(contact_id=1, utility=gone), facts(SHIPPED))
    check_view(view)
    assert "No longer there" in json.dumps(view)


@pytest.mark.parametrize(
    ("entered", "known", "shown"),
    [
        (Entered(contact_id=1), facts(SHIPPED), True),
        (Entered(contact_id=1), facts(SHIPPED, open_=True), False),
        (Entered(contact_id=1, tag="ACCOUNT_UPDATE"), facts(SHIPPED, open_=True), True),
        (Entered(contact_id=1, tag="HUMAN_AGENT"), facts(SHIPPED, open_=True), False),
        (Entered(contact_id=1, utility=TemplateName("a", "en")), facts(open_=True), True),
        (
            Entered(contact_id=1, tag="ACCOUNT_UPDATE"),
            facts(SHIPPED, contact=a_contact(channel="instagram")),
            False,
        ),
        (Entered(tag="ACCOUNT_UPDATE"), facts(SHIPPED, contact=None, verdict=None), True),
    ],
)
def test_it_is_shown_where_it_is_of_use(
    entered: Entered, known: ComposerFacts, *, shown: bool
) -> None:
    assert ("utility" in fields(composer(entered, known))) == shown


def test_the_older_edition_shows_none() -> None:
    known = ComposerFacts("2021-06", NOW, True, contact=a_contact(), templates=(SHIPPED,))
    assert "utility" not in fields(composer(Entered(tag="ACCOUNT_UPDATE"), known))


def test_a_paused_template_is_not_offered_but_stays_where_it_was_chosen() -> None:
    paused = UtilityTemplate("due", "en", "PAUSED", "At {{1}}.")
    assert "due" not in json.dumps(composer(Entered(contact_id=1), facts(SHIPPED, paused)))
    chosen = Entered(contact_id=1, utility=TemplateName("due", "en"))
    assert "PAUSED: At {{1}}." in json.dumps(composer(chosen, facts(SHIPPED, paused)))


def test_what_was_entered_is_read_again() -> None:
    parameters = {"header.1": "Ada", "1": "A-17", "2": "<b>"}
    entered = Entered(
        contact_id=1, utility=TemplateName("order_shipped", "en"), parameters=parameters
    )
    view = composer(entered, facts(SHIPPED))
    elements = {
        block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"
    }
    values: dict[str, Any] = {
        name: {name: {"type": element["type"], "value": element.get("initial_value")}}
        for name, element in elements.items()
        if name.startswith("utility:")
    }
    chosen = {"type": "static_select", "selected_option": elements["utility"]["initial_option"]}
    values |= {
        "utility": {"utility": chosen},
        "utility:other:1": {"utility:other:1": {"value": "x"}},
    }
    again = read_composer({"state": {"values": values}})
    assert (again.utility, again.parameters) == (entered.utility, parameters)


def test_nothing_in_a_preview_comes_alive() -> None:
    asked = UtilityJson(
        template="order_shipped", language="en", parameters={"header.1": "*x*", "1": "<!here>"}
    )
    shown = json.dumps(utility_preview(asked, SHIPPED, alone=True))
    assert "<!here>" not in shown
    assert "&lt;!here&gt;" in shown
    unknown = json.dumps(utility_preview(asked, None, alone=False))
    assert "No such template is known" in unknown
    assert "&lt;!here&gt;" in unknown


def test_who_is_asked_for_a_reason_sees_the_finished_text() -> None:
    asked = {"template": "order_shipped", "language": "en", "parameters": {"1": "A-17"}}
    draft = a_draft(message={}, facts={"utility": asked})
    shown = json.dumps(approve_anyway(draft, 1, a_verdict(a_finding()), SHIPPED))
    assert ">Order A-17: {{2}}." in shown
    filled = asked | {"template": FULL.name, "parameters": dict.fromkeys(FULL.takes, WORST[:1000])}
    full = a_draft(message={"text": "<" * 2000}, facts={"utility": filled})
    check_view(approve_anyway(full, 1, a_verdict(a_finding()), FULL))


def test_a_card_of_a_full_utility_message() -> None:
    filled = dict.fromkeys(FULL.takes, WORST[:1000])
    asked = {"template": FULL.name, "language": "en", "parameters": filled}
    draft = a_draft(message={"text": "<" * 2000}, facts={"utility": asked})
    lines = [Line(a_delivery(), a_contact())]
    later = NOW + timedelta(hours=1)
    check_message(card(CardFacts(draft, lines, a_verdict(), "2026-04", later, template=FULL)))


def test_the_composer_takes_what_it_wrote_and_any_text() -> None:
    assert can_compose(a_draft())
    assert can_compose(a_draft(message={}))
    assert can_compose(a_draft(message=SURVEY))
    assert not can_compose(a_draft(message=SURVEY, author=None, requested_by="a system"))
    with_replies = {"text": "Hi", "quick_replies": [{"content_type": "user_email"}]}
    assert not can_compose(a_draft(message=with_replies))

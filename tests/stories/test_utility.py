"""Utility messages in daily life: chosen and filled in the composer, or queued by another system."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.practice.graph import UtilityTemplate
from tests.house import ADA, INES, House, open_house
from tests.stories.slack_steps import choose_tag, hours_from_now, reads, write

SHIPPED = UtilityTemplate(
    "order_shipped", "Your order {{1}} has shipped, {{2}}.", buttons=("Track it",)
)
CLASS = UtilityTemplate("class_soon", "See you at {{what}} soon!", header="Reminder")
GREETING = UtilityTemplate("hello", "Hello {{1}}!", status="PENDING")
FILLED = {
    "template": "class_soon",
    "language": "en",
    "parameters": {"what": "Yoga"},
}
RETIRED = ("CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE", "ACCOUNT_UPDATE")


@pytest.fixture
def page(tmp_path: Path) -> Iterator[House]:
    """A Page with approved templates, and Ada, who wrote 25 hours ago."""
    with open_house(tmp_path, start=False, policy_edition="2026-04") as house:
        house.graph.edition = "2026-04"
        for template in (SHIPPED, CLASS, GREETING):
            house.graph.add_template(template)
        house.start()
        house.until(lambda: house.rows("SELECT 1 FROM utility_templates"))
        house.ada.writes("Hi")
        house.ines.writes("Ciao")
        house.until(lambda: len(house.rows("SELECT 1 FROM interactions")) == 2)
        house.clock.forward(hours=25)
        yield house


def choose_template(house: House, modal: Any, name: str) -> None:
    modal.choose("utility", f"{name}/en")
    reads(house, modal, f"*Utility message* `{name}` (en)")


def test_with_the_window_closed_an_approved_template_is_filled_and_sent(page: House) -> None:
    modal = write(page, page.ben, "")
    offered = [option["value"] for option in modal.options("utility")]
    assert offered == ["NONE", "class_soon/en", "order_shipped/en"]
    choose_template(page, modal, "order_shipped")
    assert reads(page, modal, ">Your order {{1}} has shipped, {{2}}.")
    modal.fill("utility:order_shipped:1", "A-17")
    modal.fill("utility:order_shipped:2", "Ada")
    modal.fill("utility:order_shipped:button.1", "17")
    assert reads(page, modal, ">Your order A-17 has shipped, Ada.", "[ Track it ] with `17`")
    assert reads(page, modal, "*Allowed*: the utility message goes out.")
    assert modal.submit() == {}
    page.until(lambda: page.states() == ["delivered"])
    assert page.sends() == [
        {
            "recipient": {"id": ADA},
            "message": {
                "template": {
                    "name": "order_shipped",
                    "language": {"code": "en"},
                    "components": [
                        {
                            "type": "body",
                            "parameters": [
                                {"type": "text", "text": "A-17"},
                                {"type": "text", "text": "Ada"},
                            ],
                        },
                        {
                            "type": "buttons",
                            "parameters": [{"type": "POSTBACK", "payload": "17"}],
                        },
                    ],
                },
                "metadata": "tagwise:1",
            },
            "messaging_type": "UTILITY",
        }
    ]
    assert not page.slack.refused


def test_a_wrong_parameter_is_told_beside_its_field(page: House) -> None:
    modal = write(page, page.ben, "")
    choose_template(page, modal, "class_soon")
    modal.fill("utility:class_soon:what", "Yoga #2 for $5")
    assert reads(page, modal, "takes no # and $ in a parameter")
    errors = modal.submit()
    assert set(errors) == {"utility:class_soon:what"}
    modal.fill("utility:class_soon:what", "Yoga 2")
    assert modal.submit() == {}
    page.until(lambda: page.states() == ["delivered"])


@pytest.mark.parametrize("tag", RETIRED)
def test_a_retired_tag_says_since_when_and_offers_what_replaced_it(page: House, tag: str) -> None:
    page.ada.writes("Hi again")
    modal = write(page, page.ben)
    assert "utility" not in modal.fields  # the window is open: nothing else is needed
    choose_tag(page, modal, tag)
    said = page.text_of(modal)
    assert "Retired on 27 April 2026; what replaced it is a utility message" in said
    assert "utility" in modal.fields
    choose_template(page, modal, "class_soon")
    modal.fill("utility:class_soon:what", "Yoga")
    assert modal.submit() == {}
    page.until(lambda: page.states() == ["delivered"])
    assert page.sends()[0]["messaging_type"] == "UPDATE"


def test_reminders_go_out_as_the_utility_message_once_the_window_has_closed(page: House) -> None:
    page.ada.writes("See you at Yoga?")
    modal = write(page, page.ben, "Yes, see you there!")
    choose_tag(page, modal, "CONFIRMED_EVENT_UPDATE")
    modal.pick("event_starts_at", hours_from_now(page, 40))
    modal.choose("event_registered", "registered")
    modal.choose("reminders", "-1h")
    assert reads(page, modal, "rule tag-retired")
    choose_template(page, modal, "class_soon")
    modal.fill("utility:class_soon:what", "Yoga")
    assert reads(page, modal, "*Allowed*")
    assert modal.submit() == {}
    page.until(lambda: page.states() == ["delivered", "pending"])
    page.clock.forward(hours=39)
    page.until(lambda: page.states() == ["delivered", "delivered"])
    assert [sent["messaging_type"] for sent in page.sends()] == ["UPDATE", "UTILITY"]
    assert page.graph.sent_to(ADA)[-1].text == "Reminder\nSee you at Yoga soon!"
    assert not page.slack.refused


def test_on_instagram_none_is_offered(page: House) -> None:
    modal = write(page, page.ben, psid=INES)
    assert reads(page, modal, "rule window-closed")
    assert "utility" not in modal.fields
    assert "Utility message" not in page.text_of(modal)


def test_a_page_without_templates_says_how_to_get_one(page: House) -> None:
    page.graph.templates.clear()
    page.clock.forward(hours=1)
    page.until(lambda: not page.rows("SELECT 1 FROM utility_templates"))
    modal = write(page, page.ben)
    assert reads(page, modal, "no template that Meta has approved", "templates create FILE")


def test_the_card_shows_the_finished_text_and_its_draft_can_be_edited(page: House) -> None:
    modal = write(page, page.ben, "")
    choose_template(page, modal, "class_soon")
    modal.fill("utility:class_soon:what", "Yoga <b>")
    modal.choose("route", "approve")
    assert modal.submit() == {}
    assert ">See you at Yoga &lt;b&gt; soon!" in str(page.card().blocks)
    page.slack.click(page.ben, page.card(), "edit_draft")
    edit = page.slack.modal(page.ben, "composer")
    assert edit.value("utility:class_soon:what") == "Yoga <b>"
    edit.fill("utility:class_soon:what", "Pilates")
    assert edit.submit() == {}
    page.until(lambda: ">See you at Pilates soon!" in str(page.card().blocks))
    page.slack.click(page.cleo, page.card(), "approve_draft")
    page.until(lambda: page.states() == ["delivered"])
    assert page.graph.sent_to(ADA)[-1].text == "Reminder\nSee you at Pilates soon!"


def test_a_template_that_is_gone_by_then_is_told_beside_the_menu(page: House) -> None:
    modal = write(page, page.ben, "")
    choose_template(page, modal, "class_soon")
    modal.fill("utility:class_soon:what", "Yoga")
    reads(page, modal, ">See you at Yoga soon!")
    page.graph.templates.clear()
    page.clock.forward(hours=1)
    page.until(lambda: not page.rows("SELECT 1 FROM utility_templates"))
    assert "No template class_soon in en is known" in modal.submit()["utility"]


def test_changing_the_template_asks_for_its_own_parameters(page: House) -> None:
    modal = write(page, page.ben, "")
    choose_template(page, modal, "order_shipped")
    modal.fill("utility:order_shipped:1", "A-17")
    choose_template(page, modal, "class_soon")
    assert [name for name in modal.fields if name.startswith("utility:")] == [
        "utility:class_soon:what"
    ]
    modal.choose("utility", "NONE")
    page.until(lambda: not any(name.startswith("utility:") for name in modal.fields))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"channel": "instagram", "recipient": {"id": INES}}, "utility-not-on-instagram"),
        ({"utility": FILLED | {"template": "gone"}}, "utility-template-unknown"),
        ({"utility": FILLED | {"language": "de"}}, "utility-template-unknown"),
        ({"utility": FILLED | {"template": "hello"}}, "utility-template-not-approved"),
        ({"utility": FILLED | {"parameters": {}}}, "utility-parameters"),
        ({"utility": FILLED | {"parameters": {"what": "a", "when": "b"}}}, "utility-parameters"),
        ({"utility": FILLED | {"parameters": {"what": "5 %"}}}, "utility-parameters"),
    ],
)
def test_a_draft_that_could_not_be_sent_is_not_queued(
    page: House, changes: dict[str, Any], rule: str
) -> None:
    answer = page.post_draft(**({"utility": FILLED} | changes))
    assert answer.status_code == 422
    found = answer.json()["verdict"]["findings"]
    assert (rule, "refuse") in [(each["rule"], each["severity"]) for each in found]
    assert answer.json()["verdict"]["alternatives"]


def test_the_older_edition_refuses_utility_messages(page: House) -> None:
    page.stop()
    page.start(policy_edition="2021-06")
    answer = page.post_draft(utility=FILLED)
    assert answer.status_code == 422
    rules = [each["rule"] for each in answer.json()["verdict"]["findings"]]
    assert rules == ["utility-unknown"]


def test_another_system_queues_text_and_template_and_reads_them_again(page: House) -> None:
    answer = page.post_draft(utility=FILLED, requested_by="class booking")
    assert answer.status_code == 201
    assert answer.json()["verdict"]["messaging_type"] == "UTILITY"
    page.slack.click(page.cleo, page.card(), "approve_draft")
    page.until(lambda: page.states() == ["delivered"])
    assert page.graph.sent_to(ADA)[-1].text == "Reminder\nSee you at Yoga soon!"


def test_a_template_alone_is_a_draft_and_nothing_at_all_is_none(page: House) -> None:
    alone = page.post_draft(text=None, utility=FILLED)
    assert alone.status_code == 201
    nothing = page.post_draft(text=None)
    assert nothing.status_code == 400
    assert "give it or text" in str(nothing.json()["fields"])
    misspelt = page.post_draft(utility=FILLED | {"parameter": {}})
    assert set(misspelt.json()["fields"]) == {"utility.parameter"}


def test_templates_stay_fresh_while_the_bot_runs(page: House) -> None:
    page.graph.add_template(UtilityTemplate("class_soon", CLASS.body, status="PAUSED"))
    page.clock.forward(hours=1)
    page.until(lambda: page.rows("SELECT 1 FROM utility_templates WHERE status = 'PAUSED'"))
    assert (
        page.rows("SELECT count(*) AS n FROM utility_templates WHERE name = 'class_soon'")[0]["n"]
        == 1
    )

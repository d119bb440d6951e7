"""Utility messages in the outbox: templates fetched and kept fresh, the choice at the last moment."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.asking import Facts
from bot.deciding import NotAllowed
from bot.json_parts import EventJson, UtilityJson
from bot.practice.graph import UtilityTemplate, faults
from bot.utility import TemplateWatch
from storage import utility
from tests.outbox import ADA, INES, Outbox, open_outbox

SHIPPED = UtilityTemplate("order_shipped", "Your order {{1}} has shipped, {{2}}.")
REMINDER = UtilityTemplate("class_soon", "See you at {{what}} soon.", header="Reminder {{1}}")
FILLED = UtilityJson(
    template="order_shipped", language="en", parameters={"1": "A-17", "2": "dear Ada"}
)
IN_META_SHAPE = {
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
                        {"type": "text", "text": "dear Ada"},
                    ],
                }
            ],
        },
        "metadata": "tagwise:1",
    },
    "messaging_type": "UTILITY",
}


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with open_outbox(tmp_path, policy_edition="2026-04") as opened:
        opened.graph.add_template(SHIPPED)
        opened.graph.add_template(REMINDER)
        TemplateWatch(opened.services).tick()
        yield opened


def sends(outbox: Outbox) -> list[Any]:
    return [r.body for r in outbox.graph.requests if r.path.endswith("/messages")]


def listings(outbox: Outbox) -> int:
    """How often the list was asked for, the first time aside."""
    return -1 + sum(r.path.endswith("/message_templates") for r in outbox.graph.requests)


def known(outbox: Outbox) -> dict[str, str]:
    """Name and status of the templates on record."""
    with outbox.services.store.read() as db:
        return {row.name: row.status for row in utility.templates(db, outbox.graph.page_id)}


def test_outside_the_window_it_leaves_in_metas_shape(outbox: Outbox) -> None:
    number = outbox.queue(facts=Facts(utility=FILLED))
    outbox.clock.forward(hours=24)
    assert outbox.work() == 1
    assert sends(outbox) == [IN_META_SHAPE]
    assert outbox.graph.sent_to(ADA)[-1].text == "Your order A-17 has shipped, dear Ada."
    assert (outbox.state(number), outbox.delivery(number).messaging_type) == ("sent", "UTILITY")


def test_inside_the_window_the_text_leaves_in_its_place(outbox: Outbox) -> None:
    outbox.queue("It has shipped!", facts=Facts(utility=FILLED))
    assert outbox.work() == 1
    (body,) = sends(outbox)
    assert (body["messaging_type"], body["message"]["text"]) == ("UPDATE", "It has shipped!")


def test_alone_it_leaves_inside_the_window_too(outbox: Outbox) -> None:
    outbox.queue(message={}, facts=Facts(utility=FILLED))
    assert outbox.work() == 1
    assert sends(outbox) == [IN_META_SHAPE]


def test_named_and_numbered_parameters_fill_headline_and_text(outbox: Outbox) -> None:
    filled = {"header.1": "no. 2", "what": "Yoga"}
    asked = UtilityJson(template="class_soon", language="en", parameters=filled)
    outbox.queue(message={}, facts=Facts(utility=asked), author=None, requested_by="classes")
    assert outbox.work() == 1
    assert sends(outbox)[0]["message"]["template"]["components"] == [
        {"type": "header", "parameters": [{"type": "text", "text": "no. 2"}]},
        {
            "type": "body",
            "parameters": [{"type": "text", "text": "Yoga", "parameter_name": "what"}],
        },
    ]
    assert outbox.graph.sent_to(ADA)[-1].text == "Reminder no. 2\nSee you at Yoga soon."


def test_a_reminder_under_a_retired_tag_falls_back_on_it(outbox: Outbox) -> None:
    starts_at = (outbox.clock() + timedelta(hours=48)).isoformat()
    event = EventJson.model_validate({"registered": True, "starts_at": starts_at})
    facts = Facts(event=event, reminders=("-24h", "-1h"), utility=FILLED)
    outbox.queue("Yoga on Tuesday!", tag="CONFIRMED_EVENT_UPDATE", facts=facts)
    outbox.work()
    outbox.clock.forward(hours=23)
    outbox.person_writes()
    outbox.clock.forward(hours=1)
    outbox.work()
    outbox.clock.forward(hours=23)
    outbox.work()
    kinds = [(body["messaging_type"], "tag" in body) for body in sends(outbox)]
    assert kinds == [("UPDATE", False), ("UPDATE", False), ("UTILITY", False)]


@pytest.mark.parametrize("status", ["PAUSED", "DISABLED", "REJECTED", "PENDING_DELETION"])
def test_a_template_that_meta_no_longer_approves_stops_it_at_the_last_moment(
    outbox: Outbox, status: str
) -> None:
    number = outbox.queue(facts=Facts(utility=FILLED))
    outbox.graph.add_template(UtilityTemplate(SHIPPED.name, SHIPPED.body, status=status))
    TemplateWatch(outbox.services).tick()
    outbox.clock.forward(hours=24)
    assert outbox.work() == 0
    assert sends(outbox) == []
    assert outbox.state(number) == "refused"
    assert f"says of order_shipped in en: {status}" in (outbox.delivery(number).note or "")


def test_a_template_that_takes_something_else_by_now_stops_it_too(outbox: Outbox) -> None:
    number = outbox.queue(facts=Facts(utility=FILLED))
    outbox.graph.add_template(UtilityTemplate("order_shipped", "Order {{1}} has shipped."))
    TemplateWatch(outbox.services).tick()
    outbox.clock.forward(hours=24)
    assert outbox.work() == 0
    assert "has no parameter 2; it takes 1" in (outbox.delivery(number).note or "")


def test_on_instagram_it_is_refused_before_it_is_queued(outbox: Outbox) -> None:
    outbox.clock.forward(hours=24)
    with pytest.raises(NotAllowed) as refused:
        outbox.queue(psid=INES, facts=Facts(utility=FILLED))
    assert [f.rule for f in refused.value.verdict.refusals] == ["utility-not-on-instagram"]


def test_a_missing_permission_fails_this_message_and_pauses_nothing(outbox: Outbox) -> None:
    number = outbox.queue(message={}, facts=Facts(utility=FILLED))
    outbox.graph.scopes.discard("pages_utility_messaging")
    outbox.work()
    assert outbox.state(number) == "failed"
    assert "pages_utility_messaging" in (outbox.delivery(number).note or "")
    assert outbox.alarms() == []
    other = outbox.queue("Hello")
    outbox.work()
    assert outbox.state(other) == "sent"


def test_what_meta_says_against_the_template_is_told_as_that(outbox: Outbox) -> None:
    number = outbox.queue(message={}, facts=Facts(utility=FILLED))
    outbox.graph.templates.clear()
    outbox.work()
    assert outbox.state(number) == "failed"
    assert "did not accept the template" in (outbox.delivery(number).note or "")


def test_in_a_batch_it_has_the_same_shape(outbox: Outbox) -> None:
    outbox.queue(message={}, facts=Facts(utility=FILLED))
    outbox.queue("Hello")
    claimed = outbox.claim()
    outcomes = outbox.services.messenger.send_batch(claimed)
    for outgoing, outcome in zip(claimed, outcomes, strict=True):
        outbox.write_down(outgoing, outcome)
    said = [sent.text for sent in outbox.graph.sent_to(ADA)]
    assert said == ["Your order A-17 has shipped, dear Ada.", "Hello"]


def test_the_list_is_read_after_a_start_and_once_an_hour(outbox: Outbox) -> None:
    watch = TemplateWatch(outbox.services)
    watch.tick()
    watch.tick()
    outbox.clock.forward(minutes=59)
    watch.tick()
    assert listings(outbox) == 1
    outbox.clock.forward(minutes=1)
    watch.tick()
    assert listings(outbox) == 2


def test_while_meta_reviews_one_the_list_is_read_more_often(outbox: Outbox) -> None:
    outbox.graph.add_template(UtilityTemplate("new", "Hello {{1}}!", status="PENDING"))
    watch = TemplateWatch(outbox.services)
    watch.tick()
    outbox.graph.add_template(UtilityTemplate("new", "Hello {{1}}!"))
    outbox.clock.forward(minutes=5)
    watch.tick()
    assert known(outbox)["new"] == "APPROVED"


def test_a_list_of_several_pages_is_read_whole(outbox: Outbox) -> None:
    for number in range(230):
        outbox.graph.add_template(UtilityTemplate(f"t{number}", "Hello {{1}}!"))
    TemplateWatch(outbox.services).tick()
    assert len(known(outbox)) == 232
    assert listings(outbox) == 3


def test_what_meta_no_longer_lists_is_forgotten_and_the_others_keep_their_numbers(
    outbox: Outbox,
) -> None:
    before = outbox.rows("SELECT id, name FROM utility_templates ORDER BY name")
    del outbox.graph.templates["class_soon", "en"]
    TemplateWatch(outbox.services).tick()
    assert outbox.rows("SELECT id, name FROM utility_templates") == before[1:]
    outbox.graph.templates.clear()
    TemplateWatch(outbox.services).tick()
    assert known(outbox) == {}


def test_what_tagwise_cannot_fill_is_not_kept(outbox: Outbox) -> None:
    picture = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4:a"]}}
    text = {"type": "BODY", "text": "Hello!"}
    outbox.graph.add_template(UtilityTemplate("ad", "Hello!", components=[picture, text]))
    TemplateWatch(outbox.services).tick()
    assert set(known(outbox)) == {"order_shipped", "class_soon"}


def test_when_meta_does_not_answer_what_is_known_stays_and_it_is_asked_again(
    outbox: Outbox,
) -> None:
    watch = TemplateWatch(outbox.services)
    outbox.graph.fail_next(faults.error(2), endpoint="message_templates")
    watch.tick()
    assert set(known(outbox)) == {"order_shipped", "class_soon"}
    (row,) = outbox.rows("SELECT problem FROM template_listings")
    assert "passing fault" in row["problem"]
    outbox.clock.forward(minutes=4)
    watch.tick()
    assert listings(outbox) == 1
    outbox.clock.forward(minutes=1)
    watch.tick()
    assert outbox.rows("SELECT problem FROM template_listings") == [{"problem": None}]


def test_cards_are_drawn_anew_when_a_template_changes_and_only_then(outbox: Outbox) -> None:
    outbox.queue(facts=Facts(utility=FILLED))

    def version() -> int:
        return int(outbox.rows("SELECT version FROM drafts")[0]["version"])

    before = version()
    TemplateWatch(outbox.services).tick()
    assert version() == before
    outbox.graph.add_template(UtilityTemplate(SHIPPED.name, SHIPPED.body, status="PAUSED"))
    TemplateWatch(outbox.services).tick()
    assert version() == before + 1


def test_an_edition_without_utility_messages_asks_for_no_list(tmp_path: Path) -> None:
    with open_outbox(tmp_path, policy_edition="2021-06") as outbox:
        TemplateWatch(outbox.services).tick()
        assert outbox.bodies() == []

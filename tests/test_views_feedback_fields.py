"""The composer's fields for feedback forms and One-Time Notifications, and the messages they make."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.policy.limits import limit_findings
from handlers.views import feedback_fields, one_time_fields
from handlers.views.feedback_fields import feedback_blocks, feedback_message, feedback_values
from handlers.views.field_faults import FieldFaults
from handlers.views.one_time_fields import (
    one_time_blocks,
    one_time_message,
    one_time_values,
    permission,
)
from storage.one_time import OneTimeToken
from tests.block_kit import check_view

PRIVACY = "https://example.com/privacy"
FORM = {
    "feedback_title": "Your visit",
    "feedback_subtitle": "It takes a minute.",
    "feedback_kind": "nps",
    "feedback_question": "Would you recommend us?",
    "feedback_labels": "neg_pos",
    "feedback_follow_up": "What could we do better?",
    "feedback_button": "Rate us",
    "feedback_days": "3",
}
BOOTS = OneTimeToken(4, 1, "51001", "blue boots in 39", datetime(2027, 11, 22, tzinfo=UTC), False)


def names(blocks: list[dict[str, Any]]) -> list[str]:
    fields = [block for block in blocks if block["type"] == "input"]
    assert all(block["block_id"] == block["element"]["action_id"] for block in fields)
    return [block["block_id"] for block in fields]


def modal(blocks: list[dict[str, Any]]) -> dict[str, Any]:
    title, submit = ({"type": "plain_text", "text": text} for text in ("Write", "Send"))
    return {"type": "modal", "title": title, "submit": submit, "blocks": blocks}


def faults(values: dict[str, str], privacy_url: str | None = PRIVACY) -> dict[str, str]:
    with pytest.raises(FieldFaults) as caught:
        feedback_message(values, privacy_url)
    return caught.value.errors


def test_the_form_leaves_as_metas_page_shows_it() -> None:
    assert feedback_message(FORM, PRIVACY) == {
        "attachment": {
            "type": "template",
            "payload": {
                "template_type": "customer_feedback",
                "title": "Your visit",
                "subtitle": "It takes a minute.",
                "button_title": "Rate us",
                "feedback_screens": [
                    {
                        "questions": [
                            {
                                "id": "nps_527f3d7b7d8542a3",
                                "type": "nps",
                                "title": "Would you recommend us?",
                                "score_label": "neg_pos",
                                "score_option": "zero_to_ten",
                                "follow_up": {
                                    "type": "free_form",
                                    "placeholder": "What could we do better?",
                                },
                            }
                        ]
                    }
                ],
                "business_privacy": {"url": PRIVACY},
                "expires_in_days": 3,
            },
        }
    }


@pytest.mark.parametrize(
    ("kind", "scale", "ends"),
    [
        ("csat", "five_stars", "dis_sat"),
        ("nps", "zero_to_ten", "unlike_like"),
        ("ces", "one_to_seven", "hard_easy"),
    ],
)
def test_each_kind_has_its_scale_and_what_is_left_out_has_a_default(
    kind: str, scale: str, ends: str
) -> None:
    needed = ("feedback_title", "feedback_subtitle", "feedback_question")
    message = feedback_message({n: FORM[n] for n in needed} | {"feedback_kind": kind}, PRIVACY)
    [question] = message["attachment"]["payload"]["feedback_screens"][0]["questions"]

    assert (question["score_option"], question["score_label"]) == (scale, ends)
    assert "follow_up" not in question
    assert message["attachment"]["payload"]["button_title"] == "Give feedback"
    assert message["attachment"]["payload"]["expires_in_days"] == 1
    assert list(limit_findings(message, "messenger")) == []


@pytest.mark.parametrize(
    ("field", "longest", "shortest"),
    [
        ("feedback_title", 65, 1),
        ("feedback_subtitle", 80, 1),
        ("feedback_question", 85, 5),
        ("feedback_button", 20, 1),
        ("feedback_follow_up", 65, 1),
    ],
)
def test_a_text_has_metas_limits_and_its_fault_stands_beside_it(
    field: str, longest: int, shortest: int
) -> None:
    for length in (shortest, longest):
        feedback_message(FORM | {field: "a" * length}, PRIVACY)
    assert list(faults(FORM | {field: "a" * (longest + 1)})) == [field]
    assert list(faults(FORM | {field: "see www.example.com"})) == [field]
    if field != "feedback_follow_up":
        assert faults(FORM | {field: "  "}) == {field: "Fill this in."}
    if shortest > 1:
        assert list(faults(FORM | {field: "a" * (shortest - 1)})) == [field]


def test_every_fault_is_named_at_once_in_a_sentence() -> None:
    found = faults({"feedback_subtitle": "a" * 81})

    assert found == {
        "feedback_title": "Fill this in.",
        "feedback_question": "Fill this in.",
        "feedback_subtitle": "This has 81 characters, at most 80 are taken.",
    }


def test_without_a_privacy_policy_it_says_what_the_admin_has_to_set() -> None:
    [sentence] = faults(FORM, None).values()

    assert "PRIVACY_URL" in sentence
    assert "admin" in sentence


@pytest.mark.parametrize("values", [{}, FORM])
def test_the_fields_are_there_with_what_was_entered(values: dict[str, str]) -> None:
    blocks = feedback_blocks(values)

    check_view(modal(blocks))
    assert names(blocks) == list(feedback_fields.FIELDS)
    shown = {
        block["block_id"]: block["element"].get("initial_value")
        or block["element"].get("initial_option", {}).get("value")
        for block in blocks
        if block["type"] == "input"
    }
    assert values.items() <= shown.items()


def test_a_form_can_be_edited_as_it_was_entered() -> None:
    assert feedback_values(feedback_message(FORM, PRIVACY)) == FORM


def test_the_same_question_has_the_same_id_and_another_has_another() -> None:
    def question_id(**changes: str) -> str:
        payload = feedback_message(FORM | changes, PRIVACY)["attachment"]["payload"]
        return str(payload["feedback_screens"][0]["questions"][0]["id"])

    assert question_id(feedback_title="Again") == question_id()
    assert question_id(feedback_kind="csat") != question_id()
    assert question_id(feedback_question="Would you come again?") != question_id()


def test_whether_to_tell_somebody_leaves_as_metas_page_shows_it() -> None:
    values = {"one_time_title": "Tell me when they are back", "one_time_topic": " blue  boots "}

    assert one_time_message(values) == {
        "attachment": {
            "type": "template",
            "payload": {
                "template_type": "one_time_notif_req",
                "title": "Tell me when they are back",
                "payload": "blue boots",
            },
        }
    }


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({}, ["one_time_title", "one_time_topic"]),
        ({"one_time_title": "a" * 66, "one_time_topic": "boots"}, ["one_time_title"]),
        ({"one_time_title": "Tell me", "one_time_topic": " "}, ["one_time_topic"]),
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_field(
    values: dict[str, str], wrong: list[str]
) -> None:
    with pytest.raises(FieldFaults) as caught:
        one_time_message(values)

    assert list(caught.value.errors) == wrong


def test_what_the_person_waits_for_is_offered_and_its_number_goes_with_the_message() -> None:
    blocks = one_time_blocks({"one_time": "4"}, [BOOTS])
    [menu] = blocks

    check_view(modal(blocks))
    assert menu["element"]["initial_option"]["text"]["text"] == "asked to be told: blue boots in 39"
    assert "22 November 2027" in menu["element"]["initial_option"]["description"]["text"]
    assert permission({"one_time": "4"}) == 4
    assert permission({}) is permission({"one_time": "ASK"}) is permission({"one_time": "NONE"})


def test_the_fields_to_ask_are_shown_when_one_asks() -> None:
    values = {"one_time": "ASK", "one_time_title": "Tell me", "one_time_topic": "boots"}
    blocks = one_time_blocks(values, [])

    check_view(modal(blocks))
    assert names(blocks) == list(one_time_fields.FIELDS)
    assert one_time_values(one_time_message(values)) == values


def test_so_many_permissions_and_such_long_topics_fit_into_slacks_menu() -> None:
    many = [OneTimeToken(n, 1, str(n), "b" * 1000, BOOTS.expires_at, False) for n in range(1, 200)]

    check_view(modal(one_time_blocks({}, many)))

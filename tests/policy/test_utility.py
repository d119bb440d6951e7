"""Utility messages by the rule book: which template, on which channel, filled with what."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.check import check, leaves_as
from bot.policy.question import Event, Utility, Verdict
from tests.policy.asking import DAY, NOW, WEEK, assert_sentence, rules_in, verdict, wrote
from tests.policy.test_properties import QUESTIONS, many

OPEN = (wrote(timedelta(hours=1)),)
CLOSED = (wrote(2 * DAY),)
SHIPPED = {
    "name": "order_delivery_update_us",
    "language": "en",
    "status": "APPROVED",
    "components": [
        {
            "type": "HEADER",
            "format": "TEXT",
            "text": "{{1}} Update",
            "example": {"header_text": ["Order"]},
        },
        {
            "type": "BODY",
            "text": "Good news! Your order #{{1}} is on its way. Thank you for your order!",
            "example": {"body_text": [["566701"]]},
        },
        {
            "type": "BUTTONS",
            "buttons": [
                {"type": "POSTBACK", "text": "Help", "payload": "HELP"},
                {"type": "POSTBACK", "text": "Track Order", "payload": "order_id_{{1}}"},
                {
                    "type": "URL",
                    "text": "Look at it",
                    "url": "http://www.example.com/orders/{{1}}",
                    "example": {"url_suffix_example": "https://www.example.com/orders/1234"},
                },
            ],
        },
    ],
}
FILLED = {"header.1": "Order", "1": "566701", "button.2": "12345", "button.3": "1234"}


def utility(status: str | None = "APPROVED", **parameters: str) -> Utility:
    """An update of an order, whose template takes `order` and `day`."""
    given = parameters or {"order": "A-17", "day": "on Monday"}
    return Utility("order_update", "en", given, status, ("order", "day"))


def asked(**changes: Any) -> Verdict:
    """A text with such a utility message behind it, in the edition that has them."""
    return verdict(**{"edition": "2026-04", "utility": utility(), **changes})


def test_inside_the_window_the_text_goes_and_outside_it_the_template() -> None:
    inside, outside = asked(interactions=OPEN), asked(interactions=CLOSED)
    assert (inside.messaging_type, inside.tag) == ("UPDATE", None)
    assert (outside.messaging_type, outside.tag) == ("UTILITY", None)
    assert outside.valid_until is None
    assert rules_in(inside) == rules_in(outside) == []


@pytest.mark.parametrize("interactions", [OPEN, CLOSED, ()])
def test_alone_it_goes_whether_the_window_is_open_or_not(interactions: Any) -> None:
    answer = asked(message={}, interactions=interactions)
    assert (answer.allowed, answer.messaging_type) == (True, "UTILITY")


def test_a_system_and_a_timer_may_send_it() -> None:
    assert asked(author="system", scheduled=True, recurring=True).messaging_type == "UTILITY"


def test_it_steps_in_for_a_tag_that_meta_retired_and_says_so() -> None:
    event = Event(registered=True, starts_at=NOW + DAY)
    answer = asked(tag="CONFIRMED_EVENT_UPDATE", event=event)
    assert (answer.messaging_type, answer.tag) == ("UTILITY", None)
    assert rules_in(answer) == [("tag-retired", "advice")]


def test_a_tag_that_may_be_used_goes_first() -> None:
    agent = {"tag": "HUMAN_AGENT", "human_agent_approved": True}
    assert asked(**agent, interactions=CLOSED).messaging_type == "MESSAGE_TAG"
    late = asked(**agent, interactions=(wrote(WEEK),))
    assert late.messaging_type == "UTILITY"
    assert rules_in(late) == [("human-agent-expired", "advice")]


REFUSALS: list[tuple[dict[str, Any], str, str]] = [
    ({"channel": "instagram"}, "utility-not-on-instagram", "HUMAN_AGENT, up to 7 days"),
    ({"utility": utility(None)}, "utility-template-unknown", "order_update in en"),
    ({"utility": utility("PAUSED")}, "utility-template-not-approved", "PAUSED"),
    ({"utility": utility("PENDING")}, "utility-template-not-approved", "PENDING"),
    ({"utility": utility(order="A-17")}, "utility-parameters", "needs the parameter day"),
    ({"utility": utility(order="A-17", day="  ")}, "utility-parameters", "needs the parameter day"),
    (
        {"utility": utility(order="A-17", day="on Monday", hour="9")},
        "utility-parameters",
        "has no parameter hour; it takes order, day",
    ),
    ({"utility": utility(order="#17", day="on Monday")}, "utility-parameters", "takes no #"),
    ({"utility": utility(order="A-17", day="for $5")}, "utility-parameters", "takes no $"),
    ({"utility": utility(order="A-17", day="95% full")}, "utility-parameters", "takes no %"),
    ({"utility": utility(order="A", day="x" * 1001)}, "utility-parameters", "1,001 characters"),
    ({"edition": "2021-06"}, "utility-unknown", "edition 2021-06"),
]


@pytest.mark.parametrize(("changes", "rule", "why"), REFUSALS)
def test_it_is_refused_with_the_reason_and_a_way_out(
    changes: dict[str, Any], rule: str, why: str
) -> None:
    for message in ({"text": "Your order is on its way."}, {}):
        answer = asked(**changes, message=message)
        assert rules_in(answer) == [(rule, "refuse")]
        assert why in answer.findings[0].why
        assert (answer.messaging_type, answer.tag) == (None, None)
        for sentence in (answer.findings[0].why, *answer.alternatives):
            assert_sentence(sentence)
        assert answer.alternatives


@pytest.mark.parametrize(("changes", "rule", "_why"), REFUSALS)
def test_while_the_window_is_open_the_text_goes_all_the_same(
    changes: dict[str, Any], rule: str, _why: str
) -> None:
    answer = asked(**changes, interactions=OPEN)
    severity = "refuse" if rule == "utility-unknown" else "advice"
    assert rules_in(answer) == [(rule, severity)]


def test_every_wrong_parameter_is_told_and_those_missing_in_one_sentence() -> None:
    answer = asked(utility=utility(order="#1", hour="9"))
    assert rules_in(answer) == [("utility-parameters", "refuse")] * 3
    nothing = asked(utility=utility(hour="9"))
    assert [finding.why for finding in nothing.findings] == [
        "The template order_update needs the parameters order, day.",
        "The template order_update has no parameter hour; it takes order, day.",
    ]


def test_beside_it_one_word_about_the_tag_is_enough() -> None:
    found = asked(tag="CONFIRMED_EVENT_UPDATE").findings
    assert [finding.rule for finding in found] == ["tag-retired"]
    without = asked(tag="CONFIRMED_EVENT_UPDATE", utility=None).findings
    assert [finding.rule for finding in without][:2] == ["tag-retired", "event-missing"]


def test_what_is_not_known_of_a_template_is_not_held_against_it() -> None:
    answer = asked(utility=Utility("order_update", "en", {"any": "A-17"}, "APPROVED"))
    assert answer.messaging_type == "UTILITY"


def test_a_parameter_that_promotes_needs_a_second_person() -> None:
    selling = utility(order="A-17", day="soon. Enjoy half off all boots this weekend")
    answer = asked(utility=selling)
    assert answer.needs_review
    assert rules_in(answer) == [("promotional", "review")]
    assert answer.findings[0].evidence is not None
    assert answer.findings[0].evidence in selling.parameters["day"]
    assert not asked(utility=selling, interactions=OPEN).needs_review


def test_what_the_text_promotes_is_of_no_concern_where_the_template_goes() -> None:
    answer = asked(message={"text": "Enjoy 20% off all boots this weekend."})
    assert (answer.messaging_type, answer.needs_review) == ("UTILITY", False)


@pytest.mark.parametrize("tag", [None, "ACCOUNT_UPDATE"])
def test_where_it_could_help_it_is_offered(tag: str | None) -> None:
    def offers(**changes: Any) -> bool:
        told = verdict(tag=tag, **{"edition": "2026-04", **changes}).alternatives
        return any(text.startswith("Send a utility message") for text in told)

    assert offers()
    assert not offers(channel="instagram")
    assert not offers(edition="2021-06")
    assert not offers(utility=utility("PAUSED"))


def test_an_unknown_tag_is_refused_with_a_utility_message_behind_it_too() -> None:
    assert not asked(tag="GAME_EVENT").allowed


@many
@given(QUESTIONS, st.sampled_from([None, "APPROVED", "PAUSED"]))
def test_a_utility_message_never_makes_a_verdict_less_permissive(
    asked_before: Any, status: str | None
) -> None:
    if asked_before.edition == "2021-06":
        return  # which does not have them, and refuses whatever names one
    with_more = asked_before._replace(utility=utility(status))
    if leaves_as(asked_before._replace(utility=None)) is not None:
        assert leaves_as(with_more) is not None
    if leaves_as(with_more) is not None:
        assert check(with_more).messaging_type is not None

"""The catalogue of rules says what the code can say: no rule more, no rule less."""

from datetime import timedelta
from typing import Any

import pytest

from bot.policy.catalogue import CATALOGUE, RuleEntry
from bot.policy.question import Event, InteractionKind, OneTime, Utility
from bot.policy.rules import TAG_RULES
from tests.policy.asking import (
    FEEDBACK_TEMPLATE,
    MILLISECOND,
    NOW,
    WEEK,
    assert_sentence,
    rules_in,
    verdict,
    wrote,
)

# One question for each rule of the book; a new rule is one more line here and in the catalogue.
BREAKING: dict[str, dict[str, Any]] = {
    "window-closed": {},
    "unknown-tag": {"tag": "GAME_EVENT"},
    "tag-retired": {"tag": "ACCOUNT_UPDATE", "edition": "2026-04"},
    "tag-refused-by-meta": {"tag": "ACCOUNT_UPDATE", "refused_tags": {"ACCOUNT_UPDATE": "No."}},
    "tag-not-on-instagram": {"tag": "ACCOUNT_UPDATE", "channel": "instagram"},
    "human-agent-expired": {"tag": "HUMAN_AGENT", "interactions": (wrote(WEEK),)},
    "human-agent-automated": {"tag": "HUMAN_AGENT", "scheduled": True},
    "human-agent-not-approved": {"tag": "HUMAN_AGENT"},
    "feedback-expired": {"tag": "CUSTOMER_FEEDBACK", "message": FEEDBACK_TEMPLATE},
    "feedback-needs-template": {"tag": "CUSTOMER_FEEDBACK"},
    "event-missing": {"tag": "CONFIRMED_EVENT_UPDATE"},
    "event-not-registered": {"tag": "CONFIRMED_EVENT_UPDATE"},
    "event-past": {"tag": "CONFIRMED_EVENT_UPDATE", "event": Event(True, NOW - MILLISECOND)},
    "order-missing": {"tag": "POST_PURCHASE_UPDATE"},
    "account-recurring": {"tag": "ACCOUNT_UPDATE", "recurring": True},
    "utility-unknown": {"utility": Utility("order_update", "en", {})},
    "utility-not-on-instagram": {
        "utility": Utility("order_update", "en", {}),
        "edition": "2026-04",
        "channel": "instagram",
    },
    "utility-template-unknown": {
        "utility": Utility("order_update", "en", {}),
        "edition": "2026-04",
    },
    "utility-template-not-approved": {
        "utility": Utility("order_update", "en", {}, "PAUSED"),
        "edition": "2026-04",
    },
    "utility-parameters": {
        "utility": Utility("order_update", "en", {}, "APPROVED", ("1",)),
        "edition": "2026-04",
    },
    "one-time-off": {"one_time": OneTime("boots", NOW + WEEK), "one_time_off": True},
    "one-time-needs-window": {
        "tag": "ACCOUNT_UPDATE",
        "message": {
            "attachment": {"type": "template", "payload": {"template_type": "one_time_notif_req"}}
        },
    },
    "one-time-unknown": {"one_time": OneTime()},
    "one-time-spent": {"one_time": OneTime("boots", NOW + WEEK, spent=True)},
    "one-time-expired": {"one_time": OneTime("boots", NOW)},
    "promotional": {
        "tag": "ACCOUNT_UPDATE",
        "message": {"text": "Enjoy 20% off all boots this weekend."},
    },
    "survey": {
        "tag": "ACCOUNT_UPDATE",
        "message": {"text": "How would you rate your visit? Please answer our short survey."},
    },
    "recurring-content": {
        "tag": "ACCOUNT_UPDATE",
        "message": {"text": "Your monthly statement is ready to view."},
    },
    "tag-mismatch": {
        "tag": "ACCOUNT_UPDATE",
        "message": {"text": "Your order A-17 has shipped and arrives on Friday."},
    },
    "language-not-supported": {
        "tag": "ACCOUNT_UPDATE",
        "message": {
            "text": "Jouw afspraak is verplaatst naar morgen, wij zien je dan graag in de winkel."
        },
    },
    "message-too-long": {"message": {"text": "a" * 2001}},
    "message-invalid": {"message": {}},
}


def test_every_rule_of_the_catalogue_has_its_question_and_stands_there_once() -> None:
    assert [entry.rule for entry in CATALOGUE] == list(BREAKING)


def test_every_rule_of_a_tag_stands_in_the_catalogue() -> None:
    assert {name for name, _ in TAG_RULES} <= set(BREAKING)


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.rule)
def test_a_rule_weighs_what_the_catalogue_says(entry: RuleEntry) -> None:
    found = dict(rules_in(verdict(**BREAKING[entry.rule])))

    assert found[entry.rule] == entry.severity
    assert found.keys() <= BREAKING.keys()


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.rule)
def test_an_open_window_softens_every_rule_but_those_that_always_hold(entry: RuleEntry) -> None:
    pressed_just_now = (wrote(timedelta(hours=1), InteractionKind.POSTBACK),)
    found = dict(rules_in(verdict(**{**BREAKING[entry.rule], "interactions": pressed_just_now})))

    if entry.rule == "window-closed":
        assert found == {}
    else:
        assert found[entry.rule] == ("refuse" if entry.always else "advice")


def test_the_catalogue_is_written_in_sentences() -> None:
    for entry in CATALOGUE:
        assert_sentence(entry.when)

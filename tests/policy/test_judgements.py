"""What the rule book makes of a text: whom it stops, what it shows, and what it leaves alone."""

from datetime import timedelta
from typing import Any

import pytest

from bot.policy.question import Finding, Severity, Verdict
from tests.policy.asking import assert_sentence, verdict, wrote

SHIPPED = "Your order A-17 has shipped and arrives on Friday."
MIXED = f"{SHIPPED} Take 20% off your next order with code MORE20!"
SURVEY = "How would you rate your visit? Please answer our short survey."
STATEMENT = "Your monthly statement is ready to view."
NEUTRAL = "It is on the second floor, to the left of the lift."
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PURCHASE: dict[str, Any] = {"tag": "POST_PURCHASE_UPDATE", "order_id": "A-17"}
AGENT: dict[str, Any] = {
    "tag": "HUMAN_AGENT",
    "human_agent_approved": True,
    "interactions": (wrote(2 * DAY),),
}


def say(text: str, **facts: Any) -> Verdict:
    return verdict(message={"text": text}, **facts)


def finding(found: Verdict, rule: str) -> Finding:
    (only,) = [one for one in found.findings if one.rule == rule]
    return only


def rules(found: Verdict) -> set[str]:
    return {one.rule for one in found.findings}


def test_a_promotion_in_an_order_update_waits_for_a_colleague_who_sees_the_passage() -> None:
    found = say(MIXED, **PURCHASE)

    assert found.allowed
    assert found.needs_review
    promotion = finding(found, "promotional")
    assert promotion.evidence is not None
    assert "20% off" in promotion.evidence
    assert promotion.evidence in MIXED
    assert "shipped" not in promotion.evidence
    assert_sentence(promotion.why)
    assert any("Promotions" in way for way in found.alternatives)
    assert any("Leave the promotion out" in way for way in found.alternatives)


def test_only_the_tag_that_fits_is_offered_for_what_is_merely_flagged() -> None:
    ways = say(SHIPPED, tag="ACCOUNT_UPDATE").alternatives

    assert [way for way in ways if way.startswith("Use ")] == [
        "Use POST_PURCHASE_UPDATE where it fits: "
        "news of a purchase: receipt, shipment, a change to the order."
    ]
    assert not any("Promotions" in way for way in ways)
    assert not any(way.startswith("Use ") for way in say(MIXED, **PURCHASE).alternatives)


def test_the_tag_that_fits_is_offered_first_for_what_is_refused() -> None:
    ways = say(SHIPPED).alternatives

    assert ways[0].startswith("Use POST_PURCHASE_UPDATE")
    assert any(way.startswith("Use ACCOUNT_UPDATE") for way in ways)


def test_the_order_update_alone_needs_nobody() -> None:
    found = say(SHIPPED, **PURCHASE)

    assert (found.allowed, found.needs_review, found.findings) == (True, False, ())
    assert found.suggested_tag == "POST_PURCHASE_UPDATE"
    assert found.alternatives == ()


@pytest.mark.parametrize(
    "tag", ["CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE", "ACCOUNT_UPDATE"]
)
def test_a_survey_under_a_tag_for_updates_is_flagged(tag: str) -> None:
    survey = finding(say(SURVEY, tag=tag), "survey")

    assert survey.severity is Severity.REVIEW
    assert survey.evidence
    assert survey.evidence in SURVEY
    assert "tag-mismatch" not in rules(say(SURVEY, tag=tag))


def test_a_person_who_answers_may_ask_how_it_was() -> None:
    assert "survey" not in rules(say(SURVEY, **AGENT))


def test_a_statement_is_flagged_under_account_update_only() -> None:
    assert finding(say(STATEMENT, tag="ACCOUNT_UPDATE"), "recurring-content").evidence
    assert "recurring-content" not in rules(say(STATEMENT, **PURCHASE))


def test_an_order_notice_under_another_tag_names_the_tag_that_fits() -> None:
    mismatch = finding(say(SHIPPED, tag="ACCOUNT_UPDATE"), "tag-mismatch")

    assert mismatch.severity is Severity.REVIEW
    assert "POST_PURCHASE_UPDATE" in mismatch.why
    assert mismatch.evidence
    assert mismatch.evidence in SHIPPED


@pytest.mark.parametrize(
    "facts", [{"edition": "2026-04"}, {"channel": "instagram"}], ids=["retired", "instagram"]
)
def test_a_tag_that_does_not_work_there_is_not_the_better_one(facts: dict[str, Any]) -> None:
    found = say(SHIPPED, tag="ACCOUNT_UPDATE", **facts)

    assert found.suggested_tag == "POST_PURCHASE_UPDATE"
    assert "tag-mismatch" not in rules(found)


def test_a_person_may_answer_whatever_was_asked() -> None:
    assert say(SHIPPED, **AGENT).findings == ()
    assert rules(say(MIXED, **AGENT)) == {"promotional"}


def test_inside_the_window_a_promotion_is_free_to_go_and_its_tag_is_advised_against() -> None:
    inside = (wrote(HOUR),)

    assert say(MIXED, interactions=inside).findings == ()
    advised = say(MIXED, interactions=inside, **PURCHASE)
    assert advised.allowed
    assert not advised.needs_review
    assert finding(advised, "promotional").severity is Severity.ADVICE


def test_a_promotion_without_a_tag_is_refused_and_named() -> None:
    found = say(MIXED)

    assert not found.allowed
    assert rules(found) == {"window-closed", "promotional"}


def test_a_promotion_hidden_in_a_template_is_found() -> None:
    elements = [{"title": "Order A-17", "subtitle": "20% off your next order"}]
    payload = {"template_type": "generic", "elements": elements}
    message = {"attachment": {"type": "template", "payload": payload}}
    found = verdict(message=message, **PURCHASE)

    assert finding(found, "promotional").evidence == "20% off your next order"


def test_a_language_the_rule_book_does_not_read_is_said_so() -> None:
    dutch = "Jouw afspraak is verplaatst naar morgen, wij zien je dan graag in de winkel."
    advice = finding(say(dutch, **AGENT), "language-not-supported")

    assert advice.severity is Severity.ADVICE
    assert not say(dutch, **AGENT).needs_review
    assert "language-not-supported" not in rules(say(NEUTRAL, **AGENT))

"""A message that a person asked for, once: it may promote, outside the window, while the permission lives."""

from datetime import timedelta
from typing import Any

import pytest

from bot.policy.check import check, leaves_as
from bot.policy.question import Leaving, OneTime
from tests.policy.asking import (
    DAY,
    MILLISECOND,
    NOW,
    WEEK,
    assert_sentence,
    question,
    rules_in,
    verdict,
    wrote,
)

BOOTS = OneTime("blue boots in 39", NOW + WEEK)
PROMOTION = {"text": "The blue boots are back in 39, today with 20% off!"}
REQUEST: dict[str, Any] = {
    "attachment": {
        "type": "template",
        "payload": {
            "template_type": "one_time_notif_req",
            "title": "Tell me when the blue boots are back",
            "payload": "blue boots in 39",
        },
    }
}


@pytest.mark.parametrize("edition", ["2021-06", "2026-04"])
def test_with_a_permission_a_promotion_may_go_outside_the_window(edition: str) -> None:
    answer = verdict(one_time=BOOTS, message=PROMOTION, edition=edition)

    assert (answer.allowed, answer.needs_review, rules_in(answer)) == (True, False, [])
    assert (answer.messaging_type, answer.tag, answer.one_time) == ("UPDATE", None, BOOTS.topic)
    assert answer.valid_until == BOOTS.expires_at
    asked = question(one_time=BOOTS, message=PROMOTION, edition=edition)
    assert leaves_as(asked) == Leaving("UPDATE", None, one_time=True)
    assert not Leaving("UPDATE", None, one_time=True).in_window


def test_what_stands_against_a_tag_is_advice_and_a_promotion_none_where_a_permission_helps() -> (
    None
):
    answer = verdict(one_time=BOOTS, message=PROMOTION, tag="ACCOUNT_UPDATE", edition="2026-04")

    assert rules_in(answer) == [("tag-retired", "advice")]
    assert (answer.allowed, answer.needs_review, answer.tag) == (True, False, None)


def test_inside_the_window_the_permission_is_not_used_up() -> None:
    asked = question(one_time=BOOTS, message=PROMOTION, interactions=(wrote(DAY - MILLISECOND),))

    assert leaves_as(asked) == Leaving("UPDATE", None, one_time=False)
    assert check(asked).one_time is None
    assert check(asked).valid_until == NOW + MILLISECOND


def test_a_spent_permission_is_no_hindrance_inside_the_window() -> None:
    spent = OneTime("boots", NOW + WEEK, spent=True)
    answer = verdict(one_time=spent, message=PROMOTION, interactions=(wrote(MILLISECOND),))

    assert answer.allowed
    assert ("one-time-spent", "advice") in rules_in(answer)


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        (OneTime(), "one-time-unknown"),
        (OneTime("boots", NOW + WEEK, spent=True), "one-time-spent"),
        (OneTime("boots", NOW), "one-time-expired"),
        (OneTime("boots", NOW - timedelta(days=400), spent=True), "one-time-spent"),
    ],
)
def test_a_permission_that_is_not_there_any_more_is_refused_in_a_sentence(
    asked: OneTime, rule: str
) -> None:
    answer = verdict(one_time=asked)

    assert [found for found, severity in rules_in(answer) if severity == "refuse"] == [rule]
    assert leaves_as(question(one_time=asked)) is None
    assert answer.alternatives
    assert_sentence(answer.refusals[0].why)


def test_it_lives_until_its_last_millisecond() -> None:
    assert verdict(one_time=OneTime("boots", NOW + MILLISECOND)).allowed


def test_a_tag_that_may_be_used_saves_the_permission() -> None:
    asked = question(
        one_time=BOOTS, tag="HUMAN_AGENT", human_agent_approved=True, interactions=(wrote(2 * DAY),)
    )

    assert leaves_as(asked) == Leaving("MESSAGE_TAG", "HUMAN_AGENT")


@pytest.mark.parametrize("changes", [{"one_time": BOOTS}, {"message": REQUEST}])
@pytest.mark.parametrize("interactions", [(), (wrote(MILLISECOND),)])
def test_while_it_is_switched_off_nothing_is_asked_and_nothing_told(
    changes: dict[str, Any], interactions: tuple[Any, ...]
) -> None:
    answer = verdict(one_time_off=True, interactions=interactions, **changes)

    assert not answer.allowed
    assert ("one-time-off", "refuse") in rules_in(answer)
    assert any("One-Time Notification" in way for way in answer.alternatives) or not interactions
    for way in answer.alternatives:
        assert "Leave the utility message out" not in way
    asked = question(one_time_off=True, interactions=interactions, **changes)
    assert leaves_as(asked) is None


def test_switched_off_it_hinders_no_other_message() -> None:
    assert verdict(one_time_off=True, interactions=(wrote(MILLISECOND),)).allowed


def test_whether_to_tell_is_asked_inside_the_window_only() -> None:
    assert verdict(message=REQUEST, interactions=(wrote(MILLISECOND),)).allowed
    assert rules_in(verdict(message=REQUEST))[0] == ("window-closed", "refuse")
    for way in ({"tag": "POST_PURCHASE_UPDATE", "order_id": "A-17"}, {"one_time": BOOTS}):
        assert ("one-time-needs-window", "refuse") in rules_in(verdict(message=REQUEST, **way))


def test_instagram_takes_no_request() -> None:
    answer = verdict(message=REQUEST, channel="instagram", interactions=(wrote(MILLISECOND),))

    assert rules_in(answer) == [("message-invalid", "refuse")]


def test_the_title_has_65_characters_at_most() -> None:
    def titled(title: str) -> dict[str, Any]:
        payload = REQUEST["attachment"]["payload"] | {"title": title}
        return {"attachment": {"type": "template", "payload": payload}}

    inside = {"interactions": (wrote(MILLISECOND),)}
    assert verdict(message=titled("a" * 65), **inside).allowed
    assert not verdict(message=titled("a" * 66), **inside).allowed

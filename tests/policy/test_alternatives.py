"""What a refused message could be instead has to be something that would not be refused again."""

import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from bot.policy.check import check
from bot.policy.editions import KNOWN_TAGS
from bot.policy.question import Event, Question, Utility
from tests.policy.asking import DAY, NOW, UPCOMING, WEEK, question, verdict, wrote
from tests.policy.test_properties import QUESTIONS, many

OUT_OF_PLACE = {
    "unknown-tag",
    "tag-retired",
    "tag-refused-by-meta",
    "tag-not-on-instagram",
    "human-agent-automated",
    "human-agent-expired",
    "human-agent-not-approved",
    "feedback-expired",
}
TWO_DAYS_AGO = (wrote(2 * DAY),)


def offered_tags(question: Question) -> set[str]:
    told = " ".join(check(question).alternatives)
    return {tag for tag in KNOWN_TAGS if f"Use {tag} " in told}


@many
@given(QUESTIONS)
def test_no_tag_is_offered_that_is_out_of_place(question: Question) -> None:
    for tag in offered_tags(question):
        found = check(question._replace(tag=tag)).findings
        assert not {finding.rule for finding in found} & OUT_OF_PLACE


@pytest.mark.parametrize(
    ("changes", "tags"),
    [
        ({}, {"CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE", "ACCOUNT_UPDATE"}),
        ({"human_agent_approved": True, "interactions": TWO_DAYS_AGO}, set(KNOWN_TAGS)),
        (
            {"human_agent_approved": True, "interactions": TWO_DAYS_AGO, "edition": "2026-04"},
            {"HUMAN_AGENT", "CUSTOMER_FEEDBACK"},
        ),
        (
            {"human_agent_approved": True, "interactions": TWO_DAYS_AGO, "channel": "instagram"},
            {"HUMAN_AGENT"},
        ),
        ({"interactions": TWO_DAYS_AGO, "channel": "instagram"}, set()),
        (
            {"human_agent_approved": True, "interactions": (wrote(WEEK),), "edition": "2026-04"},
            set(),
        ),
        (
            {"human_agent_approved": True, "interactions": TWO_DAYS_AGO, "author": "system"},
            set(KNOWN_TAGS) - {"HUMAN_AGENT"},
        ),
    ],
)
def test_the_tags_that_are_left_are_offered(changes: dict[str, Any], tags: set[str]) -> None:
    assert offered_tags(question(**changes)) == tags


def test_what_meta_refuses_is_neither_offered_nor_read_into_a_text() -> None:
    shipped = {"message": {"text": "Your order A-17 has shipped and arrives on Friday."}}
    refused = {"refused_tags": {"POST_PURCHASE_UPDATE": "On 1 May 2026: Meta said no."}}
    fits, does_not = verdict(**shipped), verdict(**shipped, **refused)

    assert fits.suggested_tag == "POST_PURCHASE_UPDATE"
    assert does_not.suggested_tag is None
    assert offered_tags(question(**shipped, **refused)) == {
        "CONFIRMED_EVENT_UPDATE",
        "ACCOUNT_UPDATE",
    }
    under_another = {"tag": "ACCOUNT_UPDATE"} | shipped
    assert verdict(**under_another).needs_review
    assert not verdict(**under_another, **refused).needs_review


def test_a_tag_that_meta_refuses_says_what_meta_said_and_who_lifts_it() -> None:
    said = "On 1 May 2026: Meta said no."
    answer = verdict(tag="POST_PURCHASE_UPDATE", refused_tags={"POST_PURCHASE_UPDATE": said})
    why = next(found.why for found in answer.findings if found.rule == "tag-refused-by-meta")

    assert said in why
    assert "/notify queue" in why
    assert not [told for told in answer.alternatives if "order" in told]
    elsewhere = verdict(tag="ACCOUNT_UPDATE", refused_tags={"POST_PURCHASE_UPDATE": said})
    assert elsewhere.allowed


def test_while_the_window_is_open_an_unknown_tag_only_has_to_go() -> None:
    answer = verdict(tag="GAME_EVENT", interactions=(wrote(timedelta(hours=1)),))

    assert answer.alternatives == (
        "Leave the tag out: the messaging window is open, and the message needs none.",
    )


def test_a_message_that_is_only_too_long_has_only_to_be_shortened() -> None:
    answer = verdict(tag="CONFIRMED_EVENT_UPDATE", event=UPCOMING, message={"text": "a" * 2001})

    assert answer.alternatives == ("Shorten the text, or send it as two messages.",)


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        (
            {"tag": "CONFIRMED_EVENT_UPDATE", "event": Event(True)},
            "Say when the event starts (for programs: event.starts_at).",
        ),
        (
            {"tag": "CONFIRMED_EVENT_UPDATE", "event": Event(False, NOW)},
            "Confirm that the person has signed up for the event, if they have "
            "(for programs: event.registered).",
        ),
        (
            {"tag": "POST_PURCHASE_UPDATE"},
            "Give the number of the order the message is about (for programs: order.id).",
        ),
        (
            {"tag": "HUMAN_AGENT", "author": "system", "human_agent_approved": True},
            "Let a person write and send the answer now.",
        ),
    ],
)
def test_what_can_be_mended_is_named_first(changes: dict[str, Any], first: str) -> None:
    assert verdict(**changes, interactions=TWO_DAYS_AGO).alternatives[0] == first


def test_what_mending_cannot_save_is_not_to_be_mended() -> None:
    retired = verdict(tag="POST_PURCHASE_UPDATE", edition="2026-04")

    assert not [told for told in retired.alternatives if "order" in told]


def test_the_tag_that_was_refused_is_not_offered_again() -> None:
    assert offered_tags(question(tag="ACCOUNT_UPDATE", recurring=True)) == {
        "CONFIRMED_EVENT_UPDATE",
        "POST_PURCHASE_UPDATE",
    }


PROMOTION = {"message": {"text": "Enjoy 20% off all boots this weekend."}}
DUTCH = {
    "message": {
        "text": "Jouw afspraak is verplaatst naar morgen, wij zien je dan graag in de winkel."
    }
}
FROM_META = re.compile(r"https://developers\.facebook\.com/[a-z0-9/-]+\)")


@pytest.mark.parametrize(
    ("edition", "told", "links"),
    [
        ("2021-06", ("Meta offers Sponsored Messages", "One-Time Notifications"), 2),
        (
            "2026-04",
            ("Sponsored Messages ended on 31 July 2024", "Marketing Messages", "a beta"),
            2,
        ),
    ],
)
def test_a_refused_promotion_is_told_what_meta_offers_in_that_edition_and_where_to_read_of_it(
    edition: str, told: tuple[str, ...], links: int
) -> None:
    ways = verdict(edition=edition, **PROMOTION).alternatives

    assert ways[0] == "Leave the promotion out: no tag takes one."
    (offered,) = [way for way in ways if way.startswith("Promotions ")]
    assert offered in ways[:3]  # as many as stand beside a field
    assert all(words in offered for words in told)
    assert len(FROM_META.findall(offered)) == links
    assert len(offered) < 600


@pytest.mark.parametrize("edition", ["2021-06", "2026-04"])
def test_no_other_tag_is_offered_for_a_promotion(edition: str) -> None:
    asked = question(edition=edition, interactions=TWO_DAYS_AGO, **PROMOTION)

    assert not offered_tags(asked)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, False),
        ({"tag": "HUMAN_AGENT"}, False),
        (DUTCH, True),
        ({"tag": "GAME_EVENT"} | PROMOTION, True),
        (PROMOTION | {"tag": "POST_PURCHASE_UPDATE", "order_id": "A-17"}, True),
        (PROMOTION | {"channel": "instagram"}, False),
    ],
)
def test_the_ways_for_promotions_are_told_where_the_text_is_or_may_be_one(
    changes: dict[str, Any], told: bool
) -> None:
    ways = verdict(**changes).alternatives

    assert any(way.startswith("Promotions ") for way in ways) is told


@pytest.mark.parametrize(
    ("changes", "only"),
    [
        (
            {"tag": "CONFIRMED_EVENT_UPDATE", "event": Event(True)},
            "Say when the event starts (for programs: event.starts_at).",
        ),
        (
            {"tag": "POST_PURCHASE_UPDATE"},
            "Give the number of the order the message is about (for programs: order.id).",
        ),
        (
            {
                "edition": "2026-04",
                "message": {},
                "utility": Utility("order_update", "en", {}, "APPROVED", ("1",)),
            },
            "Fill in the parameters that the template asks for, each in plain words.",
        ),
    ],
)
def test_what_only_lacks_a_fact_is_told_which_and_nothing_else(
    changes: dict[str, Any], only: str
) -> None:
    assert verdict(**changes, interactions=TWO_DAYS_AGO).alternatives == (only,)


def test_who_may_not_have_signed_up_is_offered_no_list_of_tags() -> None:
    event = Event(False, NOW)
    ways = verdict(
        tag="CONFIRMED_EVENT_UPDATE", event=event, interactions=TWO_DAYS_AGO
    ).alternatives

    assert len(ways) == 2
    assert ways[1].startswith("Wait until the person writes")


def test_a_timer_is_not_offered_the_tag_for_people() -> None:
    approved = {"human_agent_approved": True, "interactions": TWO_DAYS_AGO}

    assert "HUMAN_AGENT" in offered_tags(question(**approved))
    assert "HUMAN_AGENT" not in offered_tags(question(**approved, scheduled=True))
    assert "HUMAN_AGENT" not in offered_tags(question(**approved, recurring=True))

"""The last moment that is allowed and the first that is not, each written out by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.policy.check import check
from bot.policy.question import Event, Interaction, InteractionKind
from tests.policy.asking import FEEDBACK_TEMPLATE, MILLISECOND, NEUTRAL_TEXT, question, rules_in

FRIDAY_TEN = Interaction(InteractionKind.MESSAGE, datetime(2026, 11, 20, 10, tzinfo=UTC))
CLASS = Event(
    True, datetime(2026, 12, 1, 17, tzinfo=UTC), datetime(2026, 12, 1, 18, tzinfo=UTC)
)  # fmt: skip
OPEN_END = Event(True, datetime(2026, 12, 1, 17, tzinfo=UTC))

EDGES = [
    # tag, event, last allowed moment, what is found a millisecond later
    (None, Event(), "2026-11-21T09:59:59.999Z", "window-closed"),
    ("HUMAN_AGENT", Event(), "2026-11-27T09:59:59.999Z", "human-agent-expired"),
    ("CUSTOMER_FEEDBACK", Event(), "2026-11-27T09:59:59.999Z", "feedback-expired"),
    ("CONFIRMED_EVENT_UPDATE", CLASS, "2026-12-01T18:00:00Z", "event-past"),
    ("CONFIRMED_EVENT_UPDATE", OPEN_END, "2026-12-01T17:00:00Z", "event-past"),
]


@pytest.mark.parametrize(("tag", "event", "last_moment", "rule"), EDGES)
def test_a_limit_holds_to_the_millisecond(
    tag: str | None, event: Event, last_moment: str, rule: str
) -> None:
    at = datetime.fromisoformat(last_moment)
    asked = {
        "tag": tag,
        "event": event,
        "interactions": (FRIDAY_TEN,),
        "human_agent_approved": True,
        "message": FEEDBACK_TEMPLATE if tag == "CUSTOMER_FEEDBACK" else {"text": NEUTRAL_TEXT},
    }

    assert rules_in(check(question(at=at, **asked))) == []
    assert rules_in(check(question(at=at + MILLISECOND, **asked))) == [(rule, "refuse")]


@pytest.mark.parametrize(
    ("at", "messaging_type", "tag"),
    [
        ("2026-11-20T10:00:00Z", "UPDATE", None),
        ("2026-11-21T09:59:59.999Z", "UPDATE", None),
        ("2026-11-21T10:00:00Z", "MESSAGE_TAG", "HUMAN_AGENT"),
        ("2026-11-27T09:59:59.999Z", "MESSAGE_TAG", "HUMAN_AGENT"),
        ("2026-11-27T10:00:00Z", None, None),
    ],
)
def test_an_answer_by_a_person_needs_its_tag_from_the_24th_hour_to_the_7th_day(
    at: str, messaging_type: str | None, tag: str | None
) -> None:
    answer = check(
        question(
            at=datetime.fromisoformat(at),
            tag="HUMAN_AGENT",
            interactions=(FRIDAY_TEN,),
            human_agent_approved=True,
        )
    )

    assert (answer.messaging_type, answer.tag) == (messaging_type, tag)


@pytest.mark.parametrize("edition", ["2021-06", "2026-04"])
@pytest.mark.parametrize("kind", list(InteractionKind))
def test_whatever_the_person_does_opens_the_window_for_24_hours(
    edition: str, kind: InteractionKind
) -> None:
    done = Interaction(kind, FRIDAY_TEN.at)
    closing = datetime(2026, 11, 21, 10, tzinfo=UTC)
    asked = question(at=closing - MILLISECOND, edition=edition, interactions=(done,))
    before = check(asked).window
    after = check(question(at=closing, edition=edition, interactions=(done,))).window

    assert (before.open, before.closes_at) == (True, closing)
    assert (after.open, after.closes_at) == (False, closing)


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        (InteractionKind.MESSAGE, True),
        (InteractionKind.AD_MESSAGE, True),
        (InteractionKind.POSTBACK, False),
        (InteractionKind.REFERRAL, False),
        (InteractionKind.OPTIN, False),
        (InteractionKind.REACTION, False),
    ],
)
def test_only_a_message_starts_the_7_days(kind: InteractionKind, allowed: bool) -> None:
    answer = check(
        question(
            at=datetime(2026, 11, 22, 10, tzinfo=UTC),
            tag="HUMAN_AGENT",
            interactions=(Interaction(kind, FRIDAY_TEN.at),),
            human_agent_approved=True,
        )
    )

    assert answer.allowed is allowed


def test_an_interaction_at_the_very_moment_counts_and_one_a_millisecond_later_does_not() -> None:
    just_before = check(question(at=FRIDAY_TEN.at - MILLISECOND, interactions=(FRIDAY_TEN,)))
    at_once = check(question(at=FRIDAY_TEN.at, interactions=(FRIDAY_TEN,)))

    assert (just_before.window.open, just_before.window.closes_at) == (False, None)
    assert at_once.window.open


def test_the_7_days_count_from_the_last_of_several_messages() -> None:
    later = Interaction(InteractionKind.MESSAGE, FRIDAY_TEN.at + timedelta(days=3))
    answer = check(
        question(
            at=FRIDAY_TEN.at + timedelta(days=8),
            tag="HUMAN_AGENT",
            interactions=(later, FRIDAY_TEN),
            human_agent_approved=True,
        )
    )

    assert answer.allowed
    assert answer.valid_until == FRIDAY_TEN.at + timedelta(days=10)


def test_what_meta_refused_as_closed_stays_closed_until_the_person_does_something_again() -> None:
    at = datetime(2026, 11, 20, 13, tzinfo=UTC)
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    again = Interaction(InteractionKind.REACTION, noon + MILLISECOND)
    at_noon = Interaction(InteractionKind.REACTION, noon)

    refused = check(question(at=at, interactions=(FRIDAY_TEN, at_noon), closed_by_meta_at=noon))
    reopened = check(question(at=at, interactions=(FRIDAY_TEN, again), closed_by_meta_at=noon))

    assert rules_in(refused) == [("window-closed", "refuse")]
    assert reopened.allowed

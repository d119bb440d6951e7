"""What holds for every question, however odd."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy.check import check, leaves_as
from bot.policy.editions import KNOWN_TAGS
from bot.policy.question import (
    Event,
    Interaction,
    InteractionKind,
    OneTime,
    Question,
    Severity,
    Utility,
    Verdict,
)
from tests.policy.asking import DAY, FEEDBACK_TEMPLATE, MILLISECOND, NEUTRAL_TEXT, NOW, WEEK
from tests.policy.oracle import TAGS

# Times around the limits of 24 hours and 7 days, where a mistake would show.
EDGES = [sign * (edge + ms) for edge in (timedelta(), DAY, WEEK, WEEK + DAY) for sign in (1, -1)
         for ms in (-MILLISECOND, timedelta(), MILLISECOND)]  # fmt: skip
ANY_TIME = timedelta(days=10) // MILLISECOND
SPANS = st.one_of(
    st.sampled_from(EDGES),
    st.integers(-ANY_TIME, ANY_TIME).map(lambda n: n * MILLISECOND),
)
MOMENTS = SPANS.map(lambda span: NOW + span)
INTERACTIONS = st.builds(Interaction, st.sampled_from(InteractionKind), MOMENTS)
EVENTS = st.builds(Event, st.booleans(), st.none() | MOMENTS, st.none() | MOMENTS)
APPROVED = Utility("order_update", "en", {"1": "A-17"}, "APPROVED", ("1",))
PERMISSIONS = st.builds(OneTime, st.sampled_from([None, "the sale"]), MOMENTS, st.booleans())
QUESTIONS = st.builds(
    Question,
    at=st.just(NOW),
    message=st.sampled_from([{"text": NEUTRAL_TEXT}, {"text": "a" * 1500}, FEEDBACK_TEMPLATE, {}]),
    edition=st.sampled_from(["2021-06", "2026-04"]),
    channel=st.sampled_from(["messenger", "instagram"]),
    interactions=st.lists(INTERACTIONS, max_size=4).map(tuple),
    tag=st.sampled_from(TAGS),
    author=st.sampled_from(["person", "system"]),
    scheduled=st.booleans(),
    recurring=st.booleans(),
    reply=st.booleans(),
    human_agent_approved=st.booleans(),
    event=EVENTS,
    order_id=st.sampled_from([None, "A-17"]),
    closed_by_meta_at=st.none() | MOMENTS,
    refused_tags=st.dictionaries(st.sampled_from(sorted(KNOWN_TAGS)), st.just("No."), max_size=3),
    utility=st.none() | st.sampled_from([APPROVED, replace(APPROVED, status="PAUSED")]),
    one_time=st.none() | PERMISSIONS,
    one_time_off=st.booleans(),
)
many = settings(max_examples=300, deadline=None)


def permissiveness(answer: Verdict) -> tuple[bool, bool, bool]:
    """More is more: may it go, without a second person, as it is inside the window."""
    as_it_is = answer.messaging_type in ("RESPONSE", "UPDATE") and not answer.one_time
    return (answer.allowed, not answer.needs_review, as_it_is)


def said(answer: Verdict) -> tuple[Any, ...]:
    """What `valid_until` promises: everything that decides how the message goes out."""
    way = (answer.messaging_type, answer.tag, answer.one_time)
    return (answer.allowed, answer.needs_review, *way)


def until_now(question: Question) -> Question:
    past = tuple(done for done in question.interactions if done.at <= question.at)
    return question._replace(interactions=past)


@many
@given(QUESTIONS, SPANS.map(abs))
def test_time_alone_never_makes_a_verdict_more_permissive(
    question: Question, wait: timedelta
) -> None:
    question = until_now(question)
    later = question._replace(at=question.at + wait)

    assert permissiveness(check(later)) <= permissiveness(check(question))


@many
@given(QUESTIONS, INTERACTIONS)
def test_an_interaction_never_makes_a_verdict_less_permissive(
    question: Question, more: Interaction
) -> None:
    with_more = question._replace(interactions=(*question.interactions, more))

    assert permissiveness(check(with_more)) >= permissiveness(check(question))


@many
@given(QUESTIONS, st.randoms())
def test_the_order_of_interactions_does_not_matter(question: Question, chance: Any) -> None:
    shuffled = list(question.interactions)
    chance.shuffle(shuffled)

    assert check(question._replace(interactions=tuple(shuffled))) == check(question)


@many
@given(QUESTIONS, st.sampled_from(InteractionKind), SPANS.map(abs))
def test_what_happens_after_the_moment_changes_nothing(
    question: Question, kind: InteractionKind, wait: timedelta
) -> None:
    future = Interaction(kind, question.at + wait + MILLISECOND)
    foreseen = question._replace(interactions=(*question.interactions, future))

    assert check(foreseen) == check(question)


@many
@given(QUESTIONS)
def test_a_verdict_is_of_one_piece(question: Question) -> None:
    answer = check(question)
    severities = {finding.severity for finding in answer.findings}

    assert answer.allowed is (Severity.REFUSE not in severities)
    assert answer.needs_review is (answer.allowed and Severity.REVIEW in severities)
    if answer.allowed:
        inside = answer.window.open and question.carries_message
        outside = {"MESSAGE_TAG"}
        outside |= {"UTILITY"} if question.utility else set()
        outside |= {"UPDATE"} if answer.one_time else set()
        in_window = {"RESPONSE" if question.reply else "UPDATE"}
        assert answer.messaging_type in (in_window if inside else outside)
        assert not (answer.one_time and inside)
        by_tag = answer.messaging_type == "MESSAGE_TAG"
        assert answer.tag == (question.tag if by_tag else None)
    else:
        assert (answer.messaging_type, answer.tag) == (None, None)
        assert answer.alternatives


@many
@given(QUESTIONS)
def test_a_verdict_holds_until_the_moment_it_names_and_no_longer(question: Question) -> None:
    question = until_now(question)
    answer = check(question)
    if answer.valid_until is None:
        much_later = question._replace(at=question.at + timedelta(days=4000))
        assert said(check(much_later)) == said(answer)
        return
    last = question._replace(at=max(question.at, answer.valid_until - MILLISECOND))
    first_after = question._replace(at=answer.valid_until + MILLISECOND)

    assert answer.valid_until >= question.at
    assert said(check(last)) == said(answer)
    assert said(check(first_after)) != said(answer)


@many
@given(QUESTIONS)
def test_at_the_moment_of_sending_it_leaves_as_the_verdict_says(question: Question) -> None:
    answer, leaving = check(question), leaves_as(question)
    assert (leaving is not None) == answer.allowed
    if leaving is not None:
        assert (leaving.messaging_type, leaving.tag) == (answer.messaging_type, answer.tag)

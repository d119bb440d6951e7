"""Answers to feedback forms: kept once, with the survey that asked, and told to whoever had it sent."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.feedback_events import Answer, FeedbackForm
from bot.practice.graph import faults
from bot.webhook_events import read_events
from tests.outbox import ADA, Outbox, open_outbox
from tests.webhook_door import PAGE, body_of, event, milliseconds

BODIES = Path(__file__).with_name("webhooks")
MILO = "30115522770018844"


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with open_outbox(tmp_path) as opened:
        yield opened


def survey(question_id: str = "visit_1", kind: str = "csat") -> dict[str, Any]:
    question = {
        "id": question_id,
        "type": kind,
        "title": "How was your visit?",
        "follow_up": {"type": "free_form", "placeholder": "What could we do better?"},
    }
    payload = {
        "template_type": "customer_feedback",
        "title": "Your visit",
        "subtitle": "It takes a minute",
        "button_title": "Rate",
        "feedback_screens": [{"questions": [question]}],
        "business_privacy": {"url": "https://example.com/privacy"},
    }
    return {"attachment": {"type": "template", "payload": payload}}


def ask(outbox: Outbox, question_id: str = "visit_1", kind: str = "csat") -> int:
    """A survey to Ada, sent; the number of its delivery."""
    number = outbox.queue(message=survey(question_id, kind), tag="CUSTOMER_FEEDBACK")
    outbox.work()
    outbox.clock.forward(minutes=1)
    return number


def answered(payload: Any, question_id: str = "visit_1", **told: Any) -> dict[str, Any]:
    """The content of an event about one answered question."""
    questions = {question_id: {"type": "csat", "payload": payload} | told}
    return {"messaging_feedback": {"feedback_screens": [{"screen_id": 0, "questions": questions}]}}


def hear(outbox: Outbox, content: dict[str, Any], **entry: Any) -> None:
    """A form handed in now, as Meta tells it: without a time of its own."""
    told = event(ADA, None, **content)
    body = body_of(told, **({"time": milliseconds(outbox.clock())} | entry))
    outbox.record(json.dumps(body).encode())


def kept(outbox: Outbox) -> list[tuple[int | None, str, int | None, str | None]]:
    """Delivery, kind, score and words of every answer."""
    rows = outbox.rows("SELECT delivery_id, kind, score, words FROM feedback_answers ORDER BY id")
    return [(row["delivery_id"], row["kind"], row["score"], row["words"]) for row in rows]


def told(outbox: Outbox) -> list[tuple[str, str]]:
    """Where answers are told, and in which words."""
    rows = outbox.rows(
        "SELECT place, note FROM history JOIN notices ON history_id = history.id"
        " WHERE what = 'answered' ORDER BY notices.id"
    )
    return [(row["place"], row["note"]) for row in rows]


def test_the_form_is_read_as_metas_page_shows_it() -> None:
    body = json.loads((BODIES / "feedback_form.json").read_bytes())
    [form] = read_events(body)

    assert isinstance(form, FeedbackForm)
    assert (form.page_id, form.psid) == (PAGE, MILO)
    assert form.answers == (Answer("visit_1", "csat", 5, "Hot!"),)
    assert form.at is not None


def test_an_answer_belongs_to_the_survey_that_asked_and_its_author_is_told(outbox: Outbox) -> None:
    number = ask(outbox)
    mid = outbox.graph.sent_to(ADA)[-1].mid
    outbox.graph.person(ADA).answers_form(mid, "4", "Warm welcome,\nslow kitchen.")
    outbox.hear()

    assert kept(outbox) == [(number, "csat", 4, "Warm welcome,\nslow kitchen.")]
    assert told(outbox) == [("author", "4 of 5 (CSAT): “Warm welcome,\nslow kitchen.”")]


def test_the_author_of_a_survey_that_a_colleague_approved_is_told_too(outbox: Outbox) -> None:
    number = outbox.queue(
        message=survey(), tag="CUSTOMER_FEEDBACK", wants_approval=True, requested_by=None
    )
    outbox.work()
    hear(outbox, answered("5"))

    assert kept(outbox) == [(number, "csat", 5, None)]
    assert told(outbox) == [("thread", "5 of 5 (CSAT)."), ("author", "5 of 5 (CSAT).")]


def test_a_systems_survey_is_told_under_its_card(outbox: Outbox) -> None:
    outbox.queue(message=survey(), author=None, requested_by="till")
    outbox.work()
    hear(outbox, answered("5"))

    assert [place for place, _ in told(outbox)] == ["thread"]


def test_the_same_form_told_again_counts_once(outbox: Outbox) -> None:
    ask(outbox)
    for _ in "123":
        hear(outbox, answered("4"))
    outbox.clock.forward(minutes=5)
    hear(outbox, answered("2"))  # a survey has one answer

    assert [score for _, _, score, _ in kept(outbox)] == [4]
    assert len(told(outbox)) == 1


def test_the_same_answer_at_another_time_is_another_one(outbox: Outbox) -> None:
    for _ in "12":
        hear(outbox, answered("4", "asked_elsewhere"))
        outbox.clock.forward(minutes=5)

    assert [score for _, _, score, _ in kept(outbox)] == [4, 4]


def test_of_two_surveys_with_one_question_the_latest_that_waits_is_answered(outbox: Outbox) -> None:
    first, second = ask(outbox), ask(outbox)
    hear(outbox, answered("4"))
    outbox.clock.forward(minutes=1)
    hear(outbox, answered("2"))

    assert [(number, score) for number, _, score, _ in kept(outbox)] == [(second, 4), (first, 2)]


def test_an_answer_from_before_a_survey_left_belongs_to_the_one_before(outbox: Outbox) -> None:
    first = ask(outbox)
    between = milliseconds(outbox.clock() - timedelta(seconds=30))
    ask(outbox)
    hear(outbox, answered("3"), time=between)

    assert [(number, score) for number, _, score, _ in kept(outbox)] == [(first, 3)]


def test_an_answer_to_a_survey_in_doubt_is_its_answer(outbox: Outbox) -> None:
    outbox.graph.fail_next(faults.cut_after_accepting())
    number = ask(outbox)
    assert outbox.state(number) == "unknown"
    hear(outbox, answered("3"))

    assert kept(outbox) == [(number, "csat", 3, None)]


def test_a_survey_of_somebody_else_or_another_question_is_not_answered(outbox: Outbox) -> None:
    ask(outbox)
    for _ in "12":
        outbox.record((BODIES / "feedback_form.json").read_bytes())
    hear(outbox, answered("4", "visit_2"))

    assert kept(outbox) == [(None, "csat", 5, "Hot!"), (None, "csat", 4, None)]
    assert told(outbox) == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (answered("10", type="nps"), ("nps", 10, None)),
        (answered("0", type="nps"), ("nps", 0, None)),
        (answered("7", type="ces"), ("ces", 7, None)),
        (answered(1), ("csat", 1, None)),
        (answered("Good.", type="free_form"), ("free_form", None, "Good.")),
        (
            answered(
                "5", follow_up={"type": "free_form", "payload": "\u202eevil\x00 " + "a" * 2000}
            ),
            ("csat", 5, "evil " + "a" * 995),
        ),
    ],
)
def test_each_kind_of_answer_is_kept(
    outbox: Outbox, content: dict[str, Any], expected: tuple[str, int | None, str | None]
) -> None:
    hear(outbox, content)

    assert [row[1:] for row in kept(outbox)] == [expected]


@pytest.mark.parametrize(
    "content",
    [
        answered("6"),
        answered("0"),
        answered("11", type="nps"),
        answered("-1", type="nps"),
        answered("8", type="ces"),
        answered("good"),
        answered(None),
        answered([5]),
        answered("3", type="stars"),
        answered("3", type=["csat"]),
        answered("  ", type="free_form"),
        {"messaging_feedback": {}},
        {"messaging_feedback": {"feedback_screens": "none"}},
        {"messaging_feedback": {"feedback_screens": [{"questions": ["visit_1"]}]}},
        {"messaging_feedback": {"feedback_screens": [{"questions": {"visit_1": "5"}}]}},
    ],
)
def test_what_is_no_answer_on_its_scale_is_passed_over(
    outbox: Outbox, content: dict[str, Any]
) -> None:
    hear(outbox, content)

    assert kept(outbox) == []


def test_an_answer_opens_no_window_and_one_at_another_page_is_not_ours(outbox: Outbox) -> None:
    before = outbox.rows("SELECT * FROM interactions")
    hear(outbox, answered("5"))
    hear(outbox, answered("5", "visit_3"), id="999")

    assert outbox.rows("SELECT * FROM interactions") == before
    assert len(kept(outbox)) == 1

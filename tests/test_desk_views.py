"""What the desk shows stays within Slack's limits, whatever stands in it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.asking import Reach
from bot.breakers import Breakers
from bot.desk import Standing
from bot.policy.question import Severity, Window
from handlers.views.desk import root
from handlers.views.desk_answers import answer_message
from handlers.views.desk_posts import Shown, posts
from handlers.views.desk_reply import reply_form
from storage.desk import Thread
from storage.desk_lines import Answer, Line
from storage.pauses import Pause
from tests.block_kit import check_message, check_view
from tests.practice.graph_support import SURVEY
from tests.records import NOW, a_contact, a_delivery, a_draft, a_finding, a_verdict

LONG = "<&> *_~`" * 2500
GOING = Breakers(None, None, {})
STOPPED = Breakers(Pause("1", "policy", LONG, NOW, NOW), LONG, {})
WEEK, DAY = timedelta(days=7), timedelta(days=1)


def a_line(number: int = 1, kind: str = "message", **changes: Any) -> Line:
    values: dict[str, Any] = {
        "thread_id": 1,
        "at": NOW,
        "content": {"text": "Is my table booked?"},
        "draft_id": None,
        "delivery_id": None,
        "deleted": False,
        "ts": None,
        "version": 1,
    }
    return Line(id=number, kind=kind, **values | changes)


def a_standing(**changes: Any) -> Standing:
    values: dict[str, Any] = {
        "thread": Thread(1, 1, "C2", None, NOW, 1),
        "contact": a_contact(),
        "reach": Reach(Window(True, NOW + DAY), NOW + WEEK),
        "asked": a_line(),
        "answer": None,
        "human_agent_approved": True,
        "now": NOW,
    }
    return Standing(**values | changes)


CLOSED = Reach(Window(False, NOW - DAY), None)
STANDINGS = {
    "open": a_standing(),
    "closed, for a human agent": a_standing(reach=Reach(Window(False, NOW - DAY), NOW + DAY)),
    "too late": a_standing(reach=CLOSED),
    "without permission": a_standing(reach=CLOSED, human_agent_approved=False),
    "nothing known": a_standing(reach=Reach(Window(False, None), None), asked=None),
    "answered": a_standing(answer=Answer(a_line(2, "echo"), None, NOW)),
    "long": a_standing(contact=a_contact(name=LONG), asked=a_line(content={"text": LONG})),
}


@pytest.mark.parametrize("name", STANDINGS)
def test_the_first_message_and_the_form_fit(name: str) -> None:
    standing = STANDINGS[name]
    check_message(root(standing))
    check_view(reply_form(standing, 7, GOING))
    findings = [a_finding(Severity.REFUSE, why=LONG[:2000]) for _ in range(5)]
    refused = a_verdict(*findings, alternatives=("Wait until the person writes.",) * 8)
    answers = [Answer(a_line(3, "ours"), "UBEN", None)]
    for stands_against in (refused, None):
        form = reply_form(
            standing, 7, STOPPED, refused=stands_against, meanwhile=answers, written="x" * 3000
        )
        check_view(form)
        assert ("What you send waits for now" in str(form)) == (stands_against is None)


def test_a_line_says_no_more_than_is_true() -> None:
    assert "as a human agent until" in str(root(STANDINGS["open"]))
    assert "human agent" not in str(root(a_standing(reach=Reach(Window(True, NOW + DAY), None))))


def test_many_lines_are_told_in_as_few_messages_as_fit_and_none_is_left_out() -> None:
    lines = [a_line(n, content={"text": f"{n} " + "x" * 900}) for n in range(60)]
    told = list(posts([Shown(line, waited_on="UBEN") for line in lines], a_contact(name=LONG)))
    for post in told:
        check_message(post.message)
    assert [line for post in told for line in post.lines] == lines
    assert 5 <= len(told) <= 10


def test_an_answer_stands_between_what_came_before_and_after() -> None:
    answer = answer_message(a_draft(), a_delivery(state="sent"), a_contact())
    shown = [Shown(a_line(1)), Shown(a_line(2, "ours"), message=answer), Shown(a_line(3))]
    assert [[line.id for line in post.lines] for post in posts(shown, a_contact())] == [
        [1],
        [2],
        [3],
    ]


def test_a_template_stands_there_as_the_customer_sees_it() -> None:
    draft = a_draft(message=SURVEY)
    shown = json.dumps(answer_message(draft, a_delivery(), a_contact())["blocks"])
    assert "Rate your visit" in shown
    assert "visit_1" not in shown


@pytest.mark.parametrize("state", ["pending", "sending", "sent", "read", "refused", "unknown"])
@pytest.mark.parametrize("decided", ["queued", "approved", "rejected", "withdrawn"])
def test_an_answer_fits_in_every_state(state: str, decided: str) -> None:
    draft = a_draft(
        message={"text": LONG[:2000]}, state=decided, decided_by="UCLEO", reason=LONG[:500]
    )
    delivery = a_delivery(state=state, note=LONG[:900])
    check_message(answer_message(draft, delivery, a_contact()))
    check_message(answer_message(draft, delivery, a_contact(), waits=LONG[:2000]))
    check_message(answer_message(draft, None, a_contact()))

"""Reads customers' answers to feedback forms out of webhook bodies.

Shape: the page on the customer feedback template of the Messenger Platform, field `messaging_feedback`.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.feedback_measures import FREE_FORM, SCALES
from bot.webhook_json import Item, Json, object_of, objects, text, words

WORDS_CHARACTERS: Final = 1000  # Meta takes 400


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered question: a score on its kind's scale, words, or both."""

    question_id: str
    kind: str
    score: int | None
    words: str | None


@dataclass(frozen=True, slots=True)
class FeedbackForm:
    """A form that a person has handed in; `key` is the same for the same form, told again."""

    page_id: str
    psid: str
    at: datetime | None
    key: str
    answers: tuple[Answer, ...]


def read_feedback(item: Item, psid: str) -> FeedbackForm | None:
    """The form that an event tells of, without what is no answer to a question."""
    found = object_of(item.event.get("messaging_feedback"))
    if found is None or item.channel != "messenger":
        return None
    answers = tuple(_answers(found))
    return FeedbackForm(item.account, psid, item.at, _print_of(item), answers) if answers else None


def _answers(feedback: Json) -> Iterator[Answer]:
    for screen in objects(feedback.get("feedback_screens")):
        for question_id, told in (object_of(screen.get("questions")) or {}).items():
            answer = _answer(text(question_id), object_of(told) or {})
            if answer:
                yield answer


def _answer(question_id: str | None, told: Json) -> Answer | None:
    kind = told.get("type")
    if question_id is None:
        return None
    if kind == FREE_FORM:
        written = _written(told.get("payload"))
        return Answer(question_id, FREE_FORM, None, written) if written else None
    scale, score = SCALES.get(str(kind)), _number(told.get("payload"))
    if scale is None or score not in scale:
        return None
    follow_up = object_of(told.get("follow_up")) or {}
    return Answer(question_id, str(kind), score, _written(follow_up.get("payload")))


def _number(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None


def _written(value: Any) -> str | None:
    return (words(value) or "")[:WORDS_CHARACTERS] or None


def _print_of(item: Item) -> str:
    told = json.dumps([str(item.at), item.event], sort_keys=True)
    return hashlib.sha256(told.encode(errors="replace")).hexdigest()

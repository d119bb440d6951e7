"""Puts customers' answers to feedback forms on record, with the survey each belongs to."""

from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database

from bot.chronicle import ANSWERED, note_delivery
from bot.feedback_events import Answer, FeedbackForm
from bot.feedback_measures import SCALES
from storage import contacts, feedback
from storage.feedback import Survey


def record_feedback(db: Database, form: FeedbackForm, now: datetime) -> None:
    """Keep the answers of a form, each once, and tell whoever had the question asked.

    A survey has one answer, the first; what answers no survey of ours counts as well.
    """
    contact = contacts.ensure(db, form.page_id, form.psid, "messenger", now)
    at = min(form.at or now, now)  # nothing has happened after we heard of it
    for answer in form.answers:
        asked = feedback.surveys_of(db, contact.id, answer.question_id)
        survey = _answered_by(asked, at)
        if asked and survey is None:
            continue
        new = feedback.add(
            db,
            contact.id,
            delivery_id=survey.delivery.id if survey else None,
            key=form.key,
            question_id=answer.question_id,
            kind=answer.kind,
            score=answer.score,
            words=answer.words,
            at=at,
        )
        if new and survey:
            note_delivery(db, survey.delivery, ANSWERED, now=now, note=in_words(answer))


def _answered_by(asked: Sequence[Survey], at: datetime) -> Survey | None:
    """The latest of them that waits for its answer and had left by then; Meta's clock may be slow."""
    waiting = [survey for survey in asked if not survey.answered]
    earlier = [survey for survey in waiting if survey.left_at and survey.left_at <= at]
    return next(iter(earlier or waiting), None)


def in_words(answer: Answer) -> str:
    """The answer as colleagues read it: `4 of 5 (CSAT): “Warm welcome.”`"""
    said = f"“{answer.words}”" if answer.words else ""
    if answer.score is None:
        return said
    score = f"{answer.score} of {SCALES[answer.kind][-1]} ({answer.kind.upper()})"
    return f"{score}: {said}" if said else f"{score}."

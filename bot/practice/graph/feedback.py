"""The customer feedback template: the only thing the CUSTOMER_FEEDBACK tag may carry.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/templates/customer-feedback-template
"""

import re
from typing import Any

from bot.practice.graph.errors import bad_parameter
from bot.practice.graph.parameters import (
    as_choice,
    as_list,
    as_object,
    as_text,
    as_url,
    required,
)
from bot.practice.graph.types import JsonObject

_URL = re.compile(r"(https?://|www\.)\S", re.IGNORECASE)
_QUESTION_ID = re.compile(r"[A-Za-z0-9_]{1,80}")
_SCORE_LABELS = ("neg_pos", "hard_easy", "dis_sat", "unlike_like", "poor_great", "none")
_SCORE_OPTIONS = {
    "csat": ("one_to_five", "five_stars", "five_emojis"),
    "nps": ("zero_to_ten",),
    "ces": ("one_to_seven",),
    "free_form": (),
}


def check_feedback_template(payload: JsonObject) -> None:
    """Refuse a customer feedback template outside Meta's limits."""
    as_object(
        payload,
        "payload",
        (
            "template_type",
            "title",
            "subtitle",
            "button_title",
            "feedback_screens",
            "business_privacy",
            "expires_in_days",
        ),
    )
    for key, most in (("title", 65), ("subtitle", 80), ("button_title", 20)):
        _plain_text(required(payload, key, key), key, most)
    screens = required(payload, "feedback_screens", "feedback_screens")
    (screen,) = as_list(screens, "feedback_screens", 1, 1)
    questions = required(
        as_object(screen, "feedback_screens[0]", ("questions",)), "questions", "questions"
    )
    (question,) = as_list(questions, "questions", 1, 1)
    _check_question(question)
    privacy = required(payload, "business_privacy", "business_privacy")
    url = required(as_object(privacy, "business_privacy", ("url",)), "url", "business_privacy[url]")
    as_url(url, "business_privacy[url]")
    days = payload.get("expires_in_days", 1)
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= 7:
        raise bad_parameter("Param expires_in_days must be 1 to 7")


def _plain_text(value: Any, param: str, most: int, least: int = 1) -> None:
    if _URL.search(as_text(value, param, most, least)):
        raise bad_parameter(f"Param {param} must not contain a URL")


def _check_question(value: Any) -> None:
    question = as_object(
        value, "questions[0]", ("id", "type", "title", "score_label", "score_option", "follow_up")
    )
    if not _QUESTION_ID.fullmatch(as_text(required(question, "id", "question id"), "id", 80)):
        raise bad_parameter("Param id must consist of letters, digits and underscores")
    kind = as_choice(question.get("type"), "type", _SCORE_OPTIONS)
    if "title" in question:
        _plain_text(question["title"], "questions[0][title]", 85, least=5)
    if "score_label" in question:
        as_choice(question["score_label"], "score_label", _SCORE_LABELS)
    if "score_option" in question:
        as_choice(question["score_option"], "score_option", _SCORE_OPTIONS[kind])
    if "follow_up" in question:
        follow_up = as_object(question["follow_up"], "follow_up", ("type", "placeholder"))
        as_choice(follow_up.get("type"), "follow_up[type]", ("free_form",))
        if "placeholder" in follow_up:
            _plain_text(follow_up["placeholder"], "follow_up[placeholder]", 65)

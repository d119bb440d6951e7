"""A feedback form of the Page's, as a phone shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

_SCALES: Final = {"csat": range(1, 6), "nps": range(11), "ces": range(1, 8)}
_ENDS: Final = {
    "neg_pos": ("Negative", "Positive"),
    "dis_sat": ("Dissatisfied", "Satisfied"),
    "hard_easy": ("Hard", "Easy"),
    "unlike_like": ("Unlikely", "Likely"),
    "poor_great": ("Poor", "Great"),
}


@dataclass(frozen=True, slots=True)
class Form:
    """One question with a score; `comment` is what is asked besides (None: nothing).

    `ends` is what the lowest and the highest score stand for, `answered` the score that was given.
    """

    button: str
    question: str
    scores: Sequence[str]
    stars: bool
    ends: tuple[str, str] | None
    comment: str | None
    privacy_url: str
    answered: str | None


def form_of(payload: dict[str, Any], answered: str | None) -> Form | None:
    """The form that a template is; None where it is another one, or asks for no score."""
    if payload.get("template_type") != "customer_feedback":
        return None
    question = payload["feedback_screens"][0]["questions"][0]
    if question["type"] not in _SCALES:
        return None
    return Form(
        button=payload["button_title"],
        question=question.get("title", payload["title"]),
        scores=[str(score) for score in _SCALES[question["type"]]],
        stars=question.get("score_option") == "five_stars",
        ends=_ENDS.get(question.get("score_label", "none")),
        comment=question.get("follow_up", {}).get("placeholder"),
        privacy_url=payload["business_privacy"]["url"],
        answered=answered,
    )

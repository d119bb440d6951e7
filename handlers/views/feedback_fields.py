"""The composer's fields for Meta's customer feedback template, and the message they make.

Source: https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/templates/customer-feedback-template
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from bot.policy.templates import template_fields_at_fault
from handlers.views.blocks import Block, context, field, option, plain
from handlers.views.field_faults import FieldFaults

TITLE: Final = "feedback_title"
SUBTITLE: Final = "feedback_subtitle"
KIND: Final = "feedback_kind"
QUESTION: Final = "feedback_question"
LABELS: Final = "feedback_labels"
FOLLOW_UP: Final = "feedback_follow_up"
BUTTON: Final = "feedback_button"
DAYS: Final = "feedback_days"
FIELDS: Final = (TITLE, SUBTITLE, KIND, QUESTION, LABELS, FOLLOW_UP, BUTTON, DAYS)

Values = Mapping[str, str]
KINDS: Final = {
    "csat": "Satisfaction: 1 to 5 stars (CSAT)",
    "nps": "Would recommend: 0 to 10 (NPS)",
    "ces": "Effort: 1 to 7 (CES)",
}
SCALES: Final = {"csat": "five_stars", "nps": "zero_to_ten", "ces": "one_to_seven"}
ENDS: Final = {
    "none": "No words at the ends",
    "neg_pos": "Negative to positive",
    "dis_sat": "Dissatisfied to satisfied",
    "hard_easy": "Hard to easy",
    "unlike_like": "Unlikely to likely",
    "poor_great": "Poor to great",
}
ENDS_OF_KIND: Final = {"csat": "dis_sat", "nps": "unlike_like", "ces": "hard_easy"}
LONGEST_DAYS: Final = 7
# Meta's limits as the fields show them; what leaves is checked by the rule book's own.
_CHARACTERS: Final = {TITLE: 65, SUBTITLE: 80, BUTTON: 20, QUESTION: 85, FOLLOW_UP: 65}
_LEAST: Final = {QUESTION: 5}
_DEFAULTS: Final = {BUTTON: "Give feedback", KIND: "csat", DAYS: "1"}
_FIELD_AT: Final = {
    "title": TITLE,
    "subtitle": SUBTITLE,
    "button_title": BUTTON,
    "feedback_screens[0].questions[0].title": QUESTION,
    "feedback_screens[0].questions[0].follow_up.placeholder": FOLLOW_UP,
}
NEEDS_PRIVACY_URL: Final = (
    "Meta shows the privacy policy under each feedback form: an admin has to set PRIVACY_URL to its "
    "https:// address first."
)
_REQUIRED: Final = (TITLE, SUBTITLE, BUTTON, QUESTION)


def feedback_blocks(values: Values) -> list[Block]:
    """The fields, with what was entered in them."""
    kind = _chosen(values, KIND)
    return [
        _text(values, TITLE, "Title", "How was your visit?"),
        _text(values, SUBTITLE, "Subtitle", "It takes less than a minute."),
        _menu(KIND, "Kind of question", KINDS, kind),
        _text(values, QUESTION, "Question", "How satisfied are you with our service?"),
        _menu(LABELS, "Ends of the scale", ENDS, values.get(LABELS) or ENDS_OF_KIND[kind]),
        _text(
            values,
            FOLLOW_UP,
            "Then ask for a comment",
            "What could we do better?",
            optional=True,
            hint="Leave it empty to ask for the score alone.",
        ),
        _text(values, BUTTON, "Button", "Give feedback"),
        _menu(DAYS, "May be answered for", _days(), _chosen(values, DAYS)),
        context("The person sees Meta's form, with a link to your privacy policy below it."),
    ]


def feedback_message(values: Values, privacy_url: str | None) -> dict[str, Any]:
    """The Send API message; raises FieldFaults naming every field that Meta would not take.

    The same question has the same id wherever it is asked, so that its answers can be told together.
    """
    payload = _payload(values, privacy_url or "https://")
    errors = {name: "Fill this in." for name in _REQUIRED if not _entered(values, name)}
    for path, wrong in template_fields_at_fault(payload).items():
        if privacy_url or not path.startswith("business_privacy"):
            errors.setdefault(_FIELD_AT.get(path, TITLE), f"This {wrong}.")
    if not privacy_url:
        errors[TITLE] = NEEDS_PRIVACY_URL
    if errors:
        raise FieldFaults(errors)
    return {"attachment": {"type": "template", "payload": payload}}


def feedback_values(message: Mapping[str, Any]) -> dict[str, str]:
    """What was entered to make this message, for a draft that is edited."""
    payload = message["attachment"]["payload"]
    question = payload["feedback_screens"][0]["questions"][0]
    told = {
        TITLE: payload["title"],
        SUBTITLE: payload.get("subtitle"),
        BUTTON: payload.get("button_title"),
        KIND: question["type"],
        QUESTION: question.get("title"),
        LABELS: question.get("score_label"),
        FOLLOW_UP: question.get("follow_up", {}).get("placeholder"),
        DAYS: payload.get("expires_in_days"),
    }
    return {name: str(value) for name, value in told.items() if value}


def _payload(values: Values, privacy_url: str) -> dict[str, Any]:
    kind, asked = _chosen(values, KIND), _entered(values, QUESTION)
    question: dict[str, Any] = {
        "id": f"{kind}_{hashlib.sha256(asked.encode()).hexdigest()[:16]}",
        "type": kind,
        "title": asked,
        "score_label": values.get(LABELS) or ENDS_OF_KIND[kind],
        "score_option": SCALES[kind],
    }
    if follow_up := _entered(values, FOLLOW_UP):
        question["follow_up"] = {"type": "free_form", "placeholder": follow_up}
    return {
        "template_type": "customer_feedback",
        "title": _entered(values, TITLE),
        "subtitle": _entered(values, SUBTITLE),
        "button_title": _entered(values, BUTTON),
        "feedback_screens": [{"questions": [question]}],
        "business_privacy": {"url": privacy_url},
        "expires_in_days": int(_chosen(values, DAYS)),
    }


def _entered(values: Values, name: str) -> str:
    given = values.get(name)
    return (_DEFAULTS.get(name, "") if given is None else given).strip()


def _chosen(values: Values, name: str) -> str:
    return values.get(name) or _DEFAULTS[name]


def _days() -> dict[str, str]:
    return {str(n): "1 day" if n == 1 else f"{n} days" for n in range(1, LONGEST_DAYS + 1)}


def _text(
    values: Values,
    name: str,
    label: str,
    example: str,
    *,
    optional: bool = False,
    hint: str | None = None,
) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "placeholder": plain(example),
        "max_length": _CHARACTERS[name],
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    if least := _LEAST.get(name):
        element["min_length"] = least
    if entered := _entered(values, name):
        element["initial_value"] = entered[: _CHARACTERS[name]]
    return field(name, label, element, optional=optional, hint=hint, dispatch=True)


def _menu(name: str, label: str, offered: Mapping[str, str], chosen: str) -> Block:
    choices = [option(text, value) for value, text in offered.items()]
    initial = next(choice for choice in choices if choice["value"] == chosen)
    element: Block = {"type": "static_select", "options": choices, "initial_option": initial}
    return field(name, label, element, dispatch=True)

"""What the answers to feedback forms amount to: CSAT, NPS and CES.

The scales are those of Meta's customer feedback template
(https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/templates/customer-feedback-template);
the measures are defined as survey makers commonly do.
"""

from collections.abc import Callable, Mapping
from typing import Final

Counts = Mapping[int, int]  # answers by score

SCALES: Final[Mapping[str, range]] = {
    "csat": range(1, 6),
    "nps": range(11),
    "ces": range(1, 8),
}
FREE_FORM: Final = "free_form"
KINDS: Final = (*SCALES, FREE_FORM)
SATISFIED: Final = range(4, 6)
PROMOTERS: Final = range(9, 11)
DETRACTORS: Final = range(7)


def csat(counts: Counts) -> float:
    """The share of answers of 4 and 5 on the scale of 1 to 5, in percent."""
    return 100 * _within(SATISFIED, counts) / sum(counts.values())


def nps(counts: Counts) -> float:
    """The share of 9 and 10 on the scale of 0 to 10 minus that of 0 to 6: -100 to 100."""
    return 100 * (_within(PROMOTERS, counts) - _within(DETRACTORS, counts)) / sum(counts.values())


def ces(counts: Counts) -> float:
    """The mean on the scale of 1 to 7."""
    return sum(score * answers for score, answers in counts.items()) / sum(counts.values())


def _within(scores: range, counts: Counts) -> int:
    return sum(answers for score, answers in counts.items() if score in scores)


_MEASURES: Final[Mapping[str, Callable[[Counts], float]]] = {"csat": csat, "nps": nps, "ces": ces}


def measure(kind: str, counts: Counts) -> float | None:
    """The measure of that kind of question; None without an answer, and for answers in words."""
    return _MEASURES[kind](counts) if kind in _MEASURES and any(counts.values()) else None

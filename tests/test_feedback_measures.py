"""CSAT, NPS and CES, worked out by hand."""

import pytest

from bot.feedback_measures import measure


@pytest.mark.parametrize(
    ("kind", "counts", "expected"),
    [
        ("csat", {5: 3, 4: 1, 3: 1}, 80),
        ("csat", {1: 1, 2: 1, 3: 1}, 0),
        ("csat", {4: 1}, 100),
        ("nps", {10: 4, 9: 1, 8: 2, 7: 1, 6: 1, 0: 1}, 30),
        ("nps", {9: 1, 6: 1}, 0),
        ("nps", {8: 3, 7: 1}, 0),
        ("nps", {0: 2}, -100),
        ("ces", {1: 1, 7: 1, 6: 2}, 5),
        ("csat", {}, None),
        ("nps", {}, None),
        ("ces", {4: 0}, None),
        ("free_form", {}, None),
    ],
)
def test_a_measure_is_what_its_definition_says(
    kind: str, counts: dict[int, int], expected: float | None
) -> None:
    assert measure(kind, counts) == (None if expected is None else pytest.approx(expected))

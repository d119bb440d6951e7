"""What messages in each language read like. A colleague adds a row to the language's table."""

from pathlib import Path

import pytest

from bot.policy.content import read_text
from tests.content.tables import EXPECTED_TAGS, LANGUAGES, Row, read_rows

ROWS = [(code, row) for code in LANGUAGES for row in read_rows(Path(__file__).parent, code)]


@pytest.mark.parametrize(("code", "row"), ROWS, ids=lambda value: getattr(value, "text", value))
def test_a_message_reads_like_what_it_is(code: str, row: Row) -> None:
    reading = read_text(row.text)

    assert (reading.promotional is not None) == (row.label == "promotional"), reading.promotional
    assert (reading.survey is not None) == (row.label == "feedback"), reading.survey
    if row.label != "promotional":
        assert (reading.recurring is not None) == (row.label == "recurring"), reading.recurring
    assert reading.language == code
    if row.label in EXPECTED_TAGS:
        assert reading.tag == EXPECTED_TAGS[row.label], reading.tag_evidence


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_language_has_rows_enough_and_half_of_them_are_innocent(code: str) -> None:
    rows = read_rows(Path(__file__).parent, code)
    innocent = [row for row in rows if row.label not in ("promotional", "feedback", "recurring")]

    assert len(rows) >= 25
    assert len(innocent) * 2 >= len(rows)

"""Where words and sentences end."""

import pytest

from bot.policy.content import read_text
from bot.policy.content.cutting import sentence_numbers
from bot.policy.content.folding import fold
from bot.policy.content.lexicon import TOKEN


def cut(text: str) -> list[str]:
    """Cut a text as the reader does."""
    return list(TOKEN.findall(fold(text).text))


@pytest.mark.parametrize(
    "text",
    [
        "Ihr Tisch am 1.12. um 20 Uhr",
        "gültig bis 31.12. im Laden",
        "am 3. Dezember um 18 Uhr",
        "am 4.Mai im Saal",
        "Termin bei Dr. Lenz",
        "your slot with Mrs. Cole",
        "at 3 p.m. in room 2",
        "z.B. am Montag",
    ],
)
def test_the_dot_of_a_date_or_an_abbreviation_ends_no_sentence(text: str) -> None:
    assert set(sentence_numbers(cut(text))) == {0}


@pytest.mark.parametrize(
    "text",
    ["It costs $15. Order now", "Raum 12. Bitte klingeln", "Ende 5.5.2026. Danke", "Ja. Gern"],
)
def test_any_other_dot_ends_one(text: str) -> None:
    assert set(sentence_numbers(cut(text))) == {0, 1}


def test_a_thai_compound_is_cut_into_the_words_that_make_it_up() -> None:
    assert cut("ส่วนลดพิเศษ") == ["ส่วนลด", "พิเศษ"]
    assert cut("ตรวจสอบสถานะ")[:2] == ["ตรวจ", "สอบ"]


def test_a_day_of_sales_is_known_with_a_dot_behind_it() -> None:
    assert read_text("The 11.11. mega is on").promotional is not None

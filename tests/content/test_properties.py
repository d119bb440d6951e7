"""What holds for every text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy.content import Evidence, read_text

PROMOTIONS = st.sampled_from(
    [
        "Take 20% off all boots today",
        "Aprovecha el 20% de descuento en zapatos",
        "Profitez de 20 % de réduction",
        "Aproveite 20% de desconto em sapatos",
        "Sichern Sie sich 20 % Rabatt",
        "Approfitta del 20% di sconto",
        "Dapatkan diskon 20% untuk semua sepatu",
        "Giảm giá 20% tất cả giày",
        "ลดราคา 20% ทุกชิ้น รับส่วนลดเลย",
    ]
)
PIECES = st.sampled_from(
    [
        "20% off",
        "your order",
        "{{1}}",
        "[name]",
        "-5%",
        "ลด",
        "ราคา",
        "🔥",
        "s a l e",
        "don't",
        "@$",
        "5O%",
    ]
)


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=3))).map(" ".join)))
def test_every_passage_shown_stands_in_the_text(text: str) -> None:
    reading = read_text(text)

    shown = (reading.promotional, reading.survey, reading.recurring, reading.tag_evidence)
    for evidence in filter(None, shown):
        assert isinstance(evidence, Evidence)
        assert 0 <= evidence.start < evidence.end <= len(text)
        assert text[evidence.start : evidence.end] == evidence.passage
        assert evidence.why
    assert (reading.tag is None) == (reading.tag_evidence is None)


@settings(deadline=None)
@given(PROMOTIONS, st.data())
def test_a_zero_width_character_anywhere_does_not_hide_a_promotion(
    text: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(text)))
    hidden = data.draw(st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad"))

    assert read_text(text[:place] + hidden + text[place:]).promotional is not None


@settings(deadline=None)
@given(PROMOTIONS, st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
def test_case_does_not_hide_a_promotion(text: str, change: object) -> None:
    assert callable(change)
    assert read_text(change(text)).promotional is not None


@settings(deadline=None)
@given(PROMOTIONS, st.text(alphabet="qz ", max_size=40))
def test_words_around_it_do_not_hide_a_promotion(text: str, around: str) -> None:
    assert read_text(f"{around}. {text}. {around}").promotional is not None

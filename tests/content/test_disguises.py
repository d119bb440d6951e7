"""Promotions that hide: however they are written, they are found and shown as they stand."""

import pytest

from bot.policy.content import read_text

DISGUISES = {
    "digits for letters": "All lamps 5O% 0FF until Sunday",
    "leet": "G3t y0ur d1sc0unt c0de t0day",
    "a sign for a letter": "Our summer $ale starts today",
    "spaced out": "F R E E   S H I P P I N G on every order",
    "spaced out with a number": "today only 5 0 % o f f",
    "dotted out": "Take your d.i.s.c.o.u.n.t c.o.d.e now",
    "dashes between": "our summer s-a-l-e starts today",
    "zero-width characters": "20% o\u200bf\u200df all bo\u2060ots",
    "soft hyphens": "Free ship\u00adping on all or\u00adders",
    "Cyrillic letters": "20% \u043eff \u0430ll b\u043e\u043ets, sh\u043ep n\u043ew",
    "Greek letters": "\u0391ll boots 20% \u03bfff",
    "full-width letters": "\uff12\uff10\uff05 \uff2f\uff26\uff26 all boots",
    "mathematical letters": "20% \U0001d428\U0001d41f\U0001d41f all boots",
    "circled letters": "20% \u24de\u24d5\u24d5 all boots",
    "combining marks": "20% o\u0336f\u0336f\u0336 all boots",
    "upper case": "GET 20% OFF ALL BOOTS",
    "emoji for words": "\U0001f381 50% \U0001f525\U0001f525",
    "emoji with a price cut": "Everything -30% \U0001f6cd\ufe0f",
    "no accents, Spanish": "ultimos dias de rebajas en toda la tienda",
    "no accents, Vietnamese": "mien phi van chuyen cho don hang dau tien",
    "decomposed accents": "Dernie\u0300res places, profitez d'une re\u0301duction",
}


@pytest.mark.parametrize("text", DISGUISES.values(), ids=DISGUISES)
def test_a_disguised_promotion_is_found_and_shown_as_it_stands(text: str) -> None:
    evidence = read_text(text).promotional

    assert evidence is not None
    assert text[evidence.start : evidence.end] == evidence.passage


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("Now: 20% o\u200bff\u200d!", "20% o\u200bff"),
        ("Straße: f.r.e.e s.h.i.p.p.i.n.g today", "f.r.e.e s.h.i.p.p.i.n.g today"),
        ("½ litre, 5O% 0FF today", "5O% 0FF"),
    ],
)
def test_the_passage_is_shown_with_all_its_disguise(text: str, passage: str) -> None:
    evidence = read_text(text).promotional

    assert evidence is not None
    assert evidence.passage == passage


@pytest.mark.parametrize(
    "price",
    [
        "$5",
        "5 €",
        "€5",
        "£5",
        "R$ 5",
        "Rp5.000",
        "5.000đ",
        "฿50",
        "50 บาท",
        "₹500",
        "¥500",
        "5 USD",
        "CHF 5",
        "5 euros",
        "S/ 5",
        "₫5000",
        "{{price}} €",
        "${{amount}}",
    ],
)
def test_an_amount_off_is_a_promotion_in_every_currency(price: str) -> None:
    assert read_text(f"Take {price} off your next order").promotional is not None


def test_numbers_and_single_letters_are_not_pulled_together() -> None:
    reading = read_text("¿Cómo fue tu visita? Califica de 1 a 5 estrellas")

    assert reading.survey is not None

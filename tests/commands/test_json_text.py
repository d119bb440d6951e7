"""JSON in and out: nothing ambiguous gets in, nothing unreadable goes out."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.json_text import NotJsonError, parsed, read_json, write_json

TOO_DEEP = 100_000
ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(ANY_JSON)
def test_what_is_written_is_one_line_and_reads_as_it_was(value: object) -> None:
    written = write_json(value)

    assert b"\n" not in written
    assert read_json(written) == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "This is not JSON: Expecting value at character 1."),
        (b"{'at': 1}", "This is not JSON: Expecting property name enclosed in double quotes at"),
        (b'{"at": 1} {}', "This is not JSON: Extra data at character 11."),
        (b'{"text": "\xff"}', "This is not UTF-8: byte 11 is wrong."),
        (b"[NaN]", "This is not JSON: NaN is no number there."),
        (b"[-Infinity]", "This is not JSON: -Infinity is no number there."),
        (b"[1e999]", "This JSON has a number that is too large."),
        (b'["\\ud83d"]', "This JSON has half a character (a lone surrogate)."),
        (b'{"\\uDE42": 1}', "This JSON has half a character (a lone surrogate)."),
        (b"1" * 5000, "This JSON has a number that is too long."),
        (b'{"a": 1, "a": 1}', 'The key "a" stands twice in one object.'),
        (b"[" * TOO_DEEP, "This JSON is nested too deeply."),
        (b"[" * TOO_DEEP + b"]" * TOO_DEEP, "This JSON is nested too deeply."),
    ],
)
def test_what_is_no_json_is_refused_with_a_reason(text: bytes, why: str) -> None:
    with pytest.raises(NotJsonError) as caught:
        read_json(text)

    assert str(caught.value).startswith(why)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_a_character_may_be_written_as_a_surrogate_pair() -> None:
    assert read_json(b'"\\ud83d\\ude42"') == "🙂"


def test_letters_of_all_languages_are_written_as_they_are() -> None:
    assert write_json({"text": "Grüße 🙂"}) == '{"text": "Grüße 🙂"}'.encode()


def test_half_a_character_is_spelt_out_as_json_does() -> None:
    assert write_json("\ud83d") == b'"\\ud83d"'


def test_what_is_nested_too_deeply_is_not_written() -> None:
    value: list[object] = []
    for _ in range(TOO_DEEP):
        value = [value]

    with pytest.raises(NotJsonError):
        write_json(value)
    while value:  # a deep list is taken apart by hand: freeing it at once would nest as deeply
        value = value.pop()  # type: ignore[assignment] # every entry is a list


def test_pretty_json_is_the_same_json() -> None:
    value = {"a": [1, 2], "b": "ä"}

    assert json.loads(write_json(value, pretty=True)) == value
    assert b"\n" in write_json(value, pretty=True)


@given(ANY_JSON)
def test_what_others_answer_is_read_as_it_was_meant(value: object) -> None:
    assert parsed(json.dumps(value)) == value
    assert parsed(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'{"text": "cut \\ud83d"}', {"text": "cut \ud83d"}),  # as Meta cuts texts
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        ("[" * 500 + "]" * 500, json.loads("[" * 500 + "]" * 500)),
        (b"[Infinity]", [math.inf]),
        (None, None),
        (b"", None),
        (b"<html>", None),
        (b'{"text": "\xff"}', None),
        (b'{"a": 1} {}', None),
        (b"[" * TOO_DEEP, None),
    ],
)
def test_whatever_they_answer_does_no_harm(text: str | bytes | None, value: object) -> None:
    assert parsed(text) == value

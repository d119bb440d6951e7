"""The small language of phrases: what it says and what it refuses."""

import pytest

from bot.policy.content.machine import Cue, phrase_node
from bot.policy.content.patterns import PatternError, Way, parse, words_in

CUE = Cue("promotional", "offers", True, (), ())


def spelled(ways: list[Way]) -> set[str]:
    """Spell out every way to say a phrase without gaps."""
    said: set[str] = set()
    for way in ways:
        texts = {""}
        for item in way:
            tails = {item} if isinstance(item, str) else spelled(item)
            texts = {f"{text} {tail}".strip() for text in texts for tail in tails}
        said |= texts
    return said


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("free gift", {"free gift"}),
        ("(get|claim) it", {"get it", "claim it"}),
        ("[your] order", {"order", "your order"}),
        ("[your|the] order", {"order", "your order", "the order"}),
        ("offer(s)", {"offer", "offers"}),
        ("organi(z|s)e", {"organize", "organise"}),
        ("(re)book", {"book", "rebook"}),
        ("(a (b|c)|d) e", {"a b e", "a c e", "d e"}),
        ("@pet food", {"cat food", "guinea pig food"}),
    ],
)
def test_a_phrase_says(phrase: str, said: set[str]) -> None:
    assert spelled(parse(phrase, {"pet": ["cat", "guinea pig"]})) == said


@pytest.mark.parametrize(
    "phrase",
    ["(a", "a)", "[a", "@nothing", "<colour>", "ab*", "", "[a]", ".. a", "a ..", "a ...", "a ,"],
)
def test_a_phrase_that_makes_no_sense_is_refused_by_its_name(phrase: str) -> None:
    with pytest.raises(PatternError) as refusal:
        phrase_node(phrase, parse(phrase, {}), CUE, lambda word: [] if word == "," else [word])
    assert repr(phrase) in str(refusal.value) or phrase in str(refusal.value)


def test_every_word_of_a_phrase_is_named() -> None:
    assert list(words_in(parse("a [b] (c|d) .. e", {}))) == ["a", "b", "c", "d", "..", "e"]

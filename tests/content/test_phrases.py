"""The language files: every phrase can be found, and every group's own examples show it."""

import pytest

from bot.policy.content import read_text
from bot.policy.content.cutting import sentence_numbers
from bot.policy.content.folding import fold
from bot.policy.content.lexicon import BY_CODE, PHRASES, TOKEN, Phrase
from bot.policy.content.machine import Cue
from bot.policy.content.matching import find_phrases
from bot.policy.content.patterns import FAR_GAP, SHORT_GAP, first_way

SAMPLES = {
    "<percent>": "20%",
    "<cut>": "-20%",
    "<money>": "$15",
    "<number>": "7",
    "<slot>": "{{1}}",
    "<link>": "https://example.com",
    SHORT_GAP: "xyzzy",
    FAR_GAP: "xyzzy",
}
ALL_PHRASES = [(code, phrase) for code, phrases in PHRASES.items() for phrase in phrases]
ALL_CUES = list(dict.fromkeys((code, phrase.cue) for code, phrase in ALL_PHRASES))
PROMISES = {"promotional", "survey", "recurring"}


def cues_found(code: str, text: str) -> set[Cue]:
    words = TOKEN.findall(fold(text).text)
    language = BY_CODE["en" if code == "common" else code]
    return {hit.cue for hit in find_phrases(language, words, sentence_numbers(words))}


@pytest.mark.parametrize("code", PHRASES)
def test_every_phrase_is_found_in_a_text_that_says_it(code: str) -> None:
    lost = [p.written for p in PHRASES[code] if p.cue not in cues_found(code, said(code, p))]

    assert lost == []


def said(code: str, phrase: Phrase) -> str:
    between = "" if code == "th" else " "
    gap = "ๆ" if code == "th" else "xyzzy"
    words = [SAMPLES.get(word, word.strip("*")) for word in first_way(phrase.ways)]
    return between.join(f" {word} " if word[0] in "{$-27h" else word for word in words).replace(
        "xyzzy", gap
    )


@pytest.mark.parametrize(("code", "cue"), ALL_CUES, ids=lambda v: getattr(v, "why", v))
def test_every_group_of_phrases_is_found_in_its_own_examples(code: str, cue: Cue) -> None:
    if cue.kind != "guard" and cue.strong:
        assert cue.examples, "a group of phrases needs an example"
    for example in cue.examples:
        assert cue in cues_found(code, example), example


@pytest.mark.parametrize(("code", "cue"), ALL_CUES, ids=lambda v: getattr(v, "why", v))
def test_an_example_reads_like_its_group(code: str, cue: Cue) -> None:
    if cue.kind in PROMISES and cue.strong:
        for example in cue.examples:
            reading = read_text(example)
            assert getattr(reading, cue.kind) is not None, example


@pytest.mark.parametrize(("code", "cue"), ALL_CUES, ids=lambda v: getattr(v, "why", v))
def test_a_guard_keeps_its_examples_innocent(code: str, cue: Cue) -> None:
    if cue.kind == "guard":
        for example in cue.examples:
            reading = read_text(example)
            assert all(getattr(reading, kind) is None for kind in PROMISES & {*cue.against})

"""What we know of each language, read from `languages/*.toml` at import."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from bot.policy.content.folding import fold
from bot.policy.content.leaning import Leaning, read_leanings
from bot.policy.content.machine import Cue, Machine, Node, phrase_node
from bot.policy.content.patterns import FAR_GAP, SHORT_GAP, STEM_LENGTH, Way, parse, words_in
from bot.policy.content.tokens import classes_of, token_pattern

LANGUAGES = ("en", "es", "fr", "pt", "de", "it", "id", "vi", "th")
KINDS = ("promotional", "survey", "recurring", "event", "purchase", "account", "human", "guard")
_THAI = re.compile("[\u0e00-\u0e7f]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as it is written, with the ways to say it and what it tells."""

    written: str
    ways: list[Way]
    cue: Cue


@dataclass(slots=True, eq=False)
class Language:
    """One language ready to read with. `symbols` is what the machine may call a known word."""

    code: str
    machine: Machine
    symbols: dict[str, tuple[str, ...]] = field(default_factory=dict)
    prefixes: dict[str, list[str]] = field(default_factory=dict)
    suffixes: dict[str, list[str]] = field(default_factory=dict)
    common_words: frozenset[str] = frozenset()
    leanings: Mapping[str, Leaning] = field(default_factory=dict)

    def stems_of(self, word: str) -> tuple[str, ...]:
        """Name the stems that a word begins or ends with."""
        prefixes = self.prefixes.get(word[:STEM_LENGTH], ())
        suffixes = self.suffixes.get(word[-STEM_LENGTH:], ())
        if not prefixes and not suffixes:
            return ()
        return (
            *(stem for stem in prefixes if word.startswith(stem[:-1])),
            *(stem for stem in suffixes if word.endswith(stem[1:])),
        )


def _read(name: str) -> dict[str, Any]:
    text = (files("bot.policy.content") / "languages" / f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


def _cues(data: Mapping[str, Any]) -> Iterator[Cue]:
    for kind in KINDS:
        for group in data.get(kind, []):
            yield Cue(
                kind=kind,
                why=group["why"],
                strong=group.get("strength", "strong") == "strong",
                phrases=tuple(group["phrases"]),
                examples=tuple(group["examples"]) if "examples" in group else (),
                against=tuple(group.get("against", ())),
                scope=group.get("scope", "words"),
            )


def _phrases(data: Mapping[str, Any]) -> list[Phrase]:
    sets = data.get("sets", {})
    return [Phrase(p, parse(p, sets), cue) for cue in _cues(data) for p in cue.phrases]


_data = {name: _read(name) for name in (*LANGUAGES, "common", "unsupported")}
PHRASES = {name: _phrases(_data[name]) for name in (*LANGUAGES, "common")}
TOKEN = token_pattern(
    {
        piece
        for phrase in (*PHRASES["th"], *PHRASES["common"])
        for word in words_in(phrase.ways)
        for piece in _THAI.findall(fold(word).text)
    }
    | set(_data["th"]["language"]["common_words"].split())
)


@cache
def _cut(word: str) -> tuple[str, ...]:
    """Fold and cut a word of a phrase exactly as a text is."""
    if word.startswith("<"):
        return (word,)
    if word.startswith("*"):
        return ("*" + fold(word[1:]).text,)
    if word.endswith("*"):
        return (fold(word[:-1]).text + "*",)
    return tuple(TOKEN.findall(fold(word).text))


def _build(code: str) -> Language:
    phrases = [*PHRASES[code], *PHRASES["common"]]
    machine = Machine(lambda: [_merged(phrases)])  # a bot needs few of the languages
    language = Language(code, machine, leanings=read_leanings(code))
    for token in sorted(_vocabulary(phrases)):
        if token.startswith("*"):
            language.suffixes.setdefault(token[-STEM_LENGTH:], []).append(token)
        elif token.endswith("*"):
            language.prefixes.setdefault(token[:STEM_LENGTH], []).append(token)
        elif not token.startswith("<"):
            language.symbols[token] = (token,)
    for word in language.symbols:
        language.symbols[word] += language.stems_of(word) if word.isalpha() else classes_of(word)
    language.common_words = frozenset(_tokens(_data[code]["language"]["common_words"].split()))
    return language


def _merged(phrases: Iterable[Phrase]) -> Node:
    merged = Node()
    for phrase in phrases:
        merged.absorb(phrase_node(phrase.written, phrase.ways, phrase.cue, _cut))
    return merged


def _vocabulary(phrases: Iterable[Phrase]) -> set[str]:
    words = {word for phrase in phrases for word in words_in(phrase.ways)}
    return {token for word in words - {SHORT_GAP, FAR_GAP} for token in _cut(word)}


def _tokens(words: Iterable[str]) -> list[str]:
    return [token for word in words for token in _cut(word)]


BY_CODE = {code: _build(code) for code in LANGUAGES}
UNSUPPORTED_WORDS = frozenset(_tokens(_data["unsupported"]["common_words"].split())).difference(
    *(language.common_words for language in BY_CODE.values())
)
SHARED_WORDS = frozenset(_vocabulary(PHRASES["common"]))

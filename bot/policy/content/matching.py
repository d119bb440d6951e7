"""Find the phrases of one language in the tokens of a text."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from bot.policy.content.lexicon import Language
from bot.policy.content.machine import Cue, Machine, State
from bot.policy.content.tokens import EMOJI, classes_of

_SHORT_GAP, _SHORT_GAP_THAI, _FAR_GAP = 5, 20, 30
_LEETS = (str.maketrans("013457@$€£", "oieastasel"), str.maketrans("013457@$€£", "oleastasel"))
_WORDS = re.compile(r"[^\W\d_]+")
_EMOJI = re.compile(f"[{EMOJI}]")


class Hit(NamedTuple):
    """A phrase found: tokens from `start` up to but not including `end`."""

    start: int
    end: int
    cue: Cue


@dataclass(slots=True)
class _Gaps:
    """Where in a text the phrases that have come to a gap may go on."""

    machine: Machine
    symbols: list[tuple[str, ...]]
    sentences: list[int]
    occurring: set[str]
    short: int
    places_of: dict[str, list[int]] = field(default_factory=dict)
    reached: dict[int, list[tuple[int, State]]] = field(default_factory=dict)

    def after(self, state: State, at: int) -> list[tuple[State, int]]:
        """Go on beyond the gaps of a state whose phrase has been read up to `at`."""
        found: list[tuple[State, int]] = []
        if state.short_gap is not None and self._occurs(state.short_gap):
            beyond = self._near if self.short == _SHORT_GAP else self._far
            end = min(at + self.short + 1, bisect_right(self.sentences, self.sentences[at]))
            found += beyond(state.short_gap, at, min(end, len(self.symbols)))
        if state.far_gap is not None and self._occurs(state.far_gap):
            found += self._far(state.far_gap, at, at + _FAR_GAP)
        return found

    def _occurs(self, state: State) -> bool:
        """Whether any word of the text goes on from there."""
        return not state.after.keys().isdisjoint(self.occurring)

    def _near(self, state: State, at: int, end: int) -> list[tuple[State, int]]:
        """Try each of a few words."""
        after = state.after
        return [
            (self.machine.follow(state, name), place + 1)
            for place in range(at, end)
            for name in self.symbols[place]
            if name in after
        ]

    def _far(self, state: State, at: int, end: int) -> list[tuple[State, int]]:
        """Find all words of the text that go on from a state once, then look them up."""
        places = self.reached.get(id(state))
        if places is None:
            places = self.reached[id(state)] = sorted(self._all_places(state), key=_place)
        if not places:
            return []
        first = bisect_left(places, at, key=_place)
        last = bisect_left(places, end, first, key=_place)
        return [(following, place + 1) for place, following in places[first:last]]

    def _all_places(self, state: State) -> Iterator[tuple[int, State]]:
        if not self.places_of:
            for place, names in enumerate(self.symbols):
                for name in names:
                    self.places_of.setdefault(name, []).append(place)
        for name in sorted(state.after.keys() & self.places_of.keys()):
            following = self.machine.follow(state, name)
            for place in self.places_of[name]:
                yield place, following


def _place(entry: tuple[int, State]) -> int:
    return entry[0]


def find_phrases(language: Language, words: list[str], sentences: list[int]) -> list[Hit]:
    """Find every phrase of the language."""
    known = language.symbols.get
    symbols = [known(word) or _unknown_symbols(language, word) for word in words]
    symbols.append(())
    short = _SHORT_GAP_THAI if language.code == "th" else _SHORT_GAP
    occurring = {name for names in symbols for name in names}
    gaps = _Gaps(language.machine, symbols, sentences, occurring, short)
    first = language.machine.start
    hits: list[Hit] = []
    for start, names in enumerate(symbols):
        for name in names:
            if name in first.after:
                state = language.machine.follow(first, name)
                if state.stays or not state.after.keys().isdisjoint(symbols[start + 1]):
                    hits += _phrases_from(start, state, symbols, gaps)
    return hits


def _phrases_from(
    start: int, state: State, symbols: list[tuple[str, ...]], gaps: _Gaps
) -> list[Hit]:
    """Find the phrases that begin with the word at `start`, which leads to `state`."""
    hits: list[Hit] = []
    follow = gaps.machine.follow
    open_ends = [(state, start + 1)]
    for reached, at in open_ends:
        for cue in reached.cues:
            hits.append(Hit(start, at, cue))
        after = reached.after
        for name in symbols[at]:
            if name in after:
                beyond = after[name]  # asked here, for a call costs more than all the rest
                state = beyond if isinstance(beyond, State) else follow(reached, name)
                open_ends.append((state, at + 1))
        if reached.has_gap:
            open_ends += gaps.after(reached, at)
    return hits


@lru_cache(maxsize=20_000)
def _unknown_symbols(language: Language, token: str) -> tuple[str, ...]:
    """Name what a token may stand for that is no word of the phrases as it is written."""
    if token.isalpha():
        return language.stems_of(token)
    found = classes_of(token)
    if found == ("<slot>",):
        return found + _symbols_in(language, _WORDS.findall(token))
    if found == ("<number>",) and token[-1] == ".":
        return language.symbols.get(token[:-1], found)
    if token.islower() and (not found or found == ("<number>",)):
        for leet in _LEETS:
            plain = token.translate(leet)
            if plain in language.symbols and plain.isalpha():
                return language.symbols[plain]
    return found or _symbols_in(language, _EMOJI.findall(token))


def _symbols_in(language: Language, words: list[str]) -> tuple[str, ...]:
    names = [name for word in words for name in language.symbols.get(word, ())]
    return tuple(dict.fromkeys(names))

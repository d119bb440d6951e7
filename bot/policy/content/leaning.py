"""Which way a text leans as a whole: each of its words is worth points for or against.

A phrase says what a passage says; the words around it say what kind of message it stands in. Where
these contradict it plainly a phrase is not believed, and where all of them speak of an offer there
is one, though in no words that the phrases know. The points of each language are counted from
labelled messages by `python -m tests.learn_leanings`: quarters of the logarithm of the odds.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from bot.policy.content.tokens import classes_of

AGAINST: Final = {"promotional": -13, "survey": -17}
"""So few points that what the phrases say is not believed; the kinds that words tell."""
FOR: Final = 8
"""So many points that the words are enough without any phrase."""


@dataclass(frozen=True, slots=True)
class Leaning:
    """What the words of one language are worth for one kind of message."""

    start: int
    points: Mapping[str, int]

    def of(self, traits: Iterable[str]) -> int:
        """Add up the points of a text, each trait once."""
        return self.start + sum(filter(None, map(self.points.get, set(traits))))


def traits_of(words: Iterable[str]) -> list[str]:
    """What each token counts as: words and emoji as themselves, the others as amount, number, link."""
    return [word if word.isalpha() else (*classes_of(word), word)[0] for word in words]


def read_leanings(code: str) -> Mapping[str, Leaning]:
    """The leanings of a language, by kind."""
    text = (files("bot.policy.content") / "leanings" / f"{code}.toml").read_text("utf-8")
    return leanings_in(text)


def leanings_in(toml: str) -> Mapping[str, Leaning]:
    """The leanings that a file names, by kind."""
    return {kind: _leaning(table) for kind, table in tomllib.loads(toml).items()}


def _leaning(table: Mapping[str, Any]) -> Leaning:
    points = {
        word: int(worth) for worth, words in table["points"].items() for word in words.split()
    }
    return Leaning(table["start"], points)

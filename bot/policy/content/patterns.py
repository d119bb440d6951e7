"""The small language in which phrases are written.

    discount code        the words, in this order; case and accents do not matter
    (get|claim) it       one of these
    [your|the] order     one of these or nothing
    offer(s) organi(z|s)e  endings and letters inside a word: one letter group may be left out,
                         of several one must stand
    rabatt*  *rabatt     every word that begins or ends like this (at least four letters)
    <percent>            a class: percent cut money number slot link
    get .. off           up to five other words between, inside the sentence
    sorry ... voucher    up to thirty other words between, across sentences
    @discount            one of the set of that name in the same file

Spaces mean nothing in Thai: a run of Thai letters is one word, and a gap counts in letters.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

CLASSES = frozenset({"<percent>", "<cut>", "<money>", "<number>", "<slot>", "<link>"})
SHORT_GAP, FAR_GAP = "..", "..."
_MARK = re.compile(r"[()\[\]|]")
_GLUED = re.compile(
    r"(?<![\w)])(?:[^\W_]+(?:\([^\W_|]+(?:\|[^\W_]+)*\)[^\W_]*)+|(?:\([^\W_|]+\)[^\W_]+)+)(?![\w(])"
)
_GROUP = re.compile(r"\(([^()]*)\)")

Way: TypeAlias = "list[Item]"
"""One way to say something: what follows each other."""
Item: TypeAlias = "str | list[Way]"
"""A word, class or gap; or a choice of ways, an empty one among them when it may be left out."""
Sets: TypeAlias = Mapping[str, Sequence[str]]


class PatternError(ValueError):
    """A phrase is not written in the language above; the message names it."""


@dataclass(slots=True)
class _Parser:
    phrase: str
    parts: list[str]
    sets: Sets
    at: int = 0

    def ways(self, closing: str | None) -> list[Way]:
        """Read alternatives up to the closing bracket, or to the end where there is none."""
        found: list[Way] = [[]]
        while self.at < len(self.parts):
            part = self.parts[self.at]
            self.at += 1
            if part == closing:
                return found
            if part == "|":
                found.append([])
            else:
                found[-1].append(self._item(part))
        if closing is not None:
            raise PatternError(f"{closing!r} is missing in {self.phrase!r}")
        return found

    def _item(self, part: str) -> Item:
        if part == "(":
            return self.ways(")")
        if part == "[":
            return [[], *self.ways("]")]
        if part in (")", "]"):
            raise PatternError(f"{part!r} closes nothing in {self.phrase!r}")
        if part.startswith("@"):
            if part[1:] not in self.sets:
                raise PatternError(f"{self.phrase!r} names the unknown set {part}")
            return [way for member in self.sets[part[1:]] for way in parse(member, self.sets)]
        if part.startswith("<") and part not in CLASSES:
            raise PatternError(f"{self.phrase!r} names the unknown class {part}")
        if "*" in part and len(part) <= STEM_LENGTH:
            raise PatternError(f"{self.phrase!r}: {part!r} is too short for a stem")
        return part


STEM_LENGTH = 4
"""How many letters of a stem are needed to look it up."""


def parse(phrase: str, sets: Sets) -> list[Way]:
    """Read a phrase as the ways to say it. Raises PatternError for one that cannot be read."""
    whole_words = _GLUED.sub(_spell_out, phrase)
    parts = _MARK.sub(lambda mark: f" {mark[0]} ", whole_words).split()
    return _Parser(phrase, parts, sets).ways(None)


def _spell_out(glued: re.Match[str]) -> str:
    """Turn `offer(s)` into `(offer|offers)`."""
    groups = [part.split("|") for part in _GROUP.split(glued[0])]
    ways = [
        ["", *group] if place % 2 and len(group) == 1 else group
        for place, group in enumerate(groups)
    ]
    return f"({'|'.join(map(''.join, product(*ways)))})"


def words_in(ways: Sequence[Way]) -> Iterator[str]:
    """Name every word, class and gap of a phrase."""
    for way in ways:
        for item in way:
            if isinstance(item, str):
                yield item
            else:
                yield from words_in(item)


def first_way(ways: Sequence[Way]) -> list[str]:
    """Spell out one way to say a phrase: the first of each choice that says anything."""
    said: list[str] = []
    for item in next(way for way in ways if way):
        said += [item] if isinstance(item, str) else first_way(item)
    return said

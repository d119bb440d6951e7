"""All phrases of a language as one machine that reads word by word.

Each phrase becomes a few linked `Node`s. A `State` stands for all the nodes that the words read so
far lead to, so that following a hundred phrases that begin alike costs one look-up a word. States
are made when they are first needed; there are never more than the phrases allow.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from bot.policy.content.patterns import FAR_GAP, SHORT_GAP, Item, PatternError, Way


@dataclass(frozen=True, slots=True, eq=False)
class Cue:
    """A group of phrases that tell the same: one table in a language file.

    A strong cue is enough alone, a weak one needs another.
    A guard takes back what it covers: the `words` it stands on, its `sentence`, or the `text`.
    """

    kind: str
    why: str
    strong: bool
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    against: tuple[str, ...] = ()
    scope: str = "words"


@dataclass(slots=True, eq=False)
class Node:
    """A place in one phrase: the words that lead on, the gaps, and the cue when it is complete."""

    steps: list[tuple[str, "Node"]] = field(default_factory=list)
    cues: list[Cue] = field(default_factory=list)
    short_gaps: list["Node"] = field(default_factory=list)
    far_gaps: list["Node"] = field(default_factory=list)

    def absorb(self, other: "Node") -> None:
        """Allow everything that the other place allows."""
        self.steps += other.steps
        self.cues += other.cues
        self.short_gaps += other.short_gaps
        self.far_gaps += other.far_gaps


Cut: TypeAlias = Callable[[str], Sequence[str]]
"""Cuts a word of a phrase into the tokens that it will be in a text."""


def phrase_node(phrase: str, ways: Sequence[Way], cue: Cue, cut: Cut) -> Node:
    """Link the nodes of a phrase. Raises PatternError where it says nothing or gapes at an end."""
    try:
        first = _choice(ways, Node(cues=[cue]), cut)
    except PatternError as error:
        raise PatternError(f"{phrase!r}: {error}") from error
    gaps = first.short_gaps + first.far_gaps
    if first.cues or gaps or not first.steps:
        raise PatternError(f"{phrase!r} can be empty or begins with a gap")
    return first


def _choice(ways: Iterable[Way], after: Node, cut: Cut) -> Node:
    merged = Node()
    for way in ways:
        node = after
        for item in reversed(way):
            node = _item(item, node, cut)
        merged.absorb(node)
    return merged


def _item(item: Item, after: Node, cut: Cut) -> Node:
    if not isinstance(item, str):
        return _choice(item, after, cut)
    if item in (SHORT_GAP, FAR_GAP):
        if after.cues:
            raise PatternError("a gap stands at the end")
        return Node(short_gaps=[after]) if item == SHORT_GAP else Node(far_gaps=[after])
    tokens = cut(item)
    if not tokens:
        raise PatternError(f"{item!r} is no word")
    node = after
    for token in reversed(tokens):
        node = Node(steps=[(token, node)])
    return node


@dataclass(slots=True, eq=False)
class State:
    """Where the words read so far lead; `after` holds nodes until the state is first needed."""

    after: dict[str, "State | list[Node]"]
    cues: tuple[Cue, ...]
    short_gap: "State | None" = None
    far_gap: "State | None" = None
    has_gap: bool = field(init=False)
    stays: bool = field(init=False)  # whether it says something whatever word comes next

    def __post_init__(self) -> None:
        self.has_gap = self.short_gap is not None or self.far_gap is not None
        self.stays = self.has_gap or bool(self.cues)


class Machine:
    """The states of one language, each made once; `nodes` is asked for when a first text needs them."""

    def __init__(self, nodes: Callable[[], Sequence[Node]]) -> None:
        self._made: dict[frozenset[int], State] = {}
        self._nodes = nodes

    @cached_property
    def start(self) -> State:
        """Where every text begins."""
        self._kept = (
            self._nodes()
        )  # states are found by the identity of these: they must stay alive
        return self._state(self._kept)

    def follow(self, state: State, symbol: str) -> State:
        """Say where a word leads; the state must have the symbol among those `after` it."""
        following = state.after[symbol]
        if isinstance(following, list):
            following = state.after[symbol] = self._state(following)
        return following

    def _state(self, nodes: Sequence[Node]) -> State:
        key = frozenset(map(id, nodes))
        if key not in self._made:
            self._made[key] = self._make(list(dict.fromkeys(nodes)))
        return self._made[key]

    def _make(self, nodes: Sequence[Node]) -> State:
        after: dict[str, State | list[Node]] = {}
        for node in nodes:
            for symbol, following in node.steps:
                after.setdefault(symbol, []).append(following)  # type: ignore[union-attr]
        short = [gap for node in nodes for gap in node.short_gaps]
        far = [gap for node in nodes for gap in node.far_gaps]
        return State(
            after,
            tuple(dict.fromkeys(cue for node in nodes for cue in node.cues)),
            self._state(short) if short else None,
            self._state(far) if far else None,
        )

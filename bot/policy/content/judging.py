"""From the phrases found to what the text reads like."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.policy.content.folding import Folded
from bot.policy.content.matching import Hit
from bot.policy.content.reading import Evidence

TAG_OF_KIND = {
    "event": "CONFIRMED_EVENT_UPDATE",
    "purchase": "POST_PURCHASE_UPDATE",
    "account": "ACCOUNT_UPDATE",
    "human": "HUMAN_AGENT",
}
_NOTICES = (*TAG_OF_KIND, "survey", "recurring")
_ENOUGH = 2
"""What a finding needs: one strong cue or two weak ones."""


@dataclass(frozen=True, slots=True)
class Findings:
    """The phrases of a text by what they tell, guarded ones left out, and the text they show."""

    text: str
    folded: Folded
    tokens: Sequence[re.Match[str]]
    sentences: Sequence[int]
    hits: Mapping[str, Sequence[Hit]]

    def evidence(self, kind: str) -> Evidence | None:
        """Say whether the cues of one kind are enough, and show the passage."""
        own = self.hits.get(kind)
        if not own:
            return None
        score, kept = weigh(own)
        lead = kept[0]
        if score < _ENOUGH + (not lead.cue.strong and self._is_notice(kind)):
            return None
        sentence = self.sentences[lead.start]
        beside = [hit for hit in own if self.sentences[hit.start] == sentence]
        return self._show(beside if lead.cue.strong else kept, lead)

    def _is_notice(self, kind: str) -> bool:
        """Say whether a text reads like a notice, in which hints of promotion must be plainer.

        A person who answers mentions prices and offers too, hence a hint of one is enough there.
        """
        if kind != "promotional":
            return False
        others = (weigh(self.hits[k])[0] for k in _NOTICES if k in self.hits)
        return "human" in self.hits or max(others, default=0) >= _ENOUGH

    def tag(self) -> tuple[str | None, Evidence | None]:
        """Name the tag whose cues outweigh the others', or none when two are as heavy."""
        weighed = [(*weigh(self.hits[kind]), kind) for kind in TAG_OF_KIND if kind in self.hits]
        weighed.sort(key=lambda entry: -entry[0])
        if not weighed or weighed[0][0] < _ENOUGH:
            return None, None
        score, kept, kind = weighed[0]
        if len(weighed) > 1 and weighed[1][0] == score:
            return None, None
        return TAG_OF_KIND[kind], self._show(kept[:1], kept[0])

    def _show(self, parts: Sequence[Hit], lead: Hit) -> Evidence:
        """Turn phrases found into one passage of the original text."""
        first, last = min(hit.start for hit in parts), max(hit.end for hit in parts) - 1
        start, end = self.folded.original_span(
            self.tokens[first].start(1), self.tokens[last].end(1)
        )
        return Evidence(self.text[start:end], start, end, lead.cue.why)


def weigh(hits: Sequence[Hit]) -> tuple[int, list[Hit]]:
    """Add up phrases of one kind: 2 for a strong one, 1 for a weak one.

    Of phrases that share words the strongest and longest counts, and of a group of weak ones one.
    """
    kept: list[Hit] = []
    taken: set[int] = set()
    weak: set[int] = set()
    score = 0
    for hit in sorted(hits, key=_rank) if len(hits) > 1 else hits:
        start, end, cue = hit
        if (not cue.strong and id(cue) in weak) or not taken.isdisjoint(range(start, end)):
            continue
        taken.update(range(start, end))
        kept.append(hit)
        score += 2 if cue.strong else 1
        if not cue.strong:
            weak.add(id(cue))
    return score, kept


def _rank(hit: Hit) -> tuple[bool, int, int]:
    return not hit.cue.strong, hit.start - hit.end, hit.start


def by_kind(hits: Sequence[Hit], sentences: Sequence[int]) -> dict[str, list[Hit]]:
    """Sort phrases by what they tell, dropping the guards and what they take back."""
    sorted_hits: dict[str, list[Hit]] = {}
    for hit in hits:
        sorted_hits.setdefault(hit.cue.kind, []).append(hit)
    guards = sorted_hits.pop("guard", [])
    for kind in {kind for guard in guards for kind in guard.cue.against} & sorted_hits.keys():
        against = [guard for guard in guards if kind in guard.cue.against]
        sorted_hits[kind] = _unguarded(sorted_hits[kind], against, sentences)
    return sorted_hits


def _unguarded(hits: list[Hit], guards: list[Hit], sentences: Sequence[int]) -> list[Hit]:
    covered: set[int] = set()
    closed: set[int] = set()
    for guard in guards:
        if guard.cue.scope == "text":
            return []
        if guard.cue.scope == "sentence":
            closed.update(range(sentences[guard.start], sentences[guard.end - 1] + 1))
        else:
            covered.update(range(guard.start, guard.end))
    return [
        hit
        for hit in hits
        if closed.isdisjoint((sentences[hit.start], sentences[hit.end - 1]))
        and covered.isdisjoint(range(hit.start, hit.end))
    ]

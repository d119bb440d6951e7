"""From the phrases found to what the text reads like."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from bot.policy.content.cutting import CutText
from bot.policy.content.leaning import AGAINST, FOR, Leaning
from bot.policy.content.matching import Hit
from bot.policy.content.reading import Evidence
from bot.policy.content.tokens import SENTENCE_ENDS

TAG_OF_KIND = {
    "event": "CONFIRMED_EVENT_UPDATE",
    "purchase": "POST_PURCHASE_UPDATE",
    "account": "ACCOUNT_UPDATE",
    "human": "HUMAN_AGENT",
}
_NOTICES = (*TAG_OF_KIND, "survey", "recurring")
_ENOUGH = 2
"""What a finding needs: one strong cue or two weak ones."""
_READS_LIKE = {
    "promotional": "reads as a whole like an offer",
    "survey": "reads as a whole like a request for feedback",
}


@dataclass(frozen=True, slots=True)
class Findings:
    """The phrases of a text by what they tell, guarded ones left out, and which way its words lean."""

    pieces: CutText
    hits: Mapping[str, Sequence[Hit]]
    guarded: Set[str]
    leanings: Mapping[str, Leaning]
    weighed: Mapping[str, tuple[int, Sequence[Hit]]]

    def evidence(self, kind: str) -> Evidence | None:
        """Say whether the text is of this kind, and show the passage."""
        shown = self._in_phrases(kind)
        leaning = self.leanings.get(kind)
        if leaning is None:
            return shown
        points = leaning.of(self.pieces.traits)
        if shown:
            return shown if points > AGAINST[kind] else None
        if points < FOR or kind in self.guarded or "survey" in self.hits:
            return None
        return self._in_words(leaning, _READS_LIKE[kind])

    def _in_phrases(self, kind: str) -> Evidence | None:
        """Whether the cues of one kind are enough."""
        if kind not in self.weighed:
            return None
        own, (score, kept) = self.hits[kind], self.weighed[kind]
        lead = kept[0]
        if score < _ENOUGH + (not lead.cue.strong and self._is_notice(kind)):
            return None
        sentence = self.pieces.sentences[lead.start]
        beside = [hit for hit in own if self.pieces.sentences[hit.start] == sentence]
        return self._show(beside if lead.cue.strong else kept, lead)

    def _in_words(self, leaning: Leaning, why: str) -> Evidence | None:
        """Show the sentence whose words speak most for it."""
        gains: dict[int, int] = {}
        places: dict[int, list[int]] = {}
        for place, (trait, sentence) in enumerate(
            zip(self.pieces.traits, self.pieces.sentences, strict=False)
        ):
            if trait[0] not in SENTENCE_ENDS and (points := leaning.points.get(trait, 0)) > 0:
                gains[sentence] = gains.get(sentence, 0) + points
                places.setdefault(sentence, []).append(place)
        if not gains:
            return None
        shown = places[max(gains, key=lambda sentence: gains[sentence])]
        return self._passage(shown[0], shown[-1], why)

    def _is_notice(self, kind: str) -> bool:
        """Say whether a text reads like a notice, in which hints of promotion must be plainer.

        A person who answers mentions prices and offers too, hence a hint of one is enough there.
        """
        if kind != "promotional":
            return False
        return "human" in self.weighed or any(
            k in self.weighed and self.weighed[k][0] >= _ENOUGH for k in _NOTICES
        )

    def tag(self) -> tuple[str | None, Evidence | None]:
        """Name the tag whose cues outweigh the others', or none when two are as heavy."""
        scores = {kind: self.weighed[kind][0] for kind in TAG_OF_KIND if kind in self.weighed}
        most = max(scores.values(), default=0)
        heaviest = [kind for kind, score in scores.items() if score == most]
        if most < _ENOUGH or len(heaviest) > 1:
            return None, None
        lead = self.weighed[heaviest[0]][1][0]
        return TAG_OF_KIND[heaviest[0]], self._show([lead], lead)

    def _show(self, parts: Sequence[Hit], lead: Hit) -> Evidence:
        """Turn phrases found into one passage of the original text."""
        first, last = min(hit.start for hit in parts), max(hit.end for hit in parts) - 1
        return self._passage(first, last, lead.cue.why)

    def _passage(self, first: int, last: int, why: str) -> Evidence:
        start, end = self.pieces.span(first, last)
        return Evidence(self.pieces.original[start:end], start, end, why)


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


def by_kind(hits: Sequence[Hit], sentences: Sequence[int]) -> tuple[dict[str, list[Hit]], set[str]]:
    """Sort phrases by what they tell, dropping the guards and what they take back.

    Also says which kinds some guard stands against, whether it took anything back or not.
    """
    sorted_hits: dict[str, list[Hit]] = {}
    for hit in hits:
        sorted_hits.setdefault(hit.cue.kind, []).append(hit)
    guards = sorted_hits.pop("guard", [])
    guarded = {kind for guard in guards for kind in guard.cue.against}
    for kind in guarded & sorted_hits.keys():
        against = [guard for guard in guards if kind in guard.cue.against]
        sorted_hits[kind] = _unguarded(sorted_hits[kind], against, sentences)
    return sorted_hits, guarded


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

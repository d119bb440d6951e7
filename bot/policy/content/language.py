"""Which of the supported languages is a text written in? Counted by its common words."""

import re
import struct

from bot.policy.content.lexicon import BY_CODE, LANGUAGES, SHARED_WORDS, UNSUPPORTED_WORDS, Language

_COMMON_WORD, _PHRASE_WORD = 4, 1
_FIELDS = len(LANGUAGES) + 1
_LAYOUT = struct.Struct(f"<{_FIELDS}I")
_BITS = 32
_FOREIGN = re.compile("[^\\W\\d_\u0000-\u024f\u0e00-\u0e7f\u1d00-\u1eff]")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_NEAR = 0.7
_FEW_VOTES = 4
_MOST = 3


def _votes() -> dict[str, int]:
    """Give each word one number that holds a count for every language, added at one stroke."""
    votes: dict[str, int] = {}

    def vote(words: frozenset[str] | set[str], place: int, weight: int) -> None:
        for word in words:
            votes[word] = votes.get(word, 0) + (weight << (_BITS * place))

    for place, code in enumerate(LANGUAGES):
        language = BY_CODE[code]
        common = language.common_words
        vote(common, place, _COMMON_WORD)
        phrase_words = {w for w in language.symbols if len(w) > 1 or w >= "\u0e00"}
        vote(phrase_words - common - SHARED_WORDS, place, _PHRASE_WORD)
    vote(UNSUPPORTED_WORDS, len(LANGUAGES), _COMMON_WORD)
    return votes


_votes_of = _votes().get


def languages_of(folded: str, words: list[str]) -> tuple[list[Language], bool]:
    """Name the languages a text may be in, likeliest first, and whether it is in another one.

    Several stand there when too few words decide; none when there is nothing to go by.
    """
    if not _LETTERS.search(folded):
        return [], False
    total = sum(filter(None, map(_votes_of, words)))
    counts = _LAYOUT.unpack(total.to_bytes(_LAYOUT.size, "little"))
    other = counts[-1]
    best = max(counts[:-1])
    foreign = 0 if folded.isascii() else 2 * len(_FOREIGN.findall(folded))
    if other > best or foreign > max(best, 1):
        return [], True
    if not best:
        return [], sum(1 for word in words if _LETTERS.match(word)) > 1
    enough = best * (_NEAR if best > _FEW_VOTES else 0.3)
    likely = [pair for pair in zip(counts, LANGUAGES, strict=False) if pair[0] >= enough]
    if len(likely) > 1:
        likely.sort(key=lambda pair: -pair[0])
    return [BY_CODE[code] for _, code in likely[:_MOST]], False

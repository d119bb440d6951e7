"""Read a text: which language, and what it reads like under Meta's message-tag rules."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, reduce

from bot.policy.content.cutting import CutText, cut
from bot.policy.content.judging import Findings, by_kind, weigh
from bot.policy.content.language import languages_of
from bot.policy.content.lexicon import BY_CODE, Language
from bot.policy.content.matching import find_phrases
from bot.policy.content.message_texts import texts_of
from bot.policy.content.reading import Reading


def read_text(text: str) -> Reading:
    """Say what a text reads like, each judgement with the passage it rests on.

    Takes any string and never raises; time grows in proportion to its length. What promotes, and
    which use belongs to which tag, follows Meta's Message Tags page and its template categories.
    """
    pieces = cut(text)
    likely, foreign = languages_of(pieces.folded.text, pieces.words)
    return _judge(_findings(likely or [BY_CODE["en"]], pieces), likely, foreign)


# A draft is judged at every look at it, and often goes to many people.
_read_lately = lru_cache(maxsize=1_000)(read_text)


def read_message(message: Mapping[str, object]) -> Reading:
    """Read every text of a Send API message object, and put together what was found."""
    readings = [_read_lately(text) for text in texts_of(message)]
    return reduce(_joined, readings) if readings else Reading()


def forget() -> None:
    """Read every text anew, even one that was read lately; for whoever measures."""
    _read_lately.cache_clear()


def _findings(languages: Sequence[Language], pieces: CutText) -> Findings:
    """What is found in a text, which may be in any of these languages, the likeliest first."""
    found = [
        hit for each in languages for hit in find_phrases(each, pieces.words, pieces.sentences)
    ]
    hits, guarded = by_kind(found, pieces.sentences)
    weighed = {kind: weigh(of_kind) for kind, of_kind in hits.items() if of_kind}
    return Findings(pieces, hits, guarded, languages[0].leanings, weighed)


def _judge(findings: Findings, likely: Sequence[Language], foreign: bool) -> Reading:
    survey, recurring = findings.evidence("survey"), findings.evidence("recurring")
    tag, shown = findings.tag()
    if survey is not None:
        tag, shown = "CUSTOMER_FEEDBACK", survey
    elif recurring is not None and tag == "ACCOUNT_UPDATE":
        tag, shown = None, None
    promotional = findings.evidence("promotional")
    code = likely[0].code if likely else None
    return Reading(promotional, survey, recurring, tag, shown, code, foreign)


def _joined(one: Reading, other: Reading) -> Reading:
    """Of the readings of two texts, take what either has found."""
    return Reading(
        one.promotional or other.promotional,
        one.survey or other.survey,
        one.recurring or other.recurring,
        one.tag or other.tag,
        one.tag_evidence or other.tag_evidence,
        one.language or other.language,
        one.language_unsupported or other.language_unsupported,
    )

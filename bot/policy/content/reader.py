"""Read a text: which language, and what it reads like under Meta's message-tag rules."""

import re
from collections.abc import Mapping
from functools import reduce

from bot.policy.content.folding import Folded, fold
from bot.policy.content.judging import Findings, by_kind
from bot.policy.content.language import languages_of
from bot.policy.content.lexicon import BY_CODE, TOKEN, Language
from bot.policy.content.matching import find_phrases, sentence_numbers
from bot.policy.content.message_texts import texts_of
from bot.policy.content.reading import Reading


def read_text(text: str) -> Reading:
    """Say what a text reads like, each judgement with the passage it rests on.

    Takes any string and never raises; time grows in proportion to its length. What promotes, and
    which use belongs to which tag, follows Meta's Message Tags page and its template categories.
    """
    folded = fold(text)
    tokens = list(TOKEN.finditer(folded.text))
    words = [token[1] for token in tokens]
    languages, foreign = languages_of(folded.text, words)
    code = languages[0].code if languages else None
    found = [
        _judge(_findings(language, text, folded, tokens, words), code, foreign)
        for language in languages or [BY_CODE["en"]]
    ]
    return reduce(_joined, found)


def read_message(message: Mapping[str, object]) -> Reading:
    """Read every text of a Send API message object, and put together what was found."""
    return reduce(_joined, (read_text(text) for text in texts_of(message)), Reading())


def _findings(
    language: Language, text: str, folded: Folded, tokens: list[re.Match[str]], words: list[str]
) -> Findings:
    sentences = sentence_numbers(words)
    hits = by_kind(find_phrases(language, words, sentences), sentences)
    return Findings(text, folded, tokens, sentences, hits)


def _judge(findings: Findings, code: str | None, foreign: bool) -> Reading:
    survey, recurring = findings.evidence("survey"), findings.evidence("recurring")
    tag, shown = findings.tag()
    if survey is not None:
        tag, shown = "CUSTOMER_FEEDBACK", survey
    elif recurring is not None and tag == "ACCOUNT_UPDATE":
        tag, shown = None, None
    promotional = findings.evidence("promotional")
    return Reading(promotional, survey, recurring, tag, shown, code, foreign)


def _joined(one: Reading, other: Reading) -> Reading:
    """Of two readings of a text, or of two texts, take what either has found."""
    return Reading(
        one.promotional or other.promotional,
        one.survey or other.survey,
        one.recurring or other.recurring,
        one.tag or other.tag,
        one.tag_evidence or other.tag_evidence,
        one.language or other.language,
        one.language_unsupported or other.language_unsupported,
    )

"""What was read in a text: plain records, no logic."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage of the original text and what it tells.

    `passage` is `text[start:end]`, exactly; `why` finishes the sentence "This message ...".
    """

    passage: str
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text reads like; None where there is nothing to show.

    `tag` is one of Meta's message tags or None when unsure, `language` an ISO 639-1 code or None.
    `language_unsupported` tells a text in a foreign language from one without any words.
    """

    promotional: Evidence | None = None
    survey: Evidence | None = None
    recurring: Evidence | None = None
    tag: str | None = None
    tag_evidence: Evidence | None = None
    language: str | None = None
    language_unsupported: bool = False

"""Understands what follows `/notify`: one of its few words, a slip of one, or a message."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

HELP: Final = "help"
QUEUE: Final = "queue"
STATUS: Final = "status"
WITHDRAW: Final = "withdraw"
WINDOW: Final = "window"
WORDS: Final = (HELP, QUEUE, STATUS, WITHDRAW, WINDOW)
ABOUT_A_DRAFT: Final = (STATUS, WITHDRAW)
_LIKENESS: Final = 0.7
_NAME_CHARACTERS: Final = 100
_NUMBER: Final = re.compile(r"#?(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Compose:
    """Open the composer with this text."""

    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """One of the words, with what it is about."""

    word: str
    about: str = ""
    draft_id: int | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """It looks like a mistyped word, or a word without what it needs; `meant` is what to offer."""

    meant: str
    text: str


Command = Compose | Ask | Unclear


def read_command(text: str) -> Command:
    """What somebody typed after `/notify`.

    A word counts only in its own form: `status 12` asks, "Status of your order: shipped" is a
    message to a customer.
    """
    text = text.strip()
    first, _, rest = text.partition(" ")
    rest = rest.strip()
    word = first.lower()
    if not text:
        return Compose("")
    if word in WORDS:
        return _known(word, rest, text)
    close = get_close_matches(word, WORDS, n=1, cutoff=_LIKENESS)
    if close and _fits(close[0], rest):
        return Unclear(f"{close[0]} {rest}".strip(), text)
    return Compose(text)


def _known(word: str, rest: str, text: str) -> Command:
    if word in ABOUT_A_DRAFT:
        if number := _NUMBER.fullmatch(rest):
            return Ask(word, rest, int(number[1]))
        return Compose(text) if len(rest.split()) > 1 else Unclear(f"{word} <draft>", text)
    if word == WINDOW:
        if len(rest) > _NAME_CHARACTERS:
            return Compose(text)
        return Ask(word, rest) if rest else Unclear(f"{word} <name>", text)
    return Compose(text) if rest else Ask(word)


def _fits(word: str, rest: str) -> bool:
    if word in ABOUT_A_DRAFT:
        return not rest or _NUMBER.fullmatch(rest) is not None
    if word == WINDOW:
        return 1 <= len(rest.split()) <= 2 and len(rest) <= _NAME_CHARACTERS
    return not rest

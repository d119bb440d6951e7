"""What a text reads like: promotion, survey, recurring notice, which message tag.

Pure text reading without clocks, windows or deadlines; the rule book joins those to it. To get the
phrases ready takes some time: it is done for the first text, or by `prepare`.
"""

import gc
from collections.abc import Mapping
from functools import cache
from types import ModuleType

from bot.policy.content.message_texts import texts_of
from bot.policy.content.reading import Evidence, Reading

__all__ = ["Evidence", "Reading", "prepare", "read_message", "read_text", "texts_of"]


def read_message(message: Mapping[str, object]) -> Reading:
    """What all the texts of a Send API message object read like."""
    reading: Reading = _reader().read_message(message)
    return reading


def read_text(text: str) -> Reading:
    """What a text reads like."""
    reading: Reading = _reader().read_text(text)
    return reading


def prepare() -> None:
    """Get the phrases ready, so that the first text need not wait for them."""
    _reader()


@cache
def _reader() -> ModuleType:
    collecting = gc.isenabled()
    gc.disable()  # a million small objects that stay: looking for garbage among them doubles the time
    try:
        from bot.policy.content import reader
    finally:
        if collecting:
            gc.enable()
    gc.freeze()
    return reader

"""Undo disguises: one plain spelling for every way to write a letter, with a way back.

Folding lowers case, drops accents, zero-width and combining marks, and turns full-width,
mathematical, Cyrillic and Greek look-alikes into the Latin letters they imitate.
Thai keeps its vowel and tone marks, which are letters there.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

_LOOKALIKES = dict(
    zip(
        "аеорсухкмтнвіѕјԁԛԝһӏүԍ" + "αοερτυνκιχγηω" + "ⅼ" + "ɑɡıᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ" + "đłøħŧ",
        "aeopcyxkmthbisjdqwhlyg" + "aoeptuvkixynw" + "l" + "agiabcdefghijklmnoprstuvwyz" + "dloht",
        strict=True,
    )
)
_CAPITAL_LOOKALIKES = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abezhikmnoptyx", strict=True))
_PUNCTUATION = {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "ß": "ss", "æ": "ae", "œ": "oe"}
_PUNCTUATION |= dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("。！？", ".") | {"∕": "/", "٪": "%"}
_SPELLINGS = _LOOKALIKES | _CAPITAL_LOOKALIKES | _PUNCTUATION
_FILLERS = "\u115f\u1160\u3164\uffa0"
_KEPT_CONTROLS = "\n\t\r"
_NEGATIVE_LETTERS = (0x1F150, 0x1F170)
"""Where the white-on-black circled and squared A stand; Unicode gives these no decomposition."""


def _is_thai(char: str) -> bool:
    return "\u0e00" <= char <= "\u0e7f"


def _is_invisible(char: str) -> bool:
    category = unicodedata.category(char)
    if category in ("Mn", "Me"):
        return not _is_thai(char)
    return char in _FILLERS or category == "Cf" or (category == "Cc" and char not in _KEPT_CONTROLS)


def _fold_plain(char: str) -> str:
    if char in _SPELLINGS:
        return _SPELLINGS[char]
    if _is_invisible(char):
        return ""
    lowered = char.lower()
    return _SPELLINGS.get(lowered, lowered)


def _fold_char(char: str) -> str:
    if char in _SPELLINGS or _is_thai(char):
        return _SPELLINGS.get(char, str(unicodedata.digit(char, -1)) if char.isdigit() else char)
    for first in _NEGATIVE_LETTERS:
        if first <= ord(char) < first + 26:
            return chr(ord("a") + ord(char) - first)
    if char.isspace():
        return "\n" if char in "\n\u2028\u2029\x85" else " "
    if char.isdecimal():
        return str(unicodedata.digit(char))
    return "".join(map(_fold_plain, unicodedata.normalize("NFKD", char)))


class _Table(dict[int, str]):
    """A translation table that learns each character when it first meets it."""

    def __init__(self) -> None:
        super().__init__()
        self.changes_length: set[str] = set()

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = self[code] = _fold_char(char)
        if len(folded) != 1:
            self.changes_length.add(char)
        return folded


_table = _Table()


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. `origins[i]` is where its i-th character stands in the original.

    No `origins` means that both have the same length and every character its own place.
    """

    text: str
    length: int
    origins: list[int] | None = None

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Say which characters of the original the folded ones from `start` to `end` came from."""
        if self.origins is None:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1


def fold(text: str) -> Folded:
    """Fold a text, letters spaced or dotted out pulled together."""
    if text.isascii():
        return _join_spaced(Folded(text.lower(), len(text)))
    folded = text.translate(_table)
    if _table.changes_length.isdisjoint(text):
        return _join_spaced(Folded(folded, len(text)))
    origins = [i for i, char in enumerate(text) for _ in _table[ord(char)]]
    return _join_spaced(Folded(folded, len(text), origins))


_FEWEST_LETTERS = 3
_SPACED = re.compile(
    r"(?<![\w%])[^\W_]([ .\-_*|·~+/]{1,3})[^\W_](?:\1[^\W_%]|\1%)+(?![\w%])", re.ASCII
)


def _is_spelled_out(run: str) -> bool:
    """Tell `s a l e` from `1 a 5`."""
    return sum(char.isalpha() for char in run) >= _FEWEST_LETTERS


def _join_spaced(folded: Folded) -> Folded:
    """Pull `s a l e` and `s.a.l.e` together; two words stay apart where the gap is wider."""
    runs = [run for run in _SPACED.finditer(folded.text) if _is_spelled_out(run[0])]
    if not runs:
        return folded
    kept: list[int] = []
    edges = [0, *(edge for run in runs for edge in run.span()), len(folded.text)]
    for number, (start, end) in enumerate(pairwise(edges)):
        inside = number % 2 == 1
        step = 1 + len(runs[number // 2][1]) if inside else 1
        kept.extend(range(start, end, step))
    text = "".join([folded.text[i] for i in kept])
    origins = kept if folded.origins is None else [folded.origins[i] for i in kept]
    return Folded(text, folded.length, origins)

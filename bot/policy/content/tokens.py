"""Cut a folded text into words, amounts, slots, emoji and sentence ends.

Every repetition below is bounded or cannot be entered twice at one place, so that cutting takes
time in proportion to the text whatever stands in it.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

SENTENCE_ENDS = frozenset(".!?;\n")
EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"

_SIGNS = "$€£¥₫฿₹₽₩₱₺₴₦"
_CODES = (
    "rp|rs|rm|us$|r$|a$|c$|s/|usd|eur|gbp|chf|idr|thb|vnd|brl|mxn|cop|ars|clp|"
    "aed|inr|sgd|php|myr|ngn|kes|zar|aud|cad|kr"
)
_UNITS = (
    "usd|eur|euros?|gbp|chf|idr|thb|vnd|brl|mxn|cop|ars|clp|dollars?|dolares|pesos?|soles|reais|real|"
    "pounds?|bucks|rupiah|ribu|rb|juta|dong|d|k|baht|bath|nghin|ngan|trieu|tr"
)
_PERCENT_WORDS = (
    "percent|pct|prozent|por ?ciento|pour ?cent|por ?cento|per ?cento|persen|phan ?tram|เปอร์เซ็นต์"
)
_SLOT = r"\{\{?[^{}\n]{0,60}\}\}?|\[[^\[\]\n]{1,60}\]|<[^<>\n]{1,60}>"
_THAI = "\u0e00-\u0e7f"
_THAI_MARKS = "\u0e31\u0e33-\u0e3a\u0e47-\u0e4e"
_ABBREVIATIONS = "dr|mr|mrs|ms|prof|nr|hr|fr|sr|sra|inkl|zzgl|ca|tel"
_NO_END = "|".join(
    [r"(?<=\b[^\W\d_]\.)", *(rf"(?<=\b{word}\.)" for word in _ABBREVIATIONS.split("|"))]
)
"""After which dots a sentence goes on: `p.m.`, `z.B.`, `Dr. Lenz`."""
_SHORTEST_PART = 2
_LATE = r"(?![^\W_])"
_FIGURE = r"\d(?:[\d.,]{0,13}\d)?"
_MONTHS = (
    "januar|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember|"
    "jan|feb|apr|jun|jul|aug|sept?|okt|nov|dez"
)
_DOTTED_DATE = (
    r"(?:0?[1-9]|[12]\d|3[01])\.(?:(?:0?[1-9]|1[0-2])\.(?!\d)"
    rf"|(?=\s?(?:{_MONTHS}){_LATE}))"
)
"""A date as German writes it, `1.12.` or `1. Dezember`: its dot ends no sentence."""


def _trie_pattern(words: Iterable[str]) -> str:
    """A pattern that finds the longest of the words, sharing their beginnings."""
    trie: dict[str, dict[str, object]] = {}
    for word in words:
        node: dict[str, object] = trie  # type: ignore[assignment]  # every level is such a dict
        for char in word:
            node = node.setdefault(char, {})  # type: ignore[assignment]
        node[""] = True

    def written(node: dict[str, object]) -> str:
        ways = [re.escape(c) + written(n) for c, n in node.items() if isinstance(n, dict)]
        if not ways:
            return ""
        joined = f"(?:{'|'.join(ways)})" if len(ways) > 1 or "" in node else ways[0]
        return joined + ("?" if "" in node else "")

    return written(trie)  # type: ignore[arg-type]


def _indivisible(words: Iterable[str]) -> set[str]:
    """Leave out words that others make up, as Thai joins them without a space.

    A word and its compounds are then cut alike, and a phrase finds the word inside a compound.
    """
    kept: set[str] = set()
    for word in sorted(words, key=len):
        ends = {0}
        for end in range(_SHORTEST_PART, len(word) + 1):
            if any(word[start:end] in kept for start in ends if end - start >= _SHORTEST_PART):
                ends.add(end)
        if len(word) not in ends:
            kept.add(word)
    return kept


def token_pattern(thai_words: Iterable[str]) -> re.Pattern[str]:
    """Compile the one pattern that finds every token of a folded text, left to right.

    The token is group 1. Plain words, which are most, stand first, and what separates tokens is
    taken along: both only save the pattern the way through its other alternatives.
    """
    thai = _trie_pattern(_indivisible(thai_words))
    codes = "|".join(map(re.escape, _CODES.split("|")))
    letters = rf"[^\W\d_{_THAI}]"
    special = rf"https?:|www\.|(?:{codes})\.?\s?[\d{{\[<]|[oil]{{1,2}}\s?%"
    rest = rf"[^\W_{_THAI}]*(?:[@$€£]{letters}[^\W_{_THAI}]*)*"
    token = "|".join(
        [
            rf"(?!{special}){letters}{rest}",
            r"(?:https?://|www\.)\S{1,2000}",
            rf"(?:(?<!\w)[-–]\s?)?(?:\d[\doil]{{0,3}}(?:[.,]\d{{1,2}})?|[oil]{{1,2}}(?=\s?%)|{_SLOT})"
            rf"\s?(?:%|(?:{_PERCENT_WORDS}){_LATE})",
            rf"(?:[{_SIGNS}]|(?:{codes})\.?)\s?(?:{_FIGURE}|{_SLOT})",
            rf"{_FIGURE}\s?(?:[{_SIGNS}]|(?:{_UNITS}){_LATE}|บาท)",
            rf"(?:{_SLOT})\s?(?:[{_SIGNS}]|บาท)",
            _SLOT,
            _DOTTED_DATE,
            r"\d[^\W_]*(?:[.,:/]\d[^\W_]*)*",
            rf"[$@€£]?{letters}{rest}",
            *([rf"{thai}(?![{_THAI_MARKS}])"] if thai else []),
            rf"[{_THAI}]",
            r"[.!?;\n]+",
            f"[{EMOJI}]+",
        ]
    )
    return re.compile(rf"({token})(?:\.(?:{_NO_END}))?[ ,:'\"()]*")


@lru_cache(maxsize=20_000)
def classes_of(token: str) -> tuple[str, ...]:
    """Name the classes of a token that is not a plain word; none for an unknown word."""
    first = token[0]
    if first in SENTENCE_ENDS:
        return ()
    if token[-1] == "%" or (first in "0123456789-oil{[<" and token.endswith(_PERCENT_ENDS)):
        return ("<cut>", "<percent>") if first in "-–" else ("<percent>",)
    if first in "{[<" and token[-1] in "}]>":
        return ("<slot>",)
    if first in _DIGITS:
        return ("<money>",) if token[-1] not in _DIGITS and _is_money(token) else ("<number>",)
    if _is_money(token):
        return ("<money>",)
    return ("<link>",) if token.startswith(("http", "www.")) else ()


_DIGITS = "0123456789"
_PERCENT_ENDS = (
    "percent",
    "pct",
    "prozent",
    "ciento",
    "cent",
    "cento",
    "persen",
    "tram",
    "เปอร์เซ็นต์",
)
_MONEY = re.compile(
    rf"(?:[{_SIGNS}]|(?:{'|'.join(map(re.escape, _CODES.split('|')))})\.?)\s?[\d{{\[<].*"
    rf"|[\d{{\[<].*?\s?(?:[{_SIGNS}]|บาท|{_UNITS})",
    re.DOTALL,
)


def _is_money(token: str) -> bool:
    return len(token) < 90 and _MONEY.fullmatch(token) is not None

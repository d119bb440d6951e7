"""Letters as people type them when they search: without case, accents and ligatures."""

import unicodedata
from typing import Final

# Letters that Unicode does not take apart into a base letter and a mark.
_PLAIN: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def fold(text: str) -> str:
    """The text to compare by: `Béla ŁUKASZ` and `bela lukasz` fold to the same."""
    letters = text
    for _ in range(2):  # taking apart may bring capitals to light, as in Unicode's own D146
        letters = unicodedata.normalize("NFKD", letters.casefold())
    unmarked = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return unmarked.translate(_PLAIN)

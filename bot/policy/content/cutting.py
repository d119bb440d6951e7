"""A text cut into what is read of it: words and signs, the sentences they stand in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.policy.content.folding import Folded, fold
from bot.policy.content.leaning import traits_of
from bot.policy.content.lexicon import TOKEN
from bot.policy.content.tokens import SENTENCE_ENDS


@dataclass(frozen=True, slots=True)
class CutText:
    """A text as it was written and its tokens, plainly spelled; `sentences` holds one number more."""

    original: str
    folded: Folded
    tokens: Sequence[re.Match[str]]
    words: list[str]
    sentences: list[int]
    traits: list[str]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where in the original the tokens from the first to the last stand."""
        return self.folded.original_span(self.tokens[first].start(1), self.tokens[last].end(1))


def cut(text: str) -> CutText:
    """Cut a text; takes any string."""
    folded = fold(text)
    tokens = list(TOKEN.finditer(folded.text))
    words = [token[1] for token in tokens]
    return CutText(text, folded, tokens, words, sentence_numbers(words), traits_of(words))


def sentence_numbers(words: list[str]) -> list[int]:
    """Number the sentence that each token stands in; one more number follows the last."""
    return list(accumulate([word[0] in SENTENCE_ENDS for word in words], initial=0))

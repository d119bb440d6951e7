"""Microseconds that reading a text takes, beside two baselines measured in the same run.

Run by hand: `python -m tests.benchmarks.bench_content`. The cache of whole texts stands before what
is measured, except for the verdicts on a text that was judged lately. The word list splits and looks
up words; the regex list tries the phrases of the text's language, written out as one regular
expression a table, as one would naively.
"""

import re
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.policy.check import check
from bot.policy.content import read_text
from bot.policy.content.lexicon import BY_CODE, PHRASES
from bot.policy.content.patterns import first_way
from bot.policy.content.reader import forget
from bot.policy.question import Interaction, InteractionKind, Question

ROWS = Path(__file__).parents[1] / "content" / "rows"
ROUNDS = 20
LONGEST = 2_000
WORDS = {code: set(language.symbols) for code, language in BY_CODE.items()}


def ordinary_texts(code: str) -> list[str]:
    """Take the table's texts in twos, which gives messages of 100 to 150 characters."""
    lines = (ROWS / f"{code}.tsv").read_text("utf-8").splitlines()[1:]
    texts = [line.split("\t")[0] for line in lines]
    return [f"{one} {two}" for one, two in zip(texts, texts[1:] + texts[:1], strict=True)]


def hostile_texts() -> dict[str, str]:
    """Texts of 2,000 characters that make a careless reader slow."""
    seeds = {
        "one letter": "a",
        "letters spaced": "a ",
        "letters dotted": "a.",
        "braces": "{",
        "brackets": "[a",
        "digits": "1",
        "figures": "1.",
        "percent": "50% off ",
        "apologies": "sorry ",
        "order": "your order ",
        "Thai": "ลดราคา",
        "emoji": "🎁🔥",
        "emoji and words": "🎁 get ",
        "combining marks": "a\u0301\u0336",
        "zero width": "s\u200b",
        "newlines": "\n",
        "links": "https://a.b ",
        "every script": "aЖ漢ลด٣é🔥 ",
    }
    texts = {name: (seed * LONGEST)[:LONGEST] for name, seed in seeds.items()}
    for code in BY_CODE:
        texts[f"table of {code}"] = " ".join(ordinary_texts(code))[:LONGEST]
    return texts


def word_list(text: str, words: set[str]) -> bool:
    return any(word in words for word in text.lower().split())


def regex_list(code: str) -> list[re.Pattern[str]]:
    groups: dict[int, list[str]] = {}
    for phrase in PHRASES[code]:
        said = [word for word in first_way(phrase.ways) if not word.startswith(("<", "."))]
        groups.setdefault(id(phrase.cue), []).append(r"\W+".join(map(re.escape, said)))
    return [re.compile("|".join(group)) for group in groups.values()]


def seconds(work: Callable[[str], object], texts: Sequence[str], rounds: int = ROUNDS) -> float:
    """Time one text, the best of some rounds over all of them."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.perf_counter()
        for text in texts:
            work(text)
        best = min(best, time.perf_counter() - begun)
    return best / len(texts)


def verdicts_a_second(texts: Sequence[str], *, lately: bool) -> float:
    """Judge whole questions, each text for the first time or once more; the best of some rounds."""
    now = datetime(2026, 1, 2, tzinfo=UTC)
    wrote = (Interaction(InteractionKind.MESSAGE, now - timedelta(days=2)),)
    asked = [
        Question(now, {"text": text}, "2021-06", tag="ACCOUNT_UPDATE", interactions=wrote)
        for text in dict.fromkeys(texts)
    ]
    best = 0.0
    for _ in range(ROUNDS):
        if not lately:
            forget()
        begun = time.perf_counter()
        for question in asked:
            check(question)
        best = max(best, len(asked) / (time.perf_counter() - begun))
    return best


def main() -> None:
    print("microseconds a text       read_text   word list   regex list   characters")  # noqa: T201
    for code in BY_CODE:
        texts = ordinary_texts(code)
        patterns, words = regex_list(code), WORDS[code]
        read = seconds(read_text, texts)
        listed = seconds(lambda text, words=words: word_list(text, words), texts)  # type: ignore[misc]
        tried = seconds(lambda text, p=patterns: [r.search(text.lower()) for r in p], texts)  # type: ignore[misc]
        length = sum(map(len, texts)) / len(texts)
        print(f"{code:24}{read * 1e6:11.0f}{listed * 1e6:12.1f}{tried * 1e6:13.0f}{length:13.0f}")  # noqa: T201
    print("whole verdicts a second   first time    judged lately")  # noqa: T201
    for code in BY_CODE:
        first, again = (verdicts_a_second(ordinary_texts(code), lately=x) for x in (False, True))
        print(f"{code:24}{first:12,.0f}{again:17,.0f}")  # noqa: T201
    print("milliseconds for 2,000 characters")  # noqa: T201
    for name, text in hostile_texts().items():
        baseline = seconds(lambda t: word_list(t, WORDS["en"]), [text], 3)
        print(f"{name:24}{seconds(read_text, [text], 3) * 1e3:11.2f}{baseline * 1e3:12.3f}")  # noqa: T201


if __name__ == "__main__":
    main()

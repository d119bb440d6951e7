"""Counts what the words of each language are worth, from labelled messages.

The files are those of `tests.lint_report`; one that is named twice counts double. What is found is
written to `bot/policy/content/leanings/`, instead of what was there, for each language that occurs:
a logistic regression on whether a message has a word or not, its weights rounded to quarters.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
from rich.progress import track

from bot.policy import content
from bot.policy.content.cutting import cut
from bot.policy.content.leaning import AGAINST
from tests.lint_report import FINDINGS, read_rows

LEANINGS: Final = Path(content.__file__).parent / "leanings"
FEWEST: Final = 6  # messages with a word, or it tells of these messages and not of the language
ROUNDS: Final = 400
STEP: Final = 0.05
SHRINKING: Final = 1.0  # of a weight by each round's step: what few messages say stays near zero
PARTS: Final = 4
HEADER: Final = (
    "# Counted by `python -m tests.learn_leanings` from labelled messages; see leaning.py.\n"
)


@dataclass(frozen=True, slots=True)
class Example:
    """What counts of one message, and what its label says of it."""

    traits: frozenset[str]
    label: str


def weights(examples: Sequence[Example], label: str) -> tuple[float, dict[str, float]]:
    """The weight of no word at all, and of each: by Adam, all messages at every step."""
    often = Counter(trait for example in examples for trait in example.traits)
    places = {
        trait: place
        for place, trait in enumerate(sorted(t for t in often if often[t] >= FEWEST), start=1)
    }
    rows = [[0, *(places[t] for t in sorted(e.traits) if t in places)] for e in examples]
    wanted = [float(example.label == label) for example in examples]
    found = [0.0] * (len(places) + 1)
    slope, spread = list(found), list(found)
    for number in range(1, ROUNDS + 1):
        gradient = [SHRINKING * weight for weight in found]
        gradient[0] = 0.0
        for row, is_so in zip(rows, wanted, strict=True):
            wrong = 1 / (1 + math.exp(-sum([found[place] for place in row]))) - is_so
            for place in row:
                gradient[place] += wrong
        rate = STEP * math.sqrt(1 - 0.999**number) / (1 - 0.9**number)
        for place, by in enumerate(gradient):
            slope[place] = 0.9 * slope[place] + 0.1 * by
            spread[place] = 0.999 * spread[place] + 0.001 * by * by
            found[place] -= rate * slope[place] / (math.sqrt(spread[place]) + 1e-8)
    return found[0], {trait: found[place] for trait, place in places.items()}


def as_toml(found: Mapping[str, tuple[float, Mapping[str, float]]]) -> str:
    """A file of leanings, as `leaning.py` reads it; what rounds to nothing is left out."""
    lines = [HEADER]
    for kind, (start, words) in found.items():
        worth = defaultdict(list)
        for word, weight in sorted(words.items()):
            worth[round(weight * PARTS)].append(word)
        lines += [f"[{kind}]", f"start = {round(start * PARTS)}", "", f"[{kind}.points]"]
        lines += [f'{points} = "{" ".join(worth[points])}"' for points in sorted(worth) if points]
        lines.append("")
    return "\n".join(lines)


def examples_of(files: Iterable[Path]) -> dict[str, list[Example]]:
    """The messages of labelled files, by the language they are read in."""
    examples = defaultdict(list)
    for row in (row for file in files for row in read_rows(file)):
        if row.reading.language:
            example = Example(frozenset(cut(row.text).traits), row.label)
            examples[row.reading.language].append(example)
    return examples


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--into", default=LEANINGS, type=click.Path(exists=True, path_type=Path))
def main(files: tuple[Path, ...], into: Path) -> None:
    """Count the points anew from labelled FILES, for each language that occurs there."""
    for code, examples in track(examples_of(files).items(), "Counting"):
        found = {kind: weights(examples, FINDINGS[kind]) for kind in AGAINST}
        (into / f"{code}.toml").write_text(as_toml(found), "utf-8")


if __name__ == "__main__":
    main()

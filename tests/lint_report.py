"""How well messages are read: precision, recall and confusion for a labelled file.

The file has a header line and lines `text <tab> label [<tab> notes]`. Labels are `promotional`,
`feedback`, `event`, `purchase`, `account`, `human_agent`, `recurring` and `other`; an `other` row
whose notes name recurring content or a bill that is due counts as `recurring`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bot.policy.content import Evidence, Reading, read_text

TAGS = {
    "event": "CONFIRMED_EVENT_UPDATE",
    "purchase": "POST_PURCHASE_UPDATE",
    "account": "ACCOUNT_UPDATE",
    "feedback": "CUSTOMER_FEEDBACK",
}
FINDINGS = {"promotional": "promotional", "survey": "feedback", "recurring": "recurring"}
_RECURRING_NOTES = ("recurring", "bill due", "usage content")


@dataclass(frozen=True)
class Labelled:
    """One row of the file with what was read in it."""

    line: int
    text: str
    label: str
    reading: Reading

    def evidence(self, finding: str) -> Evidence | None:
        """Give what was found of `promotional`, `survey` or `recurring`."""
        found: Evidence | None = getattr(self.reading, finding)
        return found

    def is_counted(self, finding: str) -> bool:
        """Leave out what a label does not decide: whether a promotion is recurring as well."""
        return finding != "recurring" or self.label != "promotional"


def read_rows(file: Path) -> Iterator[Labelled]:
    """Read a labelled file and every text in it."""
    for line, row in enumerate(file.read_text("utf-8").splitlines()[1:], start=2):
        text, label, *notes = row.split("\t")
        if label == "other" and any(note in " ".join(notes) for note in _RECURRING_NOTES):
            label = "recurring"
        yield Labelled(line, text, label, read_text(text))


def findings_table(rows: list[Labelled]) -> Table:
    """Precision and recall of each finding."""
    table = Table("finding", "precision", "recall", "right", "false", "missed", title="Findings")
    for finding, label in FINDINGS.items():
        counts = Counter(
            (row.label == label, row.evidence(finding) is not None)
            for row in rows
            if row.is_counted(finding)
        )
        right, false, missed = counts[True, True], counts[False, True], counts[True, False]
        shares = [_share(right, right + false), _share(right, right + missed)]
        table.add_row(finding, *shares, str(right), str(false), str(missed))
    return table


def confusion_table(rows: list[Labelled]) -> Table:
    """Which tag was suggested for which label."""
    tags = [*TAGS.values(), "HUMAN_AGENT", None]
    columns = [(tag or "none").lower().replace("_", " ") for tag in tags]
    table = Table("label", *columns, title="Suggested tag")
    for label in sorted({row.label for row in rows}):
        counts = Counter(row.reading.tag for row in rows if row.label == label)
        table.add_row(label, *(str(counts[tag] or "·") for tag in tags))
    return table


def tag_summary(rows: list[Labelled]) -> str:
    """How often the suggestion was right, and how often wrong; none is neither."""
    expected = [row for row in rows if row.label in TAGS]
    right = sum(row.reading.tag == TAGS[row.label] for row in expected)
    wrong = sum(row.reading.tag not in (TAGS[row.label], None) for row in expected)
    total = len(expected)
    return f"Suggested tag: right {_share(right, total)}, wrong {_share(wrong, total)} of {total}"


def mistakes(row: Labelled) -> list[str]:
    """Say what was read wrongly in a row, with the passage that led there."""
    found = []
    for finding, label in FINDINGS.items():
        evidence = row.evidence(finding)
        if row.is_counted(finding) and (row.label == label) != (evidence is not None):
            found.append(f"false {finding}: {evidence.passage!r}" if evidence else f"no {finding}")
    if row.label in TAGS and row.reading.tag != TAGS[row.label]:
        found.append(f"tag {row.reading.tag or 'none'}")
    return found


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def main(files: tuple[Path, ...]) -> None:
    """Print how well the messages of labelled FILES are read, and which are not."""
    console = Console()
    rows = [row for file in files for row in read_rows(file)]
    for row in rows:
        if wrong := mistakes(row):
            console.print(f"{row.line} [{row.label}] {row.text}", markup=False, highlight=False)
            console.print(f"    {'; '.join(wrong)}", markup=False, highlight=False)
    console.print(findings_table(rows), confusion_table(rows), tag_summary(rows))


if __name__ == "__main__":
    main()

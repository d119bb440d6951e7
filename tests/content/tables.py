"""Reads tables of labelled messages: `text <tab> label`, with a header line."""

from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("en", "es", "fr", "pt", "de", "it", "id", "vi", "th")
EXPECTED_TAGS = {
    "event": "CONFIRMED_EVENT_UPDATE",
    "purchase": "POST_PURCHASE_UPDATE",
    "account": "ACCOUNT_UPDATE",
    "feedback": "CUSTOMER_FEEDBACK",
}


@dataclass(frozen=True)
class Row:
    text: str
    label: str


def read_rows(folder: Path, code: str) -> list[Row]:
    lines = (folder / "rows" / f"{code}.tsv").read_text("utf-8").splitlines()[1:]
    return [Row(*line.split("\t")) for line in lines]

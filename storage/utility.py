"""The Page's templates of utility messages, as Meta last listed them, and when that was."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage import waiting
from storage.fetching import fetch
from storage.times import as_text, from_text


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One template: `components` is Meta's own JSON; `id` stays the same as long as it is listed."""

    id: int
    name: str
    language: str
    status: str
    components: str


@dataclass(frozen=True, slots=True)
class Listing:
    """When Meta was last asked for the list, and why it did not give it, if it did not."""

    at: datetime
    problem: str | None


def replace(
    db: Database, page_id: str, listed: Collection[Mapping[str, Any]], now: datetime
) -> None:
    """These are the Page's templates from now on; each with `name`, `language`, `status`, `components`."""
    before = templates(db, page_id)
    told = [
        {
            "name": each["name"],
            "language": each["language"],
            "status": each["status"],
            "components": json.dumps(each["components"], ensure_ascii=False),
        }
        for each in listed
    ]
    db.execute(
        "DELETE FROM utility_templates WHERE page_id = ? AND (name, language) NOT IN"
        " (SELECT json_extract(value, '$.name'), json_extract(value, '$.language') FROM json_each(?))",
        [page_id, json.dumps(told)],
    )
    db.execute(
        "INSERT INTO utility_templates (page_id, name, language, status, components)"
        " SELECT ?, json_extract(value, '$.name'), json_extract(value, '$.language'),"
        " json_extract(value, '$.status'), json_extract(value, '$.components')"
        " FROM json_each(?) WHERE true ON CONFLICT DO UPDATE"
        " SET status = excluded.status, components = excluded.components",
        [page_id, json.dumps(told)],
    )
    note_listing(db, page_id, now)
    if templates(db, page_id) != before:
        waiting.touch_at(db, [page_id])


def note_listing(db: Database, page_id: str, now: datetime, problem: str | None = None) -> None:
    """Meta was asked for the list, and gave it unless there is a problem."""
    db.execute(
        "INSERT INTO template_listings (page_id, at, problem) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET at = excluded.at, problem = excluded.problem",
        [page_id, as_text(now), problem],
    )


def templates(db: Database, page_id: str) -> list[TemplateRow]:
    """The Page's templates by name and language."""
    rows = fetch(
        db,
        "SELECT id, name, language, status, components FROM utility_templates WHERE page_id = ?"
        " ORDER BY name, language",
        [page_id],
    )
    return [TemplateRow(**row) for row in rows]


def listing_of(db: Database, page_id: str) -> Listing | None:
    """When the Page's list was last asked for."""
    rows = fetch(db, "SELECT at, problem FROM template_listings WHERE page_id = ?", [page_id])
    return next((Listing(from_text(row["at"]), row["problem"]) for row in rows), None)

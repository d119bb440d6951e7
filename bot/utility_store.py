"""The Page's templates as the rule book and the composer take them, from what is on record."""

import json
from collections.abc import Mapping
from functools import lru_cache

from sqlite_utils import Database

from bot.json_parts import UtilityJson
from bot.policy.question import Utility
from bot.policy.utility_templates import UtilityTemplate, read_template
from storage import utility
from storage.utility import TemplateRow


def templates_of(db: Database, page_id: str) -> Mapping[tuple[str, str], UtilityTemplate]:
    """The templates of the Page by name and language, in whatever state Meta has them."""
    rows = utility.templates(db, page_id)
    return {(row.name, row.language): template_of(row) for row in rows}


def asked_of(asked: UtilityJson, known: Mapping[tuple[str, str], UtilityTemplate]) -> Utility:
    """The utility message that a draft names, with what is known of its template."""
    found = known.get((asked.template, asked.language))
    status, takes = (found.status, found.takes) if found else (None, None)
    return Utility(asked.template, asked.language, asked.parameters, status, takes)


@lru_cache(maxsize=1000)
def template_of(row: TemplateRow) -> UtilityTemplate:
    """The template of a row; what could not be sent was not kept."""
    told = {"name": row.name, "language": row.language, "status": row.status}
    return read_template(told | {"components": json.loads(row.components)})

"""The schema, one named step after another; a step that has shipped stays as it is."""

from collections.abc import Callable
from types import ModuleType
from typing import Final

from sqlite_utils import Database, Migrations

from storage.migrations import (
    m001_people_drafts_outbox,
    m002_breakers,
    m003_outbox_of_each_page,
    m004_desk,
    m005_looks,
    m006_utility_templates,
    m007_feedback,
    m008_one_time,
    m009_health,
)

STEPS: Final = (
    m001_people_drafts_outbox,
    m002_breakers,
    m003_outbox_of_each_page,
    m004_desk,
    m005_looks,
    m006_utility_templates,
    m007_feedback,
    m008_one_time,
    m009_health,
)


def migrations_of(*steps: ModuleType) -> Migrations:
    """These steps in their order; each module's name is the name of its step for good."""
    migrations = Migrations("tagwise")
    for step in steps:
        migrations(name=step.__name__.rpartition(".")[2])(_applying(step))
    return migrations


def _applying(step: ModuleType) -> Callable[[Database], None]:
    def apply(db: Database) -> None:
        for statement in step.STATEMENTS:
            db.execute(statement)

    return apply


MIGRATIONS: Final = migrations_of(*STEPS)

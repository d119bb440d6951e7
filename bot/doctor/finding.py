"""What one check found."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it stands, and one sentence that says what to do where it is not well."""

    name: str
    level: Level
    sentence: str


def ok(name: str, sentence: str) -> Finding:
    """It works."""
    return Finding(name, "ok", sentence)


def warn(name: str, sentence: str) -> Finding:
    """It works, but a person should know this."""
    return Finding(name, "warn", sentence)


def fail(name: str, sentence: str) -> Finding:
    """It does not work, or will not."""
    return Finding(name, "fail", sentence)

"""Checks on one parameter each. What does not pass is a code 100 that names the parameter."""

from collections.abc import Collection
from typing import Any

from bot.practice.graph.errors import bad_parameter
from bot.practice.graph.types import JsonObject


def as_object(value: Any, param: str, allowed: Collection[str]) -> JsonObject:
    """The value as a JSON object that has no other keys than the allowed ones."""
    if not isinstance(value, dict):
        raise bad_parameter(f"Param {param} must be a JSON object")
    strangers = sorted(set(value) - set(allowed))
    if strangers:
        raise bad_parameter(f'Invalid keys "{", ".join(strangers)}" were found in param "{param}"')
    return value


def as_list(value: Any, param: str, least: int, most: int) -> list[Any]:
    """The value as a list with `least` to `most` entries."""
    if not isinstance(value, list):
        raise bad_parameter(f"Param {param} must be an array")
    if not least <= len(value) <= most:
        raise bad_parameter(f"Param {param} must have {least} to {most} elements")
    return value


def as_text(value: Any, param: str, most: int, least: int = 1) -> str:
    """The value as a string with `least` to `most` characters, none of them half a character."""
    if not isinstance(value, str):
        raise bad_parameter(f"Param {param} must be a string")
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise bad_parameter(f"Param {param} must be valid UTF-8")
    if len(value) < least:
        raise bad_parameter(f"Param {param} must have at least {least} characters")
    if len(value) > most:
        raise bad_parameter(f"Length of param {param} must be less than or equal to {most}")
    return value


def as_choice(value: Any, param: str, choices: Collection[str]) -> str:
    """The value as one of the strings it may be."""
    if not isinstance(value, str) or value not in choices:
        raise bad_parameter(f"Param {param} must be one of {{{', '.join(sorted(choices))}}}")
    return value


def as_url(value: Any, param: str) -> str:
    """The value as an http or https address."""
    url = as_text(value, param, 2048)
    if not url.startswith(("http://", "https://")) or any(mark.isspace() for mark in url):
        raise bad_parameter(f"Param {param} should represent a valid URL")
    return url


def as_amount(value: Any, param: str) -> float:
    """The value as an amount of money: a number, not a truth value."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_parameter(f"Param {param} must be a number")
    return value


def required(holder: JsonObject, key: str, param: str) -> Any:
    """What stands under the key; `param` is the full name of the missing parameter."""
    if key not in holder:
        raise bad_parameter(f"The parameter {param} is required")
    return holder[key]

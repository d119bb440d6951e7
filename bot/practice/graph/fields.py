"""Graph's `fields` parameter: `id,messages.limit(5){id,from}` as a tree.

https://developers.facebook.com/docs/graph-api/guides/field-expansion
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.practice.graph.errors import bad_parameter, no_such_field
from bot.practice.graph.types import JsonObject

_TOKEN = re.compile(r"\s*(?:(?P<name>\w+)(?P<arguments>(?:\.\w+\([^()]*\))*)|(?P<mark>[{},]))")
_ARGUMENT = re.compile(r"\.(\w+)\(([^()]*)\)")


@dataclass
class Field:
    """One field asked for, with its arguments (`limit`, `after`) and the fields inside it."""

    name: str
    arguments: dict[str, str] = field(default_factory=dict)
    inside: list["Field"] = field(default_factory=list)


def parse_fields(text: str) -> list[Field]:
    """The fields asked for, in order; code 100 where the syntax is wrong."""
    stack: list[list[Field]] = [[]]
    position = 0
    text = text.rstrip()
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise _syntax_error(text)
        position = token.end()
        if token["name"]:
            stack[-1].append(Field(token["name"], dict(_ARGUMENT.findall(token["arguments"]))))
        elif token["mark"] == "{" and stack[-1]:
            stack.append(stack[-1][-1].inside)
        elif token["mark"] == "}" and len(stack) > 1:
            stack.pop()
        elif token["mark"] != ",":
            raise _syntax_error(text)
    if len(stack) != 1:
        raise _syntax_error(text)
    return stack[0]


def select(wanted: list[Field], known: dict[str, Callable[[Field], Any]]) -> JsonObject:
    """The wanted fields' values; None is left out, as Graph leaves out what is not set."""
    values: JsonObject = {}
    for one in wanted:
        if one.name not in known:
            raise no_such_field(one.name)
        value = known[one.name](one)
        if value is not None:
            values[one.name] = value
    return values


def _syntax_error(text: str) -> Exception:
    return bad_parameter(f"Syntax error in the fields: {text}")

"""What is wrong with somebody's JSON, in words they can act on; `check` and POST /drafts share it."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_NAMED_IN_SENTENCE: Final = 3
_MUST_BE: Final[Mapping[str, str]] = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "bool_type": "must be true or false",
    "string_type": "must be a text",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "int_type": "must be a whole number",
}


def faults_as_json(error: ValidationError, subject: str) -> dict[str, Any]:
    """`{"error": "<one sentence>", "fields": {"<path>": "<what is wrong>"}}`.

    `subject` begins the sentence when the whole is wrong: "A question". A path is written as in
    `interactions[0].at`. `fields` is left out when there is no field to name.
    """
    fields = fields_at_fault(error)
    whole = fields.pop("", None)
    if not fields:
        return {"error": f"{subject} {whole}."}
    return {"error": _sentence(fields), "fields": fields}


def fields_at_fault(error: ValidationError) -> dict[str, str]:
    """What is wrong, by the path of each field; an empty path stands for the whole.

    A list counts as too short for an entry that is wrong: the entry alone is named.
    """
    faults = error.errors(include_url=False)
    around = {fault["loc"][:depth] for fault in faults for depth in range(len(fault["loc"]))}
    return {_path(fault["loc"]): _in_words(fault) for fault in faults if fault["loc"] not in around}


def _sentence(fields: Mapping[str, str]) -> str:
    named = [f"`{path}` {wrong}" for path, wrong in fields.items()]
    if len(named) == 1:
        return f"The field {named[0]}."
    more = len(named) - _NAMED_IN_SENTENCE
    listed = "; ".join(named[:_NAMED_IN_SENTENCE]) + (f"; and {more} more" if more > 0 else "")
    return f"{len(named)} fields are wrong: {listed}."


def _path(location: tuple[int | str, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).removeprefix(".")


def _in_words(fault: ErrorDetails) -> str:
    if fault["type"] in ("literal_error", "enum"):
        return f"must be {fault['ctx']['expected']}"
    if fault["type"] == "union_tag_invalid":
        return f"has a type that is not {fault['ctx']['expected_tags']}"
    if fault["type"] == "union_tag_not_found":
        return "needs a type"
    if counted := _counted(fault):
        return counted
    message = fault["msg"]
    return _MUST_BE.get(fault["type"], f"{message[:1].lower()}{message[1:]}")


def _counted(fault: ErrorDetails) -> str | None:
    found, bounds = fault.get("input"), fault.get("ctx", {})
    match fault["type"]:
        case "string_too_long":
            return f"has {len(str(found)):,} characters, at most {bounds['max_length']:,} are taken"
        case "string_too_short":
            return (
                f"has {len(str(found)):,} characters, at least {bounds['min_length']:,} are needed"
            )
        case "too_long":
            return f"has {bounds['actual_length']:,} entries, at most {bounds['max_length']:,} are taken"
        case "too_short":
            return f"has {bounds['actual_length']:,} entries, at least {bounds['min_length']:,} are needed"
    return None

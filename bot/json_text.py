"""Strict JSON: what has two meanings, or none, is refused on the way in and never written out."""

import json
import math
import re
from typing import Any, Final

from pydantic_core import from_json

_INDENT: Final = 2
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_TOO_DEEP: Final = "This JSON is nested too deeply."


class NotJsonError(ValueError):
    """The text is no JSON; the message is a sentence that says why."""


def parsed(text: str | bytes | None) -> Any:
    """The value of what others answer, whatever they answer; None when it is no JSON."""
    try:
        return from_json(text or "")
    except ValueError:  # or something rare, such as half a surrogate pair: the slow reader takes it
        pass
    try:
        return json.loads(text or "")
    except (ValueError, RecursionError):
        return None


def read_json(raw: bytes) -> Any:
    """The value that UTF-8 text holds; raises NotJsonError, whatever the bytes are.

    What readers of JSON disagree on is an error too: NaN, numbers beyond a double, keys that stand
    twice, half a surrogate pair.
    """
    try:
        text = raw.decode("utf-8-sig")
        value = json.loads(
            text, parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=_distinct
        )
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise NotJsonError(f"This is not UTF-8: byte {error.start + 1} is wrong.") from None
    except UnicodeEncodeError:
        raise NotJsonError("This JSON has half a character (a lone surrogate).") from None
    except json.JSONDecodeError as error:
        raise NotJsonError(f"This is not JSON: {error.msg} at character {error.pos + 1}.") from None
    except RecursionError:
        raise NotJsonError(_TOO_DEEP) from None
    except NotJsonError:
        raise
    except ValueError:  # Python reads no integer of thousands of digits
        raise NotJsonError("This JSON has a number that is too long.") from None
    return value


def write_json(value: object, *, pretty: bool = False) -> bytes:
    """UTF-8 without an end of line: one line, or several when pretty.

    Raises NotJsonError for what is nested too deeply.
    """
    try:
        text = json.dumps(
            value, ensure_ascii=False, allow_nan=False, indent=_INDENT if pretty else None
        )
    except RecursionError:
        raise NotJsonError(_TOO_DEEP) from None
    # A key named in an error may hold half a surrogate pair; this spells it as JSON does.
    return text.encode("utf-8", "backslashreplace")


def _refuse_constant(name: str) -> None:
    raise NotJsonError(f"This is not JSON: {name} is no number there.")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise NotJsonError("This JSON has a number that is too large.")
    return number


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise NotJsonError(f'The key "{key}" stands twice in one object.')
        found[key] = value
    return found

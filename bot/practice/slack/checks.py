"""Small checks that Block Kit's rules are written with.

A check takes a value and its JSON pointer and yields what is wrong; checks are put together from
smaller ones, so that a rule reads as a table.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing Slack would refuse, and where it stands (a JSON pointer such as `/blocks/0/text`)."""

    path: str
    why: str

    def __str__(self) -> str:
        return f"[ERROR] {self.why} [json-pointer:{self.path}]"


Check = Callable[[Any, str], Iterator[Fault]]


def string(most: int, least: int = 1) -> Check:
    """Text of `least` to `most` characters."""

    def check(value: object, path: str) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault(path, "must be a string")
        elif len(value) > most:
            yield Fault(path, f"must be less than {most + 1} characters")
        elif len(value) < least:
            yield Fault(path, f"must be more than {least - 1} characters")

    return check


def boolean(value: object, path: str) -> Iterator[Fault]:
    """A real `true` or `false`."""
    if not isinstance(value, bool):
        yield Fault(path, "must be a boolean")


def integer(least: int, most: int) -> Check:
    """A whole number from `least` to `most`."""

    def check(value: object, path: str) -> Iterator[Fault]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Fault(path, "must be an integer")
        elif not least <= value <= most:
            yield Fault(path, f"must be between {least} and {most}")

    return check


def one_of(*allowed: str) -> Check:
    """One of these words."""

    def check(value: object, path: str) -> Iterator[Fault]:
        if value not in allowed:
            yield Fault(path, f"must be one of: {', '.join(allowed)}")

    return check


def matching(test: Callable[[str], object], why: str) -> Check:
    """Text that `test` takes without a ValueError."""

    def check(value: object, path: str) -> Iterator[Fault]:
        try:
            if not isinstance(value, str):
                raise ValueError
            test(value)
        except ValueError:
            yield Fault(path, why)

    return check


def array(item: Check, most: int, least: int = 1) -> Check:
    """A list of `least` to `most` items that each pass `item`."""

    def check(value: object, path: str) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield Fault(path, "must be an array")
            return
        if len(value) > most:
            yield Fault(path, f"no more than {most} items allowed")
        if len(value) < least:
            yield Fault(path, f"no fewer than {least} items allowed")
        for place, entry in enumerate(value):
            yield from item(entry, f"{path}/{place}")

    return check


def record(
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    also: Sequence[Check] = (),
) -> Check:
    """An object with exactly these fields; `also` sees it once its fields are sound."""
    needed, known = required or {}, {**(required or {}), **(optional or {})}

    def check(value: object, path: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(path, "must be an object")
            return
        faults = [Fault(path, f"missing required field: {n}") for n in needed if n not in value]
        for name, entry in value.items():
            if name in known:
                faults += known[name](entry, f"{path}/{name}")
            else:
                faults.append(Fault(f"{path}/{name}", f"invalid additional property: {name}"))
        yield from faults
        if not faults:
            for further in also:
                yield from further(value, path)

    return check


def by_type(kinds: Mapping[str, Check], what: str) -> Check:
    """An object whose `type` chooses its check among `kinds`."""

    def check(value: object, path: str) -> Iterator[Fault]:
        kind = value.get("type") if isinstance(value, dict) else None
        if isinstance(kind, str) and kind in kinds:
            yield from kinds[kind](value, path)
        else:
            yield Fault(path, f"unsupported type for {what}: {kind}")

    return check

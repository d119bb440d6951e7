"""Inside a block: its interactive elements, and the ids Slack gives to what has none."""

from collections.abc import Callable, Sequence

from .workspace import Json


def with_ids(blocks: Sequence[Json], number: Callable[[], int]) -> list[Json]:
    """Blocks with the `block_id`s and `action_id`s that Slack makes up where they are missing."""
    return [_identified({"block_id": f"b{number()}", **block}, number) for block in blocks]


def _identified(block: Json, number: Callable[[], int]) -> Json:
    named = dict(block)
    for slot in ("element", "accessory"):
        if slot in named:
            named[slot] = _element(named[slot], number)
    if named["type"] == "actions":
        named["elements"] = [_element(element, number) for element in named["elements"]]
    return named


def _element(element: Json, number: Callable[[], int]) -> Json:
    return element if element["type"] == "image" else {"action_id": f"a{number()}", **element}


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of a block."""
    inside = [block[slot] for slot in ("element", "accessory") if slot in block]
    if block["type"] == "actions":
        inside += block["elements"]
    return [element for element in inside if element["type"] != "image"]

"""Messages and modals as plain text, the way a colleague would read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from .dates import readable
from .fields import KEYS
from .objects import offered
from .workspace import Json


@dataclass(frozen=True)
class Renderer:
    """Renders for one reader: their zone, the time it is, and the names behind ids."""

    now: datetime
    zone: tzinfo
    names: Mapping[str, str]

    def message(self, text: str, blocks: Sequence[Json]) -> str:
        """A message: its blocks, or its text where it has none."""
        if not blocks:
            return readable(text, self.now, self.zone, self.names)
        return "\n".join(self._block(block, {}) for block in blocks)

    def view(self, view: Json) -> str:
        """A modal: title, blocks with what stands in the fields, and its two buttons."""
        values = view["state"]["values"]
        lines = [view["title"]["text"], *(self._block(b, values) for b in view["blocks"])]
        buttons = [view[name]["text"] for name in ("close", "submit") if view.get(name)]
        return "\n".join([*lines, " ".join(f"[{label}]" for label in buttons)]).rstrip()

    def _block(self, block: Json, values: Json) -> str:
        kind = block["type"]
        if kind == "input":
            return self._input(block, values)
        if kind in ("actions", "context"):
            between = "  " if kind == "context" else " "
            parts = [self._part(element, block, values) for element in block["elements"]]
            return between.join(parts)
        if kind == "divider":
            return "---"
        if kind == "image":
            return f"({block['alt_text']})"
        texts = [block["text"]] if "text" in block else []
        lines = [self._text(text) for text in (*texts, *block.get("fields", []))]
        if "accessory" in block:
            lines.append(self._part(block["accessory"], block, values))
        return "\n".join(lines)

    def _text(self, text: Any) -> str:
        if isinstance(text, str):  # a markdown block
            return text
        if text["type"] == "plain_text":
            return str(text["text"])
        return readable(text["text"], self.now, self.zone, self.names)

    def _input(self, block: Json, values: Json) -> str:
        mark = "" if block.get("optional") else " *"
        hint = f"\n  {block['hint']['text']}" if "hint" in block else ""
        field = self._part(block["element"], block, values)
        return f"{block['label']['text']}{mark}: {field}{hint}"

    def _part(self, element: Json, block: Json, values: Json) -> str:
        """An element: a text, a picture, a [button], or a (field)."""
        kind = element["type"]
        if kind == "image":
            return f"({element['alt_text']})"
        if kind == "button":
            return f"[{element['text']['text']}]"
        if kind == "overflow":
            return f"[… {' | '.join(self._label(option) for option in element['options'])}]"
        if kind not in KEYS:
            return self._text(element)
        state = values.get(block["block_id"], {}).get(element["action_id"], {})
        value = state.get(KEYS[kind][0], element.get(KEYS[kind][1]))
        options = " | ".join(self._label(option) for option in offered(element))
        return f"({self._value(value, element)})" + (f" of {options}" if options else "")

    def _value(self, value: Any, element: Json) -> str:
        if value in (None, "", []):
            placeholder = element.get("placeholder")
            return f"{placeholder['text']}…" if placeholder else ""
        if isinstance(value, list):
            return ", ".join(self._value(entry, element) for entry in value)
        if isinstance(value, dict):
            return self._label(value)
        if element["type"] == "datetimepicker":
            return f"{datetime.fromtimestamp(value, self.zone):%Y-%m-%d %H:%M}"
        return self.names.get(str(value), str(value))

    def _label(self, option: Json) -> str:
        return self._text(option["text"])

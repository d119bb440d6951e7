"""Templates of utility messages: what Meta tells of one, its gaps, the finished text, the request.

Source: https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/utility-messages
A gap is `{{1}}` or `{{order_id}}`. A draft names its parameters so: those of the body, and every named
one, by what stands in the braces; a numbered one of the headline `header.1`; what a button takes by the
button's place, `button.1`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

APPROVED: Final = "APPROVED"
GAP: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}")
BUTTON_TARGETS: Final = {"URL": "url", "POSTBACK": "payload"}
Part = Literal["header", "body", "buttons"]


class Unfit(Exception):
    """A template that Tagwise cannot send; the text says why."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button: `target` is the address or the payload behind it, perhaps with a gap."""

    kind: str
    label: str
    target: str

    @property
    def takes_a_parameter(self) -> bool:
        """Whether the send has to fill it."""
        return GAP.search(self.target) is not None


@dataclass(frozen=True, slots=True)
class Gap:
    """Something to fill: `key` is the parameter's name in a draft, `name` what stands in the braces."""

    key: str
    part: Part
    name: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class UtilityTemplate:
    """A template of the Page as Meta last told of it; name and language tell it from others."""

    name: str
    language: str
    status: str
    body: str
    header: str = ""
    buttons: tuple[Button, ...] = ()
    examples: Mapping[str, str] | None = None

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Everything that has to be filled, from top to bottom, each once."""
        found = {gap.key: gap for gap in self._all_gaps()}
        return tuple(found.values())

    @property
    def takes(self) -> tuple[str, ...]:
        """The names of its parameters."""
        return tuple(gap.key for gap in self.gaps)

    def _all_gaps(self) -> Iterator[Gap]:
        for name in GAP.findall(self.header):
            yield self._gap(_header_key(name), "header", name)
        for name in GAP.findall(self.body):
            yield self._gap(name, "body", name)
        for number, button in enumerate(self.buttons, start=1):
            if button.takes_a_parameter:
                yield self._gap(f"button.{number}", "buttons", button.label)

    def _gap(self, key: str, part: Part, name: str) -> Gap:
        return Gap(key, part, name, (self.examples or {}).get(key, ""))


def read_template(told: Mapping[str, Any]) -> UtilityTemplate:
    """The template that an entry of Meta's list describes; raises Unfit."""
    components = {str(part.get("type")).upper(): part for part in _objects(told.get("components"))}
    if strangers := sorted(set(components) - {"HEADER", "BODY", "BUTTONS"}):
        raise Unfit(f"it has a part of a kind that Tagwise does not know: {', '.join(strangers)}")
    header, body = components.get("HEADER", {}), components.get("BODY", {})
    if header and str(header.get("format", "TEXT")).upper() != "TEXT":
        raise Unfit("its headline is a picture or a file, and Tagwise fills in texts only")
    buttons = tuple(
        _button(each) for each in _objects(components.get("BUTTONS", {}).get("buttons"))
    )
    if not isinstance(body.get("text"), str):
        raise Unfit("it has no text")
    return UtilityTemplate(
        name=str(told.get("name", "")),
        language=str(told.get("language", "")),
        status=str(told.get("status", "UNKNOWN")),
        body=body["text"],
        header=str(header.get("text", "")),
        buttons=buttons,
        examples=dict(_examples(header, body)),
    )


def _button(told: Mapping[str, Any]) -> Button:
    kind = str(told.get("type")).upper()
    if kind not in BUTTON_TARGETS:
        raise Unfit(f"it has a button of a kind that Tagwise does not know: {kind}")
    return Button(kind, str(told.get("text", "")), str(told.get(BUTTON_TARGETS[kind], "")))


def _objects(value: Any) -> Sequence[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _examples(header: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the Page gave Meta as examples, by the parameter's name; nothing depends on them."""
    for part, texts, named in (
        (header, "header_text", "header_text_named_params"),
        (body, "body_text", "body_text_named_params"),
    ):
        given = part.get("example")
        if not isinstance(given, Mapping):
            continue
        numbered = given.get(texts)
        if isinstance(numbered, list) and numbered and isinstance(numbered[0], list):
            numbered = numbered[0]  # of the body it is a list of lists, with one in it
        for number, example in enumerate(numbered if isinstance(numbered, list) else (), start=1):
            yield (_header_key(str(number)) if part is header else str(number)), str(example)
        for each in _objects(given.get(named)):
            yield str(each.get("param_name")), str(each.get("example", ""))


def _header_key(name: str) -> str:
    return f"header.{name}" if name.isdecimal() else name


def finished_header(template: UtilityTemplate, parameters: Mapping[str, str]) -> str:
    """The headline as the person will read it; a gap without a parameter stays as it is."""
    return GAP.sub(lambda gap: parameters.get(_header_key(gap[1])) or gap[0], template.header)


def finished_body(template: UtilityTemplate, parameters: Mapping[str, str]) -> str:
    """The text below it, in the same way."""
    return GAP.sub(lambda gap: parameters.get(gap[1]) or gap[0], template.body)


def send_api_template(template: UtilityTemplate, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The object `message.template` of the Send API; every parameter has to be there."""
    parts = [
        {"type": "header", "parameters": _texts(template, "header", parameters)},
        {"type": "body", "parameters": _texts(template, "body", parameters)},
        {"type": "buttons", "parameters": _targets(template, parameters)},
    ]
    filled = [part for part in parts if part["parameters"]]
    named = {"name": template.name, "language": {"code": template.language}}
    return named | ({"components": filled} if filled else {})


def _texts(
    template: UtilityTemplate, part: Part, parameters: Mapping[str, str]
) -> list[dict[str, str]]:
    text = template.header if part == "header" else template.body
    names = list(dict.fromkeys(GAP.findall(text)))
    if all(name.isdecimal() for name in names):
        names.sort(key=int)  # Meta counts them, wherever they stand in the text
    return [_text(part, name, parameters) for name in names]


def _text(part: Part, name: str, parameters: Mapping[str, str]) -> dict[str, str]:
    key = _header_key(name) if part == "header" else name
    filled = {"type": "text", "text": parameters[key]}
    return filled if name.isdecimal() else filled | {"parameter_name": name}


def _targets(template: UtilityTemplate, parameters: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"type": button.kind, BUTTON_TARGETS[button.kind]: parameters[f"button.{number}"]}
        for number, button in enumerate(template.buttons, start=1)
        if button.takes_a_parameter
    ]

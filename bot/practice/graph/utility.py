"""Utility messages: templates that Meta approved beforehand, filled by the send.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/utility-messages
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bot.practice.graph.errors import bad_parameter
from bot.practice.graph.parameters import as_choice, as_list, as_object, as_text, required
from bot.practice.graph.types import JsonObject

PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_TOO_FEW_BUTTON_PARAMETERS = 1893029


@dataclass(frozen=True)
class UtilityTemplate:
    """A template of the Page: name and language are its identity, `{{1}}` or `{{name}}` its gaps.

    `buttons` are the labels of buttons that take one parameter each; `components` is the template as
    it was created, where it was.
    """

    name: str
    body: str
    language: str = "en"
    header: str | None = None
    buttons: tuple[str, ...] = ()
    status: str = "APPROVED"
    components: Sequence[JsonObject] = ()

    @property
    def id(self) -> str:
        """The number that Meta gives it."""
        return str(int.from_bytes(sha256(f"{self.name}:{self.language}".encode()).digest()[:6]))

    @property
    def listed_components(self) -> Sequence[JsonObject]:
        """Its parts as Meta lists them."""
        if self.components:
            return self.components
        header = {"type": "HEADER", "format": "TEXT", "text": self.header}
        buttons = [
            {"type": "POSTBACK", "text": label, "payload": "{{1}}"} for label in self.buttons
        ]
        return [
            *([header] if self.header else []),
            {"type": "BODY", "text": self.body},
            *([{"type": "BUTTONS", "buttons": buttons}] if buttons else []),
        ]

    @property
    def button_kinds(self) -> list[str]:
        """The types of the buttons that take a parameter, from first to last."""
        rows = [part["buttons"] for part in self.listed_components if part["type"] == "BUTTONS"]
        return [
            button["type"]
            for button in (rows[0] if rows else ())
            if PLACEHOLDER.search(button.get("url", button.get("payload", "")))
        ]


def fill_template(templates: Mapping[tuple[str, str], UtilityTemplate], value: Any) -> str:
    """Check `message.template` against the templates held; the text that the person will read."""
    param = "message[template]"
    named = as_object(value, param, ("name", "language", "components"))
    name = as_text(required(named, "name", f"{param}[name]"), f"{param}[name]", 512)
    language = as_object(
        required(named, "language", f"{param}[language]"), f"{param}[language]", ("code",)
    )
    code = as_text(
        required(language, "code", f"{param}[language][code]"), f"{param}[language][code]", 15
    )
    template = templates.get((name, code))
    if template is None:
        raise bad_parameter(f"Template {name} does not exist in {code}")
    if template.status != "APPROVED":
        raise bad_parameter(f"Template {name} is {template.status}, not APPROVED")
    parameters = _parameters_by_component(named.get("components", []), f"{param}[components]")
    _check_buttons(template, parameters.get("buttons", []))
    header = _fill(template.header or "", parameters.get("header", []), "header")
    body = _fill(template.body, parameters.get("body", []), "body")
    return "\n".join(part for part in (header, body) if part)


def _parameters_by_component(value: Any, param: str) -> dict[str, list[JsonObject]]:
    found: dict[str, list[JsonObject]] = {}
    for index, entry in enumerate(as_list(value, param, 0, 3)):
        place = f"{param}[{index}]"
        component = as_object(entry, place, ("type", "parameters"))
        kind = as_choice(component.get("type"), f"{place}[type]", ("header", "body", "buttons"))
        allowed = (
            ("type", "payload", "url") if kind == "buttons" else ("type", "text", "parameter_name")
        )
        found[kind] = [
            as_object(parameter, f"{place}[parameters][{number}]", allowed)
            for number, parameter in enumerate(
                as_list(component.get("parameters"), f"{place}[parameters]", 0, 20)
            )
        ]
    return found


def _check_buttons(template: UtilityTemplate, parameters: list[JsonObject]) -> None:
    if len(parameters) < len(template.buttons):
        raise bad_parameter("Too few button parameters", _TOO_FEW_BUTTON_PARAMETERS)
    if len(parameters) > len(template.buttons):
        raise bad_parameter("The template has fewer buttons than the message has parameters")
    for parameter, expected in zip(parameters, template.button_kinds, strict=True):
        kind = as_choice(parameter.get("type"), "button parameter type", (expected,))
        key = "payload" if kind == "POSTBACK" else "url"
        as_text(required(parameter, key, f"button parameter {key}"), f"button {key}", 1000)


def _fill(text: str, parameters: list[JsonObject], component: str) -> str:
    gaps = list(dict.fromkeys(PLACEHOLDER.findall(text)))
    values: dict[str, str] = {}
    for number, parameter in enumerate(parameters, start=1):
        as_choice(parameter.get("type"), f"{component} parameter type", ("text",))
        value = as_text(parameter.get("text"), f"{component} parameter text", 1024)
        if any(mark in value for mark in "#$%"):
            raise bad_parameter(f"A {component} parameter must not contain #, $ or %")
        values[str(parameter.get("parameter_name", number))] = value
    if set(values) != set(gaps):
        raise bad_parameter(
            f"The {component} takes {len(gaps)} parameters ({', '.join(gaps)}), got {len(values)}"
        )
    return PLACEHOLDER.sub(lambda gap: values[gap[1]], text)

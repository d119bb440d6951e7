"""`/{page}/message_templates`: the Page lists, creates and deletes templates of utility messages.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/utility-messages
"""

import re
from typing import Any, Final

from bot.practice.graph.calls import Call
from bot.practice.graph.errors import GraphError, bad_parameter
from bot.practice.graph.fields import parse_fields, select
from bot.practice.graph.meta import Meta
from bot.practice.graph.paging import listing, one_page
from bot.practice.graph.parameters import as_choice, as_list, as_object, as_text, as_url, required
from bot.practice.graph.types import JsonObject
from bot.practice.graph.utility import PLACEHOLDER, UtilityTemplate

_KEYS: Final = ("name", "language", "category", "components", "parameter_format")
_EXAMPLES: Final = {"HEADER": "header_text", "BODY": "body_text"}
_LONGEST: Final = {"HEADER": 60, "BODY": 1024}
_EXAMPLE_ON_POSTBACK, _QUICK_REPLY = 2388051, 2018416


def list_templates(meta: Meta, call: Call) -> JsonObject:
    """`GET`: the templates of the Page, where asked for those of one name."""
    _check_permission(meta)
    name = call.params.get("name")
    found = {each.id: each for each in meta.templates.values() if name in (None, each.name)}
    wanted = parse_fields(call.params.get("fields", "id,name,language,status,category,components"))
    shown, paging = one_page(list(found), call.params, call, "/".join(call.parts))
    return listing([_shown(found[number], wanted) for number in shown], paging)


def _shown(template: UtilityTemplate, wanted: Any) -> JsonObject:
    rejected = "TAG_SHOULD_BE_MARKETING" if template.status == "REJECTED" else "NONE"
    return select(
        wanted,
        {
            "id": lambda _: template.id,
            "name": lambda _: template.name,
            "language": lambda _: template.language,
            "status": lambda _: template.status,
            "category": lambda _: "UTILITY",
            "components": lambda _: list(template.listed_components),
            "rejected_reason": lambda _: rejected,
        },
    )


def create_template(meta: Meta, call: Call) -> JsonObject:
    """`POST`: a new template, reviewed at once."""
    _check_permission(meta)
    params = as_object(call.params, "request", _KEYS)
    name = as_text(required(params, "name", "name"), "name", 512)
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise bad_parameter("Param name must have lower-case letters, digits and underscores only")
    language = as_text(required(params, "language", "language"), "language", 15)
    as_choice(params.get("category"), "category", ("UTILITY",))
    if (name, language) in meta.templates:
        raise bad_parameter(f"Template {name} exists already in {language}")
    components = as_list(required(params, "components", "components"), "components", 1, 3)
    texts = {kind: _checked_text(components, kind) for kind in _EXAMPLES}
    made = UtilityTemplate(
        name,
        texts["BODY"] or "",
        language,
        texts["HEADER"],
        tuple(_labels_with_gaps(components)),
        meta.template_review,
        components,
    )
    meta.add_template(made)
    return {"id": made.id, "status": made.status, "category": "UTILITY"}


def delete_template(meta: Meta, call: Call) -> JsonObject:
    """`DELETE`: all languages of a name, or the one with this id."""
    _check_permission(meta)
    name, number = call.params.get("name"), call.params.get("hsm_id")
    gone = [
        identity
        for identity, template in meta.templates.items()
        if (name is not None or number is not None)
        and name in (None, template.name)
        and number in (None, template.id)
    ]
    if not gone:
        raise bad_parameter("There is no such template")
    for identity in gone:
        del meta.templates[identity]
    return {"success": True}


def _check_permission(meta: Meta) -> None:
    if "pages_utility_messaging" not in meta.scopes:
        raise GraphError(10, "(#10) Application does not have permission for this action")


def _checked_text(components: list[Any], kind: str) -> str | None:
    parts = [part for part in components if isinstance(part, dict) and part.get("type") == kind]
    if not parts and kind == "HEADER":
        return None
    if len(parts) != 1:
        raise bad_parameter(f"A template needs one component {kind}")
    part = as_object(parts[0], kind, ("type", "format", "text", "example"))
    text = as_text(required(part, "text", f"{kind}[text]"), f"{kind}[text]", _LONGEST[kind])
    gaps = list(dict.fromkeys(PLACEHOLDER.findall(text)))
    if PLACEHOLDER.match(text) and kind == "BODY":
        raise bad_parameter("INCORRECT_PARAMS: the text must not begin with a parameter")
    if re.search(rf"{PLACEHOLDER.pattern}$", text):
        raise bad_parameter("INCORRECT_PARAMS: the text must not end with a parameter")
    numbers = sorted(int(gap) for gap in gaps if gap.isdecimal())
    if numbers != list(range(1, len(numbers) + 1)):
        raise bad_parameter("INCORRECT_PARAMS: parameters must be numbered without gaps")
    _check_examples(part, kind, gaps)
    return text


def _check_examples(part: JsonObject, kind: str, gaps: list[str]) -> None:
    key = _EXAMPLES[kind]
    example = as_object(part.get("example", {}), "example", (key, f"{key}_named_params"))
    given = example.get(key, [])
    numbered = given[0] if kind == "BODY" and given else given
    named = [each.get("param_name") for each in example.get(f"{key}_named_params", [])]
    if {*map(str, range(1, len(numbered) + 1)), *named} != set(gaps):
        raise bad_parameter("TEMPLATE_VARIABLES_MISSING_SAMPLE_VALUES")


def _labels_with_gaps(components: list[Any]) -> list[str]:
    rows = [part for part in components if part.get("type") == "BUTTONS"]
    labels = []
    for button in as_list(rows[0].get("buttons"), "buttons", 1, 3) if rows else ():
        if button.get("type") == "QUICK_REPLY":
            raise bad_parameter("Invalid button type", _QUICK_REPLY)
        kind = as_choice(button.get("type"), "button type", ("POSTBACK", "URL"))
        key = "payload" if kind == "POSTBACK" else "url"
        as_text(required(button, "text", "button text"), "button text", 20)
        target = as_text(required(button, key, key), key, 1000)
        if kind == "POSTBACK" and "example" in button:
            raise bad_parameter("A POSTBACK button takes no example", _EXAMPLE_ON_POSTBACK)
        if kind == "URL":
            as_url(target, key)
        if PLACEHOLDER.search(target):
            labels.append(button["text"])
    return labels

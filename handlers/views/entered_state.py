"""The composer's fields as Slack reports them, and those that travel in it while they are not shown."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from handlers.views import feedback_fields, ids, one_time_fields
from handlers.views.entered import Entered, TemplateName

FORMS: Final = "forms"
FORM_FIELDS: Final = (*feedback_fields.FIELDS, *one_time_fields.FIELDS)
PARAMETER: Final = "utility:"  # then the template's name, a colon, the parameter's name


def metadata_of(entered: Entered) -> str:
    """The fields that Slack does not keep for us while they are not shown, for private_metadata."""
    kept = {
        "draft": entered.draft_id,
        "revision": entered.revision,
        "recurring": entered.recurring,
        ids.EVENT_NAME: entered.event_name,
        ids.EVENT_STARTS_AT: _seconds(entered.event_starts_at),
        ids.EVENT_ENDS_AT: _seconds(entered.event_ends_at),
        ids.EVENT_REGISTERED: entered.event_registered,
        ids.ORDER_ID: entered.order_id,
        ids.REMINDERS: entered.reminders,
        FORMS: dict(entered.forms),
    }
    return json.dumps({key: value for key, value in kept.items() if value}, ensure_ascii=False)


def read_composer(view: Mapping[str, Any]) -> Entered:
    """The fields of a composer as Slack reports it: those shown from its state, the rest as kept."""
    entered = _kept(view.get("private_metadata") or "{}")
    values = view["state"]["values"]
    for name, of_elements in values.items():
        read = _READERS.get(name)
        if read is not None and name in of_elements:
            entered = read(entered, _given(of_elements[name]))
    return replace(
        entered,
        parameters=dict(_parameters(entered.utility, values)),
        forms={**entered.forms, **_forms(values)},
    )


def _forms(values: Mapping[str, Any]) -> dict[str, str]:
    shown = [name for name in FORM_FIELDS if name in values]
    return {name: str(_given(values[name][name]) or "") for name in shown}


def parameter_field(template: str, parameter: str) -> str:
    """The name of the field for a parameter; the same in every language of a template."""
    return f"{PARAMETER}{template}:{parameter}"


def _parameters(
    chosen: TemplateName | None, values: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """What fills the chosen template; fields of one chosen before may still be shown."""
    prefix = parameter_field(chosen.name, "") if chosen else None
    for name, of_elements in values.items():
        if prefix and name.startswith(prefix):
            yield name.removeprefix(prefix), str(_given(of_elements[name]) or "").strip()


def template_value(template: TemplateName) -> str:
    """The template as a menu's value."""
    return f"{template.name}/{template.language}"


def _template(value: str | None) -> TemplateName | None:
    if value in (None, ids.NO_TEMPLATE):
        return None
    name, _, language = str(value).rpartition("/")
    return TemplateName(name, language)


def _given(element: Mapping[str, Any]) -> Any:
    """What was entered in one element, whatever its type: a text, a value, values, or seconds."""
    if "selected_options" in element:
        return [chosen["value"] for chosen in element["selected_options"] or ()]
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value")
    if "selected_date_time" in element:
        return element["selected_date_time"]
    return element.get("value")


def _kept(metadata: str) -> Entered:
    kept = json.loads(metadata)
    return Entered(
        draft_id=kept.get("draft"),
        revision=kept.get("revision"),
        recurring=kept.get("recurring", False),
        event_name=kept.get(ids.EVENT_NAME, ""),
        event_starts_at=_moment(kept.get(ids.EVENT_STARTS_AT)),
        event_ends_at=_moment(kept.get(ids.EVENT_ENDS_AT)),
        event_registered=kept.get(ids.EVENT_REGISTERED, False),
        order_id=kept.get(ids.ORDER_ID, ""),
        reminders=tuple(kept.get(ids.REMINDERS, ())),
        forms=kept.get(FORMS, {}),
    )


def _moment(seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else None


def _seconds(moment: datetime | None) -> int | None:
    return int(moment.timestamp()) if moment else None


def _number(value: Any) -> int | None:
    return int(value) if value else None


def _offsets(value: Any) -> tuple[str, ...]:
    several = value.replace(",", " ").split() if isinstance(value, str) else value
    return tuple(several or ())


_READERS: Mapping[str, Any] = {
    ids.RECIPIENT: lambda e, v: replace(e, contact_id=_number(v)),
    ids.MESSAGE: lambda e, v: replace(e, message=v or ""),
    ids.TAG: lambda e, v: replace(e, tag=None if v in (None, ids.NO_TAG) else v),
    ids.SEND_AT: lambda e, v: replace(e, send_at=_moment(v)),
    ids.EVENT_NAME: lambda e, v: replace(e, event_name=v or ""),
    ids.EVENT_STARTS_AT: lambda e, v: replace(e, event_starts_at=_moment(v)),
    ids.EVENT_ENDS_AT: lambda e, v: replace(e, event_ends_at=_moment(v)),
    ids.EVENT_REGISTERED: lambda e, v: replace(e, event_registered=bool(v)),
    ids.ORDER_ID: lambda e, v: replace(e, order_id=(v or "").strip()),
    ids.UTILITY: lambda e, v: replace(e, utility=_template(v)),
    ids.REMINDERS: lambda e, v: replace(e, reminders=_offsets(v)),
    ids.ROUTE: lambda e, v: replace(e, route=v or ids.SEND),
}

"""What somebody has entered in the composer, read from Slack's view state and carried along in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Self

from bot.asking import Facts
from bot.drafting import Proposal
from bot.json_parts import EventJson, OrderJson
from bot.policy.editions import CONFIRMED_EVENT_UPDATE, POST_PURCHASE_UPDATE
from handlers.views import ids
from storage.records import Draft

# The most of an event's name or an order's number: private_metadata, of 3000, holds both.
FACT_CHARACTERS: Final = 100


@dataclass(frozen=True, slots=True)
class Entered:
    """The composer's fields; those a tag does not need keep what was in them."""

    contact_id: int | None = None
    message: str = ""
    tag: str | None = None
    send_at: datetime | None = None
    event_name: str = ""
    event_starts_at: datetime | None = None
    event_ends_at: datetime | None = None
    event_registered: bool = False
    order_id: str = ""
    reminders: tuple[str, ...] = ()
    route: str = ids.SEND
    draft_id: int | None = None
    revision: int | None = None
    recurring: bool = False

    def proposal(self, author: str) -> Proposal:
        """What this person wants sent; only the facts that the chosen tag needs go with it."""
        event = EventJson.model_construct(
            name=self.event_name or None,
            registered=self.event_registered,
            starts_at=self.event_starts_at,
            ends_at=self.event_ends_at,
        )
        facts = Facts(
            event=event if self.about_event else None,
            order=OrderJson(id=self.order_id) if self.tag == POST_PURCHASE_UPDATE else None,
            recurring=self.recurring,
            reminders=self.reminders if self.about_event else (),
        )
        return Proposal(
            message={"text": self.message},
            tag=self.tag,
            facts=facts,
            send_at=self.send_at,
            author=author,
            wants_approval=self.route == ids.APPROVE_ROUTE,
        )

    @property
    def about_event(self) -> bool:
        """Whether the chosen tag speaks of an event."""
        return self.tag == CONFIRMED_EVENT_UPDATE

    @property
    def problems(self) -> dict[str, str]:
        """What no rule book has to be asked about, by field."""
        found = {}
        if self.contact_id is None:
            found[ids.RECIPIENT] = "Choose the person it is for."
        starts, ends = self.event_starts_at, self.event_ends_at
        if self.about_event and starts and ends and ends < starts:
            found[ids.EVENT_ENDS_AT] = "The event would end before it starts."
        return found

    @property
    def metadata(self) -> str:
        """The fields that Slack does not keep for us while they are not shown, for private_metadata."""
        kept = {
            "draft": self.draft_id,
            "revision": self.revision,
            "recurring": self.recurring,
            ids.EVENT_NAME: self.event_name,
            ids.EVENT_STARTS_AT: _seconds(self.event_starts_at),
            ids.EVENT_ENDS_AT: _seconds(self.event_ends_at),
            ids.EVENT_REGISTERED: self.event_registered,
            ids.ORDER_ID: self.order_id,
            ids.REMINDERS: self.reminders,
        }
        return json.dumps({key: value for key, value in kept.items() if value}, ensure_ascii=False)

    @classmethod
    def of_draft(cls, draft: Draft, contact_id: int) -> Self:
        """The composer's fields for a draft that is to be edited."""
        facts = Facts.model_validate(draft.facts)
        event = facts.event or EventJson()
        return cls(
            contact_id=contact_id,
            message=str(draft.message.get("text", "")),
            tag=draft.tag,
            send_at=draft.send_at,
            event_name=(event.name or "")[:FACT_CHARACTERS],
            event_starts_at=event.starts_at,
            event_ends_at=event.ends_at,
            event_registered=event.registered,
            order_id=((facts.order.id if facts.order else None) or "")[:FACT_CHARACTERS],
            reminders=facts.reminders,
            route=ids.APPROVE_ROUTE,
            draft_id=draft.id,
            revision=draft.revision,
            recurring=facts.recurring,
        )


def read_composer(view: Mapping[str, Any]) -> Entered:
    """The fields of a composer as Slack reports it: those shown from its state, the rest as kept."""
    entered = _kept(view.get("private_metadata") or "{}")
    values = view["state"]["values"]
    for name, of_elements in values.items():
        read = _READERS.get(name)
        if read is not None and name in of_elements:
            entered = read(entered, _given(of_elements[name]))
    return entered


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
    ids.REMINDERS: lambda e, v: replace(e, reminders=_offsets(v)),
    ids.ROUTE: lambda e, v: replace(e, route=v or ids.SEND),
}

"""A message of a thread as a phone shows it."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from bot.practice.graph.memory import PersonMemory, ThreadMessage
from bot.practice.page.forms import Form, form_of

_NOTED: Final = {
    "postback": "pressed a button",
    "referral": "came by a link",
    "optin": "opted in",
}


@dataclass(frozen=True, slots=True)
class Button:
    """Something to tap; without a payload it leads out of the thread and does nothing here."""

    title: str
    payload: str | None = None


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message; `caption` says how the Page sent it, `is_new` that nobody looked at it yet.

    `asks_to_tell`: with a button by which one is told something once; `was_asked`: it was pressed.
    """

    mid: str
    at: datetime
    from_person: bool
    text: str
    caption: str
    reaction: str | None
    is_new: bool
    buttons: Sequence[Button] = field(default_factory=list)
    quick_replies: Sequence[Button] = field(default_factory=list)
    form: Form | None = None
    asks_to_tell: bool = False
    was_asked: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Something the person did that is no message."""

    at: datetime
    did: str


def bubbles(person: PersonMemory, granted: Container[str] = ()) -> list[Bubble | Note]:
    """The whole thread, oldest first; quick replies only under the last message, as on a phone.

    `granted`: the mids of requests whose button was pressed.
    """
    thread = list(person.thread)
    shown = [_bubble(person, message, message is thread[-1], granted) for message in thread]
    notes = [Note(act.at, _NOTED[act.kind]) for act in list(person.acts) if act.kind in _NOTED]
    return sorted([*shown, *notes], key=lambda one: one.at)


def unread(person: PersonMemory) -> int:
    """How many messages of the Page this person has not looked at."""
    return sum(_is_new(person, message) for message in list(person.thread))


def _is_new(person: PersonMemory, message: ThreadMessage) -> bool:
    return message.author != "person" and (person.read_at is None or message.at > person.read_at)


def _bubble(
    person: PersonMemory, message: ThreadMessage, is_last: bool, granted: Container[str]
) -> Bubble:
    text, buttons = _content(message)
    template: dict[str, Any] = (message.attachment or {}).get("payload", {})
    replies = message.message.get("quick_replies", []) if is_last else []
    return Bubble(
        mid=message.mid,
        at=message.at,
        from_person=message.author == "person",
        text=text,
        caption=_caption(message),
        reaction=person.reactions.get(message.mid),
        is_new=_is_new(person, message),
        buttons=buttons,
        quick_replies=[
            Button(reply.get("title", reply["content_type"]), reply.get("payload", ""))
            for reply in replies
        ],
        form=form_of(template, person.forms.get(message.mid)),
        asks_to_tell=template.get("template_type") == "one_time_notif_req",
        was_asked=message.mid in granted,
    )


def _caption(message: ThreadMessage) -> str:
    if message.author == "person":
        return "came through an ad" if "referral" in message.message else ""
    if message.author == "inbox":
        return "from the Page's inbox"
    kind = message.messaging_type or ""
    return f"{kind} · {message.tag}" if message.tag else f"{kind} · no tag"


def _content(message: ThreadMessage) -> tuple[str, list[Button]]:
    if message.text is not None:
        return message.text, []
    attachments = message.message.get("attachments") or [message.attachment]
    if attachments[0]["type"] == "template":
        return _template(attachments[0]["payload"])
    return "\n".join(f"[{one['type'].capitalize()}]" for one in attachments), []


def _template(payload: dict[str, Any]) -> tuple[str, list[Button]]:
    first: dict[str, Any] = next(iter(payload.get("elements", [])), {})
    parts = [payload.get("text"), payload.get("title"), first.get("title")]
    parts += [payload.get("subtitle"), first.get("subtitle")]
    if "order_number" in payload:
        parts.append(f"Receipt for order {payload['order_number']}")
    offered = payload.get("buttons", first.get("buttons", []))
    buttons = [
        Button(one["title"], one["payload"] if one["type"] == "postback" else None)
        for one in offered
    ]
    return "\n".join(part for part in parts if part), buttons

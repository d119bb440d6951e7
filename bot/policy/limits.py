"""The Send API's limits on a message object, for Messenger and for Instagram.

Source: Send API reference and the template pages of the Messenger Platform; Instagram's "send a
message" page of 2026-09-11. They hold inside the messaging window and outside it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.policy.question import Channel, Finding, Severity
from bot.policy.templates import file_faults, template_faults

SOURCE: Final = "Send API"
MESSENGER_TEXT_CHARACTERS: Final = 2000
INSTAGRAM_TEXT_BYTES: Final = 1000
METADATA_CHARACTERS: Final = 999
QUICK_REPLIES: Final = 13
QUICK_REPLY_TITLE_CHARACTERS: Final = 20
QUICK_REPLY_PAYLOAD_CHARACTERS: Final = 1000

CONTENT_FIELDS: Final = ("text", "attachment", "attachments")
FIELDS: Final = frozenset({*CONTENT_FIELDS, "quick_replies", "metadata"})
TEXT_ALONE: Final = frozenset({"text"})
ATTACHMENT_TYPES: Final = ("audio", "file", "image", "template", "video")
CONTACT_QUICK_REPLIES: Final = ("user_phone_number", "user_email")
INSTAGRAM_TEMPLATES: Final = ("generic", "button", "media")
SEVERAL_IMAGES: Final[Mapping[Channel, int]] = {"messenger": 30, "instagram": 10}
FEEDBACK_TEMPLATE: Final = "customer_feedback"


def limit_findings(message: Mapping[str, Any], channel: Channel) -> Iterator[Finding]:
    """Everything about the message itself that Meta would refuse on this channel."""
    text = message.get("text")
    if text is None or message.keys() != TEXT_ALONE:  # which most are
        yield from map(_invalid, _shape_faults(message))
        yield from map(_invalid, _attachment_faults(message, channel))
        yield from map(_invalid, _quick_reply_faults(message.get("quick_replies")))
    if text is not None:
        yield from _text_findings(text, channel)


def template_type(message: Mapping[str, Any]) -> str | None:
    """The kind of template the message carries, if it carries one."""
    attachment = message.get("attachment")
    if not isinstance(attachment, dict) or attachment.get("type") != "template":
        return None
    payload = attachment.get("payload")
    kind = payload.get("template_type") if isinstance(payload, Mapping) else None
    return kind if isinstance(kind, str) else None


def _invalid(why: str) -> Finding:
    return Finding("message-invalid", Severity.REFUSE, why, SOURCE)


def _text_findings(text: Any, channel: Channel) -> Iterator[Finding]:
    if not isinstance(text, str):
        yield _invalid("The text of a message has to be a string.")
    elif not text.strip():
        yield _invalid("The message is empty: write a text.")
    elif too_long := _text_fault(text, channel):
        yield Finding("message-too-long", Severity.REFUSE, too_long, SOURCE)


def _text_fault(text: str, channel: Channel) -> str | None:
    if channel == "instagram":
        size = len(text.encode("utf-8", "surrogatepass"))
        if size > INSTAGRAM_TEXT_BYTES:
            return (
                f"The text has {size:,} bytes; Instagram takes {INSTAGRAM_TEXT_BYTES:,} at most, "
                "where an accented letter counts as two and an emoji as four."
            )
    elif len(text) > MESSENGER_TEXT_CHARACTERS:
        return (
            f"The text has {len(text):,} characters; "
            f"Messenger takes {MESSENGER_TEXT_CHARACTERS:,} at most."
        )
    return None


def _shape_faults(message: Mapping[str, Any]) -> Iterator[str]:
    if unknown := message.keys() - FIELDS:
        yield f"The Send API has no message field named {', '.join(sorted(unknown))}."
    contents = [name for name in CONTENT_FIELDS if message.get(name) is not None]
    if len(contents) != 1:
        yield "A message carries exactly one of a text, an attachment or several attachments."
    metadata = message.get("metadata")
    if metadata is not None and (
        not isinstance(metadata, str) or len(metadata) > METADATA_CHARACTERS
    ):
        yield f"The metadata has to be a string of at most {METADATA_CHARACTERS} characters."


def _attachment_faults(message: Mapping[str, Any], channel: Channel) -> Iterator[str]:
    yield from _several_faults(message.get("attachments"), channel)
    attachment = message.get("attachment")
    if attachment is None:
        return
    if not isinstance(attachment, Mapping) or attachment.get("type") not in ATTACHMENT_TYPES:
        yield f"An attachment needs a type: {', '.join(ATTACHMENT_TYPES)}."
    elif not isinstance(attachment.get("payload"), Mapping):
        yield "An attachment needs a payload."
    elif attachment["type"] == "template":
        yield from _template_faults(attachment["payload"], template_type(message), channel)
    else:
        yield from file_faults(attachment["payload"])


def _several_faults(several: Any, channel: Channel) -> Iterator[str]:
    if several is None:
        return
    if not isinstance(several, list) or not several:
        yield "The attachments of a message have to be a list with at least one entry."
        return
    most = SEVERAL_IMAGES[channel]
    if len(several) > most:
        yield f"A message has {most} attachments at most on this channel, not {len(several)}."
    for number, entry in enumerate(several, start=1):
        payload = entry.get("payload") if isinstance(entry, Mapping) else None
        if not isinstance(payload, Mapping) or entry.get("type") != "image":
            yield f"Attachment {number} of several has to be an image with a payload."
        else:
            yield from file_faults(payload)


def _template_faults(
    payload: Mapping[str, Any], kind: str | None, channel: Channel
) -> Iterator[str]:
    if kind is None:
        yield "A template needs a template_type."
    elif channel == "instagram" and kind not in INSTAGRAM_TEMPLATES:
        yield (
            f"Instagram has no {kind} template; "
            f"it knows {', '.join(INSTAGRAM_TEMPLATES[:-1])} and {INSTAGRAM_TEMPLATES[-1]}."
        )
    else:
        yield from template_faults(payload)


def _quick_reply_faults(replies: Any) -> Iterator[str]:
    if replies is None:
        return
    if not isinstance(replies, list) or not all(isinstance(r, Mapping) for r in replies):
        yield "Quick replies have to be a list of objects."
        return
    if len(replies) > QUICK_REPLIES:
        yield f"A message has {QUICK_REPLIES} quick replies at most, not {len(replies)}."
    for number, reply in enumerate(replies, start=1):
        yield from _quick_reply_fault(number, reply)


def _quick_reply_fault(number: int, reply: Mapping[str, Any]) -> Iterator[str]:
    kind = reply.get("content_type")
    if kind in CONTACT_QUICK_REPLIES:
        return
    if kind != "text":
        yield f"Quick reply {number} needs a content_type: text, {', '.join(CONTACT_QUICK_REPLIES)}."
        return
    for name, limit in (
        ("title", QUICK_REPLY_TITLE_CHARACTERS),
        ("payload", QUICK_REPLY_PAYLOAD_CHARACTERS),
    ):
        value = reply.get(name)
        if not isinstance(value, str) or not 1 <= len(value) <= limit:
            yield f"Quick reply {number} needs a {name} of 1 to {limit} characters."

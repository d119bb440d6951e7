"""What a message may say: from arguments to `Content`, or Slack's refusal.

https://docs.slack.dev/reference/methods/chat.postMessage
"""

import json
from typing import Any, Final

from .backend import Backend
from .block_parts import with_ids
from .blocks import MOST_BLOCK_CHARACTERS, MOST_MARKDOWN, characters, message_faults
from .errors import ApiError
from .workspace import Content, Json

MOST_TEXT: Final = 40_000
MOST_UPDATED_TEXT: Final = 4_000


def decoded(value: Any, error: str) -> Any:
    """A value that may travel as JSON in a string; raises ApiError(`error`) when it is none."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise ApiError(error) from None


def read_blocks(backend: Backend, given: Any) -> tuple[Json, ...]:
    """The blocks of a message, checked."""
    blocks = decoded(given or [], "invalid_blocks_format")
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    if faults := message_faults(blocks):
        raise ApiError("invalid_blocks", [str(fault) for fault in faults])
    if characters(blocks) > MOST_BLOCK_CHARACTERS:
        raise ApiError("msg_blocks_too_long")
    return tuple(with_ids(blocks, backend.workspace.number))


def read_content(backend: Backend, args: Json) -> Content:
    """What a message shall say. Text beyond 40,000 characters is cut, as Slack does."""
    text, markdown = args.get("text") or "", args.get("markdown_text")
    if not isinstance(text, str):
        raise ApiError("invalid_arguments", ["[ERROR] text must be a string"])
    blocks = read_blocks(backend, args.get("blocks"))
    attachments = decoded(args.get("attachments") or [], "invalid_arguments")
    if not isinstance(attachments, list):
        raise ApiError("invalid_arguments", ["[ERROR] attachments must be an array"])
    if markdown:
        if text or blocks:
            raise ApiError("markdown_text_conflict")
        if len(markdown) > MOST_MARKDOWN:
            raise ApiError("msg_too_long")
        text = markdown
    if not text and not blocks and not attachments:
        raise ApiError("no_text")
    return Content(text[:MOST_TEXT], blocks, tuple(attachments))


def read_metadata(given: Any) -> Json | None:
    """A message's metadata: an event type and its payload."""
    metadata = decoded(given or None, "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise ApiError("invalid_metadata_format")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if set(metadata) != {"event_type", "event_payload"} or not isinstance(kind, str):
        raise ApiError("invalid_metadata_schema")
    if not isinstance(payload, dict):
        raise ApiError("invalid_metadata_schema")
    return metadata

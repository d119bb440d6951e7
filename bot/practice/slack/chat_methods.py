"""The Web API's `chat.*` methods. https://docs.slack.dev/reference/methods"""

import re
from typing import Final

from .backend import Backend
from .contents import MOST_TEXT, MOST_UPDATED_TEXT, read_content, read_metadata
from .errors import ApiError
from .shapes import message_json
from .workspace import BOT_USER, TEAM_DOMAIN, Channel, Json, Message

_TS: Final = re.compile(r"\d{10}\.\d{6}")


def _flag(value: object) -> bool:
    return value in (True, 1, "1", "true")


def _open_to_bot(backend: Backend, channel_id: object, posting: bool) -> Channel:
    channel = backend.visible(channel_id)
    if channel is None:
        raise ApiError("channel_not_found")
    invited = posting and "chat:write.public" in backend.scopes
    if not channel.has_bot and not invited:
        raise ApiError("not_in_channel")
    return channel


def _destination(backend: Backend, channel_id: object) -> Channel:
    user = backend.workspace.users.get(str(channel_id))
    if user is not None and not user.is_bot:
        return backend.workspace.dm_with(user.id)
    return _open_to_bot(backend, channel_id, posting=True)


def _thread(backend: Backend, channel: Channel, thread_ts: object) -> str | None:
    if not thread_ts:
        return None
    if not isinstance(thread_ts, str) or not _TS.fullmatch(thread_ts):
        raise ApiError("invalid_thread_ts", [f"[ERROR] {thread_ts} is not a valid thread_ts"])
    root = backend.workspace.find(channel.id, thread_ts)
    if root is None:
        raise ApiError("thread_not_found")
    if root.thread_ts is not None:
        raise ApiError("cannot_reply_to_message")
    return thread_ts


def post_message(backend: Backend, args: Json) -> Json:
    """Post to a channel, a thread, or (by user id) somebody's direct messages."""
    channel = _destination(backend, args["channel"])
    message = backend.workspace.post(
        Message(
            channel_id=channel.id,
            ts=backend.workspace.new_ts(),
            user=BOT_USER,
            content=read_content(backend, args),
            thread_ts=_thread(backend, channel, args.get("thread_ts")),
            metadata=read_metadata(args.get("metadata")),
        ),
        broadcast=_flag(args.get("reply_broadcast")),
    )
    return {"channel": channel.id, "ts": message.ts, "message": message_json(message)}


def update(backend: Backend, args: Json) -> Json:
    """Edit a message of the bot's own; text without blocks takes the blocks away."""
    channel = _open_to_bot(backend, args["channel"], posting=False)
    message = backend.workspace.find(channel.id, str(args["ts"]))
    if message is None:
        raise ApiError("message_not_found")
    if message.user != BOT_USER:
        raise ApiError("cant_update_message")
    if len(str(args.get("text") or "")) > MOST_UPDATED_TEXT:
        raise ApiError("msg_too_long")
    content, metadata = read_content(backend, args), read_metadata(args.get("metadata"))
    backend.workspace.edit(message, content)
    message.metadata = metadata or message.metadata
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message_json(message),
    }


def post_ephemeral(backend: Backend, args: Json) -> Json:
    """Show a message to one member of a channel."""
    channel = _open_to_bot(backend, args["channel"], posting=True)
    if args["user"] not in channel.members:
        raise ApiError("user_not_in_channel")
    if len(str(args.get("text") or "")) > MOST_TEXT:
        raise ApiError("msg_too_long")
    message = backend.workspace.post(
        Message(
            channel_id=channel.id,
            ts=backend.workspace.new_ts(),
            user=BOT_USER,
            content=read_content(backend, args),
            thread_ts=_thread(backend, channel, args.get("thread_ts")),
            ephemeral_to=args["user"],
        )
    )
    return {"message_ts": message.ts}


def get_permalink(backend: Backend, args: Json) -> Json:
    """The address of a message."""
    channel = backend.visible(args["channel"])
    if channel is None:
        raise ApiError("channel_not_found")
    ts = str(args["message_ts"])
    message = backend.workspace.find(channel.id, ts)
    if message is None:
        raise ApiError("message_not_found")
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    path = f"{channel.id}/p{ts.replace('.', '')}{thread}"
    return {
        "channel": channel.id,
        "permalink": f"https://{TEAM_DOMAIN}.slack.com/archives/{path}",
    }

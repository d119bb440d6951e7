"""The Web API's methods about the workspace: `auth.test`, `conversations.*`, `users.info`."""

import base64
import binascii

from .backend import Backend
from .errors import ApiError
from .shapes import channel_json, user_json
from .workspace import BOT_ID, BOT_USER, TEAM_DOMAIN, TEAM_ID, TEAM_NAME, Channel, Json


def auth_test(backend: Backend, _args: Json) -> Json:
    """Whose token this is."""
    return {
        "url": f"https://{TEAM_DOMAIN}.slack.com/",
        "team": TEAM_NAME,
        "user": backend.workspace.users[BOT_USER].name.lower(),
        "team_id": TEAM_ID,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def _channel(backend: Backend, args: Json) -> Channel:
    channel = backend.visible(args["channel"])
    if channel is None:
        raise ApiError("channel_not_found")
    return channel


def info(backend: Backend, args: Json) -> Json:
    """One conversation."""
    channel = _channel(backend, args)
    counted = args.get("include_num_members") in (True, 1, "1", "true")
    return {
        "channel": channel_json(channel)
        | ({"num_members": len(channel.members)} if counted else {})
    }


def members(backend: Backend, args: Json) -> Json:
    """Who is in a conversation, a page at a time; an empty cursor ends the list."""
    channel = _channel(backend, args)
    try:
        limit = int(args.get("limit") or 100)
    except ValueError:
        raise ApiError("invalid_limit") from None
    if not 1 <= limit <= 1000:
        raise ApiError("invalid_limit")
    start = _start(str(args.get("cursor") or ""))
    end = start + limit
    further = f"member:{end}" if end < len(channel.members) else ""
    return {
        "members": channel.members[start:end],
        "response_metadata": {"next_cursor": base64.b64encode(further.encode()).decode()},
    }


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("member:"))
    except (binascii.Error, ValueError):
        raise ApiError("invalid_cursor") from None


def open_dm(backend: Backend, args: Json) -> Json:
    """The bot's direct messages with one person."""
    if args.get("channel"):
        return {"channel": channel_json(_channel(backend, args))}
    users = str(args.get("users") or "").split(",")
    if users == [""]:
        raise ApiError("users_list_not_supplied")
    if len(users) > 1:
        raise ApiError("method_not_supported_for_channel_type")
    if users[0] not in backend.workspace.users:
        raise ApiError("user_not_found")
    channel = backend.workspace.dm_with(users[0])
    full = args.get("return_im") in (True, 1, "1", "true")
    return {"channel": channel_json(channel) if full else {"id": channel.id}}


def user_info(backend: Backend, args: Json) -> Json:
    """One person."""
    user = backend.workspace.users.get(str(args["user"]))
    if user is None:
        raise ApiError("user_not_found")
    return {"user": user_json(user, backend.workspace.clock())}

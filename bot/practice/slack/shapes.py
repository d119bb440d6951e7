"""People, conversations and messages in the JSON that Slack's answers and payloads carry.

https://docs.slack.dev/reference/objects
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from .workspace import APP_ID, BOT_ID, BOT_USER, TEAM_ID, Channel, Json, Message, User


def user_json(user: User, now: datetime) -> Json:
    """A user object; `tz_offset` is in seconds."""
    zone = now.astimezone(ZoneInfo(user.tz))
    offset = zone.utcoffset()
    return {
        "id": user.id,
        "team_id": TEAM_ID,
        "name": user.name.lower(),
        "real_name": user.name,
        "deleted": False,
        "is_bot": user.is_bot,
        "tz": user.tz,
        "tz_label": zone.tzname(),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": {"real_name": user.name, "display_name": user.name, "team": TEAM_ID},
    }


def channel_json(channel: Channel) -> Json:
    """A conversation object as a bot sees it."""
    if channel.kind == "im":
        other = next(member for member in channel.members if member != BOT_USER)
        return {"id": channel.id, "is_im": True, "user": other, "is_archived": False}
    private = channel.kind == "private"
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not private,
        "is_group": private,
        "is_im": False,
        "is_private": private,
        "is_archived": False,
        "is_member": channel.has_bot,
    }


def message_json(message: Message) -> Json:
    """A message object; fields that do not apply are absent, as in Slack's."""
    content = message.content
    shown: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": content.text,
        "team": TEAM_ID,
    }
    if message.user == BOT_USER:
        shown |= {"bot_id": BOT_ID, "app_id": APP_ID}
    for name, value in {
        "blocks": list(content.blocks),
        "attachments": list(content.attachments),
        "thread_ts": message.thread_ts or (message.ts if message.replies else None),
        "reply_count": len(message.replies),
        "metadata": message.metadata,
        "edited": {"user": message.user, "ts": message.ts} if message.marked_edited else None,
    }.items():
        if value:
            shown[name] = value
    return shown

"""The nodes and edges beside messages: the Page, a person's profile, subscription, token check."""

from bot.practice.graph.calls import Call
from bot.practice.graph.errors import GraphError, bad_parameter
from bot.practice.graph.fields import parse_fields, select
from bot.practice.graph.memory import PersonMemory
from bot.practice.graph.meta import MESSENGER_FIELDS, Meta
from bot.practice.graph.parameters import required
from bot.practice.graph.types import Channel, JsonObject

_LOCALE_FIELDS = {"locale": "en_GB", "timezone": 0, "gender": "female"}


def show_page(meta: Meta, call: Call) -> JsonObject:
    """`GET /me` and `GET /{page}`: the Page and the Instagram account linked to it."""
    instagram = {"id": meta.instagram_id} if meta.instagram_id else None
    values = select(
        parse_fields(call.params.get("fields", "name")),
        {
            "id": lambda _: meta.page_id,
            "name": lambda _: meta.page_name,
            "instagram_business_account": lambda _: instagram,
        },
    )
    return values | {"id": meta.page_id}


def show_profile(meta: Meta, call: Call, person: PersonMemory) -> JsonObject:
    """`GET /{person}`: the User Profile API; nothing but `{}` without access to the profile.

    https://developers.facebook.com/docs/messenger-platform/identity/user-profile
    """
    if person.profile == "phone_number":
        raise GraphError(2018218, "(#2018218) There is no profile available for this user")
    if person.profile == "hidden":
        return {}
    picture = f"https://platform-lookaside.example/{person.id}.jpg"
    profiles: dict[Channel, JsonObject] = {
        "messenger": {
            "id": person.id,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "name": person.full_name,
            "profile_pic": picture,
            **_LOCALE_FIELDS,
        },
        "instagram": {
            "id": person.id,
            "name": person.full_name,
            "username": person.username,
            "profile_pic": picture,
        },
    }
    known = profiles[person.channel]
    usual = "first_name,last_name,profile_pic" if person.channel == "messenger" else "name"
    wanted = parse_fields(call.params.get("fields", usual))
    for one in wanted:
        if one.name in _LOCALE_FIELDS and f"pages_user_{one.name}" not in meta.scopes:
            raise GraphError(2018247, "(#2018247) Insufficient permission for this profile field")
    values = select(wanted, {name: lambda one: known[one.name] for name in known})
    return values | {"id": person.id}


def show_subscription(meta: Meta, _call: Call) -> JsonObject:
    """`GET /{page}/subscribed_apps`: our app and the fields it hears of, if it is subscribed."""
    if not meta.subscribed_fields:
        return {"data": []}
    app = {
        "id": meta.app_id,
        "name": "Tagwise",
        "subscribed_fields": sorted(meta.subscribed_fields),
    }
    return {"data": [app]}


def subscribe(meta: Meta, call: Call) -> JsonObject:
    """`POST /{page}/subscribed_apps`: hear of exactly these fields from now on."""
    if "pages_manage_metadata" not in meta.scopes:
        raise GraphError(200, "(#200) Requires pages_manage_metadata permission")
    value = required(call.params, "subscribed_fields", "subscribed_fields")
    fields = set(value.split(",") if isinstance(value, str) else value)
    if strangers := sorted(fields - MESSENGER_FIELDS):
        raise bad_parameter(f"Param subscribed_fields: unknown {', '.join(strangers)}")
    meta.subscribed_fields = fields
    return {"success": True}


def unsubscribe(meta: Meta, _call: Call) -> JsonObject:
    """`DELETE /{page}/subscribed_apps`: hear of nothing."""
    meta.subscribed_fields = set()
    return {"success": True}


def show_token(meta: Meta, call: Call) -> JsonObject:
    """`GET /debug_token?input_token=...`: what a token is for.

    https://developers.facebook.com/docs/graph-api/reference/debug_token
    """
    if required(call.params, "input_token", "input_token") != meta.access_token:
        wrong = {"code": 190, "message": "Invalid OAuth access token."}
        return {"data": {"error": wrong, "is_valid": False, "scopes": []}}
    ends = meta.token_ends_at  # 0 stands for never
    return {
        "data": {
            "app_id": meta.app_id,
            "type": "PAGE",
            "application": "Tagwise",
            "expires_at": int(ends.timestamp()) if ends else 0,
            "is_valid": True,
            "profile_id": meta.page_id,
            "scopes": sorted(meta.scopes),
        }
    }

"""The Conversations API: who talked with the Page, newest first.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/conversations
"""

from bot.practice.graph.calls import Call
from bot.practice.graph.errors import GraphError
from bot.practice.graph.fields import Field, parse_fields, select
from bot.practice.graph.memory import PersonMemory, ThreadMessage
from bot.practice.graph.meta import Meta
from bot.practice.graph.paging import listing, one_page
from bot.practice.graph.parameters import as_choice
from bot.practice.graph.types import JsonObject, graph_time

_WITH_DETAILS = 20  # of older messages Meta tells no more than that they were there
_NEEDED_SCOPES: dict[str, tuple[str, ...]] = {
    "messenger": ("pages_messaging", "pages_manage_metadata", "pages_read_engagement"),
    "instagram": ("instagram_basic", "instagram_manage_messages", "pages_manage_metadata"),
}


def list_conversations(meta: Meta, call: Call) -> JsonObject:
    """`GET /{page}/conversations`: those with messages, of one platform, maybe of one person."""
    platform = as_choice(call.params.get("platform", "messenger"), "platform", _NEEDED_SCOPES)
    _check_scopes(meta, platform)
    user_id = call.params.get("user_id")
    found = {
        person.conversation_id: person
        for person in meta.people.values()
        if person.thread and person.channel == platform and user_id in (None, person.id)
    }
    ids = sorted(found, key=lambda item: found[item].thread[-1].at, reverse=True)
    page, paging = one_page(ids, call.params, call, "/".join(call.parts))
    wanted = parse_fields(call.params.get("fields", "id,updated_time"))
    return listing([_conversation(meta, found[item], wanted, call) for item in page], paging)


def show_conversation(meta: Meta, call: Call, person: PersonMemory) -> JsonObject:
    """`GET /{conversation}`: its `id` and what `fields` ask for."""
    _check_scopes(meta, person.channel)
    wanted = parse_fields(call.params.get("fields", "updated_time"))
    return _conversation(meta, person, wanted, call) | {"id": person.conversation_id}


def list_messages(meta: Meta, call: Call, person: PersonMemory) -> JsonObject:
    """`GET /{conversation}/messages`: where the `next` of a long conversation leads."""
    _check_scopes(meta, person.channel)
    wanted = parse_fields(call.params.get("fields", "id,created_time"))
    asked = Field("messages", call.params, wanted)
    return _messages(meta, person, asked, call)


def show_message(meta: Meta, call: Call, person: PersonMemory, sent: ThreadMessage) -> JsonObject:
    """`GET /{message}`: an error for all but the most recent ones, as if they were deleted."""
    _check_scopes(meta, person.channel)
    if sent not in person.thread[-_WITH_DETAILS:]:
        raise GraphError(9000001, "(#9000001) This message has been deleted")
    wanted = parse_fields(call.params.get("fields", "id,created_time"))
    return _message(meta, person, sent, wanted, detailed=True) | {"id": sent.mid}


def _check_scopes(meta: Meta, platform: str) -> None:
    missing = [scope for scope in _NEEDED_SCOPES[platform] if scope not in meta.scopes]
    if missing:
        raise GraphError(10, f"(#10) This endpoint requires the permission {missing[0]}")


def _conversation(meta: Meta, person: PersonMemory, wanted: list[Field], call: Call) -> JsonObject:
    return select(
        wanted,
        {
            "id": lambda _: person.conversation_id,
            "updated_time": lambda _: graph_time(person.thread[-1].at),
            "message_count": lambda _: len(person.thread),
            "participants": lambda _: {"data": [_party(person), {"id": meta.account_id(person)}]},
            "messages": lambda asked: _messages(meta, person, asked, call),
        },
    )


def _messages(meta: Meta, person: PersonMemory, asked: Field, call: Call) -> JsonObject:
    by_mid = {sent.mid: sent for sent in reversed(person.thread)}
    recent = set(list(by_mid)[:_WITH_DETAILS])
    wanted = asked.inside or parse_fields("id,created_time")
    params = asked.arguments | {"fields": ",".join(one.name for one in wanted)}
    page, paging = one_page(list(by_mid), params, call, f"{person.conversation_id}/messages")
    rows = [_message(meta, person, by_mid[mid], wanted, detailed=mid in recent) for mid in page]
    return listing(rows, paging)


def _message(
    meta: Meta, person: PersonMemory, sent: ThreadMessage, wanted: list[Field], *, detailed: bool
) -> JsonObject:
    page = {"id": meta.account_id(person)}
    sides = [_party(person), page] if sent.author == "person" else [page, _party(person)]
    return select(
        wanted,
        {
            "id": lambda _: sent.mid,
            "created_time": lambda _: graph_time(sent.at),
            "from": lambda _: sides[0] if detailed else None,
            "to": lambda _: {"data": [sides[1]]} if detailed else None,
            "message": lambda _: (sent.text or "") if detailed else None,
        },
    )


def _party(person: PersonMemory) -> JsonObject:
    if person.channel == "instagram":
        return {"id": person.id, "username": person.username}
    return {"id": person.id, "name": person.full_name}

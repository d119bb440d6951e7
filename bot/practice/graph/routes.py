"""Which call is answered by what, and by whose token."""

import hashlib
import hmac
from collections.abc import Callable

from bot.practice.graph.calls import Call
from bot.practice.graph.conversations import (
    list_conversations,
    list_messages,
    show_conversation,
    show_message,
)
from bot.practice.graph.errors import GraphError, no_such_object
from bot.practice.graph.memory import PersonMemory
from bot.practice.graph.message_templates import (
    create_template,
    delete_template,
    list_templates,
)
from bot.practice.graph.meta import Meta
from bot.practice.graph.nodes import (
    show_page,
    show_profile,
    show_subscription,
    show_token,
    subscribe,
    unsubscribe,
)
from bot.practice.graph.send_api import OnAccepted, send
from bot.practice.graph.types import JsonObject

_PAGE_EDGES: dict[tuple[str, str], Callable[[Meta, Call], JsonObject]] = {
    ("GET", ""): show_page,
    ("GET", "conversations"): list_conversations,
    ("GET", "subscribed_apps"): show_subscription,
    ("POST", "subscribed_apps"): subscribe,
    ("DELETE", "subscribed_apps"): unsubscribe,
    ("GET", "message_templates"): list_templates,
    ("POST", "message_templates"): create_template,
    ("DELETE", "message_templates"): delete_template,
}


def authorize(meta: Meta, call: Call) -> None:
    """Refuse a wrong token with code 190; the app's own token may inspect tokens.

    https://developers.facebook.com/docs/graph-api/guides/secure-requests
    """
    app_token = f"{meta.app_id}|{meta.app_secret}"
    if call.endpoint == "debug_token" and call.token == app_token:
        return
    if call.token != meta.access_token:
        raise GraphError(190, "Invalid OAuth access token.")
    proof = hmac.new(meta.app_secret.encode(), call.token.encode(), hashlib.sha256).hexdigest()
    if call.proof != proof and (call.proof is not None or meta.requires_appsecret_proof):
        raise GraphError(100, "Invalid appsecret_proof provided in the API argument")


def route(meta: Meta, call: Call, on_accepted: OnAccepted) -> JsonObject:
    """The answer to one call other than a batch; GraphError where Graph would refuse."""
    match (call.method, *call.parts):
        case ("GET", "debug_token"):
            return show_token(meta, call)
        case ("POST", "me" | meta.page_id, "messages"):
            return send(meta, call.params, on_accepted)
        case (method, "me" | meta.page_id, *edges) if (method, "/".join(edges)) in _PAGE_EDGES:
            return _PAGE_EDGES[method, "/".join(edges)](meta, call)
        case ("GET", node):
            return _show_node(meta, call, node)
        case ("GET", node, "messages"):
            return list_messages(meta, call, _conversation(meta, node))
    raise no_such_object("/".join(call.parts))


def _show_node(meta: Meta, call: Call, node: str) -> JsonObject:
    if node.startswith("t_"):
        return show_conversation(meta, call, _conversation(meta, node))
    if node.startswith("m_"):
        return _show_message(meta, call, node)
    person = meta.people.get(node)
    if person is None or person.gone:
        raise no_such_object(node)
    return show_profile(meta, call, person)


def _conversation(meta: Meta, node: str) -> PersonMemory:
    person = meta.people.get(node.removeprefix("t_"))
    if person is None or person.conversation_id != node or not person.thread:
        raise no_such_object(node)
    return person


def _show_message(meta: Meta, call: Call, mid: str) -> JsonObject:
    for person in meta.people.values():
        sent = person.find(mid)
        if sent is not None:
            return show_message(meta, call, person, sent)
    raise no_such_object(mid)

"""The Web API's `views.*` methods. https://docs.slack.dev/surfaces/modals"""

import json

from .backend import Backend
from .blocks import MOST_VIEW_BYTES, view_faults
from .contents import decoded
from .errors import ApiError
from .workspace import Json


def read_view(given: object) -> Json:
    """A view, checked; raises ApiError with what is wrong and where."""
    view = decoded(given, "invalid_arguments")
    if faults := view_faults(view):
        raise ApiError("invalid_arguments", [str(fault) for fault in faults])
    if len(json.dumps(view).encode()) > MOST_VIEW_BYTES:
        raise ApiError("view_too_large")
    return dict(view)


def _trigger(args: Json) -> object:
    trigger_id = args.get("trigger_id")
    if not trigger_id:
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: trigger_id"])
    return trigger_id


def open_view(backend: Backend, args: Json) -> Json:
    """Open a modal for whoever the trigger id belongs to."""
    view = read_view(args["view"])
    user_id = backend.views.exchange(_trigger(args))
    return {"view": backend.views.open(user_id, view).payload()}


def push(backend: Backend, args: Json) -> Json:
    """Lay a modal on top of the open one."""
    view = read_view(args["view"])
    user_id = backend.views.exchange(_trigger(args))
    return {"view": backend.views.push(user_id, view).payload()}


def update(backend: Backend, args: Json) -> Json:
    """Show something else in an open modal; a stale `hash` is refused."""
    if not args.get("view_id") and not args.get("external_id"):
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: view_id"])
    shown = read_view(args["view"])
    view = backend.views.find(args.get("view_id"), args.get("external_id"))
    if view is None:
        raise ApiError("not_found")
    if args.get("hash") and args["hash"] != view.hash:
        raise ApiError("hash_conflict")
    return {"view": backend.views.update(view, shown).payload()}

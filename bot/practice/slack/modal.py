"""An open modal in the hands of the person who sees it."""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from .block_parts import elements_of
from .blocks import suggestion_faults
from .courier import Courier
from .entering import Moment, button_action, chosen, field_action, picked_time
from .errors import ApiError, NotOnScreen, SlackDispatchFailed
from .fields import KEYS, TEMPORAL, TYPED
from .objects import offered
from .view_methods import read_view
from .views import View
from .workspace import Json

_QUERY_LENGTH = 3  # Slack asks for options from the third character on, unless told otherwise


class Modal:
    """What a person can do in one open modal. A field is named by its block id or action id.

    Every method raises NotOnScreen for what is not there, and SlackTimeout or
    SlackDispatchFailed where the person would see Slack's own failure.
    """

    def __init__(self, courier: Courier, view: View) -> None:
        self._courier = courier
        self._backend = courier.backend
        self._view = view

    @property
    def id(self) -> str:
        """The view's id."""
        return self._view.id

    @property
    def is_open(self) -> bool:
        """Whether it is still there, on top or below another."""
        return self._view in self._backend.views.stack(self._view.user_id)

    @property
    def callback_id(self) -> str:
        """The bot's name for this kind of modal."""
        return str(self._view.shown.get("callback_id", ""))

    @property
    def title(self) -> str:
        """What stands at the top."""
        return str(self._view.shown["title"]["text"])

    @property
    def blocks(self) -> list[Json]:
        """What is shown now."""
        return list(self._view.shown["blocks"])

    @property
    def fields(self) -> list[str]:
        """The block ids of the inputs, from top to bottom."""
        return [block["block_id"] for block in self.blocks if block["type"] == "input"]

    @property
    def values(self) -> Json:
        """What has been entered, in the shape of `state.values`."""
        with self._backend.workspace.changed:
            return self._view.values.state()

    def view(self) -> Json:
        """The view as payloads carry it."""
        with self._backend.workspace.changed:
            return self._view.payload()

    def value(self, name: str) -> Any:
        """What stands in a field: text, a date, an option's value, or a list of these."""
        block, element = self._field(name)
        value = self._view.values.get((block["block_id"], element["action_id"]))
        if isinstance(value, list):
            return [entry["value"] if isinstance(entry, dict) else entry for entry in value]
        return value["value"] if isinstance(value, dict) else value

    def options(self, name: str) -> list[Json]:
        """The options a menu offers now (for an external one, those last suggested)."""
        block, element = self._field(name)
        place = (block["block_id"], element["action_id"])
        return self._view.suggested.get(place) or offered(element)

    def fill(self, name: str, text: str, *, enter: bool = False) -> None:
        """Type into a text field, replacing what was there; `enter` presses Enter afterwards."""
        block, element = self._field(name)
        if element["type"] not in TYPED:
            raise NotOnScreen(f"{name} is a {element['type']} and takes no typing")
        config = element.get("dispatch_action_config", {})
        triggers = config.get("trigger_actions_on", ["on_enter_pressed"])
        heard = "on_character_entered" in triggers or (enter and "on_enter_pressed" in triggers)
        self._enter(block, element, text or None, dispatched=heard)

    def choose(self, name: str, *values: str, typed: str = "") -> None:
        """Choose options by value: one in a menu or radio group, any number elsewhere.

        In an external menu `typed` is what the person types to find the option.
        """
        block, element = self._field(name)
        found: list[Json] = []
        if element["type"].endswith("external_select"):
            found = self._found(block, element, values, typed)
        self._enter(block, element, chosen(self._backend.workspace, element, values, found))

    def pick(self, name: str, moment: Moment | None) -> None:
        """Pick a date, a time, or (with a zone) both; None empties the field."""
        block, element = self._field(name)
        if element["type"] not in TEMPORAL:
            raise NotOnScreen(f"{name} is a {element['type']}, no date or time")
        value = None if moment is None else picked_time(element, moment)
        self._enter(block, element, value)

    def suggest(self, name: str, typed: str) -> list[Json]:
        """Type into an external menu: the options the bot finds for it."""
        block, element = self._field(name)
        if not element["type"].endswith("external_select"):
            raise NotOnScreen(f"{name} is a {element['type']} and asks nobody for options")
        if len(typed) < element.get("min_query_length", _QUERY_LENGTH):
            return []
        place = (block["block_id"], element["action_id"])
        answer = self._courier.suggest(self._view, *place, typed)
        if faults := suggestion_faults(answer):
            self._refuse("block_suggestion", [str(fault) for fault in faults])
        self._view.suggested[place] = offered(answer)
        return offered(answer)

    def click(self, action_id: str, option: str | None = None) -> None:
        """Press a button, or choose an option of an overflow menu."""
        self._on_top()
        for block in self.blocks:
            for element in elements_of(block):
                if element["action_id"] == action_id and element["type"] not in KEYS:
                    ts = self._backend.workspace.new_ts()
                    action = button_action(block, element, option, ts)
                    self._courier.act_in_view(self._view, action)
                    return
        raise NotOnScreen(f"no button {action_id} in “{self.title}”")

    def submit(self) -> dict[str, str]:
        """Press the submit button: the errors shown beside fields, by block id; none if taken."""
        self._on_top()
        if not self._view.shown.get("submit"):
            raise NotOnScreen(f"“{self.title}” has no submit button")
        if problems := self._view.values.problems():
            return problems
        answer = self._courier.submit(self._view)
        try:
            return self._follow(answer)
        except ApiError as problem:
            self._refuse("view_submission", problem.messages or [problem.error])

    def close(self, *, everything: bool = False) -> None:
        """Press Cancel; `everything` is the [x] that closes the modals below too."""
        self._on_top()
        cleared = everything or bool(self._view.shown.get("clear_on_close"))
        with self._backend.workspace.changing():
            stack = self._backend.views.stack(self._view.user_id)
            closing = list(reversed(stack)) if cleared else [self._view]
            for view in closing:
                self._backend.views.close(view)
        for view in closing:
            self._courier.closed(view, cleared)

    def _follow(self, answer: Json) -> dict[str, str]:
        """Do what the bot answered a submission with."""
        views, user_id = self._backend.views, self._view.user_id
        action = answer.get("response_action")
        with self._backend.workspace.changing():
            if answer and action not in ("errors", "update", "push", "clear"):
                raise ApiError("invalid_response", [f"response_action is {action!r}"])
            if action == "errors":
                return self._errors(answer.get("errors"))
            if action == "update":
                views.update(self._view, read_view(answer.get("view")))
            elif action == "push":
                views.push(user_id, read_view(answer.get("view")))
            elif action == "clear":
                views.close_all(user_id)
            elif self.is_open:
                views.close(self._view)
        return {}

    def _errors(self, errors: object) -> dict[str, str]:
        if not isinstance(errors, Mapping) or not errors:
            raise ApiError("invalid_response", ["errors must be an object that is not empty"])
        if unknown := sorted(set(errors) - set(self.fields)):
            raise ApiError("invalid_response", [f"no input block {name}" for name in unknown])
        return {block_id: str(why) for block_id, why in errors.items()}

    def _refuse(self, what: str, messages: list[str]) -> NoReturn:
        self._backend.journal.refuse(what, "invalid_response", messages)
        raise SlackDispatchFailed(f"the bot's answer to {what} is no use: {messages}")

    def _found(self, block: Json, element: Json, values: Sequence[str], typed: str) -> list[Json]:
        """Options known so far, chosen or suggested; asks for more where one of `values` lacks."""
        place = (block["block_id"], element["action_id"])
        now = self._view.values.get(place) or []
        known = [*(now if isinstance(now, list) else [now]), *self._view.suggested.get(place, [])]
        if {option["value"] for option in known}.issuperset(values):
            return known
        return [*known, *self.suggest(place[0], typed)]

    def _enter(self, block: Json, element: Json, value: Any, *, dispatched: bool = True) -> None:
        place = (block["block_id"], element["action_id"])
        with self._backend.workspace.changing():
            self._view.values.set(place, value)
        if dispatched and (block["type"] != "input" or block.get("dispatch_action")):
            ts = self._backend.workspace.new_ts()
            self._courier.act_in_view(self._view, field_action(block, element, value, ts))

    def _field(self, name: str) -> tuple[Json, Json]:
        self._on_top()
        for block in self.blocks:
            for element in elements_of(block):
                if name in (block["block_id"], element["action_id"]) and element["type"] in KEYS:
                    return block, element
        raise NotOnScreen(f"no field {name} in “{self.title}”, only {self.fields}")

    def _on_top(self) -> None:
        stack = self._backend.views.stack(self._view.user_id)
        if not stack or stack[-1] is not self._view:
            raise NotOnScreen(f"“{self.title}” is not on top")

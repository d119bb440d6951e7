"""Open modals: a stack of up to three for each person, and the trigger ids that open them.

https://docs.slack.dev/surfaces/modals
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from .block_parts import with_ids
from .errors import ApiError
from .fields import FieldValues
from .workspace import APP_ID, BOT_ID, TEAM_ID, Json, Workspace

MOST_VIEWS: Final = 3
TRIGGER_LIFE: Final = timedelta(seconds=3)
_EMPTY: Final = {
    "callback_id": "",
    "private_metadata": "",
    "external_id": "",
    "clear_on_close": False,
    "notify_on_close": False,
    "submit": None,
    "close": None,
}


@dataclass(eq=False)
class View:
    """An open modal of one person; `shown` is the view as the bot described it."""

    id: str
    user_id: str
    root_id: str
    previous_id: str | None
    shown: Json
    hash: str
    values: FieldValues = field(repr=False)
    suggested: dict[tuple[str, str], list[Json]] = field(default_factory=dict)

    def payload(self) -> Json:
        """The view with all that Slack adds to it."""
        return {
            "id": self.id,
            "team_id": TEAM_ID,
            **_EMPTY,
            **self.shown,
            "state": {"values": self.values.state()},
            "hash": self.hash,
            "previous_view_id": self.previous_id,
            "root_view_id": self.root_id,
            "app_id": APP_ID,
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_ID,
        }


@dataclass
class _Trigger:
    user_id: str
    issued: datetime
    used: bool = False


class Views:
    """Whose modals are open. The workspace's lock guards it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._stacks: dict[str, list[View]] = {}
        self._triggers: dict[str, _Trigger] = {}

    def issue_trigger(self, user_id: str) -> str:
        """A trigger id for something this person just did."""
        with self._workspace.changed:
            trigger_id = f"{self._workspace.number()}.{TEAM_ID}.{user_id}"
            self._triggers[trigger_id] = _Trigger(user_id, self._workspace.clock())
            return trigger_id

    def exchange(self, trigger_id: object) -> str:
        """The person behind a trigger id, which is then spent.

        Raises ApiError for one that is unknown, spent, or older than three seconds.
        """
        trigger = self._triggers.get(str(trigger_id))
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        if self._workspace.clock() - trigger.issued > TRIGGER_LIFE:
            raise ApiError("expired_trigger_id")
        trigger.used = True
        return trigger.user_id

    def stack(self, user_id: str) -> list[View]:
        """The open modals of a person, the one on top last."""
        return self._stacks.setdefault(user_id, [])

    def find(self, view_id: str | None, external_id: str | None = None) -> View | None:
        """An open view by its id or the bot's own name for it."""
        for view in (view for stack in self._stacks.values() for view in stack):
            if view.id == view_id or (external_id and view.shown.get("external_id") == external_id):
                return view
        return None

    def open(self, user_id: str, shown: Json) -> View:
        """Show a modal to somebody who has none; one that was open gives way."""
        self.stack(user_id).clear()
        return self._put(user_id, shown)

    def push(self, user_id: str, shown: Json) -> View:
        """Lay a modal on top of the open one."""
        stack = self.stack(user_id)
        if not stack:
            raise ApiError("not_found")
        if len(stack) >= MOST_VIEWS:
            raise ApiError("push_limit_reached")
        return self._put(user_id, shown)

    def _put(self, user_id: str, shown: Json) -> View:
        self._refuse_taken_name(shown, None)
        stack = self.stack(user_id)
        view_id = f"V{self._workspace.number():06d}"
        described = self._described(shown)
        view = View(
            id=view_id,
            user_id=user_id,
            root_id=stack[0].id if stack else view_id,
            previous_id=stack[-1].id if stack else None,
            shown=described,
            hash=self._new_hash(),
            values=FieldValues(described["blocks"]),
        )
        stack.append(view)
        return view

    def update(self, view: View, shown: Json) -> View:
        """Show something else in an open modal; fields with the same ids keep what was entered."""
        self._refuse_taken_name(shown, view)
        view.shown = self._described(shown)
        view.values = FieldValues(view.shown["blocks"], before=view.values)
        view.hash = self._new_hash()
        return view

    def close(self, view: View) -> None:
        """Take a modal away; the one below shows again."""
        self.stack(view.user_id).remove(view)

    def close_all(self, user_id: str) -> None:
        """Take all modals of a person away."""
        self.stack(user_id).clear()

    def _described(self, shown: Json) -> Json:
        return {**shown, "blocks": with_ids(shown["blocks"], self._workspace.number)}

    def _refuse_taken_name(self, shown: Json, own: View | None) -> None:
        name = shown.get("external_id")
        if name and self.find(None, name) not in (None, own):
            raise ApiError("duplicate_external_id")

    def _new_hash(self) -> str:
        return f"{int(self._workspace.clock().timestamp())}.{self._workspace.number():08d}"

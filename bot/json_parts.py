"""The JSON that questions to the rule book and drafts have in common."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from bot.moments import Moment
from bot.policy.question import Event


class JsonObject(BaseModel):
    """An object whose keys are all known: a misspelt key is an error, not a silence."""

    # An error may end in the log, where what people wrote does not belong.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class UtilityJson(JsonObject):
    """A utility message: a template of the Page, and what fills it by the parameters' names."""

    template: Annotated[str, Field(min_length=1, max_length=512)]
    language: Annotated[str, Field(min_length=1, max_length=15)]
    parameters: Annotated[dict[str, str], Field(max_length=50)] = Field(default_factory=dict)


class ContentJson(JsonObject):
    """A message as a `text`, or as a whole Send API `message` object; not both.

    A `utility` message steps in where that may not go out, or goes alone.
    """

    text: str | None = None
    utility: UtilityJson | None = None
    message: dict[str, Any] | None = Field(default=None, validate_default=True)

    @field_validator("message")
    @classmethod
    def _exactly_one(
        cls, message: dict[str, Any] | None, info: ValidationInfo
    ) -> dict[str, Any] | None:
        text_is_wrong = "text" not in info.data
        text_is_there = text_is_wrong or info.data["text"] is not None
        utility_is_there = info.data.get("utility", "wrong") is not None
        if message is None and not text_is_there and not utility_is_there:
            raise PydanticCustomError("no_content", "is missing (give it or text)")
        if message is not None and text_is_there:
            raise PydanticCustomError("two_contents", "stands beside text (give one of the two)")
        return message

    @property
    def send_api_message(self) -> Mapping[str, Any]:
        """The message object as the Send API takes it; empty where there is a utility message only."""
        if self.message is not None:
            return self.message
        return {} if self.text is None else {"text": self.text}


class EventJson(JsonObject):
    """The event that a CONFIRMED_EVENT_UPDATE speaks of."""

    name: str | None = None
    registered: StrictBool = False
    starts_at: Moment | None = None
    ends_at: Moment | None = None

    @field_validator("ends_at")
    @classmethod
    def _ends_after_it_starts(cls, ends_at: Moment | None, info: ValidationInfo) -> Moment | None:
        starts_at = info.data.get("starts_at")
        if ends_at and starts_at and ends_at < starts_at:
            raise PydanticCustomError("event_order", "is before starts_at")
        return ends_at

    @property
    def as_event(self) -> Event:
        """The event as the rule book sees it."""
        return Event(self.registered, self.starts_at, self.ends_at)


class OrderJson(JsonObject):
    """The purchase that a POST_PURCHASE_UPDATE speaks of; a blank id is none."""

    id: str | None = None
    placed_at: Moment | None = None

    @field_validator("id")
    @classmethod
    def _blank_is_none(cls, order_id: str | None) -> str | None:
        return (order_id or "").strip() or None

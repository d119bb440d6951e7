"""Structured templates and attachments, field by field, with Meta's limits.

Source: the template pages of the Messenger Platform (generic, button, media, receipt, customer
feedback, one-time notification) and the Send API reference. Kinds that are not described here, such
as coupon and product, are passed on as they are.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from bot.faults import fields_at_fault

_URL: Final = re.compile(r"https?://[^\s/]+\.?[^\s]*", re.IGNORECASE)
_LINK_IN_TEXT: Final = re.compile(r"https?://|www\.", re.IGNORECASE)
_FACEBOOK: Final = re.compile(r"https://(www\.|business\.)?facebook\.com/", re.IGNORECASE)


def template_faults(payload: Mapping[str, Any]) -> Iterator[str]:
    """What Meta would not take of a template's payload, a sentence for each field.

    A template of which only the kind is told is judged by its kind alone.
    """
    if set(payload) != {"template_type"}:
        yield from _in_sentences(template_fields_at_fault(payload), "template")


def template_fields_at_fault(payload: Mapping[str, Any]) -> Mapping[str, str]:
    """The same by the path of each field, such as `feedback_screens[0].questions[0].title`."""
    model = _TEMPLATES.get(str(payload.get("template_type")))
    return _faults(model, payload) if model else {}


def file_faults(payload: Mapping[str, Any]) -> Iterator[str]:
    """What Meta would not take of the payload of a picture, video, audio or other file."""
    yield from _in_sentences(_faults(_File, payload), "attachment")


def _faults(model: type[BaseModel], payload: Mapping[str, Any]) -> Mapping[str, str]:
    try:
        model.model_validate(payload)
    except ValidationError as error:
        return fields_at_fault(error)
    return {}


def _in_sentences(faults: Mapping[str, str], where: str) -> Iterator[str]:
    for path, wrong in faults.items():
        yield f"The {where}'s {path} {wrong}." if path else f"The {where} {wrong}."


def _text(most: int, least: int = 1) -> Any:
    return StringConstraints(min_length=least, max_length=most, strict=True)


def _is_url(value: str) -> str:
    if not _URL.fullmatch(value):
        raise PydanticCustomError("url", "must be a web address that begins with https://")
    return value


def _holds_no_link(value: str) -> str:
    if _LINK_IN_TEXT.search(value):
        raise PydanticCustomError("link", "must not hold a web address")
    return value


Url = Annotated[str, AfterValidator(_is_url)]
ButtonTitle = Annotated[str, _text(20)]
Title = Annotated[str, _text(80)]
Amount = Annotated[float, Field(allow_inf_nan=False)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _WebUrl(_Part):
    type: Literal["web_url"]
    url: Url
    title: ButtonTitle
    webview_height_ratio: Literal["compact", "tall", "full"] | None = None
    messenger_extensions: StrictBool | None = None
    fallback_url: Url | None = None
    webview_share_button: Literal["hide"] | None = None


class _Postback(_Part):
    type: Literal["postback"]
    title: ButtonTitle
    payload: Annotated[str, _text(1000)]


class _PhoneNumber(_Part):
    type: Literal["phone_number"]
    title: ButtonTitle
    payload: Annotated[str, StringConstraints(pattern=r"^\+[0-9]{5,20}$")]


Button = Annotated[_WebUrl | _Postback | _PhoneNumber, Field(discriminator="type")]
Buttons = Annotated[tuple[Button, ...], Field(min_length=1, max_length=3)]


class _DefaultAction(_Part):
    type: Literal["web_url"]
    url: Url
    webview_height_ratio: Literal["compact", "tall", "full"] | None = None
    messenger_extensions: StrictBool | None = None
    fallback_url: Url | None = None


class _Element(_Part):
    title: Title
    subtitle: Title | None = None
    image_url: Url | None = None
    default_action: _DefaultAction | None = None
    buttons: Buttons | None = None

    @model_validator(mode="after")
    def _more_than_a_title(self) -> Self:
        if not any((self.subtitle, self.image_url, self.default_action, self.buttons)):
            raise PydanticCustomError("bare", "needs something beside its title")
        return self


class _Generic(_Part):
    template_type: Literal["generic"]
    elements: Annotated[tuple[_Element, ...], Field(min_length=1, max_length=10)]
    image_aspect_ratio: Literal["horizontal", "square"] | None = None
    sharable: StrictBool | None = None


class _ButtonTemplate(_Part):
    template_type: Literal["button"]
    text: Annotated[str, _text(640)]
    buttons: Buttons
    sharable: StrictBool | None = None


class _Medium(_Part):
    media_type: Literal["image", "video"]
    attachment_id: Annotated[str, _text(100)] | None = None
    url: Url | None = None
    buttons: Buttons | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.attachment_id is None) == (self.url is None):
            raise PydanticCustomError("source", "needs either an attachment_id or a url")
        if self.url and not _FACEBOOK.match(self.url):
            raise PydanticCustomError("foreign", "needs a url at facebook.com, or an attachment_id")
        return self


class _Media(_Part):
    template_type: Literal["media"]
    elements: Annotated[tuple[_Medium, ...], Field(min_length=1, max_length=1)]
    sharable: StrictBool | None = None


class _Address(_Part):
    street_1: Annotated[str, _text(200)]
    street_2: str | None = None
    city: Annotated[str, _text(100)]
    postal_code: Annotated[str, _text(30)]
    state: Annotated[str, _text(100)]
    country: Annotated[str, _text(100)]


class _Summary(_Part):
    total_cost: Amount
    subtotal: Amount | None = None
    shipping_cost: Amount | None = None
    total_tax: Amount | None = None


class _Adjustment(_Part):
    name: Annotated[str, _text(80)]
    amount: Amount


class _Bought(_Part):
    title: Annotated[str, _text(80)]
    price: Amount
    subtitle: Annotated[str, _text(80)] | None = None
    quantity: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    currency: Currency | None = None
    image_url: Url | None = None


class _Receipt(_Part):
    template_type: Literal["receipt"]
    recipient_name: Annotated[str, _text(200)]
    order_number: Annotated[str, _text(200)]
    currency: Currency
    payment_method: Annotated[str, _text(200)]
    summary: _Summary
    order_url: Url | None = None
    merchant_name: Annotated[str, _text(200)] | None = None
    timestamp: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,13}$")] | None = None
    address: _Address | None = None
    adjustments: tuple[_Adjustment, ...] | None = None
    elements: Annotated[tuple[_Bought, ...], Field(max_length=100)] | None = None
    sharable: StrictBool | None = None


class _FollowUp(_Part):
    type: Literal["free_form"]
    placeholder: Annotated[str, _text(65), AfterValidator(_holds_no_link)] | None = None


SCORES: Final[Mapping[str, tuple[str, ...]]] = {
    "csat": ("one_to_five", "five_stars", "five_emojis"),
    "nps": ("zero_to_ten",),
    "ces": ("one_to_seven",),
    "free_form": (),
}


class _Question(_Part):
    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,80}$")]
    type: Literal["csat", "nps", "ces", "free_form"]
    title: Annotated[str, _text(85, least=5), AfterValidator(_holds_no_link)] | None = None
    score_label: (
        Literal["neg_pos", "hard_easy", "dis_sat", "unlike_like", "poor_great", "none"] | None
    ) = None
    score_option: str | None = None
    follow_up: _FollowUp | None = None

    @model_validator(mode="after")
    def _scale_of_its_kind(self) -> Self:
        scales = SCORES[self.type]
        if self.score_option is not None and self.score_option not in scales:
            known = " or ".join(scales) or "none"
            raise PydanticCustomError(
                "scale",
                "has a score_option that is not one of its kind ({known})",
                {"known": known},
            )
        return self


class _Screen(_Part):
    questions: Annotated[tuple[_Question, ...], Field(min_length=1, max_length=1)]


class _Privacy(_Part):
    url: Url


class _Feedback(_Part):
    template_type: Literal["customer_feedback"]
    title: Annotated[str, _text(65), AfterValidator(_holds_no_link)]
    subtitle: Annotated[str, _text(80), AfterValidator(_holds_no_link)] | None = None
    button_title: Annotated[str, _text(20), AfterValidator(_holds_no_link)] | None = None
    feedback_screens: Annotated[tuple[_Screen, ...], Field(min_length=1, max_length=1)]
    business_privacy: _Privacy
    expires_in_days: Annotated[int, Field(strict=True, ge=1, le=7)] | None = None


class _OneTimeRequest(_Part):
    template_type: Literal["one_time_notif_req"]
    title: Annotated[str, _text(65)]
    payload: Annotated[str, _text(1000)]


class _File(_Part):
    url: Url | None = None
    attachment_id: Annotated[str, _text(100)] | None = None
    is_reusable: StrictBool | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.attachment_id is None) == (self.url is None):
            raise PydanticCustomError("source", "needs either a url or an attachment_id")
        return self


_TEMPLATES: Final[Mapping[str, type[BaseModel]]] = {
    "generic": _Generic,
    "button": _ButtonTemplate,
    "media": _Media,
    "receipt": _Receipt,
    "customer_feedback": _Feedback,
    "one_time_notif_req": _OneTimeRequest,
}

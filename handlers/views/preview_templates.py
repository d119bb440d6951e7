"""Meta's structured templates as the customer will see them; their shape has been checked before."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from bot.policy.templates import SCORES
from handlers.views.blocks import Block, quoted, section, verbatim
from handlers.views.preview_parts import (
    Look,
    Part,
    address,
    button_lines,
    lying_at,
    with_thumbnail,
)
from handlers.views.preview_receipt import receipt

SCALES: Final = {
    "one_to_five": "1 2 3 4 5",
    "five_stars": "★ ★ ★ ★ ★",
    "five_emojis": "five faces",
    "zero_to_ten": "0 1 2 3 4 5 6 7 8 9 10",
    "one_to_seven": "1 2 3 4 5 6 7",
}
LABELS: Final = {
    "neg_pos": "negative to positive",
    "hard_easy": "hard to easy",
    "dis_sat": "dissatisfied to satisfied",
    "unlike_like": "unlikely to likely",
    "poor_great": "poor to great",
}
MEDIA: Final = {"image": "Picture", "video": "Video"}


def _generic(payload: Part, look: Look) -> Iterator[Block]:
    for element in payload["elements"]:
        lines = [f"*{quoted(element['title'])}*"]
        if element.get("subtitle"):
            lines.append(quoted(element["subtitle"]))
        if tapped := element.get("default_action"):
            lines.append(f"Tapped → {address(tapped['url'], look)}")
        lines += button_lines(element.get("buttons"), look)
        yield with_thumbnail(lines, element.get("image_url"), element["title"], look)


def _button(payload: Part, look: Look) -> Iterator[Block]:
    yield from verbatim(payload["text"])
    yield section("\n".join(button_lines(payload["buttons"], look)))


def _media(payload: Part, look: Look) -> Iterator[Block]:
    for element in payload["elements"]:
        # Meta takes the address of a post at facebook.com here, which is a page and no picture.
        shown = lying_at(element.get("url"), MEDIA[element["media_type"]], look)
        yield section("\n".join([shown, *button_lines(element.get("buttons"), look)]))


def _feedback(payload: Part, look: Look) -> Iterator[Block]:
    lines = [f"*{quoted(payload['title'])}*"]
    if payload.get("subtitle"):
        lines.append(quoted(payload["subtitle"]))
    days = payload.get("expires_in_days") or 1
    open_for = f"{days} days" if days > 1 else "1 day"
    pressed = payload.get("button_title") or "Meta's button"
    lines.append(f"[{quoted(pressed)}] → this form, for {open_for}")
    for question in payload["feedback_screens"][0]["questions"]:
        lines += [f">{line}" for line in _question_lines(question)]
    lines.append(f"Privacy → {address(payload['business_privacy']['url'], look)}")
    yield section("\n".join(lines))


def _question_lines(question: Part) -> Iterator[str]:
    asked = question.get("title") or "Meta's own question"
    yield f"*{quoted(asked)}*"
    scales = SCORES[question["type"]]
    if scales:
        labels = LABELS.get(question.get("score_label") or "")
        scale = SCALES[question.get("score_option") or scales[0]]
        yield f"{scale} ({labels})" if labels else scale
    else:
        yield "_an answer in their own words_"
    if follow_up := question.get("follow_up"):
        hint = follow_up.get("placeholder")
        yield "_then in their own words_" + (f": {quoted(hint)}" if hint else "")


def _one_time(payload: Part, _look: Look) -> Iterator[Block]:
    yield section(f"*{quoted(payload['title'])}*\n[Notify me] → allows one message about it")


TEMPLATES: Final[Mapping[str, Callable[[Part, Look], Iterator[Block]]]] = {
    "generic": _generic,
    "button": _button,
    "media": _media,
    "receipt": receipt,
    "customer_feedback": _feedback,
    "one_time_notif_req": _one_time,
}

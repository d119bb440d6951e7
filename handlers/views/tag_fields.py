"""The composer's menu of tags, retired ones included, and the fields that the chosen tag needs."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from bot.policy.editions import EDITIONS, POST_PURCHASE_UPDATE, Tag
from handlers.views import ids
from handlers.views.blocks import Block, context, escape, field, option, plain
from handlers.views.elements import text_element, time_element
from handlers.views.entered import Entered
from handlers.views.words import tag_purpose

PURPOSE: Final = "purpose"
REMINDERS: Final = {
    "-7d": "7 days before",
    "-3d": "3 days before",
    "-2d": "2 days before",
    "-24h": "24 hours before",
    "-12h": "12 hours before",
    "-3h": "3 hours before",
    "-2h": "2 hours before",
    "-1h": "1 hour before",
    "-30m": "30 minutes before",
}
NO_TAG_PURPOSE: Final = "For a message inside the messaging window"
RETIRED: Final = "Meta no longer accepts it: choose it to see what replaced it"


def tag_menu(entered: Entered, edition: str) -> Iterator[Block]:
    """The tags of the edition, and what the chosen one is for, or was."""
    none = option("No tag", ids.NO_TAG, NO_TAG_PURPOSE)
    book = EDITIONS[edition]
    living = [none, *(option(tag.name, tag.name, tag.purpose) for tag in book.living_tags)]
    groups = [("Message tags", living), *_retired(book.tags.values())]
    offered = [choice for _, choices in groups for choice in choices]
    if entered.tag and entered.tag not in {choice["value"] for choice in offered}:
        unknown = option(entered.tag, entered.tag, "Meta knows no such tag")
        living.append(unknown)
        offered.append(unknown)
    chosen = next((choice for choice in offered if choice["value"] == entered.tag), none)
    element: Block = {"type": "static_select", "initial_option": chosen}
    if len(groups) == 1:
        element["options"] = living
    else:  # Slack greys no option out: the retired ones stand apart, under their date
        element["option_groups"] = [
            {"label": plain(label), "options": choices} for label, choices in groups
        ]
    hint = "Outside the messaging window Meta asks for the tag that fits; promotions never do."
    yield field(ids.TAG, "Message tag", element, hint=hint, dispatch=True)
    if entered.tag:
        yield context(_purpose(entered.tag, edition), PURPOSE)


def is_retired(tag: str | None, edition: str) -> bool:
    """Whether Meta had this tag, and no longer takes it in this edition."""
    known = EDITIONS[edition].tags.get(tag or "")
    return known is not None and known.retired_on is not None


def _retired(tags: Iterable[Tag]) -> list[tuple[str, list[Block]]]:
    by_day: dict[date, list[Block]] = {}
    for tag in tags:
        if tag.retired_on:
            by_day.setdefault(tag.retired_on, []).append(option(tag.name, tag.name, RETIRED))
    return [(f"Retired on {day:%-d %B %Y}", choices) for day, choices in by_day.items()]


def _purpose(name: str, edition: str) -> str:
    line = f"`{escape(name)}`: {tag_purpose(name, edition)}"
    tag = EDITIONS[edition].tags.get(name)
    if tag is None or tag.retired_on is None:
        return line
    return f"{line} Retired on {tag.retired_on:%-d %B %Y}; what replaced it is {tag.instead}."


def tag_fields(entered: Entered) -> Iterator[Block]:
    """What the chosen tag needs to know."""
    if entered.about_event:
        yield from _event_fields(entered)
    elif entered.tag == POST_PURCHASE_UPDATE:
        element = text_element(entered.order_id, "A-17")
        yield field(ids.ORDER_ID, "Order number", element, optional=True)


def _event_fields(entered: Entered) -> Iterator[Block]:
    name = text_element(entered.event_name, "Yoga class")
    yield field(ids.EVENT_NAME, "Event", name, optional=True)
    starts = time_element(entered.event_starts_at)
    yield field(ids.EVENT_STARTS_AT, "It starts", starts, optional=True, dispatch=True)
    ends = time_element(entered.event_ends_at)
    yield field(ids.EVENT_ENDS_AT, "It ends", ends, optional=True, dispatch=True)
    yes = option("The person has signed up for it", ids.REGISTERED)
    registered: Block = {"type": "checkboxes", "options": [yes]}
    if entered.event_registered:
        registered["initial_options"] = [yes]
    yield field(ids.EVENT_REGISTERED, "Registration", registered, optional=True, dispatch=True)
    yield field(
        ids.REMINDERS,
        "Reminders",
        _reminders_element(entered.reminders),
        optional=True,
        hint="Each is one more message with the same text, besides the one that goes out first.",
        dispatch=True,
    )


def _reminders_element(chosen: Sequence[str]) -> Block:
    offered = REMINDERS | {offset: offset for offset in chosen if offset not in REMINDERS}
    choices = [option(label, offset) for offset, label in offered.items()]
    element: Block = {
        "type": "multi_static_select",
        "placeholder": plain("None"),
        "options": choices,
    }
    initial = [choice for choice in choices if choice["value"] in chosen]
    return element | {"initial_options": initial} if initial else element

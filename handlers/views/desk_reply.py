"""The form in which a colleague answers: the last message, until when, and what others said meanwhile."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from bot.breakers import Breakers
from bot.desk import Standing
from bot.policy.question import Verdict
from handlers.views import ids
from handlers.views.blocks import (
    Block,
    context,
    field,
    fitting,
    mention,
    plain,
    section,
    shortened,
    verbatim,
    when,
)
from handlers.views.breakers import form_blocks
from handlers.views.composer import MESSAGE_CHARACTERS
from handlers.views.desk import answer_line
from handlers.views.words import finding_line, for_people, recipient, ways_out
from storage.desk_lines import Answer

ERROR_CHARACTERS: Final = 2000
WAYS: Final = 3
SHOWN_CHARACTERS: Final = 2500
FORGOTTEN: Final = "The last message is not kept any more: it stands in the thread."


@dataclass(frozen=True, slots=True)
class About:
    """What the form carries along: the thread, and the newest line that the colleague has seen."""

    thread: int
    seen: int

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> Self:
        """As this view carries it."""
        return cls(**json.loads(view["private_metadata"]))


def reply_form(
    standing: Standing,
    seen: int,
    breakers: Breakers,
    *,
    refused: Verdict | None = None,
    meanwhile: Sequence[Answer] = (),
    written: str = "",
) -> Block:
    """The modal; `refused` says why nothing may go out now, `meanwhile` what others have answered."""
    about = About(standing.thread.id, seen)
    element: Block = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": MESSAGE_CHARACTERS,
        "focus_on_load": True,
    }
    if written:
        element["initial_value"] = written
    blocks = [
        section(f"*{recipient(standing.contact)}*\n{answer_line(standing)}"),
        *([] if refused else form_blocks(breakers, tagged=not standing.reach.window.open)),
        *_last_message(standing),
        *([_refusal(refused)] if refused else []),
        *([_warning(meanwhile)] if meanwhile else []),
        field(ids.MESSAGE, "Your answer", element),
    ]
    return {
        "type": "modal",
        "callback_id": ids.REPLY,
        "title": plain("Reply"),
        "submit": plain("Send anyway" if meanwhile else "Send"),
        "close": plain("Cancel"),
        "private_metadata": json.dumps(asdict(about)),
        "blocks": blocks,
    }


def read_reply(view: Mapping[str, Any]) -> str:
    """What the colleague wrote."""
    return str(view["state"]["values"][ids.MESSAGE][ids.MESSAGE]["value"] or "")


def refusal_text(verdict: Verdict) -> str:
    """Why the answer may not go out, and what is possible instead, beside the field."""
    why = " ".join(finding.why for finding in verdict.refusals)
    ways = " ".join(for_people(verdict)[:WAYS])
    return shortened(f"{why} Instead: {ways}" if ways else why, ERROR_CHARACTERS)


def _last_message(standing: Standing) -> list[Block]:
    if standing.asked is None:
        return [context("They have not written anything yet.")]
    head = context(f"Last message, {when(standing.asked.at)}")
    content = standing.asked.content
    if text := content.get("text"):
        return [head, *verbatim(shortened(text, SHOWN_CHARACTERS))]
    if button := content.get("button"):
        return [head, *verbatim(f"[{button}]")]
    if content.get("attachments"):
        return [head, context("Attachments: they stand in the thread.")]
    return [head, context(FORGOTTEN)]


def _refusal(verdict: Verdict) -> Block:
    lines = [finding_line(finding, {}) for finding in verdict.refusals]
    return section(fitting("\n".join([*lines, *ways_out(verdict)]), SHOWN_CHARACTERS))


def _warning(meanwhile: Sequence[Answer]) -> Block:
    newest = meanwhile[0]
    who = mention(newest.author) if newest.author else "Somebody"
    how = "" if newest.author else " outside Tagwise"
    return section(
        f":warning: *{who} answered{how} while you were writing*, {when(newest.line.at)}. "
        "Look into the thread; press *Send anyway* if yours is still right."
    )

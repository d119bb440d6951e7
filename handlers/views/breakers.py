"""What stops a Page, as staff read it: alarms, the lines of cards and of the queue, and the buttons."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.breakers import Breakers, Stops
from bot.policy.question import Verdict
from bot.settings import Settings
from handlers.views import ids
from handlers.views.blocks import (
    Block,
    actions,
    button,
    escape,
    fitting,
    mention,
    quoted,
    section,
    when,
)
from handlers.views.words import CHANNEL_NAMES
from storage.history import SYSTEM
from storage.pauses import Pause
from storage.records import Delivery, Draft, Entry

REASON_CHARACTERS: Final = 500
STOP_CHARACTERS: Final = 250  # all that can be stopped has to fit into the queue's message
STOPPED: Final = "stopped"
LASTING: Final = timedelta(minutes=10)  # a rest that is over sooner needs no button
PAGE_WORDS: Final[Mapping[str, str]] = {
    "page_paused": ":rotating_light: *Sending is paused{account}.* {note} What waits is kept.",
    "page_rests": (
        ":hourglass: *Sending rests{account} until {until}.* {note} What waits goes out by itself then."
    ),
    "page_resumed": ":white_check_mark: *Sending goes on{account}.* {note}",
    "page_warned": ":warning: *Meta warns{account}.* {note}",
    "tags_released": ":white_check_mark: *Messages under a tag go out again{account}.* {note}",
    "tag_refused": (
        ":no_entry: *Meta refuses the tag* `{tag}`{account}. {note} "
        "No message goes out under it until a person lifts this."
    ),
    "tag_reset": ":white_check_mark: *The tag* `{tag}` *may be used again{account}.* {note}",
}


def page_line(entry: Entry, settings: Settings) -> str:
    """Something about the Page itself."""
    note = escape(entry.note or "")
    if entry.who != SYSTEM:
        why = f" Reason: {quoted(entry.note, REASON_CHARACTERS)}" if entry.note else ""
        note = f"By {mention(entry.who)}.{why}"
    return (
        PAGE_WORDS[entry.what]
        .format(
            note=note,
            account=_account(entry.page_id, settings),
            tag=escape(entry.tag or ""),
            until=_hour(entry.until) if entry.until else "",
        )
        .strip()
    )


def page_buttons(entries: Sequence[Entry], settings: Settings) -> list[Block]:
    """The buttons that end what these entries, oldest first, tell of and do not tell the end of."""
    rows: dict[tuple[str, str], Block] = {}
    for entry in entries:
        page_id = entry.page_id or settings.page_id
        for ended in _ended_by(entry):
            rows.pop((ended, page_id), None)
        if row := _button_of(entry, page_id):
            rows[_begun_by(entry), page_id] = row
    return list(rows.values())


def _begun_by(entry: Entry) -> str:
    return entry.tag or ("hold" if entry.what == "page_warned" else "pause")


def _ended_by(entry: Entry) -> Sequence[str]:
    if entry.what == "tag_reset":
        return [entry.tag or ""]
    if entry.what not in ("page_resumed", "tags_released"):
        return []
    return ["pause"] if entry.who == SYSTEM else ["pause", "hold"]  # Meta ends no warning


def _button_of(entry: Entry, page_id: str) -> Block | None:
    block_id = f"alarm:{entry.id}"
    lasts = entry.until is None or entry.until - entry.at >= LASTING
    match entry.what:
        case "page_paused" | "page_rests" if lasts:
            return _resume(block_id, page_id)
        case "page_warned":
            return _release(block_id, page_id)
        case "tag_refused":
            return _reset(block_id, page_id, entry.tag or "")
        case _:
            return None


def stop_blocks(stops: Stops, settings: Settings) -> list[Block]:
    """Everything that is stopped now, each with the button that ends it; nothing where all is well."""
    blocks: list[Block] = []
    for pause in stops.pauses:
        text = f":rotating_light: {pause_words(pause, _account(pause.page_id, settings))}"
        blocks += _stop(text, _resume(f"pause:{pause.page_id}", pause.page_id))
    for hold in stops.holds:
        text = f":warning: *Messages under a tag wait{_account(hold.page_id, settings)}*"
        text = f"{text} since {_hour(hold.at)}: {escape(hold.reason)}"
        blocks += _stop(text, _release(f"hold:{hold.page_id}", hold.page_id))
    for refused in stops.refused:
        where, tag = _account(refused.page_id, settings), refused.tag
        text = f":no_entry: *Meta refuses the tag* `{escape(tag)}`{where}"
        text = f"{text} since {_hour(refused.at)}: {escape(refused.reason)}"
        blocks += _stop(text, _reset(f"refused:{refused.page_id}:{tag}", refused.page_id, tag))
    return blocks


def breaker_lines(breakers: Breakers) -> Iterator[str]:
    """What keeps one Page or account from sending, a line each."""
    if breakers.pause:
        yield fitting(pause_words(breakers.pause), REASON_CHARACTERS * 2)
    if breakers.tagged_wait:
        yield fitting(
            f"*Messages under a tag wait:* {escape(breakers.tagged_wait)}", REASON_CHARACTERS * 2
        )


def form_blocks(breakers: Breakers, *, tagged: bool) -> list[Block]:
    """What somebody who writes a message should know before: it would wait. `tagged`: it has a tag."""
    felt = breakers if tagged else replace(breakers, tagged_wait=None)
    lines = [f":hourglass: What you send waits for now. {line}" for line in breaker_lines(felt)]
    return [section("\n".join(lines), STOPPED)] if lines else []


def pause_words(pause: Pause, account: str = "") -> str:
    """That sending is paused, since when, until when if that is known, and why."""
    until = f" until {_hour(pause.until)}" if pause.until else ""
    return f"*Sending is paused{account}* since {_hour(pause.at)}{until}: {escape(pause.reason)}"


def wait_words(
    draft: Draft,
    delivery: Delivery,
    breakers: Breakers | None,
    verdict: Verdict | None,
    now: datetime,
    *,
    brief: bool = False,
) -> str | None:
    """Why this approved message waits, although its time has come or before it does; None: it does not.

    `brief`: the reason was said before.
    """
    if breakers is None or draft.state != "approved" or delivery.state != "pending":
        return None
    pause, words = breakers.pause, None
    if pause and (pause.until is None or max(now, delivery.try_at) < pause.until):
        until = f" until {_hour(pause.until)}" if pause.until else ""
        words = f"sending is paused since {_hour(pause.at)}{until}"
        words = words if brief else f"{words}: {escape(pause.reason)}"
    elif breakers.tagged_wait and verdict and verdict.tag:
        words = "a person has to let it go" if brief else escape(breakers.tagged_wait)
    elif verdict and verdict.waits_for_its_tag:
        words = f"Meta refuses the tag `{escape(draft.tag or '')}`, until a person allows it again"
    if words is None:
        return None
    planned = delivery.scheduled and delivery.due_at > now
    return f"goes out {when(delivery.due_at)}, but {words}" if planned else f"waits: {words}"


def _stop(text: str, row: Block) -> list[Block]:
    return [section(fitting(text, STOP_CHARACTERS)), row]


def _resume(block_id: str, page_id: str) -> Block:
    return actions(block_id, [button("Resume sending", ids.RESUME, page_id, style="primary")])


def _release(block_id: str, page_id: str) -> Block:
    return actions(block_id, [button("Let tagged messages go", ids.RESUME, page_id)])


def _reset(block_id: str, page_id: str, tag: str) -> Block:
    return actions(block_id, [button(f"Allow {tag} again", ids.RESET_TAG, f"{page_id}:{tag}")])


def _account(page_id: str | None, settings: Settings) -> str:
    """Which account it is about, where there are two and it is not about both."""
    if page_id is None or not settings.instagram_id:
        return ""
    channel = "instagram" if page_id == settings.instagram_id else "messenger"
    return f" for {CHANNEL_NAMES[channel]}"


def _hour(moment: datetime) -> str:
    return when(moment, "{date_short_pretty} {time}")

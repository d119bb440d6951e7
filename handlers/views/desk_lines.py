"""What a person and the Page said and did, as it stands in the person's thread."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from handlers.views.blocks import (
    Block,
    context,
    escape,
    mention,
    mrkdwn,
    quoted,
    section,
    shortened,
    verbatim,
    when,
)
from handlers.views.desk import reply_button
from handlers.views.words import named
from storage.desk_lines import ASKS, Line
from storage.records import Contact
from storage.times import from_text

PARAGRAPHS: Final = 3  # of one text, each of Slack's 3000 characters
LINKS_CHARACTERS: Final = 2800  # together they are one section
NOTICE_CHARACTERS: Final = 200
KINDS: Final = {
    "image": "Picture",
    "audio": "Voice message",
    "video": "Video",
    "file": "File",
    "sticker": "Sticker",
    "reel": "Reel",
    "ig_reel": "Reel",
    "post": "Post",
    "ig_post": "Post",
    "share": "Post",
    "story": "Story",
    "story_mention": "Story that mentions you",
    "ephemeral": "Picture or video to be seen once, which Meta shows to no app",
    "fallback": "Link",
    "template": "Message with buttons or cards",
    "appointment_booking": "Appointment they ask for",
}
Content = Mapping[str, Any]


def line_blocks(line: Line, contact: Contact, waited_on: str | None = None) -> list[Block]:
    """One line; `waited_on` is the colleague who answered before and is told that there is more."""
    who = f"*{named(contact)}*"
    if line.deleted:
        return [context(f"{who} took back a message, {when(line.at)}.")]
    for_whom = f", for {mention(waited_on)}" if waited_on else ""
    head = f"{_head(line, who)}, {when(line.at)}{for_whom}{_aside(line.content)}"
    body = list(_body(line.content))
    if line.kind not in ASKS:
        return [context(head), *body]
    sections = [block for block in body if block["type"] == "section"]
    if not sections:
        return [section(head) | {"accessory": reply_button(line.thread_id)}]
    sections[-1]["accessory"] = reply_button(line.thread_id)
    return [context(head), *body]


def reminder_blocks(line: Line, contact: Contact) -> list[Block]:
    """The window closes on somebody who waits."""
    closes_at = from_text(line.content["closes_at"])
    text = f":alarm_clock: *{named(contact)} still waits for an answer*: the window closes {when(closes_at)}."
    return [section(text) | {"accessory": reply_button(line.thread_id)}]


def notification(line: Line, contact: Contact) -> str:
    """What a notification says of it."""
    if line.kind == "reminder":
        return f"{named(contact)} still waits for an answer."
    said = (
        line.content.get("text") or line.content.get("button") or KINDS_OF_LINE.get(line.kind, "")
    )
    return f"{named(contact)}: {quoted(str(said), NOTICE_CHARACTERS)}"


KINDS_OF_LINE: Final = {
    "reaction": "a reaction",
    "referral": "came back",
    "optin": "opted in",
    "order": "a cart",
    "deleted": "took back a message",
    "echo": "the Page wrote",
    "message": "an attachment",
}


def _head(line: Line, who: str) -> str:
    words = HEADS.get(line.kind)
    return words(who, line.content) if words else who


def _reaction(who: str, content: Content) -> str:
    if content.get("taken_back"):
        return f"{who} took back a reaction"
    return f"{who} reacted {escape(content.get('emoji', ''))}".rstrip()


def _optin(who: str, content: Content) -> str:
    if topic := content.get("topic"):  # of a One-Time Notification
        return f"{who} asked to be told, once: “{quoted(topic)}”"
    return f"{who} came from your website's Messenger plugin"


def _echo(_who: str, content: Content) -> str:
    by = "from Meta's inbox" if content.get("inbox") else "by other means than Tagwise"
    return f":outbox_tray: *The Page* wrote {by}"


HEADS: Final[Mapping[str, Callable[[str, Content], str]]] = {
    "postback": lambda who, told: f"{who} pressed *“{quoted(told.get('button') or 'a button')}”*",
    "order": lambda who, told: f"{who} sent a cart, {told.get('n', 0)} in it",
    "reaction": _reaction,
    "referral": lambda who, told: f"{who} {'clicked an ad' if 'ad' in told else 'came by a link'}",
    "optin": _optin,
    "edited": lambda who, _: f"{who} changed a message, which now reads",
    "deleted": lambda who, _: f"{who} took back a message that stands above; do not use it",
    "echo": _echo,
}


def _aside(content: Content) -> str:
    told = []
    if ad := content.get("ad"):
        name = f"“{quoted(ad['title'])}”" if "title" in ad else f"number {quoted(ad['id'])}"
        told.append(f"came from the ad {name}")
    if ref := content.get("ref"):
        told.append(f"link “{quoted(ref)}”")
    if content.get("tapped"):
        told.append("tapped this answer")
    if content.get("answers"):
        told.append("answers an earlier message")
    if story := content.get("story"):
        told.append(f"answers your <{escape(story)}|story>")
    if content.get("standby"):
        told.append("another app holds this conversation")
    return "".join(f" · {part}" for part in told)


def _body(content: Content) -> Iterator[Block]:
    if text := content.get("text"):
        yield from verbatim(text, PARAGRAPHS)
    if found := content.get("attachments"):
        yield _attachments([_attachment(one) for one in found])
    if content.get("unsupported"):
        yield section("_Something that Meta does not show to apps: look into the Page's inbox._")


def _attachments(links: list[str]) -> Block:
    shown, size = [], 0
    for link in links:
        size += len(link) + 1
        if size <= LINKS_CHARACTERS:
            shown.append(link)
    missing = len(links) - len(shown)
    more = [f"and {missing} more: look into the Page's inbox"] if missing else []
    return {"type": "section", "text": mrkdwn("\n".join([*shown, *more]))}


def _attachment(found: Content) -> str:
    kind = KINDS.get(found["kind"], shortened(found["kind"].replace("_", " "), 40).capitalize())
    title = f": {quoted(found['title'])}" if found.get("title") else ""
    label = f"{escape(kind) if found['kind'] not in KINDS else kind}{title}".replace("|", "/")
    return f"<{escape(found['url'])}|{label}>" if found.get("url") else label

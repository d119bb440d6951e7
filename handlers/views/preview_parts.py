"""What previews are made of: addresses, pictures, buttons and quick replies, as a customer meets them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from handlers.views.blocks import Block, escape, mrkdwn, quoted, section, shortened

Part = Mapping[str, Any]
ADDRESS_CHARACTERS: Final = 45
LINK_CHARACTERS: Final = 500  # a longer address is shown, and leads nowhere
PICTURE_ADDRESS_CHARACTERS: Final = 3000
ALT_CHARACTERS: Final = 150
_ENCODED: Final = str.maketrans({mark: f"%{ord(mark):X}" for mark in "<>|`"})  # Slack's own marks
CHIPS: Final = {"user_phone_number": "their phone number", "user_email": "their e-mail address"}


@dataclass(frozen=True, slots=True)
class Look:
    """Whether Slack loads the pictures, and whether the addresses can be clicked."""

    pictures: bool = True
    links: bool = True


def address(url: str, look: Look) -> str:
    """Where it leads, short; clicked, it opens the whole address."""
    label = quoted(place_of(url), ADDRESS_CHARACTERS)
    if not look.links or len(url) > LINK_CHARACTERS:
        return label
    return f"<{escape(url.translate(_ENCODED))}|{label}>"


def place_of(url: str) -> str:
    """Host and path of an address; of a long host its end, which is what says whose it is."""
    try:
        # Browsers read a backslash as a slash, so what stands after it is no host.
        parts = urlsplit(url.replace("\\", "/"))
    except ValueError:
        return url
    host = parts.netloc.rpartition("@")[2]
    if len(host) > ADDRESS_CHARACTERS:
        return f"…{host[1 - ADDRESS_CHARACTERS :]}"
    return host + parts.path.rstrip("/")


def picture(url: str | None, name: str, look: Look) -> Block:
    """A picture as large as Slack shows it, or else where it lies."""
    if url and may_load(url, look):
        return {"type": "image", "image_url": url, "alt_text": shortened(name, ALT_CHARACTERS)}
    return section(lying_at(url, name, look))


def lying_at(url: str | None, name: str, look: Look) -> str:
    """A line for what Slack cannot show: at an address, or already with Meta."""
    where = f"{name}: {address(url, look)}" if url else f"{name}, already uploaded to Meta"
    return f":paperclip: {where}"


def with_thumbnail(lines: Sequence[str], url: str | None, name: str, look: Look) -> Block:
    """Lines with a small picture beside them, or its address below."""
    if not url:
        return section("\n".join(lines))
    if not may_load(url, look):
        return section("\n".join([*lines, lying_at(url, "Picture", look)]))
    thumbnail = {"type": "image", "image_url": url, "alt_text": shortened(name, ALT_CHARACTERS)}
    return {"type": "section", "text": mrkdwn("\n".join(lines)), "accessory": thumbnail}


def may_load(url: str, look: Look) -> bool:
    """Whether Slack is asked to load it: it refuses whole messages for a picture that it cannot have."""
    return look.pictures and url.startswith("https://") and len(url) <= PICTURE_ADDRESS_CHARACTERS


def button_lines(buttons: Sequence[Part] | None, look: Look) -> Iterator[str]:
    """Each button with what a press does."""
    for button in buttons or ():
        yield f"[{quoted(button['title'])}] → {_effect(button, look)}"


def _effect(button: Part, look: Look) -> str:
    if button["type"] == "web_url":
        return address(button["url"], look)
    if button["type"] == "phone_number":
        return f"calls {quoted(button['payload'])}"
    return "comes back to the Page as an answer"


def chips(replies: Sequence[Part], look: Look) -> Block:
    """The quick replies in one line, as the customer finds them below the message."""
    return section(f"Quick replies: {'  '.join(_chip(reply, look) for reply in replies)}")


def _chip(reply: Part, look: Look) -> str:
    title = str(reply.get("title") or CHIPS.get(reply["content_type"], reply["content_type"]))
    # Nothing formats between backticks, and a backtick would end them.
    chip = f"`{escape(' '.join(title.replace('`', 'ˋ').split()))}`"
    icon = reply.get("image_url")
    return f"{chip} (icon {address(icon, look)})" if isinstance(icon, str) and icon else chip

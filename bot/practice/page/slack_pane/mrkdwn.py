"""Slack's mrkdwn as safe HTML, for one reader: everything that is no markup comes out escaped.

https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from markupsafe import Markup, escape

from bot.practice.page.slack_pane.emoji import DRAWN, EMOJI
from bot.practice.slack.dates import spelled
from bot.practice.slack.markup import unescaped

_FENCE: Final = re.compile(r"```(.+?)```", re.DOTALL)
_QUOTE: Final = re.compile(r"^(?:>|&gt;) ?", re.MULTILINE)
_EMOJI: Final = re.compile(r":([a-z0-9_+'-]+):")


def _marked(name: str, mark: str) -> str:
    """Text between two marks: at words' edges, on one line; a zero-width space tames a mark."""
    m = re.escape(mark)
    inner = rf"(?:\u200b{m}|[^{m}\n])"
    return rf"(?<![\w\u200b{m}]){m}(?P<{name}>(?!\s){inner}+?(?<![\s\u200b])){m}(?![\w{m}])"


_INLINE: Final = re.compile(
    "|".join(
        (
            r"(?<!\u200b)`(?P<code>[^`\n]+)`",
            r"<(?P<angle>[^<>\n]+)>",
            _marked("bold", "*"),
            _marked("italic", "_"),
            _marked("strike", "~"),
            r":(?P<emoji>[a-z0-9_+'-]+):",
            r"(?P<address>https?://(?:&amp;|[^\s<>|&\"'])*[^\s<>|&\"'.,;:!?)])",
        )
    )
)
_STYLES: Final = {
    "bold": Markup("<b>{}</b>"),
    "italic": Markup("<i>{}</i>"),
    "strike": Markup("<s>{}</s>"),
}
_DATE: Final = re.compile(r"!date\^(\d+)\^([^|^]+)(?:\^[^|]+)?\|(.*)")
_REFERENCE: Final = re.compile(r"([@#])(\w+)(?:\|(.*))?")
_ADDRESS: Final = re.compile(r"((?:https?://|mailto:)[^|]+)(?:\|(.*))?")


@dataclass(frozen=True)
class Mrkdwn:
    """Makes HTML for one reader: when and where they read, who they are, the names behind ids."""

    now: datetime
    zone: tzinfo
    names: Mapping[str, str]
    reader: str = ""

    def html(self, text: str, *, verbatim: bool = False) -> Markup:
        """The text as HTML to stand where white space is kept; `verbatim` makes no bare link."""
        parts = _FENCE.split(text)  # every second one is the inside of a fence
        return Markup("").join(
            Markup('<code class="sk-fence">{}</code>').format(unescaped(part).strip("\n"))
            if number % 2
            else self._lines(part, verbatim)
            for number, part in enumerate(parts)
        )

    def plain(self, text: str, *, emoji: bool = True) -> Markup:
        """A plain_text object's text: no markup but emoji, where they are wished for."""
        if not emoji:
            return escape(text)
        parts = _EMOJI.split(text)
        return Markup("").join(
            _picture(part) if number % 2 else escape(part) for number, part in enumerate(parts)
        )

    def _lines(self, text: str, verbatim: bool) -> Markup:
        """Inline markup line by line; lines that begin with > become one quotation."""
        made: list[Markup] = []
        quoted: list[Markup] = []
        for line in text.split("\n"):
            if _QUOTE.match(line):
                quoted.append(self._inline(_QUOTE.sub("", line), verbatim))
                continue
            if quoted:
                made.append(_quotation(quoted))
                quoted = []
            made.append(self._inline(line, verbatim))
        if quoted:
            made.append(_quotation(quoted))
        return _joined(made)

    def _inline(self, text: str, verbatim: bool) -> Markup:
        made, end = Markup(""), 0
        for match in _INLINE.finditer(text):
            made += escape(unescaped(text[end : match.start()]))
            made += self._piece(match, verbatim)
            end = match.end()
        return made + escape(unescaped(text[end:]))

    def _piece(self, match: re.Match[str], verbatim: bool) -> Markup:
        kind, inside = next((k, v) for k, v in match.groupdict().items() if v is not None)
        if kind in _STYLES:
            return _STYLES[kind].format(self._inline(inside, verbatim))
        if kind == "code":
            return Markup("<code>{}</code>").format(unescaped(inside))
        if kind == "emoji":
            return _picture(inside)
        if kind == "angle":
            return self._angle(inside)
        return escape(unescaped(inside)) if verbatim else _link(inside, inside)

    def _angle(self, inside: str) -> Markup:
        """What stands between < and >: a date, a mention, a link, or something special."""
        readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Markup]], ...] = (
            (_DATE, self._date),
            (_REFERENCE, self._mention),
            (_ADDRESS, lambda found: _link(found[1], found[2] or found[1])),
        )
        for pattern, make in readers:
            if found := pattern.fullmatch(inside):
                return make(found)
        if inside in ("!here", "!channel", "!everyone"):
            return Markup('<span class="sk-mention sk-me">@{}</span>').format(inside[1:])
        return escape(unescaped(f"<{inside}>"))

    def _date(self, found: re.Match[str]) -> Markup:
        seconds = int(found[1])
        try:
            at = datetime.fromtimestamp(seconds, UTC)
        except (OverflowError, ValueError):
            return escape(unescaped(found[3]))
        shown = spelled(seconds, found[2], self.now, self.zone)
        return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), shown)

    def _mention(self, found: re.Match[str]) -> Markup:
        mark, name_id, label = found[1], found[2], found[3]
        name = self.names.get(name_id) or unescaped(label or name_id)
        mine = " sk-me" if name_id == self.reader else ""
        if mark == "#":
            return Markup('<span class="sk-mention">#{}</span>').format(name)
        return Markup('<span class="sk-mention{}">@{}</span>').format(mine, name)


def _picture(name: str) -> Markup:
    if name not in EMOJI:
        return escape(f":{name}:")
    said = name.replace("_", " ")
    if name in DRAWN:
        drawn = Markup(
            '<span class="sk-emoji" data-emoji="{}" role="img" aria-label="{}">{}</span>'
        )
        return drawn.format(name, said, EMOJI[name])
    return Markup('<span class="sk-emoji" role="img" aria-label="{}">{}</span>').format(
        said, EMOJI[name]
    )


def _link(address: str, label: str) -> Markup:
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(
        unescaped(address), unescaped(label)
    )


def _quotation(lines: list[Markup]) -> Markup:
    return Markup("<blockquote>{}</blockquote>").format(Markup("\n").join(lines))


def _joined(lines: list[Markup]) -> Markup:
    """Lines with their breaks; a quotation stands in lines of its own anyway."""
    made = Markup("")
    for number, line in enumerate(lines):
        after_quote = number and lines[number - 1].startswith("<blockquote")
        if number and not after_quote and not line.startswith("<blockquote"):
            made += Markup("\n")
        made += line
    return made

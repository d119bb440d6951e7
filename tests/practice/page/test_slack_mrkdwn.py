"""mrkdwn becomes safe HTML that reads as it does in Slack."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practice.page.slack_pane.emoji import DRAWN, EMOJI
from bot.practice.page.slack_pane.mrkdwn import Mrkdwn
from bot.practice.slack.markup import escaped
from handlers.views.blocks import quoted

from .slack_screens import Html

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
STAMP = int(NOON.timestamp())
READER = Mrkdwn(NOON, ZoneInfo("Europe/Berlin"), {"U1": "Ada", "U2": "Ben", "C1": "general"}, "U1")
ROOT = Path(__file__).parents[3]
# Everything that mrkdwn may become; a link's address is looked at by itself.
HARMLESS = {
    "a": {"href", "target", "rel"},
    "span": {"class", "role", "aria-label", "data-emoji"},
    "time": {"datetime"},
    "code": {"class"},
    **{tag: set() for tag in ("b", "i", "s", "blockquote")},
}
marks = st.sampled_from(
    [
        *"*_~`<>&|!@#:/\"'=\n u",
        "```",
        "&lt;",
        "<!date^1^{time}|x>",
        "<http://a|b>",
        "http://",
        "\u200b",
    ]
)
texts = st.lists(marks | st.characters(), max_size=25).map("".join)


def html(text: str, *, verbatim: bool = False) -> str:
    return str(READER.html(text, verbatim=verbatim))


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("*bold* and _it_ and ~gone~", "<b>bold</b> and <i>it</i> and <s>gone</s>"),
        ("*bold _both_*", "<b>bold <i>both</i></b>"),
        ("snake_case_name, 2*3*4, a ~ b", "snake_case_name, 2*3*4, a ~ b"),
        ("* not bold *", "* not bold *"),
        ("`*as is* &lt;b&gt;`", "<code>*as is* &lt;b&gt;</code>"),
        ("```two\nlines```", '<code class="sk-fence">two\nlines</code>'),
        ("above\n> one\n&gt; two\nbelow", "above<blockquote>one\ntwo</blockquote>below"),
        ("<@U2>: hi", '<span class="sk-mention">@Ben</span>: hi'),
        ("in <#C1>", 'in <span class="sk-mention">#general</span>'),
        ("<@U1>", '<span class="sk-mention sk-me">@Ada</span>'),
        ("<!here>", '<span class="sk-mention sk-me">@here</span>'),
        ("<@U9|Zoe>", '<span class="sk-mention">@Zoe</span>'),
        ("<@U9>", '<span class="sk-mention">@U9</span>'),
        ("5 &lt; 6 &amp;amp; 7", "5 &lt; 6 &amp;amp; 7"),
        (":eyes:", '<span class="sk-emoji" role="img" aria-label="eyes">👀</span>'),
        (":nosuch: 10:30:00", ":nosuch: 10:30:00"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<javascript:alert(1)|click>", "&lt;javascript:alert(1)|click&gt;"),
        ("a\nb", "a\nb"),
    ],
)  # fmt: skip
def test_markup_reads_as_in_slack(text: str, made: str) -> None:
    assert html(text) == made


@pytest.mark.parametrize(
    ("text", "address", "label"),
    [
        ("<https://x.y/?a=1&amp;b=2|the &amp; page>", "https://x.y/?a=1&b=2", "the & page"),
        ("<mailto:a@b.c>", "mailto:a@b.c", "mailto:a@b.c"),
        ("see https://x.y/z?a=1&amp;b=2, or not", "https://x.y/z?a=1&b=2", "https://x.y/z?a=1&b=2"),
        ('<https://x.y/" onclick="alert(1)|x>', 'https://x.y/" onclick="alert(1)', "x"),
    ],
)
def test_links_lead_where_they_say(text: str, address: str, label: str) -> None:
    link = Html(html(text)).one("a")
    assert (link["href"], link.text) == (address, label)
    assert link["rel"] == "noopener noreferrer"


def test_a_verbatim_text_has_only_the_links_it_asks_for() -> None:
    assert "<a" not in html("see https://x.y", verbatim=True)
    assert "<a" in html("see <https://x.y>", verbatim=True)


def test_a_date_is_told_by_the_readers_clock() -> None:
    [shown] = Html(html(f"until <!date^{STAMP}^{{date_short_pretty}} at {{time}}|noon>")).all(
        "time"
    )
    assert (shown.text, shown["datetime"]) == ("today at 1:00 PM", NOON.isoformat())


def test_a_date_beyond_the_calendar_shows_its_other_text() -> None:
    assert html("<!date^99999999999999^{time}|far away>") == "far away"


@pytest.mark.parametrize("text", ["*bold* _it_ ~s~ `code`", "> <!channel> :tada: <b>", "a*b*c *d*"])
def test_what_the_bot_quotes_stays_as_it_was_written(text: str) -> None:
    shown = Html(html(f"“{quoted(text)}”", verbatim=True))
    assert shown.text.replace("\u200b", "").replace("🎉", ":tada:") == f"“{text}”"
    assert not {element.tag for element in shown.elements} - {"span"}


@given(text=texts, verbatim=st.booleans())
def test_nothing_but_harmless_markup_comes_alive(text: str, verbatim: bool) -> None:
    for element in Html(html(text, verbatim=verbatim)).elements:
        assert set(element.attributes) <= HARMLESS[element.tag]
        assert element.attributes.get("href", "http").startswith(("http", "mailto:"))


@given(text=texts)
def test_what_people_type_loses_no_letter(text: str) -> None:
    shown = Html(str(READER.plain(text, emoji=False)))
    assert (shown.text, shown.elements) == (text, [])
    typed = Html(html(escaped(text)))
    assert not [e for e in typed.elements if e.tag in ("script", "img", "time")]


def test_every_emoji_that_the_bot_writes_has_its_picture() -> None:
    views = (path.read_text() for path in (ROOT / "handlers" / "views").glob("*.py"))
    written = {name for text in views for name in re.findall(r":([a-z_]+):", text)}
    assert {"x", "warning", "hourglass"} <= written <= DRAWN <= set(EMOJI)
    drawn = (ROOT / "bot/practice/page/static/emoji.css").read_text()
    assert set(re.findall(r'data-emoji="(\w+)"', drawn)) == DRAWN

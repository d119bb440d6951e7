"""Cards and forms in plain text, as a colleague would read them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.practice.slack import SlackStandIn
from bot.practice.slack.dates import readable, spelled
from tests.clock import HandClock

from .slack_office import opened_office, shown
from .slack_support import actions, button, client, field, modal, option, plain, section

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
STAMP = int(NOON.timestamp())


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn(clock=HandClock(NOON)) as slack:
        yield slack


def test_a_card_reads_like_a_card(slack: SlackStandIn) -> None:
    ada = slack.add_user("Ada", tz="Europe/Berlin")
    channel = slack.add_channel("approvals", [ada])
    client(slack).chat_postMessage(
        channel=channel.id,
        text="Draft 12",
        blocks=[
            {"type": "header", "text": plain("Draft 12")},
            section(f"by <@{ada.id}> in <#{channel.id}>: *Hello* &lt;you&gt;"),
            {"type": "section", "fields": [plain("Tag"), plain("none")]},
            {"type": "divider"},
            {
                "type": "context",
                "elements": [
                    {
                        "type": "mrkdwn",
                        "text": f"until <!date^{STAMP}^{{date_short}} at {{time}}|noon>",
                    },
                    plain("flagged"),
                ],
            },
            actions(
                button("approve", "Approve"),
                {
                    "type": "overflow",
                    "action_id": "more",
                    "options": [option("edit"), option("log")],
                },
            ),
        ],
    )
    assert slack.render(channel.messages[0], ada) == (
        "Draft 12\n"
        "by @Ada in #approvals: *Hello* <you>\n"
        "Tag\nnone\n"
        "---\n"
        "until Nov 22, 2026 at 1:00 PM  flagged\n"
        "[Approve] [… Edit | Log]"
    )
    assert "at 12:00 PM" in slack.render(channel.messages[0])


def test_a_message_without_blocks_reads_as_its_text(slack: SlackStandIn) -> None:
    channel = slack.add_channel("general")
    client(slack).chat_postMessage(channel=channel.id, text="see <https://example.org|the page>")
    assert slack.render(channel.messages[0]) == "see the page"


def test_a_form_shows_what_stands_in_its_fields() -> None:
    tags = [option("a"), option("b")]
    with opened_office("http") as office:
        form = shown(
            office,
            modal(
                field(
                    "message",
                    "plain_text_input",
                    placeholder=plain("Write"),
                    _hint=plain("Be kind"),
                ),
                field("tag", "static_select", options=tags, initial_option=tags[1]),
                field("ticks", "checkboxes", options=tags, _optional=True),
                field("at", "datetimepicker", initial_date_time=STAMP),
                field("who", "users_select", initial_user=office.ben.id),
            ),
        )
        assert office.slack.render(form, office.ada) == (
            "Form\n"
            "Message *: (Write…)\n  Be kind\n"
            "Tag *: (B) of A | B\n"
            "Ticks: () of A | B\n"
            "At *: (2026-11-22 13:00)\n"
            "Who *: (Ben)\n"
            "[Cancel] [Send]"
        )
        form.choose("ticks", "a", "b")
        assert "Ticks: (A, B)" in office.slack.render(form)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("{date_num}", "2026-11-22"),
        ("{date}", "November 22nd, 2026"),
        ("{date_short}", "Nov 22, 2026"),
        ("{date_long}", "Sunday, November 22nd, 2026"),
        ("{time}", "11:30 PM"),
        ("{time_secs}", "11:30:00 PM"),
        ("{date_pretty}, {time}", "today, 11:30 PM"),
        ("{ago}", "in 10 hours"),
        ("{unknown}", "{unknown}"),
    ],
)
def test_a_moment_is_spelled_in_the_readers_zone(form: str, expected: str) -> None:
    late = int(datetime(2026, 11, 22, 22, 30, tzinfo=UTC).timestamp())
    assert spelled(late, form, NOON, ZoneInfo("Europe/Berlin")) == expected


def test_days_near_today_have_names_of_their_own() -> None:
    day = 24 * 3600
    for distance, name in {1: "tomorrow", -1: "yesterday", 2: "Nov 24, 2026"}.items():
        assert spelled(STAMP + distance * day, "{date_short_pretty}", NOON, UTC) == name
    assert spelled(STAMP - 90, "{ago}", NOON, UTC) == "1 minute ago"


def test_a_date_that_slack_would_not_understand_stays_as_it_is() -> None:
    assert readable("<!date^soon^{date}|soon>", NOON, UTC, {}) == "<!date^soon^{date}|soon>"
    assert readable("<!here> <@U1|ada>", NOON, UTC, {}) == "@here @ada"

"""The strict stand-in for Slack as a process of its own, with Slack's rate limits.

The first line on stdout tells where it is. Each line on stdin is an order: `{"connect": url}` posts
what people do there instead of using Socket Mode; `{"notify": 150, "every_s": 0.1}` types that many
slash commands, one every so often whether or not the last was acknowledged, and answers with the
seconds that each acknowledgement took (null where the person saw a failure).
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bot.practice.slack import Channel, SlackError, SlackStandIn, User
from tests.benchmarks.installation import APPROVALS, CLEO

COMPOSER_EVERY = 10  # Slack itself allows little more than one views.open a second
WORDS = ("help", "window Ada", "queue", "status 1")


def command_text(number: int) -> str:
    """What is typed behind the n-th `/notify`: now and then nothing, which opens the composer."""
    return "" if number % COMPOSER_EVERY == 0 else WORDS[number % len(WORDS)]


def type_command(slack: SlackStandIn, user: User, place: Channel, number: int) -> float | None:
    """Seconds until the bot acknowledged it, None if it failed."""
    begun = time.perf_counter()
    try:
        slack.run_command(user, "/notify", command_text(number), channel=place)
    except SlackError:
        return None
    return time.perf_counter() - begun


def type_commands(
    slack: SlackStandIn, user: User, place: Channel, count: int, every_s: float
) -> list[float | None]:
    begun = time.perf_counter()
    with ThreadPoolExecutor(32) as people:
        typed = []
        for number in range(count):
            time.sleep(max(0.0, begun + number * every_s - time.perf_counter()))
            typed.append(people.submit(type_command, slack, user, place, number))
        return [each.result() for each in typed]


def obey(slack: SlackStandIn, user: User, place: Channel, order: dict[str, Any]) -> Any:
    if url := order.get("connect"):
        slack.connect_http(url)
        return "connected"
    if order.get("wait_for_socket"):
        slack.wait_for_socket(seconds=60)
        return "connected"
    return type_commands(slack, user, place, order["notify"], order["every_s"])


def main() -> None:
    with SlackStandIn(rate_limits=True) as slack:
        ben, cleo = slack.add_user("Ben"), slack.add_user("Cleo", id=CLEO)
        place = slack.add_channel("approvals", [ben, cleo], id=APPROVALS)
        about = {
            "SLACK_API_URL": slack.url,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
        }
        print(json.dumps(about), flush=True)  # noqa: T201
        for line in sys.stdin:
            print(json.dumps(obey(slack, cleo, place, json.loads(line))), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()

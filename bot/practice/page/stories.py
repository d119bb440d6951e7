"""The guided tour: six short stories to play by hand, and how the page sees that a step is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.practice.page.cast import ADA, BELA

if TYPE_CHECKING:
    from bot.practice.page.scene import Scene

Done = Callable[["Scene"], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next, in one sentence; `where` names the part of the page where it happens."""

    where: str
    text: str
    done: Done


@dataclass(frozen=True, slots=True)
class Story:
    """`phone` is the customer whose phone is looked at; `trouble` what is wrong at Meta.

    `then` is what to try once it is played; `edition` None leaves Meta's rules as they are.
    """

    key: str
    title: str
    moral: str
    steps: Sequence[Step]
    then: str
    phone: str = ADA
    trouble: str = "none"
    holds_webhooks: bool = False
    edition: str | None = None


def composer_opened(scene: "Scene") -> bool:
    """Somebody has the composer, or had it."""
    return any(call.method == "views.open" and call.ok for call in scene.slack.calls)


def drafts(count: int = 1) -> Done:
    """So many drafts exist."""
    return lambda scene: len(scene.record.drafts()) >= count


def asks_for_second_person(scene: "Scene") -> bool:
    """A draft waits, or waited, for a second person."""
    return any(draft["needs_second_person"] for draft in scene.record.drafts())


def decided(scene: "Scene") -> bool:
    """A draft that needed a second person was decided by one."""
    return any(
        draft["needs_second_person"] and draft["state"] != "queued"
        for draft in scene.record.drafts()
    )


def own_approval_refused(scene: "Scene") -> bool:
    """Somebody was told, for their eyes only, what they may not do in the approvals channel."""
    return decided(scene) or bool(scene.approvals.ephemerals)


def got(psid: str, count: int = 1) -> Done:
    """So many messages are on this person's phone."""
    return lambda scene: len(scene.graph.sent_to(psid)) >= count


def got_with_tag(psid: str) -> Done:
    """A message under a tag is on this person's phone."""
    return lambda scene: any(sent.tag for sent in scene.graph.sent_to(psid))


def reminder_waits(scene: "Scene") -> bool:
    """A delivery waits for its time, or went out at it."""
    return any(delivery["scheduled"] for delivery in scene.record.deliveries())


def window_closed(psid: str) -> Done:
    """The clock was moved until this person's window closed."""

    def look(scene: "Scene") -> bool:
        closes = scene.graph.people[psid].window_closes_at(scene.graph.ad_window)
        return closes is not None and scene.graph.now() >= closes

    return look


def in_state(*states: str) -> Done:
    """Some delivery is in one of these states."""
    return lambda scene: any(d["state"] in states for d in scene.record.deliveries())


STORIES: Final = (
    Story(
        "inside",
        "Inside the window",
        "Within 24 hours of Ada's message you may answer freely, without a tag.",
        (
            Step("slack", "Type /notify and press Enter.", composer_opened),
            Step("slack", "To: Ada Moreau. Write an answer, then Send.", drafts()),
            Step("phones", "It is on Ada's phone, without a tag.", got(ADA)),
        ),
        then="Move the clock by +1 day and try the same again.",
    ),
    Story(
        "event",
        "After it: an event tag",
        "Béla wrote three days ago. News of the event he booked may still reach him, under its tag.",
        (
            Step("slack", "Type /notify. To: Béla Kiss. The window is closed.", composer_opened),
            Step(
                "slack",
                "Write when the pasta evening starts. Tag: CONFIRMED_EVENT_UPDATE, "
                "starts tomorrow 18:00, signed up. Send.",
                drafts(),
            ),
            Step("phones", "It is on Béla's phone, under the tag.", got_with_tag(BELA)),
        ),
        then="Switch the rules to 2026-04 and try it again: the tag is retired.",
        phone=BELA,
        edition="2021-06",
    ),
    Story(
        "promotion",
        "A promotion caught",
        "Outside the window no tag carries a promotion: a colleague sees the passage before it goes.",
        (
            Step(
                "slack",
                "Type /notify Your pasta evening is tomorrow. Bring a friend: 20% off!",
                composer_opened,
            ),
            Step(
                "slack",
                "To: Béla Kiss. Tag: CONFIRMED_EVENT_UPDATE, starts tomorrow, signed up. "
                "Ask for approval.",
                asks_for_second_person,
            ),
            Step("slack", "Act as Cleo. In #approvals, reject it, or approve it anyway.", decided),
        ),
        then="Promote something to Ada, whose window is open: that is allowed.",
        phone=BELA,
        edition="2021-06",
    ),
    Story(
        "eyes",
        "Four eyes",
        "Nobody approves their own message, and nothing leaves before a second person agrees.",
        (
            Step(
                "slack", "As Ben: /notify, To: Ada Moreau, ask a colleague to approve it.", drafts()
            ),
            Step("slack", "Still as Ben, press Approve in #approvals.", own_approval_refused),
            Step("slack", "Act as Cleo and press Approve.", decided),
            Step("phones", "Now it is on Ada's phone.", got(ADA)),
        ),
        then="Type /notify status 1 to see who did what.",
    ),
    Story(
        "reminder",
        "A reminder after the window",
        "One draft, two messages: free now, and under its tag once the window has closed.",
        (
            Step(
                "slack",
                "/notify, To: Ada Moreau. Tag: CONFIRMED_EVENT_UPDATE, starts in two days at 18:00, "
                "signed up, reminder 3 hours before. Send.",
                reminder_waits,
            ),
            Step("phones", "The first one is on Ada's phone, without a tag.", got(ADA)),
            Step("top", "Move the clock: press the reminder in the timeline.", window_closed(ADA)),
            Step("phones", "The reminder is there, under its tag.", got(ADA, 2)),
        ),
        then="Play it again, and withdraw the reminder with /notify withdraw 1.",
        edition="2021-06",
    ),
    Story(
        "timeout",
        "A time-out, settled",
        "Meta took the message and never said so. It is not sent twice: the echo tells.",
        (
            Step("slack", "/notify, To: Ada Moreau. Write, then Send.", drafts()),
            Step(
                "slack",
                "Ada has it, but Slack says it may have arrived.",
                in_state("unknown", "sent", "delivered", "read"),
            ),
            Step(
                "top",
                "Release the webhooks that Meta holds: the echo is among them.",
                in_state("sent", "delivered", "read"),
            ),
        ),
        then="Try Meta's other troubles: the rate limit, an expired token, a blocked Page.",
        trouble="timeout",
        holds_webhooks=True,
    ),
)
BY_KEY: Final = {story.key: story for story in STORIES}

"""The guided tour: nine short stories to play by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.practice.page.cast import ADA, BELA
from bot.practice.page.milestones import (
    Done,
    answered_form,
    asks_for_second_person,
    author_told,
    composer_opened,
    decided,
    drafts,
    got,
    got_as,
    got_form,
    got_with_tag,
    in_state,
    own_approval_refused,
    reminder_waits,
    window_closed,
    wrote,
)


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
        "An event tag",
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
        "Promotion caught",
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
        "Late reminder",
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
        "Time-out settled",
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
    Story(
        "desk",
        "The desk",
        "What people write stands in #inbox. You may answer for a day, as a human agent for seven.",
        (
            Step("phones", "As Ada, ask something: it appears in #inbox.", wrote(ADA, 2)),
            Step(
                "slack",
                "In #inbox, press Reply at Ada's name, answer, Send.",
                got_as(ADA, "RESPONSE"),
            ),
            Step("top", "Move the clock by +1 day: her window closes.", window_closed(ADA)),
            Step(
                "slack",
                "Press Reply again: it goes out as a human agent's.",
                got_with_tag(ADA, "HUMAN_AGENT"),
            ),
        ),
        then="Move the clock by +7 days: Reply says why not, and what else is possible.",
    ),
    Story(
        "feedback",
        "Feedback",
        "Meta's own form may ask how it was, up to seven days after the person wrote.",
        (
            Step(
                "slack",
                "/notify, To: Ada Moreau. Tag: CUSTOMER_FEEDBACK. Fill in the form, Send.",
                got_form(ADA),
            ),
            Step("phones", "As Ada, open the form, tap a score, Submit.", answered_form(ADA)),
            Step("slack", "Tagwise tells you what she answered.", author_told("Moreau answered")),
        ),
        then="Move the clock by +7 days and try to ask again.",
    ),
    Story(
        "utility",
        "Utility message",
        "Since April 2026 no event tag goes out after the window: a template that Meta approved does.",
        (
            Step("slack", "Type /notify. To: Béla Kiss. The window is closed.", composer_opened),
            Step(
                "slack",
                "Utility message: class_reminder. Fill in what and when. Send.",
                drafts(),
            ),
            Step("phones", "It is on Béla's phone, as UTILITY.", got_as(BELA, "UTILITY")),
        ),
        then="Write 20% into a field: Meta does not take that sign.",
        phone=BELA,
        edition="2026-04",
    ),
)
BY_KEY: Final = {story.key: story for story in STORIES}

"""How the page sees that a step of a story is done: by what is on the phones, in Slack, on record."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.practice.graph.memory import ThreadMessage
    from bot.practice.page.scene import Scene

Done = Callable[["Scene"], bool]


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


def got_one(psid: str, fits: Callable[["ThreadMessage"], bool]) -> Done:
    """A message of this sort is on this person's phone."""
    return lambda scene: any(fits(sent) for sent in scene.graph.sent_to(psid))


def got_with_tag(psid: str, tag: str | None = None) -> Done:
    """A message under this tag, or under any, is on this person's phone."""
    return got_one(psid, lambda sent: sent.tag == tag if tag else bool(sent.tag))


def got_as(psid: str, messaging_type: str) -> Done:
    """A message of this messaging type is on this person's phone."""
    return got_one(psid, lambda sent: sent.messaging_type == messaging_type)


def wrote(psid: str, count: int) -> Done:
    """This person has written so many messages."""
    return lambda scene: (
        sum(one.author == "person" for one in list(scene.graph.people[psid].thread)) >= count
    )


def got_form(psid: str) -> Done:
    """A feedback form is on this person's phone."""
    return got_one(psid, lambda sent: "customer_feedback" in str(sent.attachment))


def answered_form(psid: str) -> Done:
    """This person handed in a feedback form."""
    return lambda scene: bool(scene.graph.people[psid].forms)


def author_told(words: str) -> Done:
    """Somebody was told this by the bot, for their eyes only."""
    return lambda scene: any(
        words in scene.slack.render(message)
        for member in scene.staff
        for message in scene.slack.shown_to(member)
    )


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

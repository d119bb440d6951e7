"""When the messaging window is open, and when the person last wrote."""

from datetime import datetime

from bot.policy.editions import EDITIONS, ONE_WEEK, Tag
from bot.policy.question import InteractionKind, Question, Window

MESSAGES = frozenset({InteractionKind.MESSAGE, InteractionKind.AD_MESSAGE})


def window_at(question: Question) -> Window:
    """The window at the question's moment: open for less than its length, closed from then on.

    An interaction after that moment does not count, nor one from before Meta said it was closed.
    """
    lengths = EDITIONS[question.edition].windows
    closings = [
        done.at + lengths[done.kind]
        for done in question.interactions
        if done.at <= question.at and not _refuted(done.at, question.closed_by_meta_at)
    ]
    closes_at = max(closings, default=None)
    return Window(closes_at is not None and question.at < closes_at, closes_at)


def last_message_at(question: Question) -> datetime | None:
    """When the person last wrote, up to the question's moment: presses and reactions are no message."""
    return max(
        (
            done.at
            for done in question.interactions
            if done.kind in MESSAGES and done.at <= question.at
        ),
        default=None,
    )


def answerable_until(question: Question) -> datetime | None:
    """Until when a person may answer as HUMAN_AGENT; None when that time is over, or never began."""
    last = last_message_at(question)
    if last is None or question.at - last >= ONE_WEEK:
        return None
    return last + ONE_WEEK


def within_reach(question: Question, tag: Tag) -> bool:
    """Whether the person's last message is recent enough for the tag (always, where it has no limit)."""
    if tag.reach is None:
        return True
    last = last_message_at(question)
    return last is not None and question.at - last < tag.reach


def _refuted(interaction_at: datetime, closed_by_meta_at: datetime | None) -> bool:
    return closed_by_meta_at is not None and interaction_at <= closed_by_meta_at

"""The first message of a person's thread: who it is, until when an answer may go out, who waits."""

from bot.desk import Standing
from handlers.views import ids
from handlers.views.blocks import (
    Block,
    actions,
    button,
    context,
    mention,
    quoted,
    section,
    when,
)
from handlers.views.words import recipient
from storage.desk_lines import Line

QUOTE_CHARACTERS = 150


def root(standing: Standing) -> Block:
    """The message's `text` and `blocks`."""
    who = recipient(standing.contact)
    quote = f"\n>{said}" if (said := first_words(standing.asked)) else ""
    return {
        "text": who,
        "blocks": [
            section(f"*{who}*{quote}"),
            context(f"{answer_line(standing)}\n{_turn_line(standing)}"),
            actions(f"desk:{standing.thread.id}", [reply_button(standing.thread.id)]),
        ],
    }


def reply_button(thread_id: int) -> Block:
    """Opens the form in which one answers."""
    return button("Reply", ids.REPLY, thread_id)


def first_words(line: Line | None) -> str:
    """How the message begins; nothing where it is not kept any more."""
    if line is None:
        return ""
    return quoted(line.content.get("text") or line.content.get("button") or "", QUOTE_CHARACTERS)


def answer_line(standing: Standing) -> str:
    """Until when an answer may go out, and as what: as it is now."""
    window, agent_until = standing.reach.window, standing.reach.agent_until
    if window.closes_at is None:
        return (
            ":red_circle: Nothing known has opened the messaging window: they have to write first."
        )
    if window.open:
        later = agent_until and agent_until > window.closes_at
        agent = f"; as a human agent until {when(agent_until)}" if later and agent_until else ""
        return f":large_green_circle: Answer until {when(window.closes_at)}{agent}."
    if agent_until:
        return f":large_yellow_circle: Answer as a human agent until {when(agent_until)}."
    closed = f":red_circle: Too late to answer since {when(window.closes_at)}"
    if standing.human_agent_approved:
        return f"{closed}: they have to write again."
    return f"{closed}: Meta has not approved this app for answers as a human agent."


def _turn_line(standing: Standing) -> str:
    if standing.waits and standing.asked:
        return f":speech_balloon: Waits for an answer, wrote {when(standing.asked.at)}."
    if standing.answer is None:
        return "Has not asked anything."
    answer = standing.answer
    at = when(answer.left_at or answer.line.at)
    if answer.author:
        return f":white_check_mark: Answered by {mention(answer.author)}, {at}."
    return f":white_check_mark: Answered outside Tagwise, {at}."

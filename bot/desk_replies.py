"""A colleague answers a person: a draft like all others, which leaves as a reply in a conversation.

It names HUMAN_AGENT, on which it falls back once the messaging window has closed. Only who pressed
"send" is its author, and an answer that the machine held up does not go out under that tag: see
`bot.asking.FRESH`.
"""

from collections.abc import Sequence
from typing import Final

from sqlite_utils import Database

from bot.asking import Facts
from bot.desk import Standing
from bot.drafting import Proposal, Proposed, propose_draft
from bot.judging import judge
from bot.planning import Due
from bot.policy.editions import HUMAN_AGENT
from bot.policy.question import Verdict
from bot.settings import Settings
from storage import desk_lines
from storage.desk_lines import Answer

SOME_TEXT: Final = "…"  # stands for words that are still to be written
SOMEBODY: Final = "somebody"


def reply(
    db: Database, settings: Settings, standing: Standing, text: str, *, author: str
) -> Proposed:
    """Put the answer on record, with its line in the thread; raises NotAllowed."""
    proposal = _proposal(text, author)
    proposed = propose_draft(db, settings, proposal, [standing.contact], now=standing.now)
    desk_lines.add(
        db,
        standing.thread,
        f"draft:{proposed.draft.id}",
        desk_lines.OURS,
        standing.now,
        draft_id=proposed.draft.id,
    )
    return proposed


def _proposal(text: str, author: str) -> Proposal:
    facts = Facts(reply=True)
    return Proposal(message={"text": text}, tag=HUMAN_AGENT, facts=facts, author=author)


def answered_meanwhile(db: Database, standing: Standing, seen: int, user: str) -> Sequence[Answer]:
    """What others have said to the person, or are about to say, since that line, newest first."""
    said = desk_lines.answers(db, standing.thread.id, after=seen)
    return [answer for answer in said if answer.author != user]


def foreseen(db: Database, settings: Settings, standing: Standing) -> Verdict:
    """What the rule book says now of an answer whose words are not known yet."""
    content = _proposal(SOME_TEXT, SOMEBODY).content
    return judge(
        db, settings, content, standing.contact, [Due(standing.now, scheduled=False)], standing.now
    )

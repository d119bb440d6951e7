"""The rules of utility messages: which template, on which channel, filled with what.

Source: Meta's page on utility messages (March 2026). They need no messaging window and no tag; whoever
sends them, by hand or by a timer, is not Meta's concern, but what they say is.
"""

from collections.abc import Collection, Iterator, Sequence, Set
from typing import Final

from bot.policy.content import read_text
from bot.policy.editions import HUMAN_AGENT, Edition
from bot.policy.question import Finding, Question, Severity, Utility
from bot.policy.utility_templates import APPROVED

SOURCE: Final = "Utility messages"
FORBIDDEN: Final = "#$%"
PARAMETER_CHARACTERS: Final = 1000


def utility_unknown(edition: Edition) -> Finding:
    """The edition is older than utility messages."""
    why = (
        f"Utility messages came later than edition {edition.name} of Meta's rules; "
        "an admin can choose a newer one with POLICY_EDITION."
    )
    return Finding("utility-unknown", Severity.REFUSE, why, edition.source)


def utility_findings(question: Question, asked: Utility) -> Iterator[Finding]:
    """What stands against the utility message that a draft names."""
    name = f"{asked.template} in {asked.language}"
    if question.channel != "messenger":
        why = (
            "Instagram has no utility messages; outside the messaging window it takes nothing but a "
            f"person's own answer under {HUMAN_AGENT}, up to 7 days after the customer's message."
        )
        yield _refusal("utility-not-on-instagram", why)
    elif asked.status is None:
        why = (
            f"No template {name} is known that Tagwise can send for this Page; "
            "the command tagwise templates list shows those there are."
        )
        yield _refusal("utility-template-unknown", why)
    elif asked.status != APPROVED:
        why = f"Meta has to approve a template before it may be sent, and says of {name}: {asked.status}."
        yield _refusal("utility-template-not-approved", why)
    else:
        missing = list(_missing(asked))
        if missing:
            yield _refusal("utility-parameters", _needs(asked, missing))
        for name, why in parameter_faults(asked).items():
            if name not in missing:
                yield _refusal("utility-parameters", why)


def parameter_faults(asked: Utility) -> dict[str, str]:
    """What is wrong with the parameters, a sentence for each by its name."""
    wrong = {name: _needs(asked, [name]) for name in _missing(asked)}
    takes = _takes(asked)
    for name, value in asked.parameters.items():
        if name not in takes:
            known = f"it takes {', '.join(takes)}" if takes else "it takes none"
            wrong[name] = f"The template {asked.template} has no parameter {name}; {known}."
        elif found := [mark for mark in FORBIDDEN if mark in value]:
            marks = " and ".join(found)
            wrong[name] = (
                f"Meta takes no {marks} in a parameter, and {name} has it: write it in words."
            )
        elif len(value) > PARAMETER_CHARACTERS:
            wrong[name] = (
                f"The parameter {name} has {len(value):,} characters; "
                f"{PARAMETER_CHARACTERS:,} are the most."
            )
    return wrong


def _takes(asked: Utility) -> Collection[str]:
    return asked.parameters.keys() if asked.takes is None else asked.takes


def _missing(asked: Utility) -> Iterator[str]:
    return (name for name in _takes(asked) if not asked.parameters.get(name, "").strip())


def _needs(asked: Utility, names: Sequence[str]) -> str:
    several = "parameters" if len(names) > 1 else "parameter"
    return f"The template {asked.template} needs the {several} {', '.join(names)}."


def utility_judgements(asked: Utility) -> Iterator[Finding]:
    """Whether what fills the template promotes; the template itself has been read by Meta."""
    for value in asked.parameters.values():
        if found := read_text(value).promotional:
            why = f"A utility message may not promote anything, and what fills it {found.why}."
            yield Finding("promotional", Severity.REVIEW, why, SOURCE, found.passage)
            return


def utility_alternatives(question: Question, edition: Edition, broken: Set[str]) -> Iterator[str]:
    """What a utility message could do for a draft that breaks these rules."""
    if not edition.has_utility_messages:
        if "utility-unknown" in broken:
            yield "Leave the utility message out."
    elif question.channel == "messenger":
        if "utility-parameters" in broken:
            yield "Fill in the parameters that the template asks for, each in plain words."
        elif broken & {"utility-template-unknown", "utility-template-not-approved"}:
            yield "Choose a template that Meta has approved: the composer offers those of the Page."
        elif "promotional" in broken:
            return  # no template may promote either
        elif question.utility is None and broken & {"window-closed", "tag-retired"}:
            yield "Send a utility message from a template that Meta has approved (for programs: utility)."


def _refusal(rule: str, why: str) -> Finding:
    return Finding(rule, Severity.REFUSE, why, SOURCE)

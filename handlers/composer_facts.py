"""Gathers what the composer shows beside what was entered: the person, the judgement, the templates."""

from dataclasses import replace
from typing import Final

from sqlite_utils import Database

from bot.asking import reach_of
from bot.breakers import breakers_of
from bot.drafting import needs_second_person
from bot.judging import judge
from bot.planning import BadPlan, Due
from bot.policy.utility import parameter_faults
from bot.services import Services
from bot.utility_store import asked_of, templates_of
from handlers.views import feedback_fields, ids, one_time_fields
from handlers.views.composer_facts import ComposerFacts
from handlers.views.entered import Entered
from handlers.views.entered_state import parameter_field
from handlers.views.field_faults import FieldFaults
from storage import contacts, one_time, utility

SOME_TEXT: Final = "……………"  # stands for what is still to be written
WRITTEN: Final = (
    feedback_fields.TITLE,
    feedback_fields.SUBTITLE,
    feedback_fields.BUTTON,
    feedback_fields.QUESTION,
    one_time_fields.TITLE,
    one_time_fields.TOPIC,
)


def composer_facts(services: Services, entered: Entered) -> ComposerFacts:
    """Everything that the composer is drawn from now."""
    settings, now = services.settings, services.clock()
    may_send = settings.approval != "always"
    waits = not may_send or entered.route == ids.APPROVE_ROUTE
    facts = ComposerFacts(settings.policy_edition, now, may_send, waits)
    with services.store.read() as db:
        templates = tuple(templates_of(db, settings.page_id).values())
        listing = utility.listing_of(db, settings.page_id)
        problem = listing.problem if listing else None
        facts = replace(
            facts,
            templates=templates,
            listing_problem=problem,
            privacy_url=settings.privacy_url,
        )
        return _judged(db, services, entered, facts)


def _judged(
    db: Database, services: Services, entered: Entered, facts: ComposerFacts
) -> ComposerFacts:
    settings, now = services.settings, facts.now
    contact = contacts.get(db, entered.contact_id or 0)
    if contact is None:
        return facts
    if settings.one_time_notification:
        facts = replace(facts, waiting=one_time.usable(db, contact.id, now))
    try:
        proposal = _written(entered).proposal("somebody", settings.privacy_url)
    except FieldFaults as faults:
        return replace(facts, contact=contact, problem=next(iter(faults.errors.values())))
    problem = next(iter(entered.problems.values()), None)
    try:
        dues = proposal.dues(now)
    except BadPlan as wrong:
        problem, dues = str(wrong), [Due(now, scheduled=entered.send_at is not None)]
    verdict = judge(db, settings, proposal.content, contact, dues, now)
    return replace(
        facts,
        waits=needs_second_person(settings, proposal, 1, verdict),
        contact=contact,
        verdict=verdict,
        breakers=breakers_of(db, contact.page_id, now),
        agent_until=reach_of(db, settings, contact, now).agent_until,
        problem=problem,
    )


def _written(entered: Entered) -> Entered:
    """What was entered with something in place of what is still to be written."""
    text = entered.message.strip()
    filled = {name: value for name, value in entered.forms.items() if value.strip()}
    return replace(
        entered,
        message=text or ("" if entered.utility else SOME_TEXT),
        forms=dict.fromkeys(WRITTEN, SOME_TEXT) | filled,
    )


def utility_faults(services: Services, entered: Entered) -> dict[str, str]:
    """What is wrong with what fills the utility message, by the composer's fields."""
    if (asked := entered.asked_utility) is None:
        return {}
    with services.store.read() as db:
        known = templates_of(db, services.settings.page_id)
    faults = parameter_faults(asked_of(asked, known))
    return {parameter_field(asked.template, name): why for name, why in faults.items()}

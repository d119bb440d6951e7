"""Which proposals wait for a second person, by the APPROVAL setting."""

from dataclasses import replace
from typing import Any

import pytest

from bot.asking import Facts
from bot.drafting import Proposal, needs_second_person
from bot.policy.question import Verdict
from tests.records import a_finding, a_verdict
from tests.test_views_limits import settings

BY_A_PERSON = Proposal({"text": "Hi"}, None, Facts(), author="UBEN")
BY_A_SYSTEM = Proposal({"text": "Hi"}, None, Facts(), requested_by="booking system")
ON_REQUEST = replace(BY_A_PERSON, wants_approval=True)
CLEAN, FLAGGED = a_verdict(), a_verdict(a_finding())


@pytest.mark.parametrize(
    ("approval", "proposal", "recipients", "verdict", "waits"),
    [
        ("flagged", BY_A_PERSON, 1, CLEAN, False),
        ("flagged", BY_A_PERSON, 1, FLAGGED, True),
        ("flagged", BY_A_PERSON, 2, CLEAN, True),
        ("flagged", BY_A_SYSTEM, 1, CLEAN, True),
        ("flagged", ON_REQUEST, 1, CLEAN, True),
        ("always", BY_A_PERSON, 1, CLEAN, True),
        ("never", BY_A_PERSON, 9, FLAGGED, False),
        ("never", BY_A_SYSTEM, 1, CLEAN, True),
        ("never", ON_REQUEST, 1, CLEAN, True),
    ],
)
def test_who_waits(
    approval: Any, proposal: Proposal, recipients: int, verdict: Verdict, waits: bool
) -> None:
    setting = settings().model_copy(update={"approval": approval})
    assert needs_second_person(setting, proposal, recipients, verdict) is waits

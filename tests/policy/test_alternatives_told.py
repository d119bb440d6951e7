"""What a refusal says of the channel and of tags that are gone or misspelt."""

from datetime import timedelta
from typing import Any

import pytest

from tests.policy.asking import assert_sentence, verdict, wrote
from tests.policy.test_alternatives import TWO_DAYS_AGO

RECEIPT = {"attachment": {"type": "template", "payload": {"template_type": "receipt"}}}
INSTAGRAM = {"channel": "instagram"}
AN_HOUR_AGO = (wrote(timedelta(hours=1)),)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "ways"),
        ({"tag": "ACCOUNT_UPDATE"}, "ways"),
        ({"tag": "GAME_EVENT"}, "ways"),
        ({"tag": "GAME_EVENT", "interactions": AN_HOUR_AGO}, "ways"),
        ({"tag": "HUMAN_AGENT", "human_agent_approved": True, "interactions": ()}, "ways"),
        ({"message": {"text": "é" * 501}, "interactions": AN_HOUR_AGO}, "message"),
        ({"message": RECEIPT, "interactions": AN_HOUR_AGO}, "message"),
        ({"message": {"text": "é" * 501}}, "both"),
    ],
)
@pytest.mark.parametrize("edition", ["2021-06", "2026-04"])
def test_every_refusal_on_instagram_says_what_instagram_takes(
    edition: str, changes: dict[str, Any], says: str
) -> None:
    ways = verdict(edition=edition, **INSTAGRAM, **changes).alternatives
    told = [way for way in ways if way.startswith("Instagram takes ")]

    of_message = [way for way in told if "1,000 bytes" in way and "generic, button or media" in way]
    of_ways = [way for way in told if "HUMAN_AGENT" in way and "no other tag" in way]
    assert [len(of_message), len(of_ways)] == {"ways": [0, 1], "message": [1, 0], "both": [1, 1]}[
        says
    ]


def test_messenger_is_told_nothing_of_instagram() -> None:
    assert not any("Instagram" in way for way in verdict().alternatives)


def test_for_a_retired_tag_its_replacement_is_the_first_way() -> None:
    retired = {"tag": "ACCOUNT_UPDATE", "edition": "2026-04"}

    assert verdict(**retired).alternatives[0].startswith("Send a utility message from a template")
    assert not any("Send a utility" in way for way in verdict(**retired, **INSTAGRAM).alternatives)


def test_no_template_is_offered_for_a_promotion() -> None:
    promotion = {"text": "20% off all shoes this week!"}
    promotes = verdict(edition="2026-04", message=promotion).alternatives

    assert promotes[0] == "Leave the promotion out: no tag takes one."
    assert not any("utility message" in way for way in promotes)


@pytest.mark.parametrize("tag", ["", "human_agent", "GAME_EVENT", "\n"])
def test_a_tag_is_unknown_unless_it_is_spelt_as_meta_spells_it(tag: str) -> None:
    answer = verdict(tag=tag, interactions=TWO_DAYS_AGO)

    assert [finding.rule for finding in answer.findings] == ["unknown-tag"]
    assert repr(tag) in answer.findings[0].why
    assert_sentence(answer.findings[0].why)

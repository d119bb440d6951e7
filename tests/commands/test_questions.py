"""Questions and verdicts as JSON: the published shapes, and what is said of anything else."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bot.faults import faults_as_json
from bot.moments import moment_text
from bot.policy.check import check
from bot.policy.question import (
    Event,
    Finding,
    Interaction,
    InteractionKind,
    OneTime,
    Question,
    Severity,
    Utility,
    Verdict,
    Window,
)
from bot.questions import read_question, verdict_as_json

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LEAST: dict[str, Any] = {"at": "2026-11-22T12:00:00Z", "text": "Hello."}


def faults(**changes: Any) -> dict[str, str]:
    """What is wrong with the least question once it is changed."""
    with pytest.raises(ValidationError) as caught:
        read_question({**LEAST, **changes}, "2021-06")
    found: dict[str, str] = faults_as_json(caught.value, "A question")["fields"]
    return found


def test_a_time_and_a_text_are_a_question() -> None:
    assert read_question(LEAST, "2026-04") == Question(
        at=NOON, message={"text": "Hello."}, edition="2026-04"
    )


def test_everything_that_can_be_asked_reaches_the_rule_book() -> None:
    asked = {
        "id": 7,
        "edition": "2021-06",
        "channel": "instagram",
        "at": "2026-11-22T13:00:00+01:00",
        "interactions": [
            {"kind": "message", "at": "2026-11-20T10:00:00.250Z"},
            {"kind": "ad_message", "at": "2026-11-20T10:00:00-0330"},
        ],
        "tag": "HUMAN_AGENT",
        "message": {"text": "Hello."},
        "author": "system",
        "scheduled": True,
        "recurring": True,
        "human_agent_approved": True,
        "event": {
            "name": "Yoga",
            "registered": True,
            "starts_at": "2026-12-01T18:00:00+01:00",
            "ends_at": "2026-12-01T19:00:00+01:00",
        },
        "order": {"id": " A-17 ", "placed_at": "2026-11-30T09:00:00Z"},
        "refused_tags": {"ACCOUNT_UPDATE": "Meta said no."},
        "reply": True,
        "utility": {
            "template": "shipped",
            "language": "de",
            "parameters": {"1": "A-17"},
            "status": "APPROVED",
            "takes": ["1"],
        },
        "one_time": {"topic": "boots", "expires_at": "2026-12-01T18:00:00+01:00", "spent": True},
    }

    assert read_question(asked, "2026-04") == Question(
        at=NOON,
        message={"text": "Hello."},
        edition="2021-06",
        channel="instagram",
        interactions=(
            Interaction(
                InteractionKind.MESSAGE, datetime(2026, 11, 20, 10, 0, 0, 250_000, tzinfo=UTC)
            ),
            Interaction(
                InteractionKind.AD_MESSAGE, datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
            ),
        ),
        tag="HUMAN_AGENT",
        author="system",
        scheduled=True,
        recurring=True,
        human_agent_approved=True,
        event=Event(
            True, datetime(2026, 12, 1, 17, tzinfo=UTC), datetime(2026, 12, 1, 18, tzinfo=UTC)
        ),
        order_id="A-17",
        refused_tags={"ACCOUNT_UPDATE": "Meta said no."},
        reply=True,
        utility=Utility("shipped", "de", {"1": "A-17"}, "APPROVED", ("1",)),
        one_time=OneTime("boots", datetime(2026, 12, 1, 17, tzinfo=UTC), spent=True),
    )  # fmt: skip


@pytest.mark.parametrize(
    "nothing",
    [
        {"edition": None, "tag": None, "event": None, "order": None, "message": None, "id": None},
        {"event": {}, "order": {}, "interactions": []},
        {"order": {"id": ""}, "event": {"name": None, "starts_at": None, "ends_at": None}},
        {"order": {"id": " \t"}},
    ],
)
def test_null_and_blank_are_nothing(nothing: dict[str, Any]) -> None:
    assert read_question({**LEAST, **nothing}, "2021-06") == read_question(LEAST, "2021-06")


NO_TIME = "must be a time such as 2026-11-22T12:00:00Z"
NO_ZONE = "has no time zone (add Z for UTC, or an offset such as +01:00)"


@pytest.mark.parametrize(
    ("at", "wrong"),
    [
        ("2026-11-22T12:00:00", NO_ZONE),
        ("2026-11-22 12:00", NO_ZONE),
        ("2026-11-22", NO_TIME),
        ("tomorrow", NO_TIME),
        ("", NO_TIME),
        (1795348800, NO_TIME),
        ("1795348800", NO_TIME),
        (None, NO_TIME),
        ("2026-11-22x12:00:00Z", NO_TIME),
        ("٢٠٢٦-11-22T12:00:00Z", NO_TIME),
        ("2026-02-30T12:00:00Z", "is no date and time of the calendar"),
        ("2026-11-22T24:01:00Z", "is no date and time of the calendar"),
        ("2026-11-22T12:00:00+25:00", "is no date and time of the calendar"),
        ("0001-01-01T00:00:00+14:00", "must lie in the years 1970 to 8999"),
        ("9999-12-31T23:59:59-12:00", "must lie in the years 1970 to 8999"),
    ],
)
def test_a_time_is_iso_8601_with_a_zone(at: object, wrong: str) -> None:
    assert faults(at=at) == {"at": wrong}


@pytest.mark.parametrize(
    "at",
    [
        "2026-11-22T12:00Z",
        "2026-11-22t12:00:00z",
        "2026-11-22 14:00:00+02",
        "2026-11-22T17:30+0530",
    ],
)
def test_a_time_may_be_written_in_several_ways(at: str) -> None:
    assert read_question({**LEAST, "at": at}, "2021-06").at == NOON


@pytest.mark.parametrize(
    ("milliseconds", "written"),
    [
        (0, "2026-11-22T12:00:00Z"),
        (1, "2026-11-22T12:00:00.001Z"),
        (250, "2026-11-22T12:00:00.250Z"),
        (0.5, "2026-11-22T12:00:00.000500Z"),
    ],
)
def test_a_time_is_written_in_utc_as_exactly_as_it_is(milliseconds: float, written: str) -> None:
    assert moment_text(NOON + timedelta(milliseconds=milliseconds)) == written


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"text": None}, {"message": "is missing (give it or text)"}),
        ({"message": {"text": "Hello."}}, {"message": "stands beside text (give one of the two)"}),
        ({"text": None, "message": "Hello."}, {"message": "must be an object"}),
        ({"text": 5}, {"text": "must be a text"}),
        ({"colour": "red"}, {"colour": "is not known here"}),
        ({"event": {"color": "red"}}, {"event.color": "is not known here"}),
        ({"order": {"nr": "A-17"}}, {"order.nr": "is not known here"}),
        ({"order": {"id": 17}}, {"order.id": "must be a text"}),
        ({"order": "A-17"}, {"order": "must be an object"}),
        ({"refused_tags": ["HUMAN_AGENT"]}, {"refused_tags": "must be an object"}),
        ({"refused_tags": {"HUMAN_AGENT": 1}}, {"refused_tags.HUMAN_AGENT": "must be a text"}),
        ({"scheduled": 1}, {"scheduled": "must be true or false"}),
        ({"recurring": "false"}, {"recurring": "must be true or false"}),
        ({"human_agent_approved": None}, {"human_agent_approved": "must be true or false"}),
        ({"event": {"registered": "yes"}}, {"event.registered": "must be true or false"}),
        ({"channel": "whatsapp"}, {"channel": "must be 'messenger' or 'instagram'"}),
        ({"author": "robot"}, {"author": "must be 'person' or 'system'"}),
        ({"edition": "2022"}, {"edition": "must be '2021-06' or '2026-04'"}),
        ({"interactions": {}}, {"interactions": "must be a list"}),
        (
            {"interactions": [{"kind": "message", "at": LEAST["at"]}, {"kind": "wink"}]},
            {
                "interactions[1].kind": "must be 'message', 'postback', 'referral', 'optin', "
                "'reaction' or 'ad_message'",
                "interactions[1].at": "is missing",
            },
        ),
        (
            {"event": {"starts_at": "2026-12-01T18:00:00Z", "ends_at": "2026-12-01T17:59:59Z"}},
            {"event.ends_at": "is before starts_at"},
        ),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(
    changes: dict[str, Any], wrong: dict[str, str]
) -> None:
    assert faults(**changes) == wrong


@pytest.mark.parametrize("value", [None, 5, "Hello.", [], [LEAST]])
def test_only_an_object_can_be_a_question(value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        read_question(value, "2021-06")

    assert faults_as_json(caught.value, "A question") == {"error": "A question must be an object."}


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"text": "Hello."}, "The field `at` is missing."),
        (
            {},
            "2 fields are wrong: `message` is missing (give it or text); `at` is missing.",
        ),
        (
            {**LEAST, "a": 1, "b": 1, "c": 1, "d": 1, "e": 1},
            "5 fields are wrong: `a` is not known here; `b` is not known here; "
            "`c` is not known here; and 2 more.",
        ),
    ],
)
def test_the_faults_are_summed_up_in_one_sentence(value: object, sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read_question(value, "2021-06")

    assert faults_as_json(caught.value, "A question")["error"] == sentence


def test_an_event_may_end_the_moment_it_starts() -> None:
    moment = "2026-12-01T18:00:00Z"
    asked = read_question({**LEAST, "event": {"starts_at": moment, "ends_at": moment}}, "2021-06")

    assert asked.event.starts_at == asked.event.ends_at


def test_a_verdict_is_written_as_published() -> None:
    promotional = Finding("promotional", Severity.REVIEW, "It promotes.", "Message Tags", "50% off")
    written = verdict_as_json(
        Verdict(
            allowed=True,
            needs_review=True,
            messaging_type="MESSAGE_TAG",
            tag="HUMAN_AGENT",
            window=Window(False, datetime(2026, 11, 21, 10, tzinfo=UTC)),
            valid_until=datetime(2026, 11, 27, 10, tzinfo=UTC),
            findings=(promotional,),
            suggested_tag=None,
            alternatives=("Wait.",),
        )
    )

    assert json.dumps(written) == (
        '{"allowed": true, "needs_review": true, "messaging_type": "MESSAGE_TAG", '
        '"tag": "HUMAN_AGENT", '
        '"window": {"open": false, "closes_at": "2026-11-21T10:00:00Z"}, '
        '"valid_until": "2026-11-27T10:00:00Z", '
        '"findings": [{"rule": "promotional", "severity": "review", "why": "It promotes.", '
        '"evidence": "50% off", "source": "Message Tags"}], '
        '"suggested_tag": null, "alternatives": ["Wait."]}'
    )


def test_what_is_not_known_is_null_in_a_verdict() -> None:
    written = verdict_as_json(check(read_question(LEAST, "2021-06")))

    assert written["window"] == {"open": False, "closes_at": None}
    assert (written["messaging_type"], written["tag"], written["valid_until"]) == (None,) * 3
    assert written["findings"][0]["evidence"] is None

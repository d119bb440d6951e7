"""Every combination of the published table, against a second reading of it."""

import pytest

from bot.policy.check import check
from tests.policy.asking import assert_sentence, question, rules_in
from tests.policy.oracle import TAGS, cases, expected_end, expected_rules


@pytest.mark.parametrize("edition", ["2021-06", "2026-04"])
@pytest.mark.parametrize("tag", TAGS)
def test_the_rule_book_answers_as_the_published_table_says(edition: str, tag: str | None) -> None:
    for case in cases(edition, tag):
        answer = check(question(**case.as_question()))
        expected = expected_rules(case)
        allowed = all(severity != "refuse" for _, severity in expected)

        assert sorted(rules_in(answer)) == sorted(expected), case
        assert answer.allowed is allowed, case
        assert answer.needs_review is False, case
        assert answer.suggested_tag is None, case
        assert (answer.window.open, answer.window.closes_at) == (
            case.past.open,
            case.past.closes_at,
        ), case
        if allowed:
            kind, sent_tag = ("UPDATE", None) if case.past.open else ("MESSAGE_TAG", tag)
            assert (answer.messaging_type, answer.tag) == (kind, sent_tag), case
            assert answer.alternatives == (), case
            assert answer.valid_until == expected_end(case), case
        else:
            assert (answer.messaging_type, answer.tag, answer.valid_until) == (None,) * 3, case
            assert answer.alternatives, case
        for text in (*(finding.why for finding in answer.findings), *answer.alternatives):
            assert_sentence(text)

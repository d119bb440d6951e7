"""`tagwise check`: a verdict for every question, an error for every other line, in order."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.check import LONGEST_LINE
from tests.commands.running import run, started

OPEN = {
    "at": "2026-11-20T12:00:00Z",
    "interactions": [{"kind": "message", "at": "2026-11-20T10:00:00Z"}],
    "text": "Hello.",
}
CLOSED = {"at": "2026-11-20T12:00:00Z", "text": "Hello."}
FROM_THE_CONTRACT = {
    "id": "any",
    "edition": "2021-06",
    "channel": "messenger",
    "at": "2026-11-22T12:00:00Z",
    "interactions": [{"kind": "message", "at": "2026-11-20T10:00:00Z"}],
    "tag": "HUMAN_AGENT",
    "text": "Hello Ada, this is Ben.",
    "author": "person",
    "scheduled": False,
    "recurring": False,
    "human_agent_approved": True,
    "event": {"registered": True, "starts_at": "2026-12-01T17:00:00Z", "ends_at": None},
    "order": {"id": "A-17"},
}


def lines_of(*questions: object) -> str:
    return "".join(json.dumps(question) + "\n" for question in questions)


def answers_in(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_the_published_question_gets_the_published_verdict() -> None:
    result = run("check", stdin=lines_of(FROM_THE_CONTRACT))

    assert result.exit_code == 0
    assert result.stdout == (
        '{"id": "any", "allowed": true, "needs_review": false, "messaging_type": "MESSAGE_TAG", '
        '"tag": "HUMAN_AGENT", "window": {"open": false, "closes_at": "2026-11-21T10:00:00Z"}, '
        '"valid_until": "2026-11-27T10:00:00Z", "findings": [], "suggested_tag": null, '
        '"alternatives": []}\n'
    )


def test_lines_are_answered_in_order_and_one_that_is_no_question_does_not_stop_the_next() -> None:
    wrong = {"id": "b", "at": "2026-11-20T12:00:00", "text": "Hello."}
    stdin = lines_of({"id": "a", **OPEN}, wrong) + "hello\n\n  \n" + lines_of({"id": "c", **CLOSED})
    result = run("check", stdin=stdin)
    first, second, third, fourth = answers_in(result.stdout)

    assert (first["id"], first["allowed"]) == ("a", True)
    assert second == {
        "id": "b",
        "error": "The field `at` has no time zone (add Z for UTC, or an offset such as +01:00).",
        "fields": {"at": "has no time zone (add Z for UTC, or an offset such as +01:00)"},
    }
    assert third == {"error": "This is not JSON: Expecting value at character 1."}
    assert (fourth["id"], fourth["allowed"]) == ("c", False)


@pytest.mark.parametrize(
    ("stdin", "exit_code"),
    [
        ("", 0),
        ("\n \r\n", 0),
        (lines_of(OPEN, OPEN), 0),
        (lines_of(OPEN, CLOSED, OPEN), 1),
        (lines_of(OPEN) + "5\n" + lines_of(OPEN), 1),
        ("{\n", 1),
    ],
)
def test_the_exit_code_says_whether_every_message_may_go_out(stdin: str, exit_code: int) -> None:
    assert run("check", stdin=stdin).exit_code == exit_code


@pytest.mark.parametrize("name", [None, 0, 1.5, "7", True, ["a", {"b": None}], {"é": "🙂"}])
def test_the_id_comes_back_as_it_was(name: object) -> None:
    (answer,) = answers_in(run("check", stdin=lines_of({"id": name, **OPEN})).stdout)

    assert answer["id"] == name
    assert next(iter(answer)) == "id"


def test_a_question_without_an_id_is_answered_with_a_null_one() -> None:
    (answer,) = answers_in(run("check", stdin=lines_of(OPEN)).stdout)

    assert answer["id"] is None


def test_the_edition_comes_from_the_settings_unless_the_question_names_one() -> None:
    tagged = {**CLOSED, "tag": "ACCOUNT_UPDATE"}
    stdin = lines_of(tagged, {**tagged, "edition": "2021-06"})
    result = run("check", stdin=stdin, env={"POLICY_EDITION": "2026-04"})

    assert [answer["allowed"] for answer in answers_in(result.stdout)] == [False, True]


def test_the_permission_for_human_agents_has_to_be_in_the_question() -> None:
    asked = {**FROM_THE_CONTRACT}
    del asked["human_agent_approved"]
    result = run("check", stdin=lines_of(asked), env={"HUMAN_AGENT_APPROVED": "true"})

    assert answers_in(result.stdout)[0]["findings"][0]["rule"] == "human-agent-not-approved"


def test_questions_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(OPEN).encode() + b"\r\n" + b" ")

    assert [a["allowed"] for a in answers_in(run("check", str(file)).stdout)] == [True]


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read_is_wrong_use(tmp_path: Path, name: str) -> None:
    result = run("check", str(tmp_path / name))

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"Error: {tmp_path / name} cannot be read: ")
    assert result.stderr.count("\n") == 1


def test_a_wrong_setting_is_named_before_anything_is_answered() -> None:
    result = run("check", stdin=lines_of(OPEN), env={"POLICY_EDITION": "1999"})

    assert (result.exit_code, result.stdout) == (2, "")
    assert "POLICY_EDITION must be one of 2021-06, 2026-04" in result.stderr


def test_a_line_without_an_end_does_not_fill_the_memory() -> None:
    stdin = b"[" * (2 * LONGEST_LINE + 5) + b"\n" + lines_of(OPEN).encode()
    too_long, answered = answers_in(run("check", stdin=stdin).stdout)

    assert too_long == {"error": "This line is too long to be a question."}
    assert answered["allowed"] is True


def test_a_line_of_the_greatest_length_is_read() -> None:
    line = json.dumps(OPEN).encode()
    stdin = line + b" " * (LONGEST_LINE - len(line) - 1) + b"\n" + lines_of(OPEN).encode()

    assert [a["allowed"] for a in answers_in(run("check", stdin=stdin).stdout)] == [True, True]


@pytest.mark.parametrize("depth", [100, *range(900, 1010, 5), 20_000])
def test_an_id_of_any_depth_is_echoed_or_refused(depth: int) -> None:
    nested = "[" * depth + "]" * depth
    stdin = f'{{"id": {nested}, ' + json.dumps(OPEN)[1:] + "\n" + lines_of(OPEN)
    result = run("check", stdin=stdin)
    first, second = result.stdout.splitlines()

    assert f'"id": {nested}' in first or first == '{"error": "This JSON is nested too deeply."}'
    assert json.loads(second)["allowed"] is True


STRANGE = st.one_of(
    st.binary(),
    st.sampled_from([b"NaN", b"1e999", b'{"at":1,"at":2}', b"\x00", b"[]", b'"\\ud800"']),
    st.dictionaries(
        st.sampled_from([*FROM_THE_CONTRACT, "message", "colour", "\ud800"]),
        st.recursive(
            st.none() | st.booleans() | st.floats(allow_nan=False) | st.sampled_from(
                [*FROM_THE_CONTRACT.values(), "\ud800", "", 10**30, [{}], {"\ud800": 1}]
            ),
            st.lists,
            max_leaves=3,
        ),
    ).map(lambda question: json.dumps({**OPEN, **question}).encode()),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(STRANGE.filter(lambda line: line.strip() and b"\n" not in line))
def test_whatever_a_line_holds_it_gets_one_answer_and_the_next_line_its_own(line: bytes) -> None:
    result = run("check", stdin=line + b"\n" + lines_of(OPEN).encode())
    first, second = (json.loads(answer) for answer in result.stdout_bytes.splitlines())

    assert isinstance(first.get("allowed"), bool) or first["error"].endswith(".")
    assert second["allowed"] is True


def test_every_answer_is_there_before_the_next_question_is_asked() -> None:
    with started("check") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(lines_of({"id": number, **OPEN}).encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()

    assert process.returncode == 0


def test_a_reader_that_has_had_enough_is_not_told_about_it() -> None:
    with started("check") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(lines_of(OPEN).encode())
        process.stdin.close()

        assert process.stderr.read() == b""


def test_letters_of_all_languages_survive_a_machine_that_knows_ascii_only() -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    with started("check", env=ascii_only) as process:
        stdin = json.dumps({"id": "Zoë 🙂", **OPEN}, ensure_ascii=False).encode()
        stdout, stderr = process.communicate(stdin)

    assert json.loads(stdout)["id"] == "Zoë 🙂"
    assert stderr == b""

"""The words of a text beside its phrases: when they decide, and how they are counted."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.policy.content import read_text
from bot.policy.content.cutting import cut
from bot.policy.content.leaning import AGAINST, leanings_in, read_leanings
from bot.policy.content.lexicon import LANGUAGES
from tests import learn_leanings

AS_A_WHOLE = "reads as a whole like an offer"


def test_words_that_all_speak_of_an_offer_are_one_without_any_phrase() -> None:
    text = "Love hiking? Winter boots, warm socks and more for the whole family."
    shown = read_text(text).promotional

    assert shown
    assert shown.why == AS_A_WHOLE
    assert shown.passage == "Winter boots, warm socks and more for the whole family"
    assert text[shown.start : shown.end] == shown.passage


def test_a_phrase_that_all_other_words_contradict_is_not_believed() -> None:
    phrase = "last chance"
    notice = f"Please note the account area is closed this morning; {phrase} to pay is tomorrow."

    assert read_text(f"Your {phrase}!").promotional
    assert read_text(notice).promotional is None


def test_what_a_guard_takes_back_the_words_do_not_bring_up_again() -> None:
    offer = "Love hiking? Winter boots, warm socks and more for the whole family."

    assert read_text(offer).promotional
    assert read_text(f"{offer} You have been unsubscribed.").promotional is None


def test_a_question_for_feedback_is_no_offer_by_its_words_alone() -> None:
    offer = "Love hiking? Winter boots, warm socks and more for the whole family."
    both = read_text(f"{offer} How likely are you to recommend us to a friend?")

    assert both.survey
    assert both.promotional is None


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_word_with_points_is_one_that_a_text_can_have(code: str) -> None:
    for kind, leaning in read_leanings(code).items():
        lost = [
            word
            for word in leaning.points
            if not word.startswith("<") and word not in cut(word).traits
        ]
        assert kind in AGAINST
        assert lost == []


def test_a_word_is_worth_what_the_labels_of_its_messages_say(tmp_path: Path) -> None:
    offers = [f"Grab the lovely basket number {n}, please." for n in range(9)]
    notices = [f"Your parcel number {n} has arrived, please." for n in range(9)]
    rows = [f"{text}\tpromotional" for text in offers] + [f"{text}\tpurchase" for text in notices]
    file = tmp_path / "messages.tsv"
    file.write_text("\n".join(["text\tlabel", *rows, "A rare basket\tpromotional"]), "utf-8")

    ran = CliRunner().invoke(learn_leanings.main, [str(file), "--into", str(tmp_path)])

    assert ran.exit_code == 0, ran.output
    learned = leanings_in((tmp_path / "en.toml").read_text("utf-8"))["promotional"]
    assert learned.points["lovely"] > 0 > learned.points["parcel"]
    assert abs(learned.points.get("please", 0)) <= 1  # it stands in all of them and tells nothing
    assert "rare" not in learned.points  # one message tells of itself, not of the language
    assert learned.of(["grab", "basket"]) > 0 > learned.of(["arrived", "parcel"])


def test_a_language_without_labelled_messages_keeps_what_it_has(tmp_path: Path) -> None:
    file = tmp_path / "messages.tsv"
    file.write_text("text\tlabel\nYour parcel has arrived.\tpurchase\n", "utf-8")
    (tmp_path / "de.toml").write_text("as it was", "utf-8")

    assert (
        not CliRunner().invoke(learn_leanings.main, [str(file), "--into", str(tmp_path)]).exception
    )
    assert (tmp_path / "de.toml").read_text("utf-8") == "as it was"
    assert (tmp_path / "en.toml").exists()

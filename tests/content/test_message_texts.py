"""Which texts of a Send API message a person will read."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy.content import texts_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def test_text_and_quick_replies_are_read() -> None:
    message = {
        "text": "Which day?",
        "quick_replies": [{"content_type": "text", "title": "Monday", "payload": "MON"}],
    }

    assert texts_of(message) == ("Which day?", "Monday")


def test_titles_subtitles_and_buttons_of_a_template_are_read_but_not_its_addresses() -> None:
    button = {"type": "web_url", "title": "Shop now", "url": "https://shop.example/sale"}
    element = {"title": "Boots", "subtitle": "Half price", "image_url": "x", "buttons": [button]}
    payload = {"template_type": "generic", "elements": [element]}

    texts = texts_of({"attachment": {"type": "template", "payload": payload}})

    assert texts == ("Boots", "Half price", "Shop now")


def test_the_questions_of_a_feedback_template_are_read() -> None:
    screen = {
        "questions": [
            {
                "id": "q1",
                "type": "csat",
                "title": "How was it?",
                "follow_up": {"placeholder": "Say more"},
            }
        ]
    }
    payload = {
        "template_type": "customer_feedback",
        "title": "Rate us",
        "feedback_screens": [screen],
    }

    texts = texts_of({"attachment": {"type": "template", "payload": payload}})

    assert texts == ("Rate us", "How was it?", "Say more")


def test_metadata_is_not_read() -> None:
    assert texts_of({"text": "Hello", "metadata": "tagwise:12"}) == ("Hello",)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["text", "title", "payload", "x"]), JSON))
def test_any_shape_is_taken(message: dict[str, object]) -> None:
    assert all(isinstance(text, str) and text.strip() for text in texts_of(message))


def test_a_message_that_contains_itself_comes_to_an_end() -> None:
    message: dict[str, object] = {"text": "Hello"}
    message["attachment"] = message

    assert texts_of(message) == ("Hello",)

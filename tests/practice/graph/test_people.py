"""What people and the Page do, as the webhooks that Meta sends about it."""

import hashlib
import hmac
import json
from typing import Any

from bot.practice.graph import GraphStandIn, Person
from bot.practice.graph.events import encode, signature
from tests.clock import HandClock
from tests.practice.graph_support import ADA, INES, App, Client

PAGE, INSTAGRAM = "109823456712345", "17841402233445566"
NOW = 1795341600000


def on_messenger(**happened: Any) -> dict[str, Any]:
    return {"sender": {"id": ADA}, "recipient": {"id": PAGE}, "timestamp": NOW, **happened}


def on_instagram(**happened: Any) -> dict[str, Any]:
    return {"sender": {"id": INES}, "recipient": {"id": INSTAGRAM}, "timestamp": NOW, **happened}


def test_a_text_arrives_in_one_line_escaped_and_signed(
    graph: GraphStandIn, app: App, ada: Person
) -> None:
    mid = ada.writes("Übermorgen: https://example.com/termin")
    (post,) = app.posts
    head = b'{"object":"page","entry":[{"id":"109823456712345","time":1795341600000,"messaging":['
    assert post.body.startswith(head + b'{"sender":{"id":"24918830014477562"},')
    assert rb'"text":"\u00dcbermorgen: https:\/\/example.com\/termin"' in post.body
    digest = hmac.new(b"test_app_secret", post.body, hashlib.sha256).hexdigest()
    assert post.headers["X-Hub-Signature-256"] == f"sha256={digest}"
    assert app.events == [
        on_messenger(message={"mid": mid, "text": "Übermorgen: https://example.com/termin"})
    ]


def test_bodies_and_signatures_are_those_of_metas_vector() -> None:
    event = {"message": {"text": "äöå"}}
    body = encode({"object": "page", "entry": [{"id": "PAGE", "time": 1, "messaging": [event]}]})
    expected = "sha256=5a183692786a6a10f006b34f12ac9b536f7256906f4f112acbc69288897a008e"
    assert signature("test_app_secret", body) == expected


def test_the_acts_of_a_person_on_messenger(app: App, ada: Person) -> None:
    written = ada.writes("That one", reply_to="m_1")
    tapped = ada.taps_quick_reply("Yes", "MOVE:YES")
    pictured = ada.sends_attachment("image", "https://scontent.example/1.jpg")
    ada.comes_by_link("flyer_oct")
    ada.opts_in("checkout-55020")
    ada.reacts("m_1", "love")
    ada.unreacts("m_1", "love")
    ada.reacts("m_1", "other", emoji="🎉")
    ada.reads()
    ada.edits(written, "This one")
    referral = {"ref": "flyer_oct", "source": "SHORTLINK", "type": "OPEN_THREAD"}
    image = {"type": "image", "payload": {"url": "https://scontent.example/1.jpg"}}
    love = {"reaction": "love", "emoji": "❤️", "mid": "m_1"}
    assert app.events == [
        on_messenger(
            message={
                "mid": written,
                "text": "That one",
                "reply_to": {"mid": "m_1", "is_self_reply": False},
            },
        ),
        on_messenger(
            message={"mid": tapped, "text": "Yes", "quick_reply": {"payload": "MOVE:YES"}}
        ),
        on_messenger(message={"mid": pictured, "attachments": [image]}),
        on_messenger(referral=referral),
        on_messenger(optin={"ref": "checkout-55020"}),
        on_messenger(reaction={**love, "action": "react"}),
        on_messenger(reaction={**love, "action": "unreact"}),
        on_messenger(reaction={**love, "reaction": "other", "emoji": "🎉", "action": "react"}),
        on_messenger(read={"watermark": NOW}),
        on_messenger(message_edit={"mid": written, "text": "This one", "num_edit": 1}),
    ]
    assert ada.thread[0].text == "This one"


def test_postbacks_have_a_mid_and_maybe_a_referral(app: App, ada: Person) -> None:
    ada.presses_button("Change time", "CHANGE:4471")
    ada.gets_started(ref="flyer_oct")
    pressed, started = (event["postback"] for event in app.events)
    assert pressed.pop("mid") != started.pop("mid")
    assert pressed == {"title": "Change time", "payload": "CHANGE:4471"}
    assert started == {
        "title": "Get Started",
        "payload": "GET_STARTED",
        "referral": {"ref": "flyer_oct", "source": "SHORTLINK", "type": "OPEN_THREAD"},
    }


def test_an_ad_marks_the_message_or_the_click(app: App, ada: Person) -> None:
    ada.writes_from_ad("Hi", "6302572858686", "autumn")
    ada.clicks_ad("6302572858686", "autumn")
    message, click = app.events
    assert message["message"]["referral"] == click["referral"]
    assert click["referral"]["source"] == "ADS"
    assert click["referral"]["ad_id"] == "6302572858686"


def test_the_acts_of_a_person_on_instagram(app: App, graph: GraphStandIn, ines: Person) -> None:
    written = ines.writes("Hi!")
    answered = graph.page.replies_from_inbox(INES, "Hello Ines")
    app.posts.clear()
    ines.comes_by_link("poster")
    ines.reacts(answered, "laugh")
    ines.unreacts(answered)
    ines.reads()
    ines.edits(written, "Hi")
    ines.deletes(written)
    source = "https://ig.me/m/example?ref=poster"
    assert app.events == [
        on_instagram(referral={"ref": "poster", "source": source, "type": "OPEN_THREAD"}),
        on_instagram(
            reaction={"mid": answered, "action": "react", "reaction": "laugh", "emoji": "😆"}
        ),
        on_instagram(reaction={"mid": answered, "action": "unreact"}),
        on_instagram(read={"mid": answered}),
        on_instagram(message_edit={"mid": written, "text": "Hi", "num_edit": "1"}),
        on_instagram(message={"mid": written, "is_deleted": True}),
    ]
    assert json.loads(app.posts[0].body)["object"] == "instagram"
    assert [said.mid for said in ines.thread] == [answered]


def test_an_empty_thread_on_instagram_is_read_without_a_word(app: App, ines: Person) -> None:
    ines.reads()
    assert app.posts == []


def test_people_may_answer_their_own_messages(app: App, ada: Person, ines: Person) -> None:
    ada.writes("Not this", reply_to=ada.writes("This"))
    ines.writes("Not this", reply_to=ines.writes("This"))
    own, plain = (app.events[index]["message"]["reply_to"] for index in (1, 3))
    assert own["is_self_reply"] is True
    assert plain.keys() == {"mid"}


def test_a_deletion_on_messenger_is_not_told(app: App, ada: Person) -> None:
    mid = ada.writes("Oops")
    ada.deletes(mid)
    assert ada.thread == []
    assert len(app.posts) == 1


def test_an_accepted_message_comes_back_as_echo_and_receipt(
    app: App, graph: GraphStandIn, client: Client, ada: Person
) -> None:
    ada.writes("Hello", deliver_webhook=False)
    mid = client.send(ADA, {"text": "Hi", "metadata": "tagwise:7"}).json()["message_id"]
    graph.settle()
    echo = {
        "is_echo": True,
        "app_id": 1517702381446120,
        "metadata": "tagwise:7",
        "mid": mid,
        "text": "Hi",
    }
    assert app.events == [
        {
            "sender": {"id": PAGE},
            "recipient": {"id": ADA},
            "timestamp": NOW,
            "message": echo,
        },
        {
            "sender": {"id": ADA},
            "recipient": {"id": PAGE},
            "delivery": {"mids": [mid], "watermark": NOW},
        },
    ]


def test_echoes_show_attachments_without_the_words_of_a_button_template(
    app: App, graph: GraphStandIn, client: Client, ada: Person
) -> None:
    ada.writes("Hello", deliver_webhook=False)
    graph.deliveries = False
    graph.attachment_ids.add("245")
    buttons = [{"type": "postback", "title": "Yes", "payload": "YES"}]
    button = {"template_type": "button", "text": "Well?", "buttons": buttons}
    media = {
        "template_type": "media",
        "elements": [{"media_type": "image", "attachment_id": "245"}],
    }
    image = {"type": "image", "payload": {"url": "https://example.com/1.jpg"}}
    for payload in (button, media):
        client.send(ADA, {"attachment": {"type": "template", "payload": payload}})
    client.send(ADA, {"attachments": [image, image]})
    graph.settle()
    shown = [event["message"]["attachments"] for event in app.events]
    assert shown[0][0]["payload"] == {"template_type": "button", "buttons": buttons}
    assert shown[1][0]["payload"]["elements"][0]["attachment_id"] == 245
    assert shown[2] == [image, image]


def test_instagram_echoes_tell_no_app_and_no_metadata_and_there_is_no_receipt(
    app: App, graph: GraphStandIn, client: Client, ines: Person
) -> None:
    ines.writes("Hello", deliver_webhook=False)
    mid = client.send(INES, {"text": "Hi", "metadata": "tagwise:7"}).json()["message_id"]
    graph.settle()
    (echo,) = app.events
    assert echo["sender"] == {"id": INSTAGRAM}
    assert echo["message"] == {"mid": mid, "text": "Hi", "is_echo": True}


def test_echoes_and_receipts_can_be_switched_off(
    app: App, graph: GraphStandIn, client: Client, ada: Person
) -> None:
    ada.writes("Hello", deliver_webhook=False)
    graph.echoes = graph.deliveries = False
    client.send(ADA, "Hi")
    graph.settle()
    assert app.posts == []


def test_the_page_inbox_answers_under_its_own_app_id(
    app: App, graph: GraphStandIn, ada: Person
) -> None:
    mid = graph.page.replies_from_inbox(ADA, "Yes!")
    (event,) = app.events
    assert event["message"] == {
        "is_echo": True,
        "app_id": 26390203743090,
        "mid": mid,
        "text": "Yes!",
    }
    assert (ada.thread[0].author, graph.accepted) == ("inbox", [])


def test_policy_decisions_have_no_sender(app: App, graph: GraphStandIn) -> None:
    graph.page.is_warned()
    graph.page.is_blocked()
    graph.page.is_unblocked()
    assert all("sender" not in event for event in app.events)
    decisions = [event["policy_enforcement"] for event in app.events]
    assert [decision["action"] for decision in decisions] == ["warning", "block", "unblock"]
    assert ["reason" in decision for decision in decisions] == [True, True, False]


def test_a_thread_of_another_app_is_seen_in_standby(
    app: App, graph: GraphStandIn, ada: Person
) -> None:
    graph.page.loses_thread(ADA, "6042117733905581")
    ada.writes("Can somebody call me?")
    ada.presses_button("Change time", "CHANGE")
    graph.page.regains_thread(ADA)
    entries = [json.loads(post.body)["entry"][0] for post in app.posts]
    assert [sorted(entry.keys() - {"id", "time"}) for entry in entries] == [
        ["messaging"],
        ["standby"],
        ["standby"],
        ["messaging"],
    ]
    taken, _, pressed, passed = app.events
    assert taken["take_thread_control"]["new_owner_app_id"] == "6042117733905581"
    assert "payload" not in pressed["postback"]
    assert passed["pass_thread_control"]["previous_owner_app_id"] == "6042117733905581"


def test_meta_can_know_what_the_app_never_hears(
    app: App, client: Client, clock: HandClock, ada: Person
) -> None:
    clock.forward(days=1)
    ada.writes("Hello", deliver_webhook=False)
    assert app.posts == []
    assert client.send(ADA, "Hi").status_code == 200

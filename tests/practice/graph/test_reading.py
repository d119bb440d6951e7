"""What an app can read: conversations, profiles, the Page, its subscription and its token."""

import pytest
import requests

from bot.practice.graph import GraphStandIn, Person
from tests.clock import HandClock
from tests.practice.graph_support import ADA, INES, Client, refusal

PAGE = "109823456712345"


def conversation_ids(client: Client, **params: str) -> list[str]:
    return [row["id"] for row in client.get(f"{PAGE}/conversations", **params).json()["data"]]


def test_conversations_are_listed_newest_first_by_platform_and_person(
    graph: GraphStandIn, client: Client, clock: HandClock, ada: Person, ines: Person
) -> None:
    ben = graph.add_person("25107743390218846", first_name="Ben")
    graph.add_person("23866019457120034").presses_button("Menu", "MENU")
    for person in (ada, ben, ines):
        person.writes("Hello")
        clock.forward(minutes=1)
    assert conversation_ids(client) == [f"t_{ben.id}", f"t_{ADA}"]
    graph.page.replies_from_inbox(ADA, "Hi")
    assert conversation_ids(client, platform="messenger") == [f"t_{ADA}", f"t_{ben.id}"]
    assert conversation_ids(client, platform="instagram") == [f"t_{INES}"]
    assert conversation_ids(client, user_id=ben.id) == [f"t_{ben.id}"]
    assert client.get(f"{PAGE}/conversations", user_id="1").json() == {"data": []}
    row = client.get(f"{PAGE}/conversations", user_id=ADA).json()["data"][0]
    assert row == {"id": f"t_{ADA}", "updated_time": "2026-11-22T10:03:00+0000"}


def test_a_long_list_is_read_page_by_page(graph: GraphStandIn, client: Client) -> None:
    for number in range(5):
        graph.add_person(f"2500{number}").writes("Hello")
    first = client.get(f"{PAGE}/conversations", limit="2").json()
    rest = client.get(
        f"{PAGE}/conversations", limit="3", after=first["paging"]["cursors"]["after"]
    ).json()
    ids = [row["id"] for row in first["data"] + rest["data"]]
    assert ids == [f"t_2500{number}" for number in range(5)]
    assert "next" not in rest["paging"]
    followed = requests.get(first["paging"]["next"], timeout=5).json()
    assert [row["id"] for row in followed["data"]] == ids[2:4]
    assert refusal(client.get(f"{PAGE}/conversations", after="nonsense")) == (100, None)
    assert refusal(client.get(f"{PAGE}/conversations", limit="0")) == (100, None)


def test_a_conversation_shows_who_said_what_and_when(
    client: Client, clock: HandClock, ada: Person
) -> None:
    asked = ada.writes("Is my table booked?")
    clock.forward(seconds=5)
    answered = client.send(ADA, "Yes").json()["message_id"]
    answer = client.get(f"t_{ADA}", fields="messages{id,created_time,from,to,message}").json()
    page, person = {"id": PAGE}, {"id": ADA, "name": "Ada Moreau"}
    assert answer["id"] == f"t_{ADA}"
    assert answer["messages"]["data"] == [
        {
            "id": answered,
            "created_time": "2026-11-22T10:00:05+0000",
            "from": page,
            "to": {"data": [person]},
            "message": "Yes",
        },
        {
            "id": asked,
            "created_time": "2026-11-22T10:00:00+0000",
            "from": person,
            "to": {"data": [page]},
            "message": "Is my table booked?",
        },
    ]


def test_only_the_twenty_most_recent_messages_have_details(client: Client, ada: Person) -> None:
    mids = [ada.writes(str(number)) for number in range(30)]
    answer = client.get(f"t_{ADA}", fields="messages{id,message}").json()["messages"]
    assert len(answer["data"]) == 25
    assert [row.get("message") for row in answer["data"]] == [
        str(number) for number in range(29, 9, -1)
    ] + [None] * 5
    followed = requests.get(answer["paging"]["next"], timeout=5).json()
    assert [row["id"] for row in followed["data"]] == mids[4::-1]
    assert client.get(mids[10], fields="message").json() == {"message": "10", "id": mids[10]}
    assert refusal(client.get(mids[9])) == (9000001, None)
    limited = client.get(f"t_{ADA}", fields="id,messages.limit(2){message}").json()
    assert [row["message"] for row in limited["messages"]["data"]] == ["29", "28"]


@pytest.mark.parametrize(
    "fields", ["colour", "messages{colour}", "messages{id", "id}", "id;messages", "{id}"]
)
def test_wrong_fields_are_code_100(client: Client, ada: Person, fields: str) -> None:
    ada.writes("Hello")
    assert refusal(client.get(f"t_{ADA}", fields=fields)) == (100, None)


def test_reading_conversations_needs_the_permissions_of_their_platform(
    graph: GraphStandIn, client: Client, ada: Person, ines: Person
) -> None:
    mid = ada.writes("Hello")
    ines.writes("Hello")
    graph.scopes.discard("pages_read_engagement")
    for path in (f"{PAGE}/conversations", f"t_{ADA}", f"t_{ADA}/messages", mid):
        assert refusal(client.get(path)) == (10, None)
    assert conversation_ids(client, platform="instagram") == [f"t_{INES}"]
    shown = client.get(f"t_{INES}", fields="participants").json()["participants"]["data"]
    assert shown == [{"id": INES, "username": "ines.faria"}, {"id": "17841402233445566"}]
    graph.scopes.discard("instagram_basic")
    assert refusal(client.get(f"t_{INES}")) == (10, None)


def test_what_does_not_exist_is_code_100_33(client: Client, ada: Person) -> None:
    for node in ("1", "t_1", "m_1", f"t_{ADA}"):
        assert refusal(client.get(node)) == (100, 33)


def test_a_profile_is_shown_hidden_or_missing(
    graph: GraphStandIn, client: Client, ada: Person, ines: Person
) -> None:
    shown = client.get(ADA, fields="first_name,last_name,profile_pic").json()
    assert shown.pop("profile_pic").startswith("https://")
    assert shown == {"first_name": "Ada", "last_name": "Moreau", "id": ADA}
    assert client.get(INES, fields="username").json() == {"username": "ines.faria", "id": INES}
    assert refusal(client.get(INES, fields="first_name")) == (100, None)
    assert refusal(client.get(ADA, fields="timezone")) == (2018247, None)
    graph.scopes.add("pages_user_timezone")
    assert client.get(ADA, fields="timezone").json() == {"timezone": 0, "id": ADA}
    ada.memory.profile = "hidden"
    assert client.get(ADA).json() == {}
    ada.memory.profile = "phone_number"
    assert refusal(client.get(ADA)) == (2018218, None)


def test_the_page_and_its_instagram_account(client: Client) -> None:
    assert client.get("me", fields="id,name,instagram_business_account").json() == {
        "id": PAGE,
        "name": "Harbour Kitchen",
        "instagram_business_account": {"id": "17841402233445566"},
    }
    assert client.get(PAGE).json() == {"name": "Harbour Kitchen", "id": PAGE}


def test_the_app_subscribes_the_page_to_fields(graph: GraphStandIn, client: Client) -> None:
    edge = f"{PAGE}/subscribed_apps"
    wanted = "messages,messaging_postbacks"
    assert client.post(f"{edge}?subscribed_fields={wanted}").json() == {"success": True}
    (app,) = client.get(edge).json()["data"]
    assert (app["id"], app["subscribed_fields"]) == (
        "1517702381446120",
        ["messages", "messaging_postbacks"],
    )
    refused = client.post(edge, {"subscribed_fields": "messages,mesages"})
    assert refusal(refused) == (100, None)
    assert "mesages" in refused.json()["error"]["message"]
    graph.subscribed_fields.clear()
    assert client.get(edge).json() == {"data": []}
    graph.scopes.discard("pages_manage_metadata")
    assert refusal(client.post(f"{edge}?subscribed_fields={wanted}")) == (200, None)


def test_unsubscribing_ends_all_webhooks(graph: GraphStandIn, client: Client) -> None:
    url = f"{graph.url}/v25.0/{PAGE}/subscribed_apps"
    params = {"access_token": graph.access_token}
    assert requests.delete(url, params=params, timeout=5).json() == {"success": True}
    assert graph.subscribed_fields == set()


def test_a_token_can_be_looked_at(graph: GraphStandIn, client: Client) -> None:
    data = client.get("debug_token", input_token=graph.access_token).json()["data"]
    assert (data["is_valid"], data["app_id"], data["profile_id"]) == (True, graph.app_id, PAGE)
    assert "pages_messaging" in data["scopes"]
    assert client.get("debug_token", input_token="wrong").json()["data"]["is_valid"] is False
    as_app = {"access_token": f"{graph.app_id}|{graph.app_secret}", "input_token": "wrong"}
    url = f"{graph.url}/v25.0/debug_token"
    assert requests.get(url, params=as_app, timeout=5).status_code == 200
    assert requests.get(url, params=as_app | {"access_token": "x"}, timeout=5).status_code == 400

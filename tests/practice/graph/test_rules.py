"""Meta's rules by Meta's own memory: who may be written to, when and under which tag."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.practice.graph import GraphStandIn, Person
from bot.practice.graph.rules import RETIRED_TAGS
from tests.clock import HandClock
from tests.practice.graph_support import ADA, INES, SURVEY, Client, refusal


def test_the_window_opens_with_a_message_and_closes_after_24_hours(
    client: Client, clock: HandClock, ada: Person
) -> None:
    assert refusal(client.send(ADA, "Hi")) == (10, 2018278)
    ada.writes("Hello")
    clock.forward(hours=24, milliseconds=-1)
    assert client.send(ADA, "Hi", messaging_type="RESPONSE").status_code == 200
    clock.forward(milliseconds=1)
    for messaging_type in ("RESPONSE", "UPDATE"):
        response = client.send(ADA, "Hi", messaging_type=messaging_type)
        assert refusal(response) == (10, 2018278)


def test_instagram_has_its_own_subcodes(client: Client, ines: Person) -> None:
    assert refusal(client.send(INES, "Hi")) == (10, 2534022)
    ines.memory.gone = True
    assert refusal(client.send(INES, "Hi")) == (100, 2534014)


def test_what_opens_the_window(
    graph: GraphStandIn, client: Client, clock: HandClock, ada: Person
) -> None:
    mid = ada.writes("Hello")
    opening: list[Callable[[], object]] = [
        lambda: ada.presses_button("Change time", "CHANGE"),
        lambda: ada.comes_by_link("flyer"),
        lambda: ada.opts_in("checkout-1"),
        lambda: ada.reacts(mid),
        lambda: ada.taps_quick_reply("Yes", "YES"),
        lambda: ada.writes_from_ad("Hi", "630"),
    ]
    for act in opening:
        clock.forward(hours=24)
        assert refusal(client.send(ADA, "Hi")) == (10, 2018278)
        act()
        assert client.send(ADA, "Hi").status_code == 200
    clock.forward(hours=24)
    ada.unreacts(mid)
    ada.reads()
    ada.clicks_ad("630")
    ada.edits(mid, "Hello!")
    assert refusal(client.send(ADA, "Hi")) == (10, 2018278)


def test_a_message_after_an_ad_may_open_a_longer_window(
    graph: GraphStandIn, client: Client, clock: HandClock, ada: Person
) -> None:
    graph.ad_window = timedelta(days=7)
    ada.writes_from_ad("Hi", "630")
    clock.forward(days=6)
    assert client.send(ADA, "Hi").status_code == 200
    clock.forward(days=1)
    assert refusal(client.send(ADA, "Hi")) == (10, 2018278)


def test_nobody_unknown_gone_or_unwilling_is_reached(client: Client, ada: Person) -> None:
    ada.writes("Hello")
    assert refusal(client.send("1", "Hi")) == (100, 2018001)
    ada.memory.blocked_page = True
    assert refusal(client.send(ADA, "Hi")) == (551, 1545041)
    ada.memory.gone = True
    assert refusal(client.send(ADA, "Hi")) == (100, 2018001)


def test_a_restricted_page_and_a_thread_of_another_app_cannot_send(
    graph: GraphStandIn, client: Client, ada: Person, ines: Person
) -> None:
    ada.writes("Hello")
    ines.writes("Hello")
    graph.page.is_blocked()
    assert refusal(client.send(ADA, "Hi")) == (10, 1893063)
    graph.page.is_unblocked()
    for person_id in (ADA, INES):
        graph.page.loses_thread(person_id, "6042117733905581")
    assert refusal(client.send(ADA, "Hi")) == (2018300, None)
    assert refusal(client.send(INES, "Hi")) == (100, 2534037)
    graph.page.regains_thread(ADA)
    assert client.send(ADA, "Hi").status_code == 200


@pytest.mark.parametrize("tag", sorted(RETIRED_TAGS))
def test_three_tags_lived_in_2021_and_are_refused_since_april_2026(
    graph: GraphStandIn, client: Client, ada: Person, tag: str
) -> None:
    assert client.send_tagged(ADA, tag).status_code == 200
    assert graph.sent_to(ADA)[0].tag == tag
    graph.edition = "2026-04"
    response = client.send_tagged(ADA, tag)
    assert refusal(response) == (100, 1893061)
    assert response.json()["error"]["message"] == "Invalid parameter"


@pytest.mark.parametrize("edition", ["2021-06", "2026-04"])
def test_a_person_may_answer_for_seven_days_with_permission(
    graph: GraphStandIn, client: Client, clock: HandClock, ada: Person, edition: str
) -> None:
    graph.edition = "2026-04" if edition == "2026-04" else "2021-06"
    assert refusal(client.send_tagged(ADA, "HUMAN_AGENT")) == (10, 2018278)
    ada.writes("Can you help?")
    clock.forward(days=7, milliseconds=-1)
    assert client.send_tagged(ADA, "HUMAN_AGENT").status_code == 200
    graph.human_agent_approved = False
    assert refusal(client.send_tagged(ADA, "HUMAN_AGENT")) == (10, None)
    graph.human_agent_approved = True
    ada.reacts(graph.accepted[0].mid)
    clock.forward(milliseconds=1)
    assert refusal(client.send_tagged(ADA, "HUMAN_AGENT")) == (10, 2018278)


def test_instagram_knows_the_human_agent_and_no_other_tag(client: Client, ines: Person) -> None:
    assert refusal(client.send_tagged(INES, "HUMAN_AGENT")) == (10, 2534022)
    ines.writes("Can you help?")
    assert client.send_tagged(INES, "HUMAN_AGENT").status_code == 200
    for tag in RETIRED_TAGS | {"CUSTOMER_FEEDBACK"}:
        assert refusal(client.send_tagged(INES, tag)) == (100, None)


def test_a_survey_needs_its_template_and_its_seven_days(
    client: Client, clock: HandClock, ada: Person
) -> None:
    ada.writes("Thanks")
    assert refusal(client.send_tagged(ADA, "CUSTOMER_FEEDBACK", "Rate us")) == (100, None)
    assert refusal(client.send_tagged(ADA, "HUMAN_AGENT", SURVEY)) == (100, None)
    assert client.send_tagged(ADA, "CUSTOMER_FEEDBACK", SURVEY).status_code == 200
    clock.forward(days=7)
    assert refusal(client.send_tagged(ADA, "CUSTOMER_FEEDBACK", SURVEY)) == (10, 2018278)


def test_a_tag_that_never_was_is_refused(client: Client, ada: Person) -> None:
    assert refusal(client.send_tagged(ADA, "ISSUE_RESOLUTION")) == (100, None)


def test_a_survey_within_the_window_needs_no_tag(client: Client, ada: Person) -> None:
    ada.writes("Thanks")
    assert client.send(ADA, SURVEY).status_code == 200


def test_each_channel_needs_its_permission(
    graph: GraphStandIn, client: Client, ada: Person, ines: Person
) -> None:
    ada.writes("Hello")
    ines.writes("Hello")
    graph.scopes.discard("pages_messaging")
    assert refusal(client.send(ADA, "Hi")) == (10, None)
    assert client.send(INES, "Hi").status_code == 200
    graph.scopes.discard("instagram_manage_messages")
    assert refusal(client.send(INES, "Hi")) == (10, None)

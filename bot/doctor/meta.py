"""Checks at Meta: the Page's token, its permissions, the app's secret, webhook fields, Instagram."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.doctor.finding import Finding, fail, ok, warn
from bot.graph_errors import Meaning
from bot.messenger import GraphFault, Messenger
from bot.policy.utility_templates import APPROVED
from bot.settings import PageSettings
from bot.utility import fetch_templates

# What the webhook reads. https://developers.facebook.com/docs/graph-api/reference/page/subscribed_apps
WEBHOOK_FIELDS: Final = (
    "messages",
    "messaging_postbacks",
    "messaging_optins",
    "messaging_referrals",
    "message_deliveries",
    "message_reads",
    "message_echoes",
    "message_reactions",
    "message_edits",
    "messaging_feedback",
    "messaging_policy_enforcement",
    "standby",
)
PERMISSIONS: Final[Mapping[str, str]] = {
    "pages_messaging": "to send",
    "pages_manage_metadata": "for the webhook",
    "pages_read_engagement": "for backfill",
}
INSTAGRAM_PERMISSIONS: Final[Mapping[str, str]] = {
    "instagram_basic": "for backfill on Instagram",
    "instagram_manage_messages": "to send on Instagram",
}
SOON: Final = timedelta(days=14)
Told = Mapping[str, Any]


def meta_findings(
    settings: PageSettings, now: datetime, *, subscribe: bool, utility: bool
) -> Iterator[Finding]:
    """Everything about the Page; without a good token nothing but that.

    `utility`: the edition has utility messages.
    """
    with closing(_graph(settings, settings.page_access_token.get_secret_value())) as graph:
        try:
            page = graph.get("me", fields="id,name,instagram_business_account")
        except GraphFault as fault:
            yield fail("Page token", _in_words(fault))
            return
        yield _page(page, settings.page_id)
        token = _token(graph, settings)
        if isinstance(token, GraphFault):
            yield warn("Page permissions", f"Meta did not name them. {token}")
            app_id = None
        else:
            yield from _token_findings(token, settings, now)
            app_id = str(token.get("app_id", ""))
        if app_id:
            yield _app_secret(settings, app_id)
        yield _webhook_fields(graph, settings.page_id, app_id, subscribe=subscribe)
        yield _instagram(page, settings.instagram_id)
        if utility:
            yield _utility_messages(graph, settings.page_id)


def _graph(settings: PageSettings, token: str) -> Messenger:
    return Messenger(settings.graph_api_url, settings.graph_api_version, token)


def _in_words(fault: GraphFault) -> str:
    if fault.meaning is Meaning.NO:
        return f'{fault} If the app says "Require App Secret" (advanced settings), switch that off.'
    return str(fault)


def _page(page: Told, page_id: str) -> Finding:
    found, name = str(page.get("id")), page.get("name", "a Page without a name")
    if found != page_id:
        return fail(
            "Page token",
            f"It belongs to {name} ({found}), but PAGE_ID is {page_id}: one of the two is wrong.",
        )
    return ok("Page token", f"Speaks for {name}.")


def _token(graph: Messenger, settings: PageSettings) -> Told | GraphFault:
    try:
        answer = graph.get("debug_token", input_token=settings.page_access_token.get_secret_value())
    except GraphFault as fault:
        return fault
    data = answer.get("data")
    return data if isinstance(data, Mapping) else {}


def _token_findings(token: Told, settings: PageSettings, now: datetime) -> Iterator[Finding]:
    wanted = {**PERMISSIONS, **(INSTAGRAM_PERMISSIONS if settings.instagram_id else {})}
    granted: Collection[str] = token.get("scopes", ())
    missing = [f"{name} ({why})" for name, why in wanted.items() if name not in granted]
    if missing:
        yield fail(
            "Page permissions",
            f"The token lacks {', '.join(missing)}: grant them to the app and make a new token.",
        )
    else:
        yield ok("Page permissions", f"All {len(wanted)} are granted.")
    expires_at = token.get("expires_at")
    if isinstance(expires_at, int) and expires_at:  # 0: never
        ends = datetime.fromtimestamp(expires_at, UTC)
        level = warn if ends - now <= SOON else ok
        yield level(
            "Page token's end",
            f"It ends on {ends.date()}; one from a system user does not.",
        )


def _app_secret(settings: PageSettings, app_id: str) -> Finding:
    title = "App secret"
    app_token = f"{app_id}|{settings.app_secret.get_secret_value()}"
    with closing(_graph(settings, app_token)) as app:
        answer = _token(app, settings)
    if not isinstance(answer, GraphFault):
        return ok(title, "Belongs to the token's app.")
    if answer.meaning.passes:
        return warn(title, f"Could not be tried. {answer}")
    return fail(
        title,
        f"APP_SECRET is not that of the token's app ({app_id}), so its webhooks would be refused: "
        "copy it from App settings, Basic.",
    )


def _webhook_fields(
    graph: Messenger, page_id: str, app_id: str | None, *, subscribe: bool
) -> Finding:
    title, edge = "Webhook fields", f"{page_id}/subscribed_apps"
    try:
        fields = _subscribed(graph, edge, app_id)
        missing = [name for name in WEBHOOK_FIELDS if name not in fields]
        if missing and subscribe:
            # Meta replaces the list, and another part of the app may use what is on it.
            graph.post(edge, subscribed_fields=",".join(sorted({*fields, *WEBHOOK_FIELDS})))
            return ok(title, f"Subscribed the Page to {', '.join(missing)}.")
    except GraphFault as fault:
        return fail(title, str(fault))
    if missing:
        return fail(
            title,
            f"The Page is not subscribed to {', '.join(missing)}: run tagwise doctor --subscribe",
        )
    return ok(title, f"The Page is subscribed to all {len(WEBHOOK_FIELDS)}.")


def _subscribed(graph: Messenger, edge: str, app_id: str | None) -> set[str]:
    apps = graph.get(edge).get("data", ())
    ours = [app for app in apps if app_id is None or str(app.get("id")) == app_id]
    return {name for app in ours for name in app.get("subscribed_fields", ())}


def _instagram(page: Told, instagram_id: str | None) -> Finding:
    linked = (page.get("instagram_business_account") or {}).get("id")
    if instagram_id is None:
        unused = f" The Page is linked to {linked}: set INSTAGRAM_ID to use it." if linked else ""
        return ok("Instagram", f"Not in use.{unused}")
    if linked is None:
        return fail(
            "Instagram", "No account is linked to the Page: link one in the Page's settings."
        )
    if str(linked) != instagram_id:
        return fail(
            "Instagram", f"The Page is linked to {linked}, not to INSTAGRAM_ID {instagram_id}."
        )
    return ok("Instagram", "The account is linked to the Page.")


def _utility_messages(graph: Messenger, page_id: str) -> Finding:
    title = "Utility messages"
    try:
        listed = fetch_templates(graph, page_id)
    except GraphFault as fault:
        wanted = "The token needs pages_utility_messaging for them."
        return warn(title, f"Meta did not show the Page's templates. {fault} {wanted}")
    if not listed:
        return ok(title, "The Page has no template; tagwise templates create FILE makes one.")
    approved = sum(
        each.template is not None and each.template.status == APPROVED for each in listed
    )
    return ok(title, f"{approved} of {len(listed)} templates can be sent.")

"""Graph's cursor paging.

https://developers.facebook.com/docs/graph-api/results
"""

import base64
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from bot.practice.graph.calls import Call
from bot.practice.graph.errors import bad_parameter
from bot.practice.graph.types import JsonObject

DEFAULT_LIMIT = 25


def one_page(
    ids: Sequence[str], params: JsonObject, call: Call, path: str
) -> tuple[Sequence[str], JsonObject]:
    """The ids on the page that `limit` and `after` ask for, and the `paging` object.

    `next` is a whole address with the token in it, as Graph writes it, and only where more follow.
    """
    limit = _limit(params.get("limit", DEFAULT_LIMIT))
    start = _start(ids, params.get("after"))
    page = ids[start : start + limit]
    if not page:
        return page, {}
    after = _cursor(page[-1])
    paging: JsonObject = {"cursors": {"before": _cursor(page[0]), "after": after}}
    if start + limit < len(ids):
        query = {**params, "limit": limit, "after": after}
        query["access_token"] = call.token or ""
        paging["next"] = f"http://{call.host}/{call.version}/{path}?{urlencode(query)}"
    return page, paging


def listing(data: list[JsonObject], paging: JsonObject) -> JsonObject:
    """A list as Graph answers it; an empty one has no `paging`."""
    return {"data": data, "paging": paging} if paging else {"data": data}


def _cursor(item_id: str) -> str:
    return base64.urlsafe_b64encode(item_id.encode()).decode()


def _start(ids: Sequence[str], after: Any) -> int:
    if after is None:
        return 0
    cursors = [_cursor(item_id) for item_id in ids]
    if after not in cursors:
        raise bad_parameter("Invalid cursors values, parameter after")
    return cursors.index(after) + 1


def _limit(value: Any) -> int:
    if not str(value).isdecimal() or not 1 <= int(value) <= 500:
        raise bad_parameter("Param limit must be a number from 1 to 500")
    return int(value)

"""A receipt as the customer will see it: who, what for how much, and the total."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any, Final

from handlers.views.blocks import Block, quoted, section, shortened, when
from handlers.views.preview_parts import Look, Part, address

# One section takes 3,000 characters: what was bought, what changes the sum, and a few lines besides.
BOUGHT_CHARACTERS: Final = 1400
ADJUSTED_CHARACTERS: Final = 500
NAME_WIDTH: Final = 26
AMOUNT_WIDTH: Final = 12
SUMS: Final = {"subtotal": "Subtotal", "shipping_cost": "Shipping", "total_tax": "Tax"}
ADDRESS: Final = ("street_1", "street_2", "postal_code", "city", "state", "country")
SECONDS_DIGITS: Final = 10  # of a time in this century and the next ones


def receipt(payload: Part, look: Look) -> Iterator[Block]:
    """Head, table and foot, a section each."""
    yield section("\n".join(_head(payload)))
    yield section(f"```{chr(10).join(_table(payload))}```")
    if foot := list(_foot(payload, look)):
        yield section("\n".join(foot))


def _head(payload: Part) -> Iterator[str]:
    merchant = f" from {quoted(payload['merchant_name'])}" if payload.get("merchant_name") else ""
    yield f"*Receipt{merchant}* for {quoted(payload['recipient_name'])}"
    yield f"Order {quoted(payload['order_number'])}, paid with {quoted(payload['payment_method'])}"
    ordered = str(payload.get("timestamp") or "")
    if ordered and len(ordered) <= SECONDS_DIGITS:
        yield when(datetime.fromtimestamp(int(ordered), UTC))


def _table(payload: Part) -> Iterator[str]:
    currency, summary = payload["currency"], payload["summary"]
    bought = [_bought(item, currency) for item in payload.get("elements") or ()]
    yield from _fitting(bought, BOUGHT_CHARACTERS)
    for name, words in SUMS.items():
        if summary.get(name) is not None:
            yield _row(words, _amount(summary[name]))
    less = [_row(a["name"], _less(a["amount"])) for a in payload.get("adjustments") or ()]
    yield from _fitting(less, ADJUSTED_CHARACTERS)
    yield _row(f"Total in {currency}", _amount(summary["total_cost"]))


def _bought(item: Part, currency: str) -> str:
    count = f"{float(item['quantity']):g} × " if item.get("quantity") else ""
    detail = f", {item['subtitle']}" if item.get("subtitle") else ""
    own = item.get("currency") or currency
    foreign = "" if own == currency else f" {own}"
    return _row(f"{count}{item['title']}{detail}", f"{_amount(item['price'])}{foreign}")


def _row(name: str, amount: str) -> str:
    name = shortened(" ".join(name.split()), NAME_WIDTH)
    return f"{quoted(name)}{' ' * (NAME_WIDTH - len(name))}{amount:>{AMOUNT_WIDTH}}"


def _amount(value: Any) -> str:
    return shortened(f"{float(value):,.2f}", 20)


def _less(value: Any) -> str:
    """Meta takes an adjustment off the sum."""
    return f"-{_amount(abs(float(value)))}"


def _fitting(rows: Sequence[str], characters: int) -> list[str]:
    fit = sum(size <= characters for size in accumulate(len(row) + 1 for row in rows))
    more = [f"and {len(rows) - fit} more"] if fit < len(rows) else []
    return [*rows[:fit], *more]


def _foot(payload: Part, look: Look) -> Iterator[str]:
    if sent_to := payload.get("address"):
        lines = [sent_to[name] for name in ADDRESS if sent_to.get(name)]
        yield f"Sent to {quoted(', '.join(lines), 300)}"
    if payload.get("order_url"):
        yield f"[Order] → {address(payload['order_url'], look)}"
    pictures = [item for item in payload.get("elements") or () if item.get("image_url")]
    if pictures:
        first = address(pictures[0]["image_url"], look)
        others = f" and {len(pictures) - 1} more" if len(pictures) > 1 else ""
        yield f":paperclip: Pictures: {first}{others}"

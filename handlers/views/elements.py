"""The elements that several fields of the composer are made of."""

from datetime import datetime

from handlers.views.blocks import Block, plain
from handlers.views.entered import FACT_CHARACTERS


def text_element(text: str, placeholder: str, most: int = FACT_CHARACTERS) -> Block:
    """A line of text, of so many characters at most."""
    element: Block = {
        "type": "plain_text_input",
        "placeholder": plain(placeholder),
        "max_length": most,
    }
    return element | {"initial_value": text} if text else element


def time_element(moment: datetime | None) -> Block:
    """A date with a time."""
    element: Block = {"type": "datetimepicker"}
    return element | {"initial_date_time": int(moment.timestamp())} if moment else element

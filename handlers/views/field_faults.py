"""How a form's fields that make no message are told: a sentence beside each."""

from collections.abc import Mapping


class FieldFaults(Exception):
    """The fields do not make a message; `errors` has a sentence for each that is wrong, by its name."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)

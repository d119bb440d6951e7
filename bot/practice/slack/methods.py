"""What each Web API method takes, needs and may answer.

The table in `methods.json` is shortened from github.com/slack-ruby/slack-api-ref (MIT, licence
beside it as `methods.LICENSE.md`), itself read from https://docs.slack.dev/reference/methods.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# Bolt adds it to every call and Slack takes it.
ALWAYS_TAKEN: Final = frozenset({"team_id"})


@dataclass(frozen=True)
class Method:
    """One Web API method; `scopes` are alternatives, of which a token needs one."""

    name: str
    args: frozenset[str]
    required: tuple[str, ...]
    scopes: tuple[str, ...]
    errors: frozenset[str]
    rate_tier: str

    def unknown(self, given: Mapping[str, object]) -> list[str]:
        """Names among `given` that the method does not know."""
        return sorted(set(given) - self.args - ALWAYS_TAKEN)

    def missing(self, given: Mapping[str, object]) -> list[str]:
        """Required names that are absent from `given` or empty."""
        return [name for name in self.required if given.get(name) in (None, "")]


def _read() -> dict[str, Method]:
    table = json.loads(Path(__file__).with_name("methods.json").read_text(encoding="utf-8"))
    common = frozenset(table["common_errors"])
    return {
        name: Method(
            name=name,
            args=frozenset(entry["args"]),
            required=tuple(entry["required"]),
            scopes=tuple(entry["scopes"]),
            errors=common | frozenset(entry["errors"]),
            rate_tier=entry["rate_tier"],
        )
        for name, entry in table["methods"].items()
    }


METHODS: Final[Mapping[str, Method]] = _read()
"""Every method the stand-in serves, by name."""

BOT_SCOPES: Final = frozenset(
    {scope for method in METHODS.values() for scope in method.scopes}
    | {"commands", "chat:write.customize", "users:read.email"}
)
"""Everything a bot could hold, except posting where it is no member (`chat:write.public`)."""

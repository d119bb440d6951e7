"""The environment and `.env`, read once and checked at start; secrets stay out of every repr."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.policy.editions import EDITIONS

ENV_FILE = ".env"
CREDENTIALS = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "APPROVALS_CHANNEL",
    "PAGE_ID",
    "PAGE_ACCESS_TOKEN",
    "APP_SECRET",
    "VERIFY_TOKEN",
)


class SettingsError(Exception):
    """The environment is not complete or not right; the text and `faults` name every fault."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        listed = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(
            f"These settings (from the environment or {ENV_FILE}) need a hand:\n{listed}"
        )


def _fault(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("setting", "{sentence}", {"sentence": sentence})


def _known_edition(name: str) -> str:
    if name not in EDITIONS:
        raise _fault(f"must be one of {', '.join(EDITIONS)}")
    return name


def _http_address(address: str) -> str:
    if not address.startswith(("https://", "http://")):
        raise _fault("must begin with https:// (or http:// on this machine)")
    return address.rstrip("/")


def _web_address(address: str) -> str:
    if not re.fullmatch(r"https://[^\s/]+\S*", address):
        raise _fault("must be a web address that begins with https://")
    return address


def _one_word(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[!-~]+", secret.get_secret_value()):
        raise _fault("must be one word, without spaces or line breaks: was it copied whole?")
    return secret


Secret = Annotated[SecretStr, AfterValidator(_one_word)]
HttpAddress = Annotated[str, AfterValidator(_http_address)]
Given = Annotated[str, Field(min_length=1)]


class PartOfSettings(BaseSettings):
    """Some of the settings; those of other parts are passed over."""

    model_config = SettingsConfigDict(env_file=ENV_FILE, extra="ignore", env_ignore_empty=True)


class RuleSettings(PartOfSettings):
    """What the rule book needs to know; enough for `check` and `rules`, without any credential."""

    policy_edition: Annotated[str, AfterValidator(_known_edition)] = "2021-06"
    human_agent_approved: bool = False
    one_time_notification: bool = False


class SlackSettings(PartOfSettings):
    """The workspace."""

    slack_bot_token: Secret
    slack_app_token: Secret | None = None
    slack_signing_secret: Secret | None = Field(default=None, validate_default=True)
    slack_api_url: HttpAddress = "https://slack.com/api"
    approvals_channel: Given
    inbox_channel: str | None = None
    approval: Literal["always", "flagged", "never"] = "flagged"

    @field_validator("slack_bot_token")
    @classmethod
    def _is_a_bot_token(cls, token: SecretStr) -> SecretStr:
        if not token.get_secret_value().startswith("xoxb-"):
            raise _fault("must be the Bot User OAuth Token, which begins with xoxb-")
        return token

    @field_validator("slack_app_token")
    @classmethod
    def _is_an_app_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not token.get_secret_value().startswith("xapp-"):
            raise _fault("must be an App-Level Token, which begins with xapp-")
        return token

    @field_validator("slack_signing_secret")
    @classmethod
    def _slack_can_reach_us(
        cls, secret: SecretStr | None, info: ValidationInfo
    ) -> SecretStr | None:
        if secret is None and info.data.get("slack_app_token", "wrong") is None:
            raise _fault("is missing (HTTP mode), or SLACK_APP_TOKEN instead (Socket Mode)")
        return secret

    @property
    def socket_mode(self) -> bool:
        """Whether Slack is reached over a socket; else it posts to /slack/events."""
        return self.slack_app_token is not None


class PageSettings(PartOfSettings):
    """The Page, its Instagram account, and the app that speaks for them at Meta."""

    page_id: Given
    page_access_token: Secret
    instagram_id: str | None = None
    app_secret: Secret
    verify_token: Secret
    privacy_url: Annotated[str, AfterValidator(_web_address)] | None = None
    graph_api_url: HttpAddress = "https://graph.facebook.com"
    graph_api_version: Annotated[str, Field(pattern=r"^v\d+\.\d+$")] = "v26.0"

    @property
    def accounts(self) -> tuple[str, ...]:
        """The ids whose webhook events concern us: the Page, and its Instagram account."""
        return (self.page_id, self.instagram_id) if self.instagram_id else (self.page_id,)


class DatabaseSettings(PartOfSettings):
    """Where the record is."""

    database_path: Path = Path("tagwise.db")


class ServerSettings(PartOfSettings):
    """The bot's own doors, speed and log."""

    drafts_api_token: Secret | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    send_rate: Annotated[int, Field(ge=0)] = 300
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"


# The last base comes first: faults are named in the order in which people fill the settings in.
class Settings(ServerSettings, DatabaseSettings, PageSettings, SlackSettings, RuleSettings):
    """Everything the live bot needs."""


def has_no_credentials() -> bool:
    """Whether nobody has begun to set the bot up."""
    given = {**dotenv_values(ENV_FILE), **os.environ}
    return not any(given.get(name) for name in CREDENTIALS)


Model = TypeVar("Model", bound=PartOfSettings)


def read_settings(model: type[Model]) -> Model:
    """Settings of this kind from the environment; raises SettingsError naming every fault at once."""
    try:
        return model()
    except ValidationError as error:
        faults = [_in_words(fault["loc"], fault["type"], fault["msg"]) for fault in error.errors()]
    raise SettingsError(faults)


def _in_words(loc: tuple[int | str, ...], kind: str, message: str) -> str:
    name = str(loc[0]).upper() if loc else "SETTINGS"
    if kind == "missing":
        return f"{name} is missing"
    return f"{name} {message[0].lower()}{message[1:]}"

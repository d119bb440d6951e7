"""Ending a command because it cannot begin: one message on stderr, exit code 2."""

from typing import TypeVar

import click

from bot.settings import PartOfSettings, SettingsError, read_settings

Model = TypeVar("Model", bound=PartOfSettings)


class WrongUse(click.ClickException):
    """What the person at the keyboard has to change first."""

    exit_code = 2


def settings_or_exit(model: type[Model]) -> Model:
    """Settings of this kind; where some are wrong, the command ends and names all of them."""
    try:
        return read_settings(model)
    except SettingsError as error:
        raise WrongUse(str(error)) from None

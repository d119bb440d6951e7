"""The database of a command that writes to it."""

from pathlib import Path

from bot.clock import system_clock
from bot.commands.wrong_use import WrongUse
from storage.store import Store, StoreError


def prepared_store(path: Path) -> Store:
    """The store with its schema up to date; the command ends where it cannot be used."""
    store = Store(path)
    try:
        if store.schema() != "current":
            with store.sole_user():  # a bot that runs must not have its tables changed under it
                store.migrate(system_clock())
    except StoreError as error:
        raise WrongUse(str(error)) from None
    return store

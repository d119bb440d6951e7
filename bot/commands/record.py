"""The database as a command needs it that only reads."""

from bot.commands.wrong_use import WrongUse
from storage.store import Store, StoreError


def require_current(store: Store) -> None:
    """Where this database cannot be read as it is, the command ends and says what to do."""
    try:
        schema = store.schema()
    except StoreError as error:
        raise WrongUse(str(error)) from None
    if schema == "new":
        raise WrongUse(f"There is no record at {store.path} yet: is DATABASE_PATH right?")
    if schema == "older":
        raise WrongUse(
            f"The database {store.path} was written by an older Tagwise: start the bot once, which "
            "brings it up to date."
        )

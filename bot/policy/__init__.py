"""Meta's messaging rules as data and one pure function; nothing here reads or writes anything."""

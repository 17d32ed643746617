"""Which row a form or an address names."""

LONGEST = 18  # digits; every number of so many is one that the database's keys can be


def typed_key(text: object) -> int:
    """The primary key that is written there; 0, which no row has, where none is.

    `isdigit` alone says yes to "²" and to five thousand nines, at both of which `int` raises.
    """
    written = str(text)
    return int(written) if written.isascii() and written.isdigit() and len(written) <= LONGEST else 0

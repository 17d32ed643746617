"""Text as it was meant: what keyboards, word processors and copying add to codes and numbers is taken away."""

import re
import unicodedata

_DASHES = re.compile(r"[\u058a\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d]")


def plain_characters(text: str) -> str:
    """Full-width letters and digits as usual ones, every dash a hyphen, invisible characters gone; blanks stay."""
    usual = unicodedata.normalize("NFKC", _DASHES.sub("-", text))
    return "".join(c for c in usual if c.isspace() or unicodedata.category(c)[0] != "C")

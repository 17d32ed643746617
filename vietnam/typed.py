"""Text as it was meant: what keyboards, word processors and copying add to codes and numbers is taken away."""

import re
import unicodedata

_DASHES = re.compile(r"[\u058a\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d]")


def plain_characters(text: str) -> str:
    """Letters of full width and digits of any script as usual ones, every dash a hyphen, nothing invisible; blanks
    stay as they are."""
    usual = unicodedata.normalize("NFKC", _DASHES.sub("-", text))
    visible = (c for c in usual if c.isspace() or unicodedata.category(c)[0] != "C")
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in visible)

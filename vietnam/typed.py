"""Text as it was meant: what keyboards, word processors and copying add to codes and numbers is taken away.

`frontend/js/answers/typed.js` is its twin for the browser; one table tests both (`tests/vietnam/typed_table.py`).
"""

import re
import unicodedata

_DASHES = re.compile("[\u058a\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d]")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# Letters and marks that are drawn as nothing (Default_Ignorable_Code_Point of Unicode); written out, so that server
# and browser agree whatever their versions of Unicode are. Control, format, surrogate and private ones come on top.
_IGNORED = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff"
_IGNORABLE = re.compile(f"[{_IGNORED}]")
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co"))
_BLANKS = frozenset("\t\n\v\f\r")


def plain_characters(text: str) -> str:
    """Letters of full width and digits of any script as usual ones, every dash a hyphen, nothing invisible; blanks
    stay as they are."""
    usual = _IGNORABLE.sub("", _DASHES.sub("-", unicodedata.normalize("NFC", text))).translate(_WIDE)
    if usual.isascii() and usual.isprintable():
        return usual
    visible = (c for c in usual if c in _BLANKS or unicodedata.category(c) not in _UNSEEN)
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in visible)

"""Taking out of a text what tells who somebody is: numbers of identity cards, telephones, e-mail addresses.

For logs, error reports and whatever else is read by people who have no business with a person's data. Names cannot be
told from other words; so what is logged must not hold them, and of errors only what is certain to be harmless is kept.
"""

from __future__ import annotations

import re

NUMBER, PHONE, EMAIL, LEFT_OUT = "[number]", "[phone]", "[e-mail]", "[left out]"

_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?<![\w.+-])(?:(?:(?:\+84|0084|84)(?: ?\(0\))?|0)(?:[ .-]?\d){9,10}|\(0\d{2,3}\)(?:[ .-]?\d){7,8})(?![\w-])"
)
# Twelve digits or nine, as on cards old and new; in one piece or in the groups people write.
_NUMBER = re.compile(r"(?<![\w-])(?:\d{12}|\d{9}|\d{3}(?:[ .-]\d{3}){2,3}|\d{3} \d{3} \d{6})(?![\w-])")
# PostgreSQL repeats the row, the key or the statement; psycopg brings that along.
_DATABASE = re.compile(r"(?m)^(\s*(?:DETAIL|CONTEXT|STATEMENT|QUERY|HINT|LINE \d+)):.*(?:\n\s*\^)?$")
_VALUE = re.compile(r"""(?s)(invalid input syntax [^:\n]*|value too long [^:\n]*|out of range[^:\n]*): .*""")
# A quoted text that is no plain name of a thing in the code: it has a blank, an accent, or five digits.
_QUOTED = re.compile(r"""(['"])(?=[^'"\n]*(?:[\s\u0080-\uffff]|\d{5}))[^'"\n]*\1""")


def scrub(text: str) -> str:
    """The text without numbers of people, telephones and e-mail addresses."""
    if not any(character.isdecimal() or character == "@" for character in text):
        return text
    return _NUMBER.sub(NUMBER, _PHONE.sub(PHONE, _EMAIL.sub(EMAIL, text)))


def scrub_error(text: str) -> str:
    """An error's message without the values it quotes: what went wrong is kept, with whose data is not."""
    kept = _DATABASE.sub(rf"\1: {LEFT_OUT}", text)
    kept = _VALUE.sub(rf"\1: {LEFT_OUT}", kept)
    return scrub(_QUOTED.sub(LEFT_OUT, kept))

"""Countries by their two letters (ISO 3166), named in the reader's language."""

from functools import cache

from babel import Locale
from django.utils.translation import get_language

from vietnam.documents import VIETNAM
from vietnam.text import sort_key

# What the table of names holds besides countries: unions, sea territories of others, and "unknown".
_NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"})


@cache
def _names(language: str) -> dict[str, str]:
    named = {str(code): str(name) for code, name in Locale(language).territories.items()}
    return {c: named[c] for c in named if len(c) == 2 and c.isalpha() and c not in _NO_COUNTRIES}


def is_country(code: str) -> bool:
    return code in _names("vi")


def country_name(code: str, language: str = "") -> str:
    """ "KR" → "Hàn Quốc", in the reader's language unless another is given; a code that is none stays."""
    return _names(language or (get_language() or "vi")[:2]).get(code, code)


def country_choices() -> list[tuple[str, str]]:
    """For a list to choose from: Việt Nam first, then by name."""
    names = _names((get_language() or "vi")[:2])
    others = sorted((code for code in names if code != VIETNAM), key=lambda code: sort_key(names[code]))
    return [(code, names[code]) for code in (VIETNAM, *others)]

"""Our references in what payers and banks write: accents, spaces, line breaks and cuts notwithstanding."""

import re

from payments.charges import ALPHABET, PREFIX, REFERENCE_LENGTH
from vietnam.text import fold

_ONE = re.compile(rf"(?=({PREFIX}[{ALPHABET}]{{{REFERENCE_LENGTH - len(PREFIX)}}}))")
_CUT = re.compile(rf"(?=({PREFIX}[{ALPHABET}]{{6,{REFERENCE_LENGTH - len(PREFIX) - 1}}}\Z))")
_NOT_WRITTEN = re.compile(r"[^A-Z0-9]+")


def compact_purpose(purpose: str) -> str:
    """Capital letters without accents, and digits: what is left of a purpose whoever wrote it."""
    return _NOT_WRITTEN.sub("", fold(purpose).upper())


def references_in(purpose: str) -> list[str]:
    """Everything in it that could be a reference of ours, each once; whether it is one the database knows."""
    return list(dict.fromkeys(_ONE.findall(compact_purpose(purpose))))


def cut_references_in(purpose: str) -> list[str]:
    """What could be the beginning of a reference that was cut at the end of the purpose, the longest first.

    "IBFT TT34679ACD" has two: the word before it ends in the letter with which references begin.
    """
    return _CUT.findall(compact_purpose(purpose))

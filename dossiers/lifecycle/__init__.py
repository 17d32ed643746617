"""The life cycle of a dossier: one table (`table.py`), one writer (`perform`)."""

from dossiers.lifecycle.performing import available, moved_on, perform, why_not
from dossiers.lifecycle.refusals import NotAllowed, Refused, Stale
from dossiers.lifecycle.table import TABLE
from dossiers.lifecycle.transitions import Clock, Fact, Transition, Who

__all__ = [
    "TABLE",
    "Clock",
    "Fact",
    "NotAllowed",
    "Refused",
    "Stale",
    "Transition",
    "Who",
    "available",
    "moved_on",
    "perform",
    "why_not",
]

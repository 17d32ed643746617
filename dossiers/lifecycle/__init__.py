"""The life cycle of a dossier: one table (`table.py`), one writer (`perform`)."""

from dossiers.lifecycle.performing import available, moved_on, perform, why_not
from dossiers.lifecycle.refusals import NotAllowed, Refused, Stale
from dossiers.lifecycle.table import SET_BASED, TABLE
from dossiers.lifecycle.transitions import Clock, Fact, Transition, Who

__all__ = [
    "SET_BASED",
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

"""The life cycle of a dossier: one table (`table.py`), one writer (`perform`)."""

from core.refusals import NotAllowed, Refused, Stale
from dossiers.access.relations import Relation
from dossiers.lifecycle.execution import available, moved_on, perform, why_not
from dossiers.lifecycle.table import SET_BASED, TABLE
from dossiers.lifecycle.transitions import Clock, Fact, Transition

__all__ = [
    "SET_BASED",
    "TABLE",
    "Clock",
    "Fact",
    "NotAllowed",
    "Refused",
    "Stale",
    "Transition",
    "Relation",
    "available",
    "moved_on",
    "perform",
    "why_not",
]

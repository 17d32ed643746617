"""The life cycle of a dossier: one table (`table.py`), one writer (`execute_transition`)."""

from core.refusals import NotAllowed, Refused, Stale
from dossiers.access.relations import Relation
from dossiers.lifecycle.execution import available_transitions, execute_transition, moved_on, refusal_of
from dossiers.lifecycle.table import SET_BASED, TABLE
from dossiers.lifecycle.transitions import ActionField, Clock, Transition

__all__ = [
    "SET_BASED",
    "TABLE",
    "Clock",
    "ActionField",
    "NotAllowed",
    "Refused",
    "Stale",
    "Transition",
    "Relation",
    "available_transitions",
    "moved_on",
    "execute_transition",
    "refusal_of",
]

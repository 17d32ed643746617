"""Dates counted anew after a calendar changed: which records are touched, what moves, and how it is written."""

from dossiers.recalculation.changes import Move, of_dossiers, of_feedback
from dossiers.recalculation.selection import dossiers_after, feedback_after
from dossiers.recalculation.span import Span
from dossiers.recalculation.writing import TOLD, write_changes

__all__ = ["TOLD", "Move", "Span", "dossiers_after", "feedback_after", "of_dossiers", "of_feedback", "write_changes"]
